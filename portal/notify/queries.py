"""Reading the bell."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from portal.db import db
from portal.notify.models import Notice
from portal.web.viewer import Viewer

# How many notices the bound `person` has not read, counted up to the bound `most`.
UNREAD = (
    select(func.count())
    .select_from(
        select(Notice.id)
        .where(Notice.person_id == bindparam("person"), Notice.read_at.is_(None))
        .limit(bindparam("most"))
        .subquery()
    )
    .scalar_subquery()
)


def notices(viewer: Viewer, limit: int = 100) -> Sequence[Notice]:
    """A person's notices, the latest first."""
    statement = (
        select(Notice)
        .where(Notice.person_id == viewer.person_id)
        .order_by(Notice.at.desc(), Notice.id)
        .limit(limit)
    )
    return db.session.scalars(statement).all()
