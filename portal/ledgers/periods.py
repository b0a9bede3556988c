"""Closed months: what is posted late counts in the first open one and keeps its own date.

A month is closed by an approved record of a form that says so (`closes`), and open again when that
record is void. Whoever posts and whoever closes wait for each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update

from portal import clock
from portal.db import db, unscoped
from portal.definitions import catalog
from portal.definitions import queries as definitions
from portal.errors import N_, Invalid
from portal.ledgers.naming import Document, documents_of
from portal.projects.models import Project
from portal.records.models import Record
from portal.records.transitions import APPROVED, Transition

WHY = "a month is closed for everybody"
TOO_EARLY = N_("A month is closed after its end; %(day)s is not over yet.")


@dataclass(frozen=True, slots=True)
class Closing:
    """A record that closed a project's months up to a day."""

    until: date
    document: Document


def closed_until(project_id: str) -> date | None:
    """The last day of a project that is closed."""
    statement = select(Project.closed_until).where(Project.id == project_id)
    return db.session.scalar(unscoped(statement, WHY))


def booked_on(effective_on: date, closed: date | None) -> date:
    """The day an entry counts from in months: its own, or the first one that is open."""
    if closed is None or effective_on > closed:
        return effective_on
    return closed + timedelta(days=1)


def closings(project_id: str) -> list[Closing]:
    """What closed the months of a project, the latest first."""
    found = list(_closing_records(project_id))
    documents = documents_of({record.id for record, _ in found})
    return sorted(
        (Closing(until, documents[record.id]) for record, until in found),
        key=lambda one: (one.until, one.document.number),
        reverse=True,
    )


def on_transition(transition: Transition) -> None:
    """Close a project's months when a record that does so is approved; open them when it is void.

    Registered with the records' transitions. Raises Invalid for a month that is not over.
    """
    record = transition.record
    if record.project_id is None or APPROVED not in (transition.before, transition.after):
        return
    if _closes(record) is None:
        return
    days = {one.id: until for one, until in _closing_records(record.project_id)}
    days.pop(record.id, None)
    if transition.after == APPROVED:
        until = _until(record)
        if until is not None:
            _demand_over(record.project_id, until, transition)
            days[record.id] = until
    db.session.execute(
        unscoped(
            update(Project)
            .where(Project.id == record.project_id)
            .values(closed_until=max(days.values(), default=None)),
            WHY,
        )
    )


def on_transitions(moved: Sequence[Transition]) -> None:
    """The same for changes made together: most forms close nothing, which is asked once of each."""
    kinds = {(one.record.release_id, one.record.form): one.record for one in moved}
    closing = {kind for kind, record in kinds.items() if _closes(record) is not None}
    for transition in moved:
        if (transition.record.release_id, transition.record.form) in closing:
            on_transition(transition)


def _demand_over(project_id: str, until: date, transition: Transition) -> None:
    zone = db.session.scalar(unscoped(select(Project.zone).where(Project.id == project_id), WHY))
    if until >= clock.date_in(str(zone), transition.now):
        raise Invalid(TOO_EARLY, day=until.isoformat())


def _closing_records(project_id: str) -> Iterator[tuple[Record, date]]:
    """Approved records that close months of a project, and up to when."""
    known = catalog.current_catalog().forms.items()
    forms = [key for key, one in known if one.form.definition.closes]
    statement = select(Record).where(
        Record.form.in_(forms), Record.project_id == project_id, Record.state == APPROVED
    )
    for record in db.session.scalars(unscoped(statement, WHY)) if forms else ():
        until = _until(record)
        if until is not None:
            yield record, until


def _closes(record: Record) -> str | None:
    """The field that says up to when a record closes months; None for every other form."""
    return definitions.form_of(record.release_id, record.form).form.definition.closes


def _until(record: Record) -> date | None:
    key = _closes(record)
    stored = record.data.get(key) if key else None
    return date.fromisoformat(str(stored)) if stored else None
