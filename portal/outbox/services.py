"""Putting something into the outbox, in the transaction of the thing it tells of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.db import db
from portal.outbox.models import OutboxRow


def enqueue(*, kind: str, body: Mapping[str, Any], now: datetime) -> str:
    """Deliver this outside after the commit (at least once); returns the row's id."""
    row = OutboxRow(kind=kind, body=dict(body), created_at=now, next_at=now)
    db.session.add(row)
    db.session.flush()
    return row.id
