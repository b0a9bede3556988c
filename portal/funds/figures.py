"""The figures of the funds center that rules of health may name."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from flask_babel import lazy_gettext as _l

from portal import clock
from portal.definitions.measures import Measure, Measured, PageWay
from portal.funds.columns import DUE, LOOSE, PAID
from portal.funds.money import NOTHING
from portal.funds.outlook import outlooks
from portal.funds.reading import Book, read_books
from portal.ledgers.keeping import Kept
from portal.ledgers.pages import Center
from portal.ledgers.queries import Sums, sums
from portal.web.viewer import ProjectBrief

RECEIVED = (
    Measure(
        "funds.collected",
        _l("Collected"),
        _l("Received in percent of what contracts that pay us owe to date"),
        "percent",
    ),
)
OPEN = (
    Measure(
        "funds.overdue",
        _l("Overdue receivables"),
        _l("What others owe us and should have paid before today"),
        "money",
    ),
    Measure(
        "funds.overdue_share",
        _l("Overdue, of what is to receive"),
        _l("Overdue receivables in percent of all that others owe us and have not paid"),
        "percent",
    ),
    Measure(
        "funds.overdue_days",
        _l("Age of overdue receivables"),
        _l("Days since the oldest of them was due"),
        "days",
    ),
    Measure(
        "funds.lowest",
        _l("Lowest cash balance"),
        _l("The lowest balance from today on, by what is owed and planned"),
        "money",
    ),
)


def take(projects: Sequence[ProjectBrief], now: datetime) -> Iterator[tuple[str, Measured]]:
    """The part of what is owed to us that was received, per currency."""
    by_id = {one.id: one for one in projects}
    for group in paid_and_due(by_id):
        project_id, currency, direction = group.by
        if direction != "in":
            continue
        owed = group.values[PAID.key] + group.values[DUE.key]
        if owed > 0:
            way = Center("funds", by_id[project_id]).way(DUE.key, direction="in", ccy=currency)
            share = group.values[PAID.key] / owed * 100
            yield "funds.collected", Measured(project_id, share, way, currency)


def paid_and_due(projects: Collection[str]) -> list[Sums]:
    """What was paid, is due and came in without a contract, by project, currency and direction;
    read anew only where something was posted.
    """
    return [one for some in _sums.of(projects, "", _read_sums).values() for one in some]


_sums: Kept[list[Sums]] = Kept()


def _read_sums(projects: list[str]) -> dict[str, list[Sums]]:
    made: dict[str, list[Sums]] = {one: [] for one in projects}
    for group in sums((PAID, DUE, LOOSE), ("project_id", "ccy", "direction"), projects, {}):
        made[group.by[0]].append(group)
    return made


@dataclass(frozen=True, slots=True)
class Open:
    """What is open in a project in one currency, and the day of the lowest balance."""

    currency: str
    receivable: Decimal
    overdue: Decimal
    days: int
    lowest: Decimal
    lowest_on: date


_kept: Kept[tuple[Open, ...]] = Kept()


def take_open(projects: Sequence[ProjectBrief], now: datetime) -> Iterator[tuple[str, Measured]]:
    """What is overdue and where the cash goes; worked out anew for a project where it changed."""
    for project, found in _of_all(projects, now):
        due = PageWay("funds.due", project.code)
        for one in found:
            if one.receivable > 0:
                share = one.overdue / one.receivable * 100
                yield "funds.overdue", Measured(project.id, one.overdue, due, one.currency)
                yield "funds.overdue_share", Measured(project.id, share, due, one.currency)
                days = Decimal(one.days)
                yield "funds.overdue_days", Measured(project.id, days, due, one.currency)
            plan = PageWay("funds.plan", project.code)
            yield "funds.lowest", Measured(project.id, one.lowest, plan, one.currency)


def _of_all(
    projects: Sequence[ProjectBrief], now: datetime
) -> Iterable[tuple[ProjectBrief, tuple[Open, ...]]]:
    by_day: dict[date, dict[str, ProjectBrief]] = {}
    for one in projects:
        by_day.setdefault(clock.date_in(one.zone, now), {})[one.id] = one
    for today, those in by_day.items():
        found = _kept.of(those, today, partial(_read, projects=those, now=now))
        yield from ((those[key], value) for key, value in sorted(found.items()))


def _read(
    ids: Iterable[str], projects: Mapping[str, ProjectBrief], now: datetime
) -> dict[str, tuple[Open, ...]]:
    books = read_books([projects[key] for key in ids], now)
    return {key: tuple(_open(projects[key], book)) for key, book in books.items()}


def _open(project: ProjectBrief, book: Book) -> Iterator[Open]:
    for one in outlooks(project, book):
        incoming = [item for item in one.items if item.key.direction == "in" and item.open > 0]
        late = [item for item in incoming if item.due < one.today]
        oldest = min((item.due for item in late), default=one.today)
        lowest = one.projection.lowest
        yield Open(
            one.currency,
            sum((item.open for item in incoming), NOTHING),
            sum((item.open for item in late), NOTHING),
            (one.today - oldest).days,
            lowest.balance,
            lowest.on,
        )
