"""How far each task is: the latest approved readings by a date, never summed."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from portal.db import db, unscoped
from portal.ledgers.models import Posting, ProgressEntry
from portal.ledgers.standing import undoing
from portal.progress.tasks import WHY


@dataclass(slots=True)
class Progress:
    """What is known of a task: each part by the latest reading that says it.

    `remaining` (working days) is said only by the latest reading. A reading that leaves something
    to do reopens a task that was called finished.
    """

    as_of: date
    begun_by: date | None = None
    started_on: date | None = None
    finished_on: date | None = None
    percent: Decimal | None = None
    qty: Decimal | None = None
    remaining: Decimal | None = None

    @property
    def has_begun(self) -> bool:
        return self.started_on is not None or self.begun_by is not None or self.is_finished

    @property
    def is_finished(self) -> bool:
        return self.finished_on is not None

    def take(self, entry: Any) -> None:
        """A later reading replaces what it says."""
        self.as_of = entry.as_of
        if entry.percent is not None:
            self.percent = entry.percent
        if entry.qty is not None:
            self.qty = entry.qty
        if entry.started_on is not None:
            self.started_on = entry.started_on
        self.remaining = entry.remaining
        leaves = (entry.remaining or 0) > 0 or (entry.percent is not None and entry.percent < 100)
        if entry.finished_on is not None:
            self.finished_on = entry.finished_on
        elif leaves:
            self.finished_on = None
        if self.begun_by is None and ((entry.percent or 0) > 0 or (entry.qty or 0) > 0):
            self.begun_by = entry.as_of


@dataclass(frozen=True, slots=True)
class Reached:
    """What something other than a reading says of a task: that it was done on a day."""

    task_id: str
    as_of: date
    finished_on: date
    started_on: date | None = None
    percent: Decimal | None = None
    qty: Decimal | None = None
    remaining: Decimal | None = None


def standing_readings(
    project_id: str, until: date | None = None, known_at: datetime | None = None
) -> list[Any]:
    """The readings of tasks that were not taken back, in the order in which they count."""
    undone = undoing()
    statement = (
        select(ProgressEntry)
        .join(Posting, Posting.id == ProgressEntry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == ProgressEntry.posting_id)
        .where(ProgressEntry.project_id == project_id, ProgressEntry.task_id.is_not(None))
        .order_by(
            ProgressEntry.as_of, Posting.posted_at, ProgressEntry.posting_id, ProgressEntry.id
        )
    )
    if until is not None:
        statement = statement.where(ProgressEntry.as_of <= until)
    if known_at is None:
        statement = statement.where(undone.c.id.is_(None))
    else:
        statement = statement.where(
            Posting.posted_at <= known_at,
            or_(undone.c.id.is_(None), undone.c.posted_at > known_at),
        )
    return list(db.session.scalars(unscoped(statement, WHY)))


def by_day(*entries: Iterable[Any]) -> list[Any]:
    """Readings of several sources in the order in which they count."""
    return sorted(itertools.chain(*entries), key=lambda one: one.as_of)


def progress_of(entries: Iterable[Any]) -> dict[str, Progress]:
    """What these readings, in the order in which they count, say of each task, by its id."""
    found: dict[str, Progress] = {}
    for entry in entries:
        known = found.get(entry.task_id)
        if known is None:
            known = found[entry.task_id] = Progress(entry.as_of)
        known.take(entry)
    return found
