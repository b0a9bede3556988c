"""Material on a site: what is on hand, how long it lasts, and whether the next delivery is in time.

Pure. Quantities are in the unit of the material; what was issued is less what was returned.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from portal.schedule.past_error import Foretold, PastError, past_error

WEEK, MONTH, TWO_MONTHS = 7, 28, 56  # days
CUTS = 3
USUAL_LEAD = 14  # days, where no order of the project was ever delivered
NOTHING = Decimal(0)

Verdict = Literal["unused", "enough", "requested", "order", "chase", "out"]


@dataclass(frozen=True, slots=True)
class Move:
    """A movement: what came onto the site (`receipt`), or left it for the work; a return is an
    issue below zero.
    """

    on: date
    qty: Decimal
    is_receipt: bool
    record: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """What of an order is still to come, and the day it is promised for; or of a request what is
    not ordered yet, and the day it is needed on.
    """

    record: str
    qty: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Stock:
    """The stock of a material on a day. It runs out at what was used a week in the last four weeks;
    the last eight tell whether that changes. `lead`: days from an order to its delivery.
    """

    received: Decimal
    issued: Decimal
    by_month: Decimal
    by_two_months: Decimal
    runs_out: date | None
    orders: Sequence[Open]
    requests: Sequence[Open]
    lead: int
    verdict: Verdict
    windows: Sequence[Foretold]

    @property
    def on_hand(self) -> Decimal:
        return self.received - self.issued

    @property
    def weeks_left(self) -> Decimal | None:
        return self.on_hand / self.by_month if self.by_month > 0 else None

    @property
    def ordered(self) -> Decimal:
        return sum((one.qty for one in self.orders), NOTHING)

    @property
    def requested(self) -> Decimal:
        """What is asked for and not ordered yet."""
        return sum((one.qty for one in self.requests), NOTHING)

    @property
    def arrives(self) -> date | None:
        """When the next of it is promised for."""
        return min((one.on for one in self.orders), default=None)

    @property
    def past(self) -> PastError | None:
        """How far what was foretold to be used was off, in percent."""
        return past_error([one.off for one in self.windows if one.off is not None])

    @property
    def needs_acting(self) -> bool:
        return self.verdict in ("order", "chase", "out")

    @property
    def is_covered(self) -> bool:
        """Whether what was requested is enough: nobody needs to request more."""
        return bool(self.requests) and self._lacking <= 0

    @property
    def asks_for_more(self) -> bool:
        """Whether more is to be requested now."""
        return self.verdict in ("order", "out") and not self.is_covered

    @property
    def _lacking(self) -> Decimal:
        """Four weeks' use and that of the lead time, less what there is, comes and is requested."""
        wanted = self.by_month * (MONTH + self.lead) / WEEK
        return wanted - self.on_hand - self.ordered - self.requested

    def proposed(self) -> Decimal:
        """What to request: what is lacking in whole units, one at least."""
        return max(self._lacking.to_integral_value(ROUND_CEILING), Decimal(1))


def stock_of(
    moves: Iterable[Move],
    orders: Iterable[Open],
    today: date,
    lead: int = USUAL_LEAD,
    requests: Iterable[Open] = (),
) -> Stock:
    """The stock after these movements."""
    every = [one for one in sorted(moves, key=lambda one: (one.on, one.record)) if one.on <= today]
    due, asked = ([*sorted(one, key=lambda o: (o.on, o.record))] for one in (orders, requests))
    received = sum((one.qty for one in every if one.is_receipt), NOTHING)
    issued = sum((one.qty for one in every if not one.is_receipt), NOTHING)
    month, two = weekly(every, today, MONTH), weekly(every, today, TWO_MONTHS)
    runs_out = _runs_out(received - issued, month, today)
    arrives = due[0].on if due else None
    verdict = _verdict(received - issued, runs_out, arrives, today, lead)
    windows = list(_looked_back(every, today))
    found = Stock(received, issued, month, two, runs_out, due, asked, lead, verdict, windows)
    is_on_its_way = verdict == "order" and found.is_covered
    return replace(found, verdict="requested") if is_on_its_way else found


def used(moves: Iterable[Move], first: date, last: date) -> Decimal:
    """What was issued from a day to a day, less what came back."""
    return sum(
        (one.qty for one in moves if not one.is_receipt and first <= one.on <= last), NOTHING
    )


def weekly(moves: Sequence[Move], on: date, days: int) -> Decimal:
    """What was used a week in the days up to `on`: of them only those since the material came, a
    week at least; never below zero.
    """
    began = min((one.on for one in moves), default=on)
    span = max(min(days, (on - began).days + 1), WEEK)
    found = used(moves, on - timedelta(days=span - 1), on)
    return max(found * WEEK / span, NOTHING)


def _runs_out(on_hand: Decimal, rate: Decimal, today: date) -> date | None:
    """The day on which the last of it is used at this rate; today where there is none."""
    if rate <= 0:
        return None
    days = (max(on_hand, NOTHING) * WEEK / rate).to_integral_value(ROUND_FLOOR)
    return today + timedelta(days=min(int(days), 10_000))


def _verdict(
    on_hand: Decimal, runs_out: date | None, arrives: date | None, today: date, lead: int
) -> Verdict:
    if runs_out is None:
        return "unused"
    if on_hand <= 0:
        return "out"
    ordered_now = today + timedelta(days=lead)
    if arrives is None:
        return "order" if runs_out < ordered_now else "enough"
    if arrives < today:
        return "chase" if runs_out < ordered_now else "enough"
    return "order" if runs_out < arrives else "enough"


def _looked_back(moves: Sequence[Move], today: date) -> Iterable[Foretold]:
    """The same method at earlier days against the four weeks that followed."""
    for at in range(1, CUTS + 1):
        cut = today - timedelta(days=at * MONTH)
        known = [one for one in moves if one.on <= cut]
        rate = weekly(known, cut, MONTH)
        if rate > 0:
            last = cut + timedelta(days=MONTH)
            came = used(moves, cut + timedelta(days=1), last)
            yield Foretold(cut + timedelta(days=1), last, rate * MONTH / WEEK, came)
