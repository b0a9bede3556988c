"""A form to print: as its module's current release has it, or as a folder has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal import paths
from portal.config import BadSetting
from portal.definitions.folders import module_folders, offers_of
from portal.definitions.pointing import Database, Refused, folders_at
from portal.expressions.scope import nearest

ENDING = ".form.json"


@dataclass(frozen=True, slots=True)
class Shown:
    """A form's text and full form (None while it has faults), and a line that says whence."""

    source: str
    body: Mapping[str, Any] | None
    said: str

    def full(self) -> Mapping[str, Any]:
        """The full form; a text with faults has none."""
        if self.body is None:
            raise Refused(f"{self.said} It has faults: `portal definitions check` names them.")
        return self.body


def published(key: str, database: Database) -> Shown:
    """A form as it is published; where it is not, as it ships."""
    from portal.definitions.written import published_form

    why = "It is not published here; this is"
    try:
        with database("show a form"):
            found = published_form(key)
    except BadSetting:
        found, why = None, "There is no portal here; this is"
    if found is None:
        return on_disk(key, paths.DEFINITIONS, said=f"{why} the form as it ships")
    said = f"{key}: release {found.number} of {found.module}, sha256 {found.sha256}."
    return Shown(found.source, found.body, said)


def on_disk(key: str, root: Path, *, said: str = "As written in the folder") -> Shown:
    """A form of a module folder, or of one of the folders inside `root`."""
    folders = [root] if root == paths.DEFINITIONS else [*folders_at([root])]
    for folder in (one for place in folders for one in module_folders(place)):
        file = folder / f"{key}{ENDING}"
        if file.is_file():
            body = offers_of([folder]).forms.get(key)
            return Shown(file.read_text("utf-8"), body, f"{said} ({folder.name}).")
    raise _unknown(key, folders)


def _unknown(key: str, folders: list[Path]) -> Refused:
    places = (one for place in folders for one in module_folders(place))
    known = sorted(file.name[: -len(ENDING)] for one in places for file in one.glob(f"*{ENDING}"))
    other = nearest(key, known)
    remedy = f"Did you mean {other}?" if other else f"There are: {', '.join(known) or 'none'}."
    return Refused(f"There is no form {key!r} there. {remedy}")
