"""Who may see a record (TRUST 4.5): the one condition every way to reach a record goes through."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import aliased

from portal.db import SYSTEM, db
from portal.definitions import queries as definitions
from portal.web.viewer import Viewer

if TYPE_CHECKING:
    from portal.records.models import Record

DRAFT = "draft"


Reach = frozenset[tuple[str, frozenset[str] | None]]


def record_visible(record: Any, viewer: Viewer, form: str | None = None) -> ColumnElement[bool]:
    """Own records; else, once submitted, taking part, auditing, or the form's read access.

    `form`: the condition as it is among the records of one form, which its statement asks for.
    """
    nowhere = viewer.is_external or viewer.is_auditor
    every = {} if nowhere else definitions.read_reach(viewer)
    reach = frozenset(one for one in every.items() if form is None or one[0] == form)
    return _visible(record, viewer.person_id, viewer.is_auditor, reach)


@lru_cache(maxsize=500)
def _visible(record: Any, person_id: str, is_auditor: bool, reach: Reach) -> ColumnElement[bool]:
    """The condition, from everything it depends on: made once for all who ask alike."""
    from portal.records.models import RecordParticipant

    own: ColumnElement[bool] = record.requester_id == person_id
    if is_auditor:
        return or_(own, record.state != DRAFT)
    part = exists().where(
        RecordParticipant.record_id == record.id, RecordParticipant.person_id == person_id
    )
    readable = _readable(record, reach)  # before the other table: SQLite judges in this order
    return or_(own, and_(record.state != DRAFT, or_(readable, part)))


def _readable(record: Any, reach: Reach) -> ColumnElement[bool]:
    """The forms' `access.read` rules, grouped so that forms alike share one condition."""
    groups: dict[frozenset[str] | None, list[str]] = {}
    for form, projects in sorted(reach, key=lambda one: one[0]):
        if projects is None or projects:
            groups.setdefault(projects, []).append(form)
    conditions = []
    for projects, forms in groups.items():
        within = true() if projects is None else record.project_id.in_(sorted(projects))
        conditions.append(and_(record.form.in_(sorted(forms)), within))
    return or_(false(), *conditions)


def visible_now(record: Any) -> ColumnElement[bool]:
    """The same condition for whoever this session asks for."""
    context = db.session.info["context"]
    return true() if context is SYSTEM else record_visible(record, context)


def child_visible(record_id: Any, viewer: Viewer) -> ColumnElement[bool]:
    """A row that hangs on a record is seen by whoever sees the record.

    Asked of the row's own record: a list of all visible records would be made for every query.
    """
    record = _other()
    return exists().where(record.id == record_id, record_visible(record, viewer))


def attachment_visible(record_id: Any, uploaded_by: Any, viewer: Viewer) -> ColumnElement[bool]:
    """As the record; before it is linked, its uploader alone."""
    alone = and_(record_id.is_(None), uploaded_by == viewer.person_id)
    return or_(alone, child_visible(record_id, viewer))


@lru_cache(maxsize=1)
def _other() -> Any:
    """A second name for records, beside the rows being asked about."""
    return aliased(_record())


def _record() -> "type[Record]":
    from portal.records.models import Record

    return Record
