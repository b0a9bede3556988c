"""What Home shows: my drafts, what I sent, what changed lately."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.db import db, unscoped
from portal.records import transitions
from portal.records.models import Record
from portal.web.viewer import Viewer

OWN = "a person's own records"
_SHOWN = (
    Record.id,
    Record.form,
    Record.number,
    Record.subject,
    Record.state,
    Record.amount,
    Record.currency,
    Record.project_id,
    Record.updated_at,
    Record.submitted_at,
)


def my_drafts(viewer: Viewer, limit: int = 6) -> Sequence[Any]:
    """Drafts and returned records of a person, the latest first."""
    statement = (
        select(*_SHOWN)
        .where(
            Record.requester_id == viewer.person_id,
            Record.state.in_(sorted(transitions.EDITABLE)),
        )
        .order_by(Record.updated_at.desc(), Record.id)
        .limit(limit)
    )
    return db.session.execute(unscoped(statement, OWN)).all()


def my_sent(viewer: Viewer, limit: int = 8) -> Sequence[Any]:
    """What a person sent: running first, then what was lately decided."""
    running = Record.state == transitions.SUBMITTED
    statement = (
        select(*_SHOWN)
        .where(
            Record.requester_id == viewer.person_id,
            Record.state.not_in(sorted(transitions.EDITABLE)),
            Record.number.is_not(None),
        )
        .order_by(running.desc(), Record.updated_at.desc(), Record.id)
        .limit(limit)
    )
    return db.session.execute(unscoped(statement, OWN)).all()


def decided_since(since: datetime, limit: int = 8) -> Sequence[Any]:
    """Records the viewer may see that were decided since a moment, the latest first."""
    statement = (
        select(*_SHOWN)
        .where(
            Record.decided_at >= since,
            Record.state.in_([transitions.APPROVED, transitions.REJECTED]),
            Record.submitted_at < Record.decided_at,
        )
        .order_by(Record.decided_at.desc(), Record.id)
        .limit(limit)
    )
    return db.session.execute(statement).all()


def lately_filed(viewer: Viewer, limit: int = 5) -> list[str]:
    """The forms a person filed last, the latest first."""
    statement = (
        select(Record.form)
        .where(Record.requester_id == viewer.person_id)
        .order_by(Record.created_at.desc())
        .limit(60)
    )
    found = dict.fromkeys(db.session.scalars(unscoped(statement, OWN)))
    return list(found)[:limit]
