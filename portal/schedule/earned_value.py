"""Earned value: what was planned, earned and spent by a date, and what follows (DOMAIN 5.3).

Money is Decimal in the project's currency. Nothing is rounded here: an estimate made with a ratio
rounded for display would be another estimate.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.errors import N_, Invalid, Message
from portal.schedule.undefined import Figure, Undefined, ratio

NOTHING_PLANNED = N_("Nothing was planned by this date.")
NOTHING_SPENT = N_("Nothing was spent by this date.")
NOTHING_EARNED = N_("Nothing was earned by this date.")
BUDGET_SPENT = N_("The budget is spent.")
ESTIMATE_SPENT = N_("As much is spent as is estimated.")


@dataclass(frozen=True, slots=True)
class EarnedValue:
    """Planned value, earned value, actual cost by a date, and the budget at completion."""

    pv: Decimal
    ev: Decimal
    ac: Decimal
    bac: Decimal

    @property
    def schedule_variance(self) -> Decimal:
        """SV = EV - PV."""
        return self.ev - self.pv

    @property
    def cost_variance(self) -> Decimal:
        """CV = EV - AC."""
        return self.ev - self.ac

    @property
    def spi(self) -> Figure:
        """SPI = EV / PV."""
        return ratio(self.ev, self.pv, NOTHING_PLANNED)

    @property
    def cpi(self) -> Figure:
        """CPI = EV / AC."""
        return ratio(self.ev, self.ac, NOTHING_SPENT)

    @property
    def eac(self) -> Figure:
        """The estimate at completion if cost goes on as it did: BAC / CPI = BAC * AC / EV."""
        if not self.ac:
            return Undefined(Message(NOTHING_SPENT))
        return ratio(self.bac * self.ac, self.ev, NOTHING_EARNED)

    @property
    def eac_as_planned(self) -> Decimal:
        """The estimate if what remains costs what was planned: AC + BAC - EV."""
        return self.ac + self.bac - self.ev

    @property
    def eac_of_both(self) -> Figure:
        """The estimate if cost and pace go on: AC + (BAC - EV) / (CPI * SPI)."""
        if not self.ac:
            return Undefined(Message(NOTHING_SPENT))
        if not self.pv:
            return Undefined(Message(NOTHING_PLANNED))
        rest = ratio((self.bac - self.ev) * self.ac * self.pv, self.ev * self.ev, NOTHING_EARNED)
        return rest if isinstance(rest, Undefined) else self.ac + rest

    @property
    def etc(self) -> Figure:
        """Still to be spent, by the trend: EAC - AC."""
        eac = self.eac
        return eac if isinstance(eac, Undefined) else eac - self.ac

    @property
    def vac(self) -> Figure:
        """Variance at completion, by the trend: BAC - EAC."""
        eac = self.eac
        return eac if isinstance(eac, Undefined) else self.bac - eac

    @property
    def tcpi_of_budget(self) -> Figure:
        """The performance that would still keep the budget: (BAC - EV) / (BAC - AC)."""
        if self.ac >= self.bac:
            return Undefined(Message(BUDGET_SPENT))
        return (self.bac - self.ev) / (self.bac - self.ac)

    @property
    def tcpi_of_estimate(self) -> Figure:
        """The performance that keeps the trend's estimate: (BAC - EV) / (EAC - AC)."""
        eac = self.eac
        if isinstance(eac, Undefined):
            return eac
        return ratio(self.bac - self.ev, eac - self.ac, ESTIMATE_SPENT)


def by_steps(shares: Iterable[tuple[Decimal, Decimal]]) -> Figure:
    """Progress (0 to 1) of weighted steps: pairs of weight and the part done of that step."""
    pairs = list(shares)
    whole = sum((weight for weight, _done in pairs), Decimal(0))
    return ratio(
        sum((weight * done for weight, done in pairs), Decimal(0)),
        whole,
        N_("The steps have no weight."),
    )


def by_quantity(installed: Decimal, planned: Decimal) -> Figure:
    """Progress as installed by planned quantity, never above 1."""
    found = ratio(installed, planned, N_("No quantity is planned."))
    return found if isinstance(found, Undefined) else min(found, Decimal(1))


def by_fixed_share(*, started: bool, finished: bool, at_start: Decimal) -> Decimal:
    """Progress of the 0/100 and 50/50 rules: a share at the start, the rest at the finish."""
    return Decimal(1) if finished else at_start if started else Decimal(0)


@dataclass(frozen=True, slots=True)
class EarnedSchedule:
    """Earned schedule in periods: when what is earned now should have been earned (DOMAIN 5.4).

    `actual` is the time passed (AT), `planned` the planned duration (PD), both in periods.
    """

    earned: Decimal
    actual: Decimal
    planned: Decimal

    @property
    def variance(self) -> Decimal:
        """SV(t) = ES - AT."""
        return self.earned - self.actual

    @property
    def spi(self) -> Figure:
        """SPI(t) = ES / AT."""
        return ratio(self.earned, self.actual, N_("No time has passed yet."))

    @property
    def duration(self) -> Figure:
        """IEAC(t) = PD / SPI(t) = PD * AT / ES: the duration if the pace stays."""
        if not self.actual:
            return Undefined(Message(N_("No time has passed yet.")))
        return ratio(self.planned * self.actual, self.earned, NOTHING_EARNED)

    def estimate(self, performance: Decimal) -> Figure:
        """EAC(t) = AT + (PD - ES) / PF, where PF is 1, SPI(t) or SPI(t) * CPI."""
        rest = ratio(self.planned - self.earned, performance, NOTHING_EARNED)
        return rest if isinstance(rest, Undefined) else self.actual + rest


def earned_schedule(
    planned: Sequence[Decimal],
    earned: Decimal,
    actual: Decimal,
    ends: Sequence[Decimal] | None = None,
) -> EarnedSchedule:
    """The earned schedule by cumulative planned value at the ends of periods 0, 1, 2, ...

    `ends` are those ends in periods where not all periods are whole, such as the last one of a
    plan: a period of which a fraction f is planned counts f. C is the last period whose cumulative
    value is not above what is earned; the part of the next one is interpolated. What is earned
    beyond the plan is not extrapolated. Where a period ends now and just its value is earned, the
    work is on plan, even if the plan then stands still. `Invalid` where the cumulative value falls,
    or begins above what is earned.
    """
    if not planned:
        raise Invalid(N_("A plan without periods has no earned schedule."))
    for at, (before, after) in enumerate(itertools.pairwise(planned), start=1):
        if after < before:
            raise Invalid(N_("The planned value falls in period %(period)s."), period=at)
    if earned < planned[0]:
        raise Invalid(N_("Less is earned than was planned before the first period."))
    times = [Decimal(at) for at in range(len(planned))] if ends is None else ends
    last = max(at for at, value in enumerate(planned) if value <= earned)
    if last == len(planned) - 1:
        return EarnedSchedule(times[-1], actual, times[-1])
    if (actual, earned) in zip(times, planned, strict=True):
        return EarnedSchedule(actual, actual, times[-1])
    part = (earned - planned[last]) / (planned[last + 1] - planned[last])
    reached = times[last] + part * (times[last + 1] - times[last])
    return EarnedSchedule(reached, actual, times[-1])
