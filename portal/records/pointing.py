"""The records that point at one: what its page lists, and where the next of them is filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.definitions import queries as definitions
from portal.definitions.queries import FormInRelease
from portal.records import transitions
from portal.records.models import Record, RecordLink
from portal.records.shown import ShownReverse
from portal.web.viewer import Viewer

MOST = 50
_SHOWN = (
    Record.id,
    Record.number,
    Record.subject,
    Record.state,
    Record.amount,
    Record.currency,
    Record.submitted_at,
)


@dataclass(frozen=True, slots=True)
class PointingHere:
    """Records of one form that lead here, within the reader's scope, the latest first.

    `is_readable`: whether this reader may read any of them. `new_title`: what the reader may file
    from here, by its title; empty where there is nothing to file.
    """

    rows: Sequence[Any]
    is_readable: bool = True
    new_title: str = ""


def pointing_here(record: Record, part: ShownReverse, viewer: Viewer) -> PointingHere:
    """What the page of a record lists under one of its reverse fields."""
    rows = _rows(record.id, part.form, part.by)
    form = definitions.current_form(part.form)
    if form is None:
        return PointingHere(rows)
    new = form.title.in_language(viewer.language) if _is_next(record, form, part, viewer) else ""
    return PointingHere(rows, bool(rows) or definitions.concerns(viewer, form), new)


def _rows(record_id: str, form: str, by: str) -> Sequence[Any]:
    statement = (
        select(*_SHOWN)
        .join(RecordLink, RecordLink.record_id == Record.id)
        .where(RecordLink.target_id == record_id, RecordLink.form == form, RecordLink.field == by)
        .order_by(Record.submitted_at.desc(), Record.id)
        .limit(MOST)
    )
    return db.session.execute(statement).all()


def _is_next(record: Record, form: FormInRelease, part: ShownReverse, viewer: Viewer) -> bool:
    """Whether the viewer may file a record that leads here: links lead to what is approved."""
    field = form.form.definition.fields.get(part.by)
    if field is None or field.table is not None or not field.is_writable:
        return False
    where = record.project_id if form.scope == "project" else None
    return record.state == transitions.APPROVED and definitions.may_file(viewer, form, where)
