"""Progress another program reports, proposed: a drafted update that people check, send and sign."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.definitions import queries as definitions
from portal.errors import N_, Message
from portal.progress.decisions import are_filed
from portal.progress.exchange.incoming import Incoming, Reported
from portal.progress.plan import Plan, PlanRow
from portal.progress.undecided import UPDATE
from portal.records import services as records
from portal.records.models import Record
from portal.web.viewer import ProjectBrief, Viewer

LINES_MOST = 500  # of one update, as its form says
HUNDRED = Decimal(100)
OTHERWISE = N_("It is measured otherwise than by percent: its percentage is left behind.")
OLDER = N_(
    "The file tells how things stood on %(day)s; what was reported after that day still counts."
)
BY_DECISION = N_("It is a decision point, which a decision reaches: its progress is left behind.")
NO_DATE = N_("The file has no status date: its progress is taken as of today.")
AHEAD = N_("The status date %(day)s of the file lies ahead: such progress cannot be sent yet.")
MAY_NOT = N_(
    "%(count)s tasks have progress in the file. You do not report progress of this project: "
    "it is left behind."
)


def may_propose(viewer: Viewer, project: ProjectBrief) -> bool:
    """Whoever may file progress updates of a project."""
    form = definitions.form_in(UPDATE, project.id)
    return form is not None and definitions.may_file(viewer, form, project.id)


def proposals(
    *, viewer: Viewer, project: ProjectBrief, found: Incoming, plan: Plan, today: date
) -> list[Reported]:
    """What of a file's progress is not known yet, by the plan with the file's tasks; notes of what
    is left behind are added to the file's.
    """
    told = list(_told(found, plan))
    if told and not may_propose(viewer, project):
        found.note("", Message(MAY_NOT, {"count": len(told)}))
        return []
    if told and found.as_of is None:
        found.note("", Message(NO_DATE))
    elif told and found.as_of is not None and found.as_of > today:
        found.note("", Message(AHEAD, {"day": found.as_of}))
    elif told and found.as_of is not None and plan.until and found.as_of < plan.until:
        found.note("", Message(OLDER, {"day": found.as_of}))
    return told


def _told(found: Incoming, plan: Plan) -> Iterator[Reported]:
    rows, by_decision = {row.task.code: row for row in plan.work}, are_filed()
    for said in found.progress:
        row = rows.get(said.code)
        if row is None or (row.task.is_moment and said.finished_on is None):
            continue
        if row.task.type == "decision" and by_decision:
            if not row.is_finished:
                found.note(said.code, Message(BY_DECISION))
            continue
        by_percent = row.task.is_moment or row.task.measure == "physical"
        one = said if by_percent else replace(said, percent=None)
        if one is not said and round(row.done * 100) != round(said.percent or Decimal(0)):
            found.note(said.code, Message(OTHERWISE))
        if not _is_known(plan, row, one):
            yield one


def _is_known(plan: Plan, row: PlanRow, said: Reported) -> bool:
    """Whether what stands says the same already, a percentage rounded as files round it."""
    known = row.progress
    if known is None or row.dates is None:
        return not (said.started_on or said.finished_on or said.percent)
    percent = HUNDRED if known.is_finished else known.percent or Decimal(0)
    left = plan.material.calendar(row.task).days(row.dates.work)
    return (
        said.started_on in (None, known.started_on)
        and said.finished_on == known.finished_on
        and (said.percent is None or round(said.percent) == round(percent))
        and (said.remaining is None or abs(said.remaining - left) < Decimal("0.01"))
    )


def drafts_of(
    told: Sequence[Reported], ids: Mapping[str, str], as_of: date, title: str
) -> list[dict[str, Any]]:
    """The data of the progress updates that say this; `ids` are the tasks' record ids by code."""
    return [
        {
            "title": title,
            "as_of": as_of.isoformat(),
            "lines": [
                _line(at, ids[one.code], one)
                for at, one in enumerate(told[begin : begin + LINES_MOST], start=1)
            ],
        }
        for begin in range(0, len(told), LINES_MOST)
    ]


def draft_update(
    *, actor: Viewer, project: ProjectBrief, data: Mapping[str, Any], now: datetime
) -> Record:
    """Draft a progress update of the actor; nothing counts before it is sent and signed."""
    origin = records.Origin(UPDATE, project.id, data)
    return records.fill_draft(actor=actor, origin=origin, now=now)


def _line(at: int, task: str, one: Reported) -> dict[str, Any]:
    percent = HUNDRED if one.finished_on else one.percent
    said: dict[str, Any] = {"_id": f"m{at}", "task": task}
    said |= {
        "started_on": one.started_on and one.started_on.isoformat(),
        "finished_on": one.finished_on and one.finished_on.isoformat(),
        "percent": None if percent is None else f"{percent:.2f}",
        "remaining": None if one.remaining is None else f"{one.remaining:.2f}",
    }
    return {key: value for key, value in said.items() if value is not None}
