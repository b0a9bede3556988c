"""A project's weekly reports: as they would be now, as they were sent, and the next one's days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.db import db, unscoped
from portal.ledgers.models import Snapshot
from portal.records.models import Record
from portal.web.viewer import ProjectBrief
from portal.weekly.deviation import deviation
from portal.weekly.ledgers import money_moved, progress_moved
from portal.weekly.period import Period
from portal.weekly.registers import registers_moved

FORM, KIND = "weekly_report", "weekly_report"
WHY = "whoever sees the report sees the figures it was sent with"
Json = Mapping[str, Any]


def body_of(project: ProjectBrief, period: Period) -> dict[str, Any]:
    """Everything that moved in the period, in plain JSON: what is frozen when a report is sent."""
    return {
        "period": {
            "from": period.from_on.isoformat(),
            "to": period.to_on.isoformat(),
            "zone": period.zone,
        },
        "money": money_moved(project, period),
        "deviation": deviation(project, period),
        "progress": progress_moved(project, period),
        **registers_moved(project, period),
    }


def frozen_of(record_id: str) -> Snapshot | None:
    """The figures a report was sent with last; None while it was not."""
    statement = (
        select(Snapshot)
        .where(Snapshot.kind == KIND, Snapshot.name == record_id)
        .order_by(Snapshot.taken_at.desc(), Snapshot.id.desc())
        .limit(1)
    )
    return db.session.scalars(unscoped(statement, WHY)).first()


@dataclass(frozen=True, slots=True)
class Report:
    """A weekly report in the list."""

    record: Record
    from_on: str
    to_on: str
    standing: str


def reports(project: ProjectBrief, limit: int = 60) -> Sequence[Report]:
    """The reports of a project that the viewer may see, the latest first."""
    statement = (
        select(Record)
        .where(Record.form == FORM, Record.project_id == project.id, Record.state != "draft")
        .order_by(Record.submitted_at.desc(), Record.id.desc())
        .limit(limit)
    )
    return [
        Report(
            one,
            str(one.data.get("from_on") or ""),
            str(one.data.get("to_on") or ""),
            str(one.data.get("standing") or ""),
        )
        for one in db.session.scalars(statement)
    ]


def next_period(project: ProjectBrief, now: datetime) -> Period:
    """From where the last report that stands ended until today; else the last seven days."""
    today = clock.date_in(project.zone, now)
    statement = select(Record.data).where(
        Record.form == FORM,
        Record.project_id == project.id,
        Record.state.in_(("submitted", "approved")),
    )
    ends = [str(data.get("to_on") or "") for data in db.session.scalars(statement)]
    latest = max(ends, default="")
    last = date.fromisoformat(latest) if latest else today - timedelta(days=7)
    return Period(min(last, today - timedelta(days=1)), today, project.zone)
