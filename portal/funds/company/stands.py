"""Where each project stands with its money, per currency; kept until something is posted in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from portal import clock
from portal.funds.money import NOTHING, signed
from portal.funds.open_items import OpenItem
from portal.funds.outlook import HISTORY_DAYS, Outlook, Ways, outlooks
from portal.funds.projection import Expected, LeftOut, Month
from portal.funds.reading import MOVES, Book, lapses_of, read_book
from portal.funds.retention import Held, retentions
from portal.ledgers.keeping import Kept
from portal.web.viewer import ProjectBrief


@dataclass(frozen=True, slots=True)
class Stand:
    """A project in one currency. `accounts` are balances (None: money that names no account).

    `left_out` should have come in by today and is in no balance ahead.
    `past` are the balances of the days before today on which something moved.
    """

    project: ProjectBrief
    currency: str
    today: date
    cash: Decimal
    accounts: Mapping[str | None, Decimal]
    past: Sequence[tuple[date, Decimal]]
    months: Sequence[Month]
    expected: Sequence[Expected]
    left_out: LeftOut
    lowest: tuple[date, Decimal]
    open: Sequence[OpenItem]
    held: Sequence[Held]

    @property
    def ways(self) -> Ways:
        """The ways to what its figures are made of."""
        return Ways(self.project, self.currency, self.today)

    def month(self, first: date) -> Month | None:
        """What a month is to the project; after its last one the balance stays. None before it."""
        if not self.months or first < self.months[0].first:
            return None
        last = self.months[-1]
        if first > last.first:
            return Month(first, last.closing, *[NOTHING] * 7)
        return next(one for one in self.months if one.first == first)

    def balance_on(self, day: date) -> Decimal:
        """The balance at the end of a day to come."""
        return self.cash + sum((one.signed for one in self.expected if one.on <= day), NOTHING)


_kept: Kept[list[Stand]] = Kept()


def stands_of(projects: Sequence[ProjectBrief], now: datetime) -> list[Stand]:
    """The stands of these projects; those in which nothing was posted since are not read again."""
    briefs = {one.id: one for one in projects}
    by_day: dict[date, list[str]] = {}
    for one in projects:
        by_day.setdefault(clock.date_in(one.zone, now), []).append(one.id)

    def read(ids: list[str]) -> dict[str, list[Stand]]:
        return {one: _read(briefs[one]) for one in ids}

    found: dict[str, list[Stand]] = {}
    for today, ids in by_day.items():
        found.update(_kept.of(ids, today, read))
    # what a project is called may change without a posting
    return [replace(one, project=project) for project in projects for one in found[project.id]]


def _read(project: ProjectBrief) -> list[Stand]:
    book = read_book(project)
    return [_stand(one, book) for one in outlooks(project, book)]


def _stand(one: Outlook, book: Book) -> Stand:
    entries = book.of(one.currency)
    lowest = one.projection.lowest
    return Stand(
        one.project,
        one.currency,
        one.today,
        one.projection.cash,
        _accounts(one.currency, book),
        one.history(),
        one.projection.months,
        one.projection.expected,
        one.projection.left_out,
        (lowest.on, lowest.balance),
        [item for item in one.items if item.open > 0],
        retentions(entries, one.items, lapses_of(one.key.contract for one in entries)),
    )


def _accounts(currency: str, book: Book) -> dict[str | None, Decimal]:
    """What lies on each account today."""
    found: dict[str | None, Decimal] = {}
    for one in (*book.money, *book.canceled):
        if one.stage in MOVES and one.key.currency == currency and one.on <= book.today:
            amount = signed(one.key.direction, one.amount)
            found[one.account] = found.get(one.account, NOTHING) + amount
    return {key: amount for key, amount in found.items() if amount}


def past_of(stands: Sequence[Stand], today: date) -> list[tuple[date, Decimal]]:
    """The balance of all of them by day, up to today."""
    moves: dict[date, Decimal] = {}
    for one in stands:
        before = NOTHING
        for day, balance in one.past:
            moves[day] = moves.get(day, NOTHING) + balance - before
            before = balance
    first = today - timedelta(days=HISTORY_DAYS)
    balance, found = NOTHING, [(first, NOTHING)]
    for day in sorted(moves):
        balance += moves[day]
        if found[-1][0] == max(day, first):
            found.pop()
        found.append((max(day, first), balance))
    return found
