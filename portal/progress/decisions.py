"""The decisions that take the decision points of a plan, as readings of those points."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.progress.readings import Reached
from portal.progress.tasks import WHY
from portal.records.models import Record, RecordLink, Voiding

DECISION, FIELD = "decision", "decision_point"


@dataclass(frozen=True, slots=True)
class Decision:
    """An approved decision that took a decision point, and the day it was taken on."""

    id: str
    number: str
    subject: str
    on: date
    point: str


def decisions_of(
    project_id: str, until: date | None = None, known_at: datetime | None = None
) -> list[Decision]:
    """The approved decisions of a project that name a decision point of its plan, earliest first.

    `until`: those taken by a day; `known_at`: those approved, and not voided, at that moment.
    """
    statement = (
        select(Record.id, Record.number, Record.subject, Record.data, RecordLink.target_id)
        .join(RecordLink, RecordLink.record_id == Record.id)
        .where(
            Record.project_id == project_id,
            RecordLink.form == DECISION,
            RecordLink.field == FIELD,
        )
    )
    if known_at is None:
        statement = statement.where(Record.state == "approved")
    else:
        statement = statement.outerjoin(Voiding, Voiding.record_id == Record.id).where(
            or_(Record.state == "approved", Voiding.at > known_at), Record.decided_at <= known_at
        )
    rows = db.session.execute(unscoped(statement, WHY))
    found = [
        Decision(key, number or "", subject, date.fromisoformat(data["decided_on"]), point)
        for key, number, subject, data, point in rows
    ]
    kept = [one for one in found if until is None or one.on <= until]
    return sorted(kept, key=lambda one: (one.on, one.id))


def reached_by(decisions: Iterable[Decision]) -> list[Reached]:
    """What decisions say of their points, as readings do: reached on the day of the first."""
    first: dict[str, date] = {}
    for one in decisions:
        first.setdefault(one.point, one.on)
    return [Reached(task_id=point, as_of=on, finished_on=on) for point, on in first.items()]


def are_filed() -> bool:
    """Whether decisions are filed here: only then does a point need one to be reached."""
    form = definitions.current_form(DECISION)
    return form is not None and FIELD in form.form.definition.fields
