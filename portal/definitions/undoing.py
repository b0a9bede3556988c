"""Taking back one's last act in a draft, doing it again, and going back to an earlier state."""

from collections.abc import Sequence
from datetime import datetime

from portal.db import db
from portal.definitions.drafts import (
    delete_draft_file,
    files_of,
    save_draft_file,
    set_draft_files,
)
from portal.definitions.edits import REDO, UNDO, Step, edit_of, edits_of, to_redo, to_undo
from portal.definitions.json_source import SourceError, read_source
from portal.definitions.models import DraftEdit, ModuleRelease
from portal.definitions.slices import Meets, Slice, applied, as_of, settled, taking_back
from portal.errors import N_, ChangedMeanwhile, Conflict, NotFound
from portal.ids import new_id
from portal.web.viewer import Viewer


class InTheWay(ChangedMeanwhile):
    """What an edit changed in file `name` was changed again since, by the later `act`."""

    def __init__(self, name: str, act: str = "") -> None:
        self.name, self.act = name, act
        super().__init__(
            N_("This place in “%(name)s” was changed since. Nothing was taken back."), name=name
        )


def undo(*, release_id: str, act: str, actor: Viewer, now: datetime) -> list[str]:
    """Take back the actor's last act; answers the files it changed. Raises InTheWay, Conflict."""
    rows = _seen(to_undo(release_id, actor.person_id), act)
    return _take_back(rows, UNDO, actor, now)


def redo(*, release_id: str, act: str, actor: Viewer, now: datetime) -> list[str]:
    """Do again what the actor took back last; as `undo`."""
    rows = _seen(to_redo(release_id, actor.person_id), act)
    return _take_back(rows, REDO, actor, now)


def restore(
    *, release_id: str, number: int, seen_revision: int, actor: Viewer, now: datetime
) -> bool:
    """Bring the draft's files back to how they were at a revision, as a new act of the actor.

    Answers whether anything differed. Raises NotFound for no such state, Conflict if somebody
    saved since `seen_revision`.
    """
    revision = set_draft_files(
        release_id=release_id, files=state_at(release_id, number), seen_revision=seen_revision,
        actor=actor, now=now,
    )  # fmt: skip
    return revision != seen_revision


def state_at(release_id: str, number: int) -> dict[str, str]:
    """The files of a draft as they were at a revision; raises NotFound for one still to come."""
    rows = edits_of(release_id)
    if number < 0 or number > max((row.number for row in rows), default=0):
        raise NotFound
    later = [(row.name, edit_of(row).slice) for row in reversed(rows) if row.number > number]
    return as_of(files_of(release_id), later)


def place_of(rows: Sequence[DraftEdit], row: DraftEdit) -> Slice:
    """What takes back a row's edit now, `rows` being the draft's edits from it on.

    Raises InTheWay where a later edit lies on its place.
    """
    same = [one for one in rows if one.name == row.name and one.number >= row.number]
    try:
        return taking_back([edit_of(one) for one in same])
    except Meets as meets:
        later = next(one for one in same if one.id == meets.edit.id)
        raise InTheWay(row.name, later.act) from None


def _seen(rows: Sequence[DraftEdit], act: str) -> Sequence[DraftEdit]:
    if not rows or rows[0].act != act:
        raise Conflict(
            N_("Your last edit of this draft is another one meanwhile. Nothing was taken back."),
            hint=N_("Go back, look at it as it is now, and try again."),
        )
    return rows


def _take_back(rows: Sequence[DraftEdit], way: str, actor: Viewer, now: datetime) -> list[str]:
    act, release_id = new_id(), rows[0].release_id
    for row in reversed(rows):
        later = edits_of(release_id, since=row.number)
        cut = place_of(later, row)
        before = files_of(release_id).get(row.name)
        after = _changed(before, cut, row, later)
        revision = db.session.get_one(ModuleRelease, release_id).revision
        step = Step(act, way, row.id)
        _write(release_id, row.name, after, revision, actor, now, step)
        row.undone = True
    db.session.flush()
    return [row.name for row in rows]


def _changed(
    before: str | None, cut: Slice, row: DraftEdit, later: Sequence[DraftEdit]
) -> str | None:
    """The text with a slice changed; it stays JSON unless nobody else edited the file since."""
    try:
        after = applied(before, cut)
    except ValueError:
        raise InTheWay(row.name) from None
    others = settled([edit_of(one) for one in later if one.name == row.name and one is not row])
    if others and _is_json(before) and not _is_json(after):
        last = next(one for one in later if one.id == others[-1].id)
        raise InTheWay(row.name, last.act)
    return after


def _is_json(text: str | None) -> bool:
    try:
        read_source(text or "")
    except SourceError:
        return False
    return True


def _write(
    release_id: str,
    name: str,
    text: str | None,
    revision: int,
    actor: Viewer,
    now: datetime,
    step: Step,
) -> int:
    if text is None:
        return delete_draft_file(
            release_id=release_id, name=name, seen_revision=revision, actor=actor, now=now,
            step=step,
        )  # fmt: skip
    return save_draft_file(
        release_id=release_id, name=name, text=text, seen_revision=revision, actor=actor, now=now,
        step=step,
    )  # fmt: skip
