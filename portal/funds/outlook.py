"""Where the cash of a project is going, per currency: what the page of the plan shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.funds import columns as known
from portal.funds.accuracy import Accuracy, accuracy_of
from portal.funds.money import Direction
from portal.funds.open_items import OpenItem, standing
from portal.funds.projection import Expected, Month, Moved, Projection, next_month, project
from portal.funds.reading import Book, read_book
from portal.funds.returns import deposits_out
from portal.ledgers.columns import Column
from portal.ledgers.pages import Way
from portal.web.viewer import ProjectBrief

EXPECTED = "funds.expected"
HISTORY_DAYS = 120
PARTS = "funds.parts"


@dataclass(frozen=True, slots=True)
class Ways:
    """From figures of a project in one currency, as of a day, to what they are made of."""

    project: ProjectBrief
    currency: str
    today: date

    def entries(self, column: Column, **choice: Any) -> Way:
        """The way to entries of this currency."""
        found = {"ccy": self.currency, **choice}
        return Way(self.project.code, "funds", column.key, found)

    def balance_at(self, day: date) -> Way:
        """The way to the balance at the end of a day: entries, or what is expected by then."""
        if day < self.today:
            return self.entries(known.BALANCE, until=day.isoformat())
        return self._expected("balance", until=day.isoformat())

    def expected_in(self, month: Month, direction: Direction) -> Way:
        """The way to what is expected in a month."""
        return self._expected("expected", month=month.first.isoformat()[:7], direction=direction)

    def expected_by(self, day: date, direction: Direction) -> Way:
        """The way to what is expected until the end of a day."""
        return self._expected("expected", until=day.isoformat(), direction=direction)

    def parts(self, figure: str) -> Way:
        """The way to what a ratio is made of."""
        return Way(self.project.code, "funds", figure, {"ccy": self.currency}, PARTS)

    def _expected(self, figure: str, **choice: str) -> Way:
        return Way(self.project.code, "funds", figure, {"ccy": self.currency, **choice}, EXPECTED)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A projection with what is open."""

    project: ProjectBrief
    currency: str
    projection: Projection
    moved: Sequence[Moved]
    items: Sequence[OpenItem]
    accuracy: Accuracy

    @property
    def today(self) -> date:
        return self.projection.today

    @property
    def ways(self) -> Ways:
        """The ways to what its figures are made of."""
        return Ways(self.project, self.currency, self.today)

    def history(self) -> list[tuple[date, Decimal]]:
        """The balance at the end of each day something moved, from HISTORY_DAYS before today on."""
        first = self.today - timedelta(days=HISTORY_DAYS)
        balance = sum((one.signed for one in self.moved if one.on < first), Decimal(0))
        found = [(first, balance)]
        for one in sorted(self.moved, key=lambda each: each.on):
            if not first <= one.on <= self.today:
                continue
            balance += one.signed
            if found[-1][0] == one.on:
                found.pop()
            found.append((one.on, balance))
        return found


def outlooks(project: ProjectBrief, book: Book | None = None) -> list[Outlook]:
    """One per currency, the project's own first; none while no money is in the ledger."""
    read = book or read_book(project)
    order = sorted(read.currencies, key=lambda ccy: (ccy != project.currency, ccy))
    return [_outlook(project, read, currency) for currency in order]


def empty_outlook(project: ProjectBrief) -> Outlook:
    """What stands for a project without money: its tables are headed."""
    return _outlook(project, read_book(project), project.currency)


def _outlook(of: ProjectBrief, book: Book, currency: str) -> Outlook:
    items = standing(book.of(currency)).items
    moved = book.moved(currency)
    found = project(
        book.today, moved, items, deposits_out(book.of(currency, "deposit")), book.plan(currency)
    )
    return Outlook(of, currency, found, moved, items, accuracy_of(found.months, book.today))


def last_day(first: date) -> date:
    """The last day of a month."""
    return next_month(first) - timedelta(days=1)


def expected_by(outlook: Outlook, day: date, direction: str = "") -> list[Expected]:
    """What moves the balance until the end of a day, in one direction if one is named."""
    return [
        one
        for one in outlook.projection.expected
        if one.on <= day and direction in ("", one.key.direction)
    ]
