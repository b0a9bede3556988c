"""How far the work is off its plan when a period begins and ends, as it was known then."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal import clock
from portal.errors import Invalid
from portal.progress.baselines import Baseline, baselines_of
from portal.progress.earned import Earned, earned_by
from portal.progress.plan import Plan, plan_of
from portal.schedule.undefined import Figure
from portal.web.viewer import ProjectBrief
from portal.weekly.period import Period

KEYS = ("pv", "ev", "spi", "pace", "finish", "eac")
RATIOS = ("spi", "pace")
Json = dict[str, Any]


def deviation(project: ProjectBrief, period: Period) -> Json | None:
    """Planned and earned value, SPI, SPI(t), the end by the plan and the estimate at completion,
    against the newest baseline of then; None before there was one. Cost counts by its day.
    """
    baselines = baselines_of(project)
    ends = ((period.from_on, period.start), (period.to_on, period.end))
    before, after = (_told(project, baselines, day, at) for day, at in ends)
    if not before and not after:
        return None
    return {
        "currency": project.currency,
        "baseline": after.get("baseline", ""),
        "rows": [{"key": key, "before": before.get(key), "after": after.get(key)} for key in KEYS],
    }


def _told(
    project: ProjectBrief, baselines: list[Baseline], day: date, at: datetime
) -> Mapping[str, str | None]:
    """The figures at the end of a day by what was on file, as texts; nothing without a baseline."""
    baseline = next((one for one in baselines if one.taken_at < at), None)
    if baseline is None or not baseline.leaves:
        return {}
    plan = plan_of(project, until=day, known_at=at if at < clock.now() else None)
    return {
        "baseline": baseline.name,
        "finish": plan.finish.isoformat() if plan.finish else None,
        **_valued(_earned(project, plan, baseline, day)),
    }


def _earned(project: ProjectBrief, plan: Plan, baseline: Baseline, day: date) -> Earned | None:
    try:
        return earned_by(project, plan, baseline, day)
    except Invalid:
        return None  # its planned value cannot be reckoned with: earned value tells why


def _valued(found: Earned | None) -> Mapping[str, str | None]:
    if found is None:
        return {}
    value: Mapping[str, Figure] = {
        "pv": found.value.pv,
        "ev": found.value.ev,
        "spi": found.value.spi,
        "pace": found.schedule.spi,
        "eac": found.value.eac,
    }
    return {key: f"{one:.6f}" if isinstance(one, Decimal) else None for key, one in value.items()}
