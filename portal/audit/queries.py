"""Reading and verifying the chain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.audit import chain
from portal.audit.models import AuditRow
from portal.db import db, unscoped


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of walking the chain: how many links held, and the first that did not."""

    checked: int
    head: str
    bad_seq: int | None = None
    problem: str = ""

    @property
    def whole(self) -> bool:
        return self.bad_seq is None


def _rows(first: int, batch: int = 2_000) -> Iterator[AuditRow]:
    last = first - 1
    while True:
        rows = db.session.scalars(
            unscoped(
                select(AuditRow).where(AuditRow.seq > last).order_by(AuditRow.seq).limit(batch),
                "verification walks every link",
            )
        ).all()
        yield from rows
        if len(rows) < batch:
            return
        last = rows[-1].seq
        db.session.expunge_all()


def verify(*, expected_head: tuple[int, str] | None = None) -> Verdict:
    """Walk every link. `expected_head` (seq, hash) kept elsewhere also shows a cut-off tail."""
    previous, seq = chain.START, 0
    for row in _rows(1):
        if row.seq != seq + 1:
            return Verdict(seq, previous, seq + 1, "missing")
        content = {
            "at": row.at,
            "actor_id": row.actor_id,
            "on_behalf_id": row.on_behalf_id,
            "action": row.action,
            "object_kind": row.object_kind,
            "object_id": row.object_id,
            "detail": row.detail,
            "seq": row.seq,
        }
        if row.previous != previous:
            return Verdict(seq, previous, row.seq, "does not follow the row before")
        if chain.link(previous, content) != row.hash:
            return Verdict(seq, previous, row.seq, "changed after it was written")
        previous, seq = row.hash, row.seq
        if expected_head and seq == expected_head[0] and previous != expected_head[1]:
            return Verdict(seq, previous, seq, "rewritten since the head was noted")
    if expected_head and seq < expected_head[0]:
        return Verdict(seq, previous, seq + 1, "cut off")
    return Verdict(seq, previous)


def of_object(object_kind: str, object_id: str) -> Sequence[AuditRow]:
    """The rows about one object, oldest first. The caller judged that the object may be seen."""
    return db.session.scalars(
        unscoped(
            select(AuditRow)
            .where(AuditRow.object_kind == object_kind, AuditRow.object_id == object_id)
            .order_by(AuditRow.seq),
            "rows of an object the caller may see",
        )
    ).all()


def page(*, before: int | None, limit: int, action: str = "") -> Sequence[AuditRow]:
    """The newest rows, for auditors."""
    statement = select(AuditRow).order_by(AuditRow.seq.desc()).limit(limit)
    if before:
        statement = statement.where(AuditRow.seq < before)
    if action:
        statement = statement.where(AuditRow.action == action)
    return db.session.scalars(unscoped(statement, "the auditors' page")).all()
