"""Writing the audit chain: rows are gathered in a transaction and written last, before commit."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session, SessionTransaction

from portal.audit import chain
from portal.audit.models import AuditRow
from portal.db import apart, db, is_sqlite, read_fixed, unscoped, write_fixed
from portal.web.refusals import Refusal
from portal.web.viewer import Viewer

LOCK = 7_265_110  # the advisory lock of the chain on PostgreSQL


def record(
    *,
    actor: Viewer | None,
    action: str,
    object_kind: str,
    object_id: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    """Note that something happened. Values in `detail` are plain JSON without floats."""
    _waiting(db.session()).append(_row(actor, action, object_kind, object_id, detail, now))


@contextmanager
def attempt() -> Iterator[None]:
    """All or nothing within the transaction: rows, and the audit notes that wait to be written."""
    notes = _waiting(db.session())
    before = len(notes)
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        del notes[before:]
        raise


def _waiting(session: Session) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = session.info.setdefault("audit", [])
    return rows


def _row(
    actor: Viewer | None,
    action: str,
    object_kind: str,
    object_id: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    return {
        "at": now,
        "actor_id": (actor.person_id or None) if actor else None,
        "on_behalf_id": None,
        "action": action,
        "object_kind": object_kind,
        "object_id": object_id,
        "detail": dict(detail),
    }


def keep_refusals(actor: Viewer, noted: Sequence[Refusal], now: datetime) -> None:
    """Write what was refused, in a transaction of its own: the request's is rolled back by now."""
    with apart() as session:
        for one in noted:
            row = _row(actor, one.action, one.object_kind, one.object_id, one.detail, now)
            _waiting(session).append(row)


def head(session: Session | None = None) -> tuple[int, str]:
    """The last row's number and hash; (0, zeros) for an empty chain."""
    last = read_fixed(_head, {}, session)
    return (last[0].seq, last[0].hash) if last else (0, chain.START)


_head = unscoped(
    select(AuditRow.seq, AuditRow.hash).order_by(AuditRow.seq.desc()).limit(1),
    "the chain has one head",
)


@event.listens_for(Session, "after_transaction_create")
def _savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault("audit_marks", []).append(len(session.info.get("audit", ())))


@event.listens_for(Session, "after_transaction_end")
def _released(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info["audit_marks"].pop()


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint is no end: the rows are written last
    waiting = session.info.pop("audit", None)
    if not waiting:
        return
    session.flush()
    if not is_sqlite():
        session.execute(
            unscoped(select(func.pg_advisory_xact_lock(LOCK)), "one writer of the chain")
        )
    seq, previous = head(session)
    for row in waiting:
        seq += 1
        row["seq"] = seq
        row["previous"], previous = previous, chain.link(previous, row)
        row["hash"] = previous
    write_fixed(_append, waiting, session)


_append = unscoped(insert(AuditRow), "the chain is only ever added to")


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if session.in_nested_transaction():
        del session.info.get("audit", [])[session.info["audit_marks"][-1] :]
    else:
        session.info.pop("audit", None)


@event.listens_for(AuditRow, "before_update")
@event.listens_for(AuditRow, "before_delete")
def _refuse(*_: Any) -> None:
    raise RuntimeError("audit rows are never changed")
