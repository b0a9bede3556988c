"""The tick: claims due rows, delivers them, marks them; at least once, never inside a decision."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from portal.db import db, write_transaction
from portal.outbox.models import OutboxRow

log = logging.getLogger("portal.outbox")

LEASE = timedelta(minutes=5)  # longer than the slowest single delivery
TRIES = 8
BATCH = 50
LONGEST_WAIT = 3600  # seconds

Deliver = Callable[[str, Mapping[str, Any]], None]
_deliverers: dict[str, Deliver] = {}


class NothingDelivers(Exception):
    """Rows of this kind have no deliverer in this process."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A row this tick alone may deliver until its lease ends."""

    row_id: str
    kind: str
    body: Mapping[str, Any]
    until: datetime


def register_deliverer(kind: str, deliver: Deliver) -> None:
    """Say how rows of a kind are delivered; whatever it raises means that it could not."""
    _deliverers[kind] = deliver


def claim(now: datetime) -> Claim | None:
    """Take the row that is due longest for one lease; two ticks never take the same row."""
    due = (
        select(OutboxRow)
        .where(
            OutboxRow.state == "waiting",
            OutboxRow.next_at <= now,
            or_(OutboxRow.claimed_until.is_(None), OutboxRow.claimed_until < now),
        )
        .order_by(OutboxRow.next_at, OutboxRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    with write_transaction():
        row = db.session.scalars(due).first()
        if row is None:
            return None
        row.claimed_until = now + LEASE
        return Claim(row.id, row.kind, row.body, row.claimed_until)


def tick(now: Callable[[], datetime]) -> int:
    """Deliver what is due; returns how many rows were delivered. Run inside system_context.

    No transaction is open while a row is delivered, and a row that cannot be delivered, for
    whatever reason, keeps no other row waiting.
    """
    done = 0
    for _ in range(BATCH):
        claimed = claim(now())
        if claimed is None:
            break
        try:
            _deliver(claimed)
        except Exception as error:
            _failed(claimed, error, now())
        else:
            _delivered(claimed, now())
            done += 1
    return done


def _deliver(claimed: Claim) -> None:
    deliver = _deliverers.get(claimed.kind)
    if deliver is None:
        raise NothingDelivers(claimed.kind)
    deliver(claimed.row_id, claimed.body)


def _delivered(claimed: Claim, now: datetime) -> None:
    """It is out: whoever holds the row by now, it is not sent again."""
    with write_transaction():
        db.session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == claimed.row_id, OutboxRow.state != "done")
            .values(state="done", done_at=now, claimed_until=None, problem="", body={})
        )


def _failed(claimed: Claim, error: Exception, now: datetime) -> None:
    """Back off; after the last try the row is stuck and visible.

    Only the kind of the error is kept, its text may quote an address. Nothing happens when the
    lease ended and another tick took the row.
    """
    if not isinstance(error, OSError):
        log.error("outbox row %s: a fault of ours", claimed.row_id, exc_info=error)
    problem = type(error).__name__
    with write_transaction():
        mine = select(OutboxRow).where(
            OutboxRow.id == claimed.row_id,
            OutboxRow.state == "waiting",
            OutboxRow.claimed_until == claimed.until,
        )
        current = mine.with_for_update().execution_options(populate_existing=True)
        row = db.session.scalars(current).first()
        if row is None:
            return
        row.tries += 1
        row.claimed_until = None
        row.problem = problem[:500]
        row.next_at = now + timedelta(seconds=min(LONGEST_WAIT, 15 * 2**row.tries))
        if row.tries >= TRIES:
            row.state = "stuck"
    log.warning("outbox row %s not delivered: %s", claimed.row_id, problem)
