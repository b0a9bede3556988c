"""What was edited in a draft, by whom and when, and what somebody can take back or do again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.db import db
from portal.definitions.models import DraftEdit
from portal.definitions.slices import Edit, Slice

EDIT, UNDO, REDO = "edit", "undo", "redo"


@dataclass(frozen=True, slots=True)
class Step:
    """How an edit came about: the act it is part of, and what it takes back."""

    act: str
    way: str = EDIT
    takes_back: str | None = None


def edits_of(release_id: str, *, since: int = 0) -> Sequence[DraftEdit]:
    """The edits of a draft from a revision on, oldest first."""
    return db.session.scalars(
        select(DraftEdit)
        .where(DraftEdit.release_id == release_id, DraftEdit.number >= since)
        .order_by(DraftEdit.number)
    ).all()


def edit_of(row: DraftEdit) -> Edit:
    """A row as the pure functions take it."""
    return Edit(row.id, Slice(row.start, row.removed, row.added), row.takes_back)


def to_undo(release_id: str, person_id: str) -> Sequence[DraftEdit]:
    """The person's last act that still stands, oldest edit first; empty if there is none."""
    return _act(_last(release_id, person_id, (EDIT, REDO)))


def to_redo(release_id: str, person_id: str) -> Sequence[DraftEdit]:
    """What the person took back last and edited nothing since; empty if there is none."""
    undo = _last(release_id, person_id, (UNDO,))
    edited = _last(release_id, person_id, (EDIT,), standing=False)
    if undo is None or (edited is not None and edited.number > undo.number):
        return ()
    return _act(undo)


def _last(
    release_id: str, person_id: str, ways: tuple[str, ...], *, standing: bool = True
) -> DraftEdit | None:
    statement = select(DraftEdit).where(
        DraftEdit.release_id == release_id,
        DraftEdit.person_id == person_id,
        DraftEdit.way.in_(ways),
    )
    if standing:
        statement = statement.where(DraftEdit.undone.is_(False))
    return db.session.scalars(statement.order_by(DraftEdit.number.desc()).limit(1)).first()


def _act(row: DraftEdit | None) -> Sequence[DraftEdit]:
    if row is None:
        return ()
    return db.session.scalars(
        select(DraftEdit)
        .where(DraftEdit.release_id == row.release_id, DraftEdit.act == row.act)
        .order_by(DraftEdit.number)
    ).all()
