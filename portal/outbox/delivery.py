"""The tick: claims due rows, delivers them, marks them; at least once, never inside a decision."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from portal.db import db, write_transaction
from portal.outbox.models import OutboxRow

log = logging.getLogger("portal.outbox")

LEASE = timedelta(seconds=60)
TRIES = 8
BATCH = 50

Deliver = Callable[[str, Mapping[str, Any]], None]
_deliverers: dict[str, Deliver] = {}


def register_deliverer(kind: str, deliver: Deliver) -> None:
    """Say how rows of a kind are delivered; it raises OSError when it could not."""
    _deliverers[kind] = deliver


def claim(now: datetime) -> list[str]:
    """Take due rows for one lease; two ticks never take the same row."""
    due = (
        select(OutboxRow.id)
        .where(
            OutboxRow.state == "waiting",
            OutboxRow.next_at <= now,
            or_(OutboxRow.claimed_until.is_(None), OutboxRow.claimed_until < now),
        )
        .order_by(OutboxRow.next_at, OutboxRow.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    with write_transaction():
        ids = list(db.session.scalars(due))
        if ids:
            db.session.execute(
                update(OutboxRow).where(OutboxRow.id.in_(ids)).values(claimed_until=now + LEASE)
            )
    return ids


def tick(now: datetime) -> int:
    """Deliver what is due; returns how many rows were delivered. Run inside system_context."""
    done = 0
    for row_id in claim(now):
        row = db.session.get_one(OutboxRow, row_id)
        deliver = _deliverers.get(row.kind)
        kind, body = row.kind, row.body
        db.session.rollback()
        try:
            if deliver is None:
                raise OSError(f"nothing delivers {kind}")
            deliver(row_id, body)
        except OSError as error:
            _failed(row_id, type(error).__name__, now)
        else:
            done += 1
            with write_transaction():
                db.session.execute(
                    update(OutboxRow)
                    .where(OutboxRow.id == row_id)
                    .values(state="done", done_at=now, claimed_until=None, body={})
                )
    return done


def _failed(row_id: str, problem: str, now: datetime) -> None:
    """Back off; after the last try the row is stuck and visible."""
    with write_transaction():
        row = db.session.get_one(OutboxRow, row_id)
        row.tries += 1
        row.claimed_until = None
        row.problem = problem[:500]
        row.next_at = now + timedelta(seconds=min(3600, 15 * 2**row.tries))
        if row.tries >= TRIES:
            row.state = "stuck"
    log.warning("outbox row %s not delivered: %s", row_id, problem)
