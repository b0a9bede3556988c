"""What stands on the quality page of a project, read from its registers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal import clock
from portal.approvals import queries as approvals
from portal.approvals.models import ApprovalEvent
from portal.db import db
from portal.quality.matrix import AGES, Age, Cell, by_age, matrix
from portal.records.models import Record
from portal.web.viewer import ProjectBrief

OPEN = ("submitted", "returned")
SEVERITIES = ("critical", "major", "minor")
DANGERS = ("serious", "general")
OLDEST = 8
WEEK = 7


@dataclass(frozen=True, slots=True)
class OpenOne:
    """A defect or hazard that is not closed: with whom it is, how long, how often sent back."""

    id: str
    form: str
    number: str
    subject: str
    severity: str
    found_on: date
    days: int
    due_on: date | None
    is_overdue: bool
    step: str
    people: Sequence[str]
    returned: int


@dataclass(frozen=True, slots=True)
class Ageing:
    """Open entries of a form by age and kind, and those that take longest."""

    form: str
    kinds: Sequence[str]
    cells: Mapping[tuple[Age, str], int]
    oldest: Sequence[OpenOne]
    count: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Risks:
    """Open risks: by cell as raised, by level as they stand, and those nobody reviewed lately."""

    cells: Mapping[tuple[int, int], Cell]
    levels: Mapping[str, int]
    unreviewed: int


@dataclass(frozen=True, slots=True)
class Week:
    """The last seven days: inspections by state, days that were logged, people on site at most."""

    first: date
    last: date
    inspections: Mapping[str, int]
    logged: int
    people: int


@dataclass(frozen=True, slots=True)
class Quality:
    """The whole page. `today` is the project's."""

    today: date
    defects: Ageing
    hazards: Ageing
    risks: Risks
    week: Week


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """How many defects and hazards are open, and how many of them are overdue."""

    today: date
    defects: int
    overdue_defects: int
    hazards: int
    overdue_hazards: int


def open_counts(project: ProjectBrief, now: datetime) -> OpenCounts:
    """The same as the page says, in one question."""
    today = clock.date_in(project.zone, now)
    statement = select(Record.form, Record.data).where(
        Record.form.in_(("defect", "hazard")),
        Record.project_id == project.id,
        Record.state.in_(OPEN),
    )
    rows = db.session.execute(statement).all()
    defects = [row.data for row in rows if row.form == "defect"]
    hazards = [row.data for row in rows if row.form == "hazard"]
    return OpenCounts(
        today,
        len(defects),
        sum(_is_overdue(one, today) for one in defects),
        len(hazards),
        sum(_is_overdue(one, today) for one in hazards),
    )


def quality(project: ProjectBrief, now: datetime) -> Quality:
    """The page of a project, as far as the viewer may see its records."""
    today = clock.date_in(project.zone, now)
    return Quality(
        today,
        _ageing(project, "defect", "severity", SEVERITIES, today),
        _ageing(project, "hazard", "level", DANGERS, today),
        _risks(project, today),
        _week(project, today),
    )


def _rows(project: ProjectBrief, form: str, states: Sequence[str]) -> Sequence[Any]:
    statement = (
        select(Record.id, Record.number, Record.subject, Record.state, Record.data)
        .where(
            Record.form == form, Record.project_id == project.id, Record.state.in_(sorted(states))
        )
        .order_by(Record.id)
    )
    return db.session.execute(statement).all()


def _ageing(
    project: ProjectBrief, form: str, key: str, kinds: Sequence[str], today: date
) -> Ageing:
    rows = [row for row in _rows(project, form, OPEN) if row.data.get("found_on")]
    aged = [(str(row.data.get(key)), _day(row.data["found_on"])) for row in rows]
    rows.sort(key=lambda row: (row.data["found_on"], row.id))
    overdue = sum(_is_overdue(row.data, today) for row in rows)
    oldest = _open_ones(form, rows[:OLDEST], key, today)
    return Ageing(form, kinds, by_age(aged, kinds, today), oldest, len(rows), overdue)


def _open_ones(form: str, rows: Sequence[Any], key: str, today: date) -> list[OpenOne]:
    ids = [row.id for row in rows]
    seats = approvals.seats(ids) if ids else {}
    returned = _returned(ids)
    return [
        OpenOne(
            row.id,
            form,
            row.number or "",
            row.subject,
            str(row.data.get(key) or ""),
            _day(row.data["found_on"]),
            max(0, (today - _day(row.data["found_on"])).days),
            _day(row.data["due_on"]) if row.data.get("due_on") else None,
            _is_overdue(row.data, today),
            next((step for step, _name in seats.get(row.id, ())), ""),
            tuple(dict.fromkeys(name for _step, name in seats.get(row.id, ()))),
            returned.get(row.id, 0),
        )
        for row in rows
    ]


def _returned(ids: Sequence[str]) -> dict[str, int]:
    """How often each was sent back: mended and yet still there."""
    if not ids:
        return {}
    statement = (
        select(ApprovalEvent.record_id, func.count())
        .where(ApprovalEvent.record_id.in_(sorted(ids)), ApprovalEvent.kind == "returned")
        .group_by(ApprovalEvent.record_id)
    )
    return {record_id: int(number) for record_id, number in db.session.execute(statement)}


def _is_overdue(data: Mapping[str, Any], today: date) -> bool:
    return bool(data.get("due_on")) and _day(data["due_on"]) < today


def _risks(project: ProjectBrief, today: date) -> Risks:
    rows = [row for row in _rows(project, "risk", ("approved",)) if row.data["status"] == "open"]
    levels = {"high": 0, "medium": 0, "low": 0}
    for row in rows:
        level = str(row.data.get("level") or "")
        if level in levels:
            levels[level] += 1
    cells = matrix(
        (
            Decimal(str(row.data["probability"])),
            Decimal(str(row.data["impact"])),
            str(row.data.get("inherent_level") or ""),
        )
        for row in rows
    )
    last = today - timedelta(days=32)
    unreviewed = sum(_day(row.data["reviewed_on"]) <= last for row in rows)
    return Risks(cells, levels, unreviewed)


def _week(project: ProjectBrief, today: date) -> Week:
    first = today - timedelta(days=WEEK - 1)
    states: dict[str, int] = {}
    for row in _rows(project, "inspection", ("submitted", "returned", "approved", "rejected")):
        if first <= _day(row.data["inspected_on"]) <= today:
            states[row.state] = states.get(row.state, 0) + 1
    logs = [
        row
        for row in _rows(project, "daily_log", ("submitted", "returned", "approved"))
        if first <= _day(row.data["log_on"]) <= today
    ]
    people = max((int(row.data.get("people") or 0) for row in logs), default=0)
    return Week(first, today, states, len(logs), people)


def _day(text: Any) -> date:
    return date.fromisoformat(str(text))


__all__ = ["AGES", "Quality", "quality"]
