"""Everything the page of forecasts shows: gathered once for page, spreadsheet and print."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.errors import Invalid
from portal.progress.adjustments import Adjusted, adjustments_of
from portal.progress.baselines import Baseline, baselines_of
from portal.progress.earned import Earned, earned_by
from portal.progress.forecast_rows import Forecast, Known, forecasts
from portal.progress.hindsight import CutOff, Finished, hindsight_of, known_until, promised
from portal.progress.own_past import Closed, closed_projects
from portal.progress.plan import Plan, plan_of
from portal.progress.risk import simulations_of
from portal.schedule.past_error import PastError, past_error
from portal.web.viewer import ProjectBrief, Viewer
from portal.web.words import gettext as _

LEADS = (14, 28, 56)  # days ahead


@dataclass(frozen=True, slots=True)
class Misses:
    """Dates foreseen in some way, and how far they were off together."""

    label: str
    past: PastError | None
    cut: CutOff | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The forecasts of a project, and what came of earlier ones; `last`: the day up to which it is
    known what happened.
    """

    plan: Plan
    last: date
    rows: Sequence[Forecast]
    cuts: Sequence[CutOff]
    by_cut: Sequence[Misses]
    by_lead: Sequence[Misses]
    closed: Sequence[Closed]
    adjusted: Sequence[Adjusted]

    @property
    def adjusted_past(self) -> PastError | None:
        """How far the forecasts of cost codes were off, of what is certain and told."""
        return past_error([one.off for one in self.adjusted if one.off is not None])


def foreseen_of(viewer: Viewer, project: ProjectBrief) -> Foreseen:
    """What is foreseen for a project and how earlier forecasts came out, as told to a viewer."""
    plan = plan_of(project)
    cuts = hindsight_of(project, plan) if plan.rows else []
    baselines = baselines_of(project)
    baseline = baselines[0] if baselines and baselines[0].leaves else None
    simulations = simulations_of(project)
    closed = closed_projects(project)
    known = Known(
        plan,
        cuts,
        baseline,
        promised(plan, baseline, project.zone) if baseline else [],
        _earned(project, plan, baseline),
        simulations[0] if simulations else None,
        closed,
    )
    return Foreseen(
        plan,
        known_until(project, plan),
        forecasts(known) if plan.rows else [],
        cuts,
        [Misses("", _together(cut.tasks), cut) for cut in cuts],
        _by_lead([one for cut in cuts for one in cut.tasks]),
        closed,
        adjustments_of(viewer, project),
    )


def unit_words() -> dict[str, str]:
    """What forecasts are measured in, in the reader's language."""
    return {"workdays": _("working days"), "days": _("days"), "percent": "%"}


def _earned(project: ProjectBrief, plan: Plan, baseline: Baseline | None) -> Earned | None:
    if baseline is None:
        return None
    try:
        return earned_by(project, plan, baseline, known_until(project, plan))
    except Invalid:
        return None  # the page of earned value tells why


def _together(tasks: Iterable[Finished]) -> PastError | None:
    return past_error([one.off for one in tasks])


def _by_lead(tasks: Sequence[Finished]) -> list[Misses]:
    """By how far ahead the finish was foreseen."""
    bounds: list[tuple[int | None, int | None, str]] = [
        (None, LEADS[0], _("up to %(days)s days ahead", days=LEADS[0])),
        *(
            (low, high, _("%(low)s to %(high)s days ahead", low=low + 1, high=high))
            for low, high in itertools.pairwise(LEADS)
        ),
        (LEADS[-1], None, _("more than %(days)s days ahead", days=LEADS[-1])),
    ]
    found = [
        Misses(label, _together(one for one in tasks if _within(one.ahead, low, high)))
        for low, high, label in bounds
    ]
    return [one for one in found if one.past is not None]


def _within(ahead: int, low: int | None, high: int | None) -> bool:
    return (low is None or ahead > low) and (high is None or ahead <= high)
