"""Whether a posting still stands: a second look at the same table, for the one that undid it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.db import db, unscoped
from portal.ledgers.models import CostEntry, Posting

FORECAST = "forecast_adj"


def undoing() -> Any:
    """The postings once more, to join on `reverses_id`; its `c` are the columns.

    It needs no scope of its own: a reversal belongs to the project of what it takes back.
    """
    return Posting.__table__.alias("undone")


def behind() -> Any:
    """The postings of entries, to join on `posting_id`; its `c` are the columns.

    They need no scope of their own: an entry belongs to the project of its posting.
    """
    return Posting.__table__.alias("behind")


def takes_nothing_back() -> ColumnElement[bool]:
    """The postings that are no reversals.

    Said so that no index answers it: almost all are, and SQLite would begin with them.
    """
    return func.coalesce(Posting.reverses_id, "") == ""


def stands(undone: Any) -> ColumnElement[bool]:
    """The postings that take nothing back and were not taken back."""
    return and_(takes_nothing_back(), undone.c.id.is_(None))


def is_canceled(undone: Any, reverses_id: Any = Posting.reverses_id) -> ColumnElement[bool]:
    """The postings that take another one back or were taken back; `reverses_id` is theirs."""
    return or_(reverses_id.is_not(None), undone.c.id.is_not(None))


def standing_cost(bucket: str, projects: Collection[str], *, why: str = "") -> list[CostEntry]:
    """The cost entries of a bucket that were not taken back, the oldest first; `why`, a reason,
    lets them be read whoever the viewer is.
    """
    undone = undoing()
    statement = (
        select(CostEntry)
        .join(Posting, Posting.id == CostEntry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == Posting.id)
        .where(
            CostEntry.project_id.in_(sorted(projects)),
            CostEntry.bucket == bucket,
            stands(undone),
        )
        .order_by(CostEntry.effective_on, Posting.posted_at, CostEntry.posting_id, CostEntry.row)
    )
    return list(db.session.scalars(unscoped(statement, why) if why else statement))
