"""What waits to be delivered outside, for operators; bodies are not shown, they may hold links."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from portal.audit.services import record
from portal.db import db, unscoped
from portal.errors import N_, NotFound
from portal.outbox.models import OutboxRow
from portal.web.viewer import Viewer

_WHY = "deliveries belong to nobody"
LATE = timedelta(minutes=10)


def counts() -> dict[str, int]:
    """Rows by state: waiting, done, stuck."""
    statement = select(OutboxRow.state, func.count(OutboxRow.id)).group_by(OutboxRow.state)
    return {row[0]: row[1] for row in db.session.execute(unscoped(statement, _WHY))}


def late(now: datetime) -> int:
    """How many rows should have been delivered ten minutes ago, tried in vain or not at all."""
    tried_in_vain = (OutboxRow.tries > 0) & (OutboxRow.created_at < now - LATE)
    statement = select(func.count(OutboxRow.id)).where(
        OutboxRow.state == "waiting", (OutboxRow.next_at < now - LATE) | tried_in_vain
    )
    return db.session.scalar(unscoped(statement, _WHY)) or 0


def stuck() -> Sequence[OutboxRow]:
    """Rows given up after the last try, oldest first, at most a hundred."""
    statement = (
        select(OutboxRow)
        .where(OutboxRow.state == "stuck")
        .order_by(OutboxRow.created_at, OutboxRow.id)
        .limit(100)
    )
    return db.session.scalars(unscoped(statement, _WHY)).all()


def try_all_again(*, actor: Viewer, now: datetime) -> int:
    """Put every stuck row back among the waiting; how many there were."""
    again = (
        update(OutboxRow)
        .where(OutboxRow.state == "stuck")
        .values(state="waiting", tries=0, next_at=now, claimed_until=None)
        .returning(OutboxRow.id)
    )
    found = len(db.session.scalars(unscoped(again, _WHY)).all())
    if found:
        record(
            actor=actor, action="outbox.again", object_kind="outbox", object_id="all",
            detail={"count": found}, now=now,
        )  # fmt: skip
    return found


def try_again(*, actor: Viewer, row_id: str, now: datetime) -> None:
    """Put a stuck row back among the waiting. Raises NotFound."""
    row = db.session.get(OutboxRow, row_id, execution_options={"unscoped": _WHY})
    if row is None or row.state != "stuck":
        raise NotFound(N_("This delivery is no longer stuck."))
    row.state, row.tries, row.next_at, row.claimed_until = "waiting", 0, now, None
    db.session.flush()
    record(
        actor=actor, action="outbox.again", object_kind="outbox", object_id=row_id,
        detail={}, now=now,
    )  # fmt: skip
