"""Sweeping: rows that have done their work and that nobody reads any more go, a while later."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete

from portal import limits
from portal.accounts.models import Throttle
from portal.db import db, unscoped, write_transaction
from portal.outbox.models import OutboxRow
from portal.web.models import RequestKey

WHY = "the tick sweeps what nobody reads any more"


def sweep(now: datetime) -> int:
    """Delete what is past its days (limits); returns how many rows. Run inside system_context.

    Never records, events, postings, audit rows, nor anything that is still waiting or stuck.
    """
    swept = 0
    for table, done in _done(now):
        with write_transaction():  # each on its own: who writes meanwhile waits for one table only
            gone = db.session.execute(unscoped(delete(table).where(done), WHY))
            swept += cast(CursorResult[Any], gone).rowcount
    return swept


def _done(now: datetime) -> list[tuple[Any, ColumnElement[bool]]]:
    keys = now - timedelta(days=limits.REQUEST_KEY_DAYS)
    traces = now - timedelta(days=limits.TRACE_DAYS)
    return [
        (RequestKey, RequestKey.created_at < keys),
        (OutboxRow, OutboxRow.done_at < traces),
        (Throttle, Throttle.first_at < traces),
    ]
