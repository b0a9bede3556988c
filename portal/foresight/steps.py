"""The steps of approval at which a project's documents wait, of those the viewer may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from portal.approvals.models import ApprovalEvent, Task
from portal.approvals.steps import title_of
from portal.db import db
from portal.definitions import queries as definitions
from portal.foresight.visits import Decision, Seat, visits_of
from portal.foresight.waits import BEFORE, WINDOW, WINDOWS, Waits, waits_of
from portal.records.models import Record
from portal.web.viewer import ProjectBrief, current_viewer

MOST = 10
LOOKED_BACK = BEFORE + WINDOWS * WINDOW + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Document:
    """A record that waited or waits at a step."""

    id: str
    number: str
    subject: str


@dataclass(frozen=True, slots=True)
class StepWaits:
    """A step of a form with its waits."""

    form: str
    step: str
    form_title: str
    step_title: str
    waits: Waits


def steps_of(project: ProjectBrief, now: datetime) -> list[StepWaits]:
    """The steps at which documents wait longest, the longest first; of the others those at which
    something waits longer than usual.
    """
    found = _steps(project, _read(project, now), now)
    return [one for at, one in enumerate(found) if at < MOST or one.waits.is_longer_than_usual]


def step_of(
    project: ProjectBrief, form: str, step: str, now: datetime
) -> tuple[StepWaits, Mapping[str, Document]] | None:
    """One step with the documents behind its figures; None where the viewer sees none there."""
    rows = [one for one in _read(project, now, form) if one.step == step]
    found = _steps(project, rows, now, form)
    if not found:
        return None
    known = {one.record_id: Document(one.record_id, one.number or "", one.subject) for one in rows}
    return found[0], known


def _read(project: ProjectBrief, now: datetime, form: str = "") -> Sequence[Any]:
    """The seats of the documents the viewer may see: open, or closed lately."""
    statement = (
        select(
            Task.approval_id, Task.epoch, Task.step, Task.state, Task.opened_at, Task.closed_at,
            Task.record_id, Record.form, Record.number, Record.subject, Record.release_id,
        )
        .join(Record, Record.id == Task.record_id)
        .where(
            Record.project_id == project.id,
            or_(Task.state == "open", Task.closed_at > now - LOOKED_BACK),
            *([Record.form == form] if form else []),
        )
        .order_by(Task.opened_at, Task.id)
    )  # fmt: skip
    return db.session.execute(statement).all()


def _decisions(
    project: ProjectBrief, rows: Sequence[Any], now: datetime, form: str
) -> list[Decision]:
    """In which visits somebody approved, rejected or sent back lately."""
    statement = (
        select(ApprovalEvent.approval_id, ApprovalEvent.kind, ApprovalEvent.data, ApprovalEvent.at)
        .join(Record, Record.id == ApprovalEvent.record_id)
        .where(
            Record.project_id == project.id,
            ApprovalEvent.kind.in_(["voted", "returned"]),
            ApprovalEvent.at > now - LOOKED_BACK,
            *([Record.form == form] if form else []),
        )
    )
    closed: dict[tuple[str, str, datetime], set[int]] = {}
    for row in rows:
        if row.state != "open":
            closed.setdefault((row.approval_id, row.step, row.closed_at), set()).add(row.epoch)
    found = []
    for one in db.session.execute(statement):
        if one.kind == "voted":
            found.append(Decision(one.approval_id, one.data["epoch"], one.data["seen_epoch"]))
        elif one.data["why"] == "asked":  # it tells no visit: what it closed of its step
            left = closed.get((one.approval_id, one.data["step"], one.at), ())
            found += [Decision(one.approval_id, epoch, epoch) for epoch in left]
    return found


def _steps(
    project: ProjectBrief, rows: Sequence[Any], now: datetime, form: str = ""
) -> list[StepWaits]:
    language = current_viewer().language
    titles = definitions.form_titles()
    decisions = _decisions(project, rows, now, form)
    by_step: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        by_step.setdefault((row.form, row.step), []).append(row)
    found = []
    for (key, step), own in by_step.items():
        newest = max(own, key=lambda one: one.opened_at)
        title = titles[key].in_language(language) if key in titles else key
        waits = waits_of(visits_of([_seat(one) for one in own], decisions), now)
        if waits.finished or waits.waiting:
            step_title = title_of(newest.release_id, key, step, language)
            found.append(StepWaits(key, step, title, step_title, waits))
    return sorted(found, key=lambda one: (-one.waits.weight, one.form, one.step))


def _seat(row: Any) -> Seat:
    closed = None if row.state == "open" else row.closed_at
    return Seat(row.approval_id, row.epoch, row.record_id, row.opened_at, closed)
