"""One batch of taking a job back: what nobody changed since becomes what it was."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.approvals import carrying as approvals
from portal.conversions import reasons
from portal.conversions.converting import BATCH, WHY
from portal.conversions.models import Conversion, ConvertedRecord
from portal.conversions.pairs import Pair
from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.errors import Message
from portal.records.carrying import RESTORED, Carrier
from portal.records.models import Record
from portal.records.transitions import DRAFT
from portal.web.viewer import Viewer


def restore_batch(job: Conversion, actor: Viewer, now: datetime) -> bool:
    """Restore the next records the job moved; False when there are none."""
    moved = _moved(job)
    if not moved:
        return False
    ids = [one.record_id for one in moved]
    running = approvals.approvals_of(ids)
    carrier = Carrier(actor, now)
    records = {one.id: one for one in _records(ids)}
    target = definitions.form_of(job.release_id, job.form)
    for one in moved:
        record = records.get(one.record_id)
        if record is None or not _is_untouched(record, one, job):
            one.outcome = reasons.CHANGED
            one.why = reasons.kept(Message(reasons.CHANGED_SINCE))
            continue
        before: dict[str, Any] = one.before or {}
        former = definitions.form_of(before["release_id"], job.form)
        pair = Pair(target, former)
        if record.state != DRAFT and carrier.is_taken(
            record, pair.before, pair.after, before["data"]
        ):
            one.outcome, one.why = reasons.CHANGED, reasons.kept(Message(reasons.TAKEN))
            continue
        frozen = None if pair.is_same_form else pair.frozen(record, before["data"])
        if frozen is not None:
            one.outcome, one.why = reasons.CHANGED, reasons.kept(frozen)
            continue
        changed = [] if record.state == DRAFT else pair.changes(record.data, before["data"])
        carrier.take(record, target, former, before["data"], changed, RESTORED)
        for approval in running.get(record.id, [])[-1:]:
            approvals.carry(approval=approval, record=record, actor=actor, now=now)
        one.outcome = reasons.RESTORED
    carrier.write()
    job.cursor = ids[-1]
    return True


def _moved(job: Conversion) -> Sequence[ConvertedRecord]:
    return db.session.scalars(
        select(ConvertedRecord)
        .where(
            ConvertedRecord.conversion_id == job.id,
            ConvertedRecord.outcome == reasons.CARRIED,
            ConvertedRecord.record_id > job.cursor,
        )
        .order_by(ConvertedRecord.record_id)
        .limit(BATCH)
    ).all()


def _records(ids: list[str]) -> Sequence[Record]:
    statement = select(Record).where(Record.id.in_(ids)).order_by(Record.id).with_for_update()
    return db.session.scalars(
        unscoped(statement, WHY), execution_options={"populate_existing": True}
    ).all()


def _is_untouched(record: Record, one: ConvertedRecord, job: Conversion) -> bool:
    """Neither its content nor its state changed since it was moved."""
    then = (job.release_id, one.after_revision, (one.before or {})["transition"])
    return (record.release_id, record.revision, record.transition_seq) == then
