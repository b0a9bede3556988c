"""How long documents wait at a step, and how well the median of before told the one after. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from portal.schedule.past_error import PastError, four_of_five, past_error

LOOKED_AT = timedelta(days=90)
BEFORE = timedelta(days=84)
WINDOW = timedelta(days=28)
WINDOWS = 3
_DAY = Decimal(86_400)


@dataclass(frozen=True, slots=True)
class Visit:
    """A document at a step: since when, and until when; None while it waits."""

    record: str
    opened: datetime
    closed: datetime | None

    def days(self, now: datetime) -> Decimal:
        """How many days it waited, or has been waiting."""
        span = (self.closed or now) - self.opened
        return Decimal(span.days) + Decimal(span.seconds) / _DAY


@dataclass(frozen=True, slots=True)
class Foretold:
    """A span of time: the median wait of the twelve weeks before it, and the one that came."""

    first: datetime
    last: datetime
    foretold: Decimal
    came: Decimal
    count: int

    @property
    def off(self) -> Decimal:
        return self.came - self.foretold


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits at a step: `finished` of the last 90 days, `waiting` now with the oldest first."""

    finished: Sequence[Visit]
    waiting: Sequence[Visit]
    median: Decimal | None
    within: Decimal | None
    oldest: Decimal | None
    windows: Sequence[Foretold]

    @property
    def past(self) -> PastError | None:
        """How far the median told before was off, in days."""
        return past_error([one.off for one in self.windows])

    @property
    def is_longer_than_usual(self) -> bool:
        """Whether something waits longer than four of five did."""
        return self.oldest is not None and self.within is not None and self.oldest > self.within

    @property
    def weight(self) -> Decimal:
        """What steps are put in order by: how long four of five waited, or the oldest does."""
        return max(self.within or Decimal(0), self.oldest or Decimal(0))


def waits_of(visits: Iterable[Visit], now: datetime) -> Waits:
    """What the visits of one step come to."""
    every = sorted(visits, key=lambda one: (one.opened, one.record))
    waiting = [one for one in every if one.closed is None]
    finished = [one for one in every if one.closed and now - LOOKED_AT <= one.closed <= now]
    days = [one.days(now) for one in finished]
    return Waits(
        finished,
        waiting,
        middle(days),
        four_of_five(days),
        max((one.days(now) for one in waiting), default=None),
        list(_windows(every, now)),
    )


def _windows(visits: Sequence[Visit], now: datetime) -> Iterable[Foretold]:
    for at in range(WINDOWS):
        last = now - at * WINDOW
        first = last - WINDOW
        before = [
            one.days(now) for one in visits if one.closed and first - BEFORE < one.closed <= first
        ]
        since = [one.days(now) for one in visits if one.closed and first < one.closed <= last]
        foretold, came = middle(before), middle(since)
        if foretold is not None and came is not None:
            yield Foretold(first, last, foretold, came, len(since))


def middle(values: Sequence[Decimal]) -> Decimal | None:
    """The median: the middle one, or the mean of the two in the middle."""
    ordered, at = sorted(values), len(values) // 2
    if not ordered:
        return None
    return ordered[at] if len(ordered) % 2 else (ordered[at - 1] + ordered[at]) / 2
