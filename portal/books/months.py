"""What each month brought: by the day entries are booked on, so that a closed month stays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from portal.books.columns import EVERY, OF_COST, OF_FUNDS
from portal.dates import last_of
from portal.db import db
from portal.ledgers.models import LEDGERS
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.periods import Closing, closed_until, closings
from portal.ledgers.queries import sums
from portal.web.viewer import ProjectBrief

Values = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of one currency. `late` counts its entries that belong to closed months before it."""

    first: date
    is_closed: bool
    closing: Closing | None
    figures: Mapping[str, Figure]
    late: int


@dataclass(frozen=True, slots=True)
class Months:
    """The months of one currency, the latest first."""

    currency: str
    rows: Sequence[MonthRow]
    total: Mapping[str, Figure]


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def months(project: ProjectBrief) -> list[Months]:
    """What every month brought, one list per currency, the project's own first."""
    found: dict[str, dict[date, list[Values]]] = {}
    for columns in (OF_COST, OF_FUNDS):
        for group in sums(columns, ("ccy", "booked_on"), [project.id], {}):
            if any(group.values.values()):
                currency, day = group.by
                found.setdefault(currency, {}).setdefault(first_of(day), []).append(group.values)
    closed, late = closed_until(project.id), _late(project)
    closers = closings(project.id)
    center = Center("books", project)
    order = sorted(found, key=lambda one: (one != project.currency, one))
    return [
        Months(
            currency,
            [
                _row(center, currency, first, found[currency][first], closed, closers, late)
                for first in sorted(found[currency], reverse=True)
            ],
            center.figures(EVERY, add_up(_flat(found[currency]), EVERY), ccy=currency),
        )
        for currency in order
    ]


def _flat(by_month: Mapping[date, Sequence[Values]]) -> Iterator[Values]:
    for some in by_month.values():
        yield from some


def _row(
    center: Center,
    currency: str,
    first: date,
    values: Sequence[Values],
    closed: date | None,
    closers: Sequence[Closing],
    late: Mapping[date, int],
) -> MonthRow:
    last = last_of(first)
    figures = center.figures(
        EVERY, add_up(values, EVERY), booked=first.isoformat()[:7], ccy=currency
    )
    is_closed = closed is not None and last <= closed
    by = next((one for one in reversed(closers) if one.until >= last), None) if is_closed else None
    return MonthRow(first, is_closed, by, figures, late.get(first, 0))


def _late(project: ProjectBrief) -> dict[date, int]:
    """Per month how many entries are booked in it because their own month was closed."""
    found: dict[date, int] = {}
    for model in LEDGERS.values():
        statement = (
            select(model.booked_on, func.count())
            .where(model.project_id == project.id, model.booked_on > model.effective_on)
            .group_by(model.booked_on)
        )
        for day, count in db.session.execute(statement):
            found[first_of(day)] = found.get(first_of(day), 0) + count
    return found
