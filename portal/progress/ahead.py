"""The look-ahead: the tasks that are open in the next weeks, and what happens with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.accounts.queries import person_name
from portal.progress.plan import Plan, PlanRow
from portal.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Next:
    """A task of the look-ahead: what happens with it, and who does it."""

    row: PlanRow
    what: str
    responsible: str
    waits_for: list[str]
    mark: str = ""


def ahead(
    plan: Plan, first: date, last: date, marks: Mapping[str, str] | None = None
) -> list[Next]:
    """The tasks that are open in a span of days, by their start. `marks`: what of decisions is due
    or blocked.
    """
    marks = marks or {}
    rows = plan.by_id
    open_rows = [
        row
        for row in plan.work
        if not row.is_finished and row.starts_on <= last and row.ends_on >= first
    ]
    people = person_name(str(row.task.data.get("responsible") or "") for row in open_rows)
    found = []
    for row in open_rows:
        waits = [
            rows[one.task].task.label
            for one in row.task.links
            if not row.is_started and one.task in rows and not rows[one.task].is_finished
        ]
        person = people.get(str(row.task.data.get("responsible") or ""), "")
        mark = marks.get(row.task.id, "")
        found.append(Next(row, _what(row, first, last), person, waits, mark))
    return sorted(found, key=lambda one: (one.row.start, one.row.task.code))


def _what(row: PlanRow, first: date, last: date) -> str:
    begins, ends = not row.is_started, row.ends_on <= last
    if row.task.type == "decision":
        return _("is decided")
    if row.task.is_moment:
        return _("is reached")
    if begins and ends:
        return _("begins and ends")
    return _("begins") if begins else _("ends") if ends else _("goes on")
