"""Sums over the ledgers, and the entries a sum is made of; always within the viewer's projects."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true

from portal import limits
from portal.db import db, unscoped
from portal.definitions.posting_columns import MERGED
from portal.ledgers.columns import Column
from portal.ledgers.models import Posting
from portal.ledgers.naming import Document, Named, documents_of, names_of
from portal.ledgers.standing import behind, is_canceled, undoing
from portal.records import aliases


@dataclass(frozen=True, slots=True)
class Between:
    """A span of days, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Recorded:
    """A span of instants in which entries were posted: the first included, the last not."""

    start: datetime | None
    end: datetime

    def condition(self, entry: Any) -> ColumnElement[bool]:
        """The entries of the postings made then."""
        made = select(Posting.id).where(Posting.posted_at < self.end)
        if self.start is not None:
            made = made.where(Posting.posted_at >= self.start)
        chosen: ColumnElement[bool] = entry.posting_id.in_(made)
        return chosen


Where = Mapping[str, Collection[Any] | Between | Recorded]


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures of one group: the group's keys in the order asked for, values by column key."""

    by: tuple[Any, ...]
    values: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry behind a figure, what it contributes, and the sum up to and including it.

    `canceled`: it was taken back, or takes back another; such pairs add up to nothing.
    """

    entry: Any
    rule: str
    state: str
    posted_at: datetime
    canceled: bool
    takes_back: bool
    value: Decimal
    running: Decimal
    document: Document


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of the entries behind a figure. `total` is the figure; `count` all entries.

    `together`: what the entries add up to that are told as one sum, and how many they are; they
    come before the others and are not among `count`.
    """

    lines: Sequence[Line]
    total: Decimal
    count: int
    canceled: int
    page: int = 1
    pages: int = 1
    names: Mapping[str, Named] = field(default_factory=dict)
    together: tuple[Decimal, int] = (Decimal(0), 0)


READ_AS_ONE = frozenset(f"{name}_id" for name in MERGED)
"""Attributes by which an entry that was merged into another counts as the other."""


def matching(entry: Any, projects: Collection[str], where: Where) -> ColumnElement[bool]:
    """The entries of these projects whose attributes have one of the values given.

    A party or worker stands for all that were merged into it, and they for it.
    """
    parts = [entry.project_id.in_(sorted(projects))]
    for attribute, values in where.items():
        if isinstance(values, Recorded):
            parts.append(values.condition(entry))
            continue
        column = getattr(entry, attribute)
        if isinstance(values, Between):
            parts.append(column.between(values.first, values.last))
            continue
        if attribute in READ_AS_ONE:
            values = aliases.merged().families(values)
        if None in values:
            rest = [value for value in values if value is not None]
            parts.append(or_(column.is_(None), column.in_(rest)))
        else:
            parts.append(column.in_(list(values)))
    return and_(true(), *parts)


def sums(
    columns: Sequence[Column],
    by: Sequence[str],
    projects: Collection[str],
    where: Where,
    *,
    why: str = "",
) -> list[Sums]:
    """The figures of all these columns of one ledger, grouped, in one statement.

    Of the projects that the viewer may see; with `why`, a reason, of all that are asked for.
    """
    entry = columns[0].entry
    keys = [getattr(entry, name) for name in by]
    figures = [column.sum(entry) for column in columns]
    statement = (
        select(*keys, *figures)
        .where(matching(entry, projects, where))
        .group_by(*keys)
        .order_by(*keys)
    )
    rows = db.session.execute(unscoped(statement, why) if why else statement)
    found = [
        Sums(
            tuple(row[: len(keys)]),
            {
                column.key: Decimal(value or 0)
                for column, value in zip(columns, row[len(keys) :], strict=True)
            },
        )
        for row in rows
    ]
    return _read_as_one(found, by)


def _read_as_one(found: list[Sums], by: Sequence[str]) -> list[Sums]:
    """The groups of merged entries added to those of the entries that stand for them."""
    places = [at for at, name in enumerate(by) if name in READ_AS_ONE]
    known = aliases.merged() if places else aliases.Aliases()
    if not known.into:
        return found
    made: dict[tuple[Any, ...], dict[str, Decimal]] = {}
    for one in found:
        key = tuple(known.stays(part) if at in places else part for at, part in enumerate(one.by))
        values = made.setdefault(key, {})
        for column, value in one.values.items():
            values[column] = values.get(column, Decimal(0)) + value
    return [Sums(key, values) for key, values in made.items()]


def lines(
    column: Column,
    projects: Collection[str],
    where: Where,
    *,
    hide_canceled: bool = False,
    page: int = 1,
    page_rows: int = limits.PAGE_ROWS_MOST,
    together: ColumnElement[bool] | None = None,
) -> Lines:
    """The entries a figure is made of, oldest first, with a running total across pages.

    `together`: those that are told as one sum, which the running total begins with.
    """
    entry = column.entry
    made, undone = behind(), undoing()
    value = column.value(entry)
    running = func.sum(value, type_=column.type).over(order_by=_order(entry))
    gone = is_canceled(undone, made.c.reverses_id)
    posting = (made.c.rule, made.c.state, made.c.posted_at, made.c.reverses_id)
    chosen: Select[Any] = (
        select(entry, value, running, undone.c.id, *posting)
        .join(made, made.c.id == entry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == made.c.id)
        .where(matching(entry, projects, where), column.condition(entry))
        .order_by(*_order(entry))
    )
    held, kept = 0, Decimal(0)
    if together is not None:
        held, kept, _pairs = _size(chosen.where(together), column.sum(entry), gone)
        chosen = chosen.where(~together)
    count, total, pairs = _size(chosen, column.sum(entry), gone)
    if hide_canceled:
        chosen = chosen.where(~gone)
        count -= pairs
    pages = max(1, -(-count // page_rows))
    page = min(max(page, 1), pages)
    rows = db.session.execute(chosen.limit(page_rows).offset((page - 1) * page_rows)).all()
    documents = documents_of({row[0].record_id for row in rows})
    found = [
        Line(
            entry=one,
            rule=rule,
            state=state,
            posted_at=posted_at,
            canceled=bool(reverses or undone_by),
            takes_back=reverses is not None,
            value=Decimal(moved),
            running=kept + Decimal(so_far),
            document=documents[one.record_id],
        )
        for one, moved, so_far, undone_by, rule, state, posted_at, reverses in rows
    ]
    named = names_of(_named_in(line.entry for line in found))
    return Lines(found, kept + total, count, pairs, page, pages, named, (kept, held))


def _order(entry: Any) -> tuple[Any, ...]:
    return entry.effective_on, entry.posting_id, entry.row, entry.id


def _size(
    chosen: Select[Any], total: Any, canceled: ColumnElement[bool]
) -> tuple[int, Decimal, int]:
    """(entries, their sum, how many of them belong to canceled pairs)."""
    counted = chosen.with_only_columns(
        func.count(),
        total,
        func.sum(case((canceled, 1), else_=0)),
        maintain_column_froms=True,
    ).order_by(None)
    count, summed, pairs = db.session.execute(counted).one()
    return count, Decimal(summed or 0), int(pairs or 0)


_DIMENSIONS = (
    "cost_code_id", "wbs_id", "party_id", "contract_id", "worker_id", "team_id", "milestone_id",
    "request_id",
    "account_id",
    "prices_id",
    "task_id",
)  # fmt: skip


def _named_in(entries: Iterable[Any]) -> set[str]:
    found = {getattr(one, name, None) for one in entries for name in _DIMENSIONS}
    return {one for one in found if one}


def has_entries(project_id: str) -> bool:
    """Whether anything was posted in a project: its currency then stays."""
    statement = select(Posting.id).where(Posting.project_id == project_id).limit(1)
    return db.session.execute(unscoped(statement, "a yes or no, no content")).first() is not None
