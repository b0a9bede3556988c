"""Where the builder shows the part of a file somebody writes: a field's page, a step's page."""

from dataclasses import dataclass

from flask import url_for

from portal.builder.completion.cursor import read_cursor
from portal.builder.completion.names import Names
from portal.builder.queries import Draft
from portal.definitions.json_source import Path
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_BLOCK_LISTS = ("blocks", "then", "else")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the builder, and what a link to it says."""

    url: str
    label: str


def page_of(draft: Draft, name: str, path: Path) -> Page | None:
    """The page of the field or block a path lies in, as the draft is stored; None without one."""
    stored = Names(draft, name, read_cursor(draft.files[name], 0).value, current_viewer().language)
    if name.endswith(".form.json"):
        return _field_page(draft, name, stored, path)
    if name.endswith(".workflow.json"):
        return _block_page(draft, name, stored, path)
    return None


def _field_page(draft: Draft, name: str, stored: Names, path: Path) -> Page | None:
    wanted = ""
    if path[:2] == ("data", "properties") and len(path) > 2:
        wanted = str(path[2])
        if path[3:5] == ("items", "properties") and len(path) > 5:
            wanted = f"{wanted}[].{path[5]}"
    elif path[:1] == ("computed",) and len(path) > 1:
        wanted = str(path[1])
    known = dict(stored.paths(stored.form))
    if wanted not in known:
        return None
    address = wanted.replace("[].", ".")
    url = url_for("builder.edit_field", module=draft.module, file=name, address=address)
    return Page(url, _("Page of the field “%(name)s”", name=known[wanted] or wanted))


def _block_page(draft: Draft, name: str, stored: Names, path: Path) -> Page | None:
    for length in range(len(path), 1, -1):
        if isinstance(path[length - 1], int) and path[length - 2] in _BLOCK_LISTS:
            block = stored.at(path[:length])
            is_page = isinstance(block, dict) and ("step" in block or "cc" in block)
            if is_page:
                at = ".".join(str(part) for part in path[:length])
                url = url_for("builder.chain_block", module=draft.module, file=name, at=at)
                known = dict(stored.of("block", path))
                key = str(block.get("step") or block.get("cc"))
                return Page(url, _("Page of the step “%(name)s”", name=known.get(key) or key))
    return None
