"""The figures of the progress center that rules of health may name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal import clock
from portal.definitions.measures import Measure, Measured, PageWay
from portal.ledgers.naming import names_of
from portal.ledgers.pages import Center
from portal.progress.queries import late_days, readings_of
from portal.progress.standing import milestones_by_plan, standings
from portal.web.viewer import ProjectBrief

MILESTONES = (
    Measure(
        "progress.days_late",
        _l("Days late"),
        _l(
            "Calendar days a milestone that is not reached lies behind its planned date as changes"
            " moved it: by its forecast, else by the plan"
        ),
        "days",
    ),
)
PLANS = (
    Measure(
        "progress.finish_late",
        _l("End of the plan late"),
        _l("Calendar days the computed end of the plan lies behind that of its newest baseline"),
        "days",
    ),
    Measure(
        "progress.pace",
        _l("Pace of the work"),
        _l("Earned schedule ÷ time passed, SPI(t): below 100 % the work falls behind"),
        "percent",
    ),
    Measure(
        "progress.spi",
        _l("Work done of what was planned"),
        _l("Earned value ÷ planned value, SPI: below 100 % less is done than was planned by now"),
        "percent",
    ),
)


def take_plans(projects: Sequence[ProjectBrief], now: datetime) -> Iterator[tuple[str, Measured]]:
    """How the plan of each project stands against its newest baseline."""
    found = standings(projects, now)
    for project in projects:
        one = found.get(project.id)
        if one is None:
            continue
        way = PageWay("progress.schedule", project.code)
        yield "progress.finish_late", Measured(project.id, Decimal(one.days_late), way)
        earned = PageWay("progress.earned", project.code)
        for key, value in (("progress.pace", one.pace), ("progress.spi", one.spi)):
            if value is not None:
                yield key, Measured(project.id, value * 100, earned)


def take(projects: Sequence[ProjectBrief], now: datetime) -> Iterator[tuple[str, Measured]]:
    """How late each milestone is that has a plan and is not reached yet."""
    found = readings_of([one.id for one in projects])
    names = names_of({key for dates, _ in found.values() for key in dates})
    unsaid = [one for one in projects if _has_no_forecast(found.get(one.id, ({}, {}))[0])]
    planned = milestones_by_plan(unsaid, now)
    for project in projects:
        dates, shifts = found.get(project.id, ({}, {}))
        by_plan = planned.get(project.id, {})
        today = clock.date_in(project.zone, now)
        for key, known in dates.items():
            late = late_days(known, shifts.get(key, 0), today, by_plan.get(key))
            if late is None or "actual" in known:
                continue
            way = Center("progress", project).way("readings", milestone=key)
            label = names[key].label if key in names else "?"
            made = Measured(project.id, Decimal(late), way, row=key, row_label=label)
            yield "progress.days_late", made


def _has_no_forecast(dates: Mapping[str, Mapping[str, date]]) -> bool:
    """Whether a milestone is ahead of which only the plan can say when it is reached."""
    return any("actual" not in one and "forecast" not in one for one in dates.values())
