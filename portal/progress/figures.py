"""The figures of the progress center that rules of health may name."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal import clock
from portal.definitions.measures import Measure, Measured
from portal.ledgers.naming import names_of
from portal.ledgers.pages import Center
from portal.progress.queries import late_days, readings_of
from portal.web.viewer import ProjectBrief

MEASURES = (
    Measure(
        "progress.days_late",
        _l("Days late"),
        _l(
            "Calendar days a milestone that is not reached lies behind its plan as changes moved it"
        ),
        "days",
    ),
)


def take(projects: Sequence[ProjectBrief], now: datetime) -> Iterator[tuple[str, Measured]]:
    """How late each milestone is that has a plan and is not reached yet."""
    found = readings_of([one.id for one in projects])
    names = names_of({key for dates, _ in found.values() for key in dates})
    for project in projects:
        dates, shifts = found.get(project.id, ({}, {}))
        today = clock.date_in(project.zone, now)
        for key, known in dates.items():
            late = late_days(known, shifts.get(key, 0), today)
            if late is None or "actual" in known:
                continue
            way = Center("progress", project).way("readings", milestone=key)
            label = names[key].label if key in names else "?"
            made = Measured(project.id, Decimal(late), way, row=key, row_label=label)
            yield "progress.days_late", made
