"""Sums over the ledgers, and the entries a sum is made of; always within the viewer's projects."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true

from portal import limits
from portal.db import db, unscoped
from portal.ledgers.columns import Column
from portal.ledgers.models import Posting
from portal.ledgers.naming import Document, Named, documents_of, names_of
from portal.ledgers.standing import undoing


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
    """A page of the entries behind a figure. `total` is the figure; `count` all entries."""

    lines: Sequence[Line]
    total: Decimal
    count: int
    canceled: int
    page: int = 1
    pages: int = 1
    names: Mapping[str, Named] = field(default_factory=dict)


def matching(entry: Any, projects: Collection[str], where: Where) -> ColumnElement[bool]:
    """The entries of these projects whose attributes have one of the values given."""
    parts = [entry.project_id.in_(sorted(projects))]
    for attribute, values in where.items():
        if isinstance(values, Recorded):
            parts.append(values.condition(entry))
            continue
        column = getattr(entry, attribute)
        if isinstance(values, Between):
            parts.append(column.between(values.first, values.last))
        elif None in values:
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
    return [
        Sums(
            tuple(row[: len(keys)]),
            {
                column.key: Decimal(value or 0)
                for column, value in zip(columns, row[len(keys) :], strict=True)
            },
        )
        for row in db.session.execute(unscoped(statement, why) if why else statement)
    ]


def lines(
    column: Column,
    projects: Collection[str],
    where: Where,
    *,
    hide_canceled: bool = False,
    page: int = 1,
    page_rows: int = limits.PAGE_ROWS_MOST,
) -> Lines:
    """The entries a figure is made of, oldest first, with a running total across pages."""
    entry = column.entry
    undone = undoing()
    value = column.value(entry)
    running = func.sum(value, type_=column.type).over(order_by=_order(entry))
    canceled = or_(Posting.reverses_id.is_not(None), undone.c.id.is_not(None))
    chosen: Select[Any] = (
        select(entry, Posting, undone.c.id, value, running)
        .join(Posting, Posting.id == entry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == Posting.id)
        .where(matching(entry, projects, where), column.condition(entry))
        .order_by(*_order(entry))
    )
    count, total, pairs = _size(chosen, column.sum(entry), canceled)
    if hide_canceled:
        chosen = chosen.where(~canceled)
        count -= pairs
    pages = max(1, -(-count // page_rows))
    page = min(max(page, 1), pages)
    rows = db.session.execute(chosen.limit(page_rows).offset((page - 1) * page_rows)).all()
    documents = documents_of({row[0].record_id for row in rows})
    found = [
        Line(
            entry=row[0],
            rule=row[1].rule,
            state=row[1].state,
            posted_at=row[1].posted_at,
            canceled=bool(row[1].reverses_id or row[2]),
            takes_back=row[1].reverses_id is not None,
            value=Decimal(row[3]),
            running=Decimal(row[4]),
            document=documents[row[0].record_id],
        )
        for row in rows
    ]
    named = names_of(_named_in(line.entry for line in found))
    return Lines(found, total, count, pairs, page, pages, named)


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
