"""Saving one file of a draft: as typed, unless somebody else saved that file meanwhile."""

import hashlib
from datetime import datetime

from portal.builder import queries
from portal.builder.checks import stale_version
from portal.builder.queries import Draft
from portal.builder.splicing import replace_value, with_line_breaks
from portal.definitions import services
from portal.definitions.json_source import read_source
from portal.definitions.metaschema import is_sound
from portal.errors import N_, ChangedMeanwhile, NotFound
from portal.forms.expand import expand
from portal.web.viewer import Viewer


class Overtaken(ChangedMeanwhile):
    """The file was saved by somebody else; `ours` is what was typed here."""

    def __init__(self, ours: str) -> None:
        self.ours = ours
        super().__init__(N_("Somebody saved this file while you were writing."))


def mark_of(text: str) -> str:
    """What a page carries to say which text it began with."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def is_fresh(stored: str, text: str, seen: str) -> bool:
    """Whether nobody saved another text since the one marked `seen` was shown."""
    return mark_of(stored) in (seen, mark_of(text))


def as_typed(sent: str, stored: str | None) -> str:
    """The text a browser sent, with the line breaks of the stored one (a browser sends CRLF)."""
    return with_line_breaks(sent, stored or "")


def save_text(
    draft: Draft, name: str, text: str, *, seen: str, actor: Viewer, now: datetime
) -> str:
    """Keep the text, valid or not, and answer its mark. Raises Overtaken.

    Work on other files of the draft is no conflict, so the file's own text is compared, not the
    draft's revision. The transaction already holds the write lock.
    """
    stored = draft.files.get(name)
    if stored is None:
        raise NotFound
    if not is_fresh(stored, text, seen):
        raise Overtaken(text)
    if stored != text:
        services.save_draft_file(
            release_id=draft.id,
            name=name,
            text=text,
            seen_revision=draft.revision,
            actor=actor,
            now=now,
        )
    return mark_of(text)


def with_version(draft: Draft, name: str, text: str) -> str:
    """A form's text with the next version number, if its own is published with other content."""
    raw = read_source(text).value
    if not is_sound("form", raw):
        return text
    stale = stale_version(name, raw["form"], expand(raw), queries.published_versions(draft.module))
    return text if stale is None else replace_value(text, ("version",), stale.following)
