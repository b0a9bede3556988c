"""The forecasts of a project, method by method: from what, and how far off each was so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from portal.errors import N_, Message
from portal.progress.baselines import Baseline
from portal.progress.earned import Earned
from portal.progress.earned_rows import FAR_AWAY
from portal.progress.hindsight import CutOff, Finished
from portal.progress.own_past import Closed, end_by, median
from portal.progress.plan import Plan
from portal.progress.risk import Kept
from portal.schedule.past_error import PastError, past_error
from portal.schedule.undefined import Figure, Undefined
from portal.web.filters import day, moment, money, quantity
from portal.web.words import gettext as _

Unit = Literal["workdays", "days", "percent"]
AT_THE_END = N_("Known when everything is finished.")
NOTHING_YET = N_("Nothing that was foreseen has happened yet.")
NOT_APART = N_("Each of these projects came out once: see them below.")


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast: `inputs` are what it is made of, `past` how far its method was off."""

    key: str
    label: str
    inputs: Sequence[tuple[str, str]]
    value: Figure | date
    past: PastError | Message
    unit: Unit

    @property
    def reason(self) -> Message | None:
        return self.value.reason if isinstance(self.value, Undefined) else None


@dataclass(frozen=True, slots=True)
class Known:
    """What forecasts are made of."""

    plan: Plan
    cuts: Sequence[CutOff]
    baseline: Baseline | None
    promised: Sequence[Finished]
    earned: Earned | None
    simulation: Kept | None
    closed: Sequence[Closed]


def forecasts(known: Known) -> list[Forecast]:
    """Those there is anything to say of: dates first, then cost."""
    found = [_by_plan(known)]
    if known.baseline is not None:
        found.append(_by_baseline(known, known.baseline))
    if known.earned is not None:
        found.append(_by_pace(known, known.earned))
    if known.simulation is not None:
        found += _by_simulation(known, known.simulation)
    share = median([one.time for one in known.closed])
    if share is not None and known.baseline is not None:
        found.append(_by_own_past(known, known.baseline, share))
    if known.earned is not None:
        found += _of_cost(known, known.earned)
    return found


def _past(misses: Sequence[Decimal]) -> PastError | Message:
    return past_error(misses) or Message(NOTHING_YET)


def _date(on: date | None, why: str = FAR_AWAY) -> Figure | date:
    return on or Undefined(Message(why))


def _by_plan(known: Known) -> Forecast:
    plan = known.plan
    left = [row for row in plan.work if not row.is_finished]
    inputs = [
        (_("Data date"), day(plan.until)),
        (_("Tasks still open"), str(len(left))),
        (_("Critical tasks"), str(sum(row.is_critical for row in left))),
    ]
    misses = [one.off for cut in known.cuts for one in cut.tasks]
    return Forecast(
        "plan", _("End by the plan (critical path)"), inputs, _date(plan.finish), _past(misses),
        "workdays",
    )  # fmt: skip


def _by_baseline(known: Known, baseline: Baseline) -> Forecast:
    inputs = [(_("Baseline"), baseline.name), (_("Frozen on"), moment(baseline.taken_at))]
    misses = [one.off for one in known.promised]
    return Forecast(
        "baseline", _("End as it was promised (baseline)"), inputs, baseline.ends_on,
        _past(misses), "workdays",
    )  # fmt: skip


def _by_pace(known: Known, earned: Earned) -> Forecast:
    one = earned.schedule
    unit = _("weeks") if earned.periods.length == "week" else _("months")
    inputs = [
        (_("Baseline"), earned.baseline.name),
        (_("Earned schedule (ES)"), quantity(one.earned, unit, places=2)),
        (_("Time passed (AT)"), quantity(one.actual, unit, places=2)),
        (_("Planned duration (PD)"), quantity(one.planned, unit, places=2)),
        (_("Schedule performance in time, SPI(t)"), _figure(one.spi)),
    ]
    value: Figure | date = _date(earned.forecast_finish)
    if earned.forecast_finish is None and isinstance(one.duration, Undefined):
        value = one.duration
    misses = [cut.reached.off for cut in known.cuts if cut.reached]
    return Forecast("pace", _("End by earned schedule"), inputs, value, _past(misses), "days")


def _by_simulation(known: Known, kept: Kept) -> list[Forecast]:
    inputs = [
        (_("Simulated"), moment(kept.snapshot.taken_at)),
        (_("Runs"), str(kept.body["runs"])),
        (_("Seed"), str(kept.body["seed"])),
    ]
    if kept.body["until"]:
        inputs.append((_("Data date"), day(date.fromisoformat(kept.body["until"]))))
    found = []
    for percent in (50, 80):
        past: PastError | Message = Message(AT_THE_END)
        plan = known.plan
        if plan.finish and plan.work and all(row.is_finished for row in plan.work):
            past = _past([Decimal((plan.finish - kept.day(percent)).days)])
        label = _("End by simulation, P%(percent)s", percent=percent)
        found.append(Forecast(f"p{percent}", label, inputs, kept.day(percent), past, "days"))
    return found


def _by_own_past(known: Known, baseline: Baseline, share: Decimal) -> Forecast:
    inputs = [
        (_("Closed projects"), str(len(known.closed))),
        (_("Duration of what was planned, median"), quantity(share * 100, "%", places=1)),
        (_("Baseline"), baseline.name),
    ]
    label = _("End as own closed projects came out")
    return Forecast("closed", label, inputs, end_by(baseline, share), Message(NOT_APART), "days")


def _of_cost(known: Known, earned: Earned) -> list[Forecast]:
    value = earned.value
    inputs = [
        (_("Budget at completion (BAC)"), money(value.bac)),
        (_("Earned value (EV)"), money(value.ev)),
        (_("Actual cost (AC)"), money(value.ac)),
        (_("Cost performance (CPI)"), _figure(value.cpi)),
    ]
    paid = [cut.paid for cut in known.cuts if cut.paid]
    by_trend = [one.off_trend for one in paid if one.off_trend is not None]
    as_planned = [one.off_plan for one in paid if one.off_plan is not None]
    return [
        Forecast("eac", _("Estimate at completion, by the trend (EAC)"), inputs, value.eac,
                 _past(by_trend), "percent"),
        Forecast("eac_plan", _("Estimate, the rest as planned"), inputs[:3],
                 value.eac_as_planned, _past(as_planned), "percent"),
    ]  # fmt: skip


def _figure(value: Figure) -> str:
    return "–" if isinstance(value, Undefined) else quantity(value, places=3)
