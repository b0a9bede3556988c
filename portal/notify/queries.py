"""Reading the bell."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.db import db, unscoped
from portal.notify.models import Notice
from portal.web.viewer import Viewer

OWN = "a person's own notices"


def unread_count(viewer: Viewer, most: int = 100) -> int:
    """How many notices a person has not read, counted up to `most`."""
    inner = (
        select(Notice.id)
        .where(Notice.person_id == viewer.person_id, Notice.read_at.is_(None))
        .limit(most)
    )
    counted = select(func.count()).select_from(inner.subquery())
    return int(db.session.execute(unscoped(counted, OWN)).scalar_one())


def notices(viewer: Viewer, limit: int = 100) -> Sequence[Notice]:
    """A person's notices, the latest first."""
    statement = (
        select(Notice)
        .where(Notice.person_id == viewer.person_id)
        .order_by(Notice.at.desc(), Notice.id)
        .limit(limit)
    )
    return db.session.scalars(statement).all()
