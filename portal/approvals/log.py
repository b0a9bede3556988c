"""Writing one command's events: rows of the log, the folded state, and what the effects ask for."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from portal.approvals.models import Approval, ApprovalEvent
from portal.db import db, read_fixed, unscoped
from portal.records.models import Record
from portal.web.viewer import Viewer
from portal.workflows import events as ev

START = "0" * 64


def event_hash(previous: str, approval_id: str, seq: int, row: dict[str, Any]) -> str:
    """SHA-256 tying an event to the one before it in the same approval."""
    body = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    head = f"portal-approval-1\0{approval_id}\0{seq}\0{previous}\0"
    return hashlib.sha256((head + body).encode()).hexdigest()


def append(
    *,
    approval: Approval,
    record: Record,
    event: ev.Event,
    actor: Viewer,
    comment: str,
    now: datetime,
    previous: str,
) -> str:
    """Add one event; returns its hash."""
    approval.seq += 1
    data = event.to_json()
    row = {
        "data": data,
        "actor": actor.person_id,
        "name": actor.name,
        "revision": record.revision,
        "sha256": record.sha256,
        "comment": comment,
        "at": now.isoformat(),
    }
    digest = event_hash(previous, approval.id, approval.seq, row)
    db.session.add(
        ApprovalEvent(
            approval_id=approval.id,
            record_id=record.id,
            seq=approval.seq,
            kind=event.kind,
            data=data,
            actor_id=actor.person_id or None,
            actor_name=actor.name,
            record_revision=record.revision,
            record_sha256=record.sha256,
            comment=comment,
            at=now,
            previous=previous,
            hash=digest,
        )
    )
    return digest


def last_hash(approval: Approval) -> str:
    """The hash of the newest event of an approval."""
    if approval.seq == 0:
        return START
    found = read_fixed(_head, {"approval": approval.id, "last": approval.seq})
    return str(found[0][0]) if found else START


_head = unscoped(
    select(ApprovalEvent.hash).where(
        ApprovalEvent.approval_id == bindparam("approval"), ApprovalEvent.seq == bindparam("last")
    ),
    "the log has one head",
)


def events_of(approval_id: str) -> Sequence[ApprovalEvent]:
    """The log of an approval the caller may see, oldest first."""
    return db.session.scalars(
        select(ApprovalEvent)
        .where(ApprovalEvent.approval_id == approval_id)
        .order_by(ApprovalEvent.seq)
    ).all()
