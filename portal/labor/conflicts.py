"""Days that cannot be right: a worker on two sites, more than 24 hours, more overtime than allowed.

People are told apart by their identity number where the roster has one: the same person may stand
on the rosters of several projects.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from sqlalchemy import func, select

from portal.db import db, unscoped
from portal.labor.hours import LIVE, WHY
from portal.labor.runs import RULES
from portal.ledgers.models import LaborEntry
from portal.ledgers.naming import Document, Named, documents_of, names_of, register_entries
from portal.ledgers.pay import RUN
from portal.projects.queries import visible_projects
from portal.records import aliases
from portal.records.models import Record, RecordLink
from portal.web.viewer import ProjectBrief

Kind = Literal["two_sites", "over_day", "over_cap"]
DAY = Decimal(24)
DAYS_BACK = 366


@dataclass(frozen=True, slots=True)
class Booked:
    """What one ticket books for one person on one day."""

    person: str
    worker: str
    project: str
    day: date
    record: str
    hours: Decimal
    overtime: Decimal


@dataclass(frozen=True, slots=True)
class Clash:
    """A person's day that cannot be right, and all that was booked on it."""

    kind: Kind
    person: str
    day: date
    booked: Sequence[Booked]

    @property
    def hours(self) -> Decimal:
        return sum((one.hours for one in self.booked), Decimal(0))

    @property
    def overtime(self) -> Decimal:
        return sum((one.overtime for one in self.booked), Decimal(0))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A clash as a page shows it: who, and the tickets with their projects and hours."""

    clash: Clash
    worker: Named | None
    tickets: Sequence[tuple[ProjectBrief, Document, Decimal]]


def clashes(booked: Iterable[Booked], cap: Decimal | None) -> list[Clash]:
    """Every day that cannot be right, the latest first. Pure."""
    days: dict[tuple[str, date], list[Booked]] = {}
    for one in booked:
        if one.hours:
            days.setdefault((one.person, one.day), []).append(one)
    found = [
        clash for (person, day), rows in days.items() for clash in _of_day(person, day, rows, cap)
    ]
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.person, one.kind))


def _of_day(person: str, day: date, rows: Sequence[Booked], cap: Decimal | None) -> Iterator[Clash]:
    ordered = sorted(rows, key=lambda one: (one.project, one.record))
    if len({one.project for one in rows}) > 1:
        yield Clash("two_sites", person, day, ordered)
    if sum(one.hours for one in rows) > DAY:
        yield Clash("over_day", person, day, ordered)
    if cap is not None and sum(one.overtime for one in rows) > cap:
        yield Clash("over_cap", person, day, ordered)


def conflicts(project: ProjectBrief, today: date) -> list[Conflict]:
    """The conflicts of a year that touch a project, judged over all projects the viewer may see."""
    projects = {one.id: one for one in visible_projects()}
    booked, names = _booked(projects, today)
    found = [
        one
        for one in clashes(booked, overtime_cap(project, today))
        if any(each.project == project.id for each in one.booked)
    ]
    documents = documents_of({each.record for one in found for each in one.booked})
    return [
        Conflict(
            one,
            names.get(next(each.worker for each in one.booked if each.project == project.id)),
            [(projects[b.project], documents[b.record], b.hours) for b in one.booked],
        )
        for one in found
    ]


def _booked(
    projects: Mapping[str, ProjectBrief], today: date
) -> tuple[list[Booked], Mapping[str, Named]]:
    overtime = func.sum(LaborEntry.hours).filter(LaborEntry.pay_class == "weekday_ot")
    statement = (
        select(
            LaborEntry.worker_id,
            LaborEntry.project_id,
            LaborEntry.work_date,
            LaborEntry.record_id,
            func.sum(LaborEntry.hours),
            overtime,
        )
        .where(
            LaborEntry.project_id.in_(sorted(projects)),
            LaborEntry.kind == "booked",
            LaborEntry.work_date >= today - timedelta(days=DAYS_BACK),
        )
        .group_by(
            LaborEntry.worker_id,
            LaborEntry.project_id,
            LaborEntry.work_date,
            LaborEntry.record_id,
        )
    )
    stays = aliases.merged().stays
    rows = [(stays(worker), *rest) for worker, *rest in db.session.execute(statement)]
    names = names_of({row[0] for row in rows})
    persons = {key: _person(one) for key, one in names.items()}
    booked = [
        Booked(
            persons.get(row[0], row[0]),
            row[0],
            row[1],
            row[2],
            row[3],
            Decimal(row[4] or 0),
            Decimal(row[5] or 0),
        )
        for row in rows
    ]
    return booked, names


def _person(worker: Named) -> str:
    """Who somebody is: the identity number as the roster has it, without spaces, else the entry."""
    number = "".join(str(worker.data.get("id_number") or "").split()).upper()
    return number or worker.id


def overtime_cap(project: ProjectBrief, today: date) -> Decimal | None:
    """The lowest cap of overtime a day that the pay rules of a project's runs name, as in force.

    Before its first run all pay rules count. None where no rules name a cap.
    """
    caps = []
    every = {one.id: one for one in register_entries(RULES, project.id)}
    used = _rules_used(project.id)
    for one in [every[key] for key in sorted(used) if key in every] or every.values():
        started = [
            row
            for row in one.data.get("versions") or ()
            if str(row.get("valid_from") or "") <= today.isoformat()
        ]
        latest = max(started, key=lambda row: str(row["valid_from"]), default=None)
        if latest and latest.get("day_cap") not in (None, ""):
            caps.append(Decimal(str(latest["day_cap"])))
    return min(caps, default=None)


def _rules_used(project_id: str) -> set[str]:
    """The pay rules that the runs of a project name."""
    statement = (
        select(RecordLink.target_id)
        .join(Record, Record.id == RecordLink.record_id)
        .where(
            RecordLink.form == RUN,
            RecordLink.field == "rules",
            Record.project_id == project_id,
            Record.state.in_(LIVE),
        )
        .distinct()
    )
    return set(db.session.scalars(unscoped(statement, WHY)))
