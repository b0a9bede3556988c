"""What an author can take back or do again in a draft, and the draft's history, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from portal.accounts import queries as accounts
from portal.builder.comparison import Line, around
from portal.builder.design.places import FIELD, FILE, RULE, SECTION, STEP, Place, place_at
from portal.builder.queries import Draft
from portal.builder.whereabouts import said_of
from portal.definitions import edits
from portal.definitions.models import DraftEdit
from portal.definitions.slices import Slice, applied
from portal.definitions.undoing import InTheWay, place_of
from portal.web.viewer import Viewer
from portal.web.words import gettext as _

_ACTS = 25
_AROUND = ", \t\r\n"


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that can be taken back or done again: its id and what it was."""

    act: str
    what: str


@dataclass(frozen=True, slots=True)
class Steps:
    """What the reader of a page may take back and do again; None where there is nothing."""

    undo: Offer | None = None
    redo: Offer | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One edit of the history: the file, what part of it, and its lines before and after."""

    name: str
    what: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did at once; `number` is the revision it left."""

    act: str
    number: int
    way: str
    undone: bool
    by: str
    at: datetime
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class History:
    """Acts of a draft, newest first; `older` is the revision to go on before, 0 at the end."""

    acts: list[Act]
    older: int


def steps_of(draft: Draft, viewer: Viewer) -> Steps:
    """What this person can take back and do again in a draft."""
    undo = edits.to_undo(draft.id, viewer.person_id)
    redo = edits.to_redo(draft.id, viewer.person_id)
    return Steps(*(_offer(draft, rows, viewer.language) for rows in (undo, redo)))


def _offer(draft: Draft, rows: Sequence[DraftEdit], language: str) -> Offer | None:
    if not rows:
        return None
    later = edits.edits_of(draft.id, since=rows[0].number)
    places = [(one.name, _place_now(draft, one, later)) for one in rows]
    for kinds in ((FIELD, RULE, STEP), (SECTION,)):
        places = [one for one in places if one[1].what in kinds] or places
    said = list(
        dict.fromkeys(said_of(name, place, language, draft.files) for name, place in places)
    )
    return Offer(rows[0].act, said[0] if len(said) == 1 else _("%(what)s and more", what=said[0]))


def _place_now(draft: Draft, row: DraftEdit, later: Sequence[DraftEdit]) -> Place:
    """What an edit was about, told from the text as it is now."""
    text = draft.files.get(row.name)
    try:
        cut = place_of(later, row)
        return place_of_change(row.name, applied(text, cut), text, cut.inverse)
    except (InTheWay, ValueError):
        return Place(FILE)


def place_of_change(name: str, before: str | None, after: str | None, cut: Slice) -> Place:
    """The part of a file a slice changed, as it is called afterwards unless it is gone."""
    if before is None or after is None:
        return Place(FILE)
    added, removed = cut.added or "", cut.removed or ""
    text, part = (after, added) if added.strip(_AROUND) else (before, removed)
    start = cut.start + len(part) - len(part.lstrip(_AROUND))
    return place_at(name, text, start, start + len(part.strip(_AROUND)))


def history_of(draft: Draft, language: str, *, before: int = 0) -> History:
    """The newest acts of a draft, or those that ended before a revision."""
    rows = edits.edits_of(draft.id)
    names = accounts.person_name(sorted({one.person_id for one in rows if one.person_id}))
    files: dict[str, str | None] = dict(draft.files)
    acts: list[Act] = []
    for _act_id, group in groupby(reversed(rows), key=lambda one: one.act):
        done = list(group)
        is_shown = not before or done[0].number < before
        if is_shown and len(acts) == _ACTS:
            return History(acts, acts[-1].number)
        changes = [change for one in done for change in _unmade(files, one, language, is_shown)]
        if is_shown:
            acts.append(_act(done[0], names, changes[::-1]))
    return History(acts, 0)


def _unmade(
    files: dict[str, str | None], row: DraftEdit, language: str, is_shown: bool
) -> list[Change]:
    """The files as they were before an edit, and the edit as it is shown."""
    after, cut = files.get(row.name), Slice(row.start, row.removed, row.added)
    before = files[row.name] = applied(after, cut.inverse)
    if not is_shown:
        return []
    place = place_of_change(row.name, before, after, cut)
    said = said_of(row.name, place, language, _texts(files, row.name, before or after))
    return [Change(row.name, said, around(before, after, cut))]


def _texts(files: Mapping[str, str | None], name: str, text: str | None) -> dict[str, str]:
    return {**{one: each or "" for one, each in files.items()}, name: text or ""}


def _act(row: DraftEdit, names: Mapping[str, str], changes: list[Change]) -> Act:
    by = names.get(row.person_id or "", "")
    return Act(row.act, row.number, row.way, row.undone, by, row.at, changes)


def blocked_by(draft: Draft, found: InTheWay, language: str) -> Act | None:
    """The later act that keeps another from being taken back, as the history shows it."""
    shown = history_of(draft, language).acts
    return next((one for one in shown if one.act == found.act), None)
