"""What records would post under other rules: evaluated over what they hold, nothing is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from portal.db import db, unscoped
from portal.definitions.posting_lines import PostingLine
from portal.errors import Invalid, Message
from portal.ledgers.differences import Group, LineChange, groups, line_changes
from portal.ledgers.planning import facts_of, planned_lines
from portal.ledgers.rulebook import RuleBook
from portal.records.models import Record
from portal.records.transitions import APPROVED, SUBMITTED

MOST = 300
_WHY = "authors are told what other rules would post, and read no record they may not read"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rules are tried on. `id` is empty where the viewer may not open the record."""

    id: str
    number: str
    subject: str
    state: str


@dataclass(frozen=True, slots=True)
class Made:
    """What rules make of one record; `refused` says why they refuse it."""

    lines: Sequence[PostingLine] = ()
    refused: Message | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """One record under both sets of rules."""

    subject: Subject
    before: Made
    after: Made
    changes: Sequence[LineChange] = ()

    @property
    def differs(self) -> bool:
        """Whether anything else would be posted, or refused."""
        return bool(self.changes) or self.before.refused != self.after.refused


@dataclass(frozen=True, slots=True)
class DryRun:
    """All records that were tried, newest first."""

    tried: Sequence[Tried] = ()
    groups: Sequence[Group] = field(default_factory=list)

    @property
    def different(self) -> list[Tried]:
        """The records for which something would be different."""
        return [one for one in self.tried if one.differs]

    @property
    def refused(self) -> list[Tried]:
        """The records that could not enter their state any more."""
        return [one for one in self.tried if one.after.refused and not one.before.refused]


def dry_run(
    form: str,
    before: RuleBook | None,
    after: RuleBook,
    *,
    most: int,
    now: datetime,
    state: str | None = None,
) -> DryRun:
    """The newest records of a form that stand in the ledgers, or could, under both rule books.

    Each is tried as it stands, or as if all had entered `state`. `before` is None for a form that
    was never published.
    """
    statement = (
        select(Record)
        .where(
            Record.form == form,
            Record.state.in_((SUBMITTED, APPROVED)),
            Record.project_id.is_not(None),
        )
        .order_by(Record.id.desc())
        .limit(min(most, MOST))
    )
    records = list(db.session.scalars(unscoped(statement, _WHY)))
    ids = [one.id for one in records]
    readable = set(db.session.scalars(select(Record.id).where(Record.id.in_(ids))))
    return summed(
        _tried(one, before, after, state or one.state, one.id in readable, now) for one in records
    )


def summed(tried: Iterable[Tried]) -> DryRun:
    """What was tried, with entries and sums over all of it."""
    every = list(tried)
    return DryRun(
        every,
        groups(
            (line for one in every for line in one.before.lines),
            (line for one in every for line in one.after.lines),
        ),
    )


def compared(subject: Subject, before: Made, after: Made) -> Tried:
    """What one record would post under both."""
    return Tried(subject, before, after, line_changes(before.lines, after.lines))


def _tried(
    record: Record,
    before: RuleBook | None,
    after: RuleBook,
    state: str,
    is_readable: bool,
    now: datetime,
) -> Tried:
    subject = Subject(
        record.id if is_readable else "",
        record.number or "",
        record.subject if is_readable else "",
        record.state,
    )
    made = [_made(record, book, state, now) if book else Made() for book in (before, after)]
    return compared(subject, made[0], made[1])


def _made(record: Record, book: RuleBook, state: str, now: datetime) -> Made:
    facts = facts_of(record, now, approved=state == APPROVED)
    try:
        return Made(planned_lines(book, record.data, state, facts))
    except Invalid as refusal:
        return Made(refused=refusal.message)
