"""One batch of a job: the next records by id, each judged, moved or left, and noted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from portal.approvals import carrying as approvals
from portal.approvals.models import Approval
from portal.conversions import choosing, reasons
from portal.conversions.judging import Judge, Verdict
from portal.conversions.models import Conversion, ConvertedRecord
from portal.db import db, unscoped, write_fixed
from portal.definitions import queries as definitions
from portal.ids import new_id
from portal.records.carrying import MIGRATED, Carrier
from portal.records.models import Record
from portal.records.transitions import DRAFT
from portal.web.viewer import Viewer

BATCH = 500
WHY = "a job moves records of everybody"


def convert_batch(job: Conversion, actor: Viewer, now: datetime) -> bool:
    """Move the next records of the job; False when there are none."""
    ids = _ids(job)
    if not ids:
        return False
    target = definitions.form_of(job.release_id, job.form)
    filed = set(job.states) - {choosing.DRAFTS}
    running = approvals.approvals_of(ids) if target.has_workflow and filed else {}
    carrier = Carrier(actor, now)
    judge = Judge(target, carrier, now)
    noted = []
    for record in _locked(job, ids):
        before = _before(record)
        verdict = judge.verdict(record)
        if verdict.data is not None:
            _carry(record, running.get(record.id, ()), judge, carrier, verdict, actor, now)
        noted.append(_note(job, record, verdict, before, now))
    carrier.write()
    if noted:
        write_fixed(_add, noted)
    job.cursor = ids[-1]
    job.done += len(noted)
    job.kept += sum(1 for one in noted if one["outcome"] != reasons.CARRIED)
    return True


def _ids(job: Conversion) -> list[str]:
    """The next records; those of the right state whose form turns out to be none of it fall out."""
    wanted = (
        select(Record.id)
        .where(
            Record.form == job.form,
            Record.id > job.cursor,
            Record.release_id != job.release_id,
            Record.state.in_(choosing.states_of(job.states)),
        )
        .order_by(Record.id)
        .limit(BATCH)
    )
    return list(db.session.scalars(unscoped(wanted, WHY)))


def _locked(job: Conversion, ids: list[str]) -> list[Record]:
    """The chosen ones as they are now, locked; their approvals were locked before them."""
    statement = select(Record).where(Record.id.in_(ids)).order_by(Record.id).with_for_update()
    found = db.session.scalars(
        unscoped(statement, WHY), execution_options={"populate_existing": True}
    )
    return [
        one
        for one in found
        if one.release_id != job.release_id
        and choosing.choice_of(one.release_id, one.state, one.form) in job.states
    ]


def _carry(
    record: Record,
    own: Sequence[Approval],
    judge: Judge,
    carrier: Carrier,
    verdict: Verdict,
    actor: Viewer,
    now: datetime,
) -> None:
    pair, data = judge.pair(record), verdict.data or {}
    changed = [] if record.state == DRAFT else pair.changes(record.data, data)
    carrier.take(record, pair.old, pair.new, data, changed, MIGRATED)
    for approval in own[-1:]:
        approvals.carry(approval=approval, record=record, actor=actor, now=now)


def _before(record: Record) -> dict[str, Any]:
    return {
        "release_id": record.release_id,
        "data": record.data,
        "transition": record.transition_seq,
    }


def _note(
    job: Conversion, record: Record, verdict: Verdict, before: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    is_carried = verdict.data is not None
    return {
        "id": new_id(),
        "conversion_id": job.id,
        "record_id": record.id,
        "outcome": verdict.outcome,
        "why": reasons.kept(verdict.why),
        "before": before if is_carried else None,
        "after_revision": record.revision if is_carried else None,
        "at": now,
    }


_add = unscoped(insert(ConvertedRecord), WHY)
