"""`portal doctor`: holds what is stored against what must be true, and names what is not."""

import sys
from collections.abc import Callable, Iterator

import click
from sqlalchemy import func, select

from portal import clock
from portal.approvals.log import START, event_hash
from portal.approvals.models import Approval, ApprovalEvent, Task
from portal.audit import queries as audit
from portal.audit.models import AuditRow
from portal.db import db, system_context
from portal.ledgers import reconciliation
from portal.outbox.models import OutboxRow
from portal.records import filestore
from portal.records.content import content_hash_of_data
from portal.records.models import Attachment, NumberSeries, Record, RecordRevision, Voiding
from portal.records.transitions import APPROVED, VOID
from portal.workflows import events as ev
from portal.workflows.evolve import fold
from portal.workflows.state import State

BATCH = 500


def batches(ids: list[str]) -> Iterator[list[str]]:
    """Ids in portions, so that a large database is walked with little memory."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
        db.session.expunge_all()


def approvals() -> Iterator[str]:
    """The fold of each log equals the stored state, and the log's hashes hold."""
    ids = list(db.session.scalars(select(Approval.id).order_by(Approval.id)))
    for portion in batches(ids):
        rows = db.session.scalars(
            select(ApprovalEvent)
            .where(ApprovalEvent.approval_id.in_(portion))
            .order_by(ApprovalEvent.approval_id, ApprovalEvent.seq)
        ).all()
        by_approval: dict[str, list[ApprovalEvent]] = {}
        for row in rows:
            by_approval.setdefault(row.approval_id, []).append(row)
        for one in db.session.scalars(select(Approval).where(Approval.id.in_(portion))):
            yield from _approval(one, by_approval.get(one.id, []))


def _approval(one: Approval, log: list[ApprovalEvent]) -> Iterator[str]:
    if [row.seq for row in log] != list(range(1, one.seq + 1)):
        yield f"approval {one.id}: its log has gaps"
        return
    previous = START
    for row in log:
        body = {
            "data": row.data,
            "actor": row.actor_id or "",
            "name": row.actor_name,
            "revision": row.record_revision,
            "sha256": row.record_sha256,
            "comment": row.comment,
            "at": row.at.isoformat(),
        }
        if row.previous != previous or row.hash != event_hash(previous, one.id, row.seq, body):
            yield f"approval {one.id}: event {row.seq} was changed"
            return
        previous = row.hash
    folded = fold([ev.Event.from_json(row.data) for row in log])
    if folded is None or folded != State.from_json(one.folded) or folded.status != one.state:
        yield f"approval {one.id}: its state is not the fold of its log"
        return
    votes = [(e.number, seat.person) for e in folded.epochs for seat in e.seats if seat.vote]
    if len(votes) != len(set(votes)):
        yield f"approval {one.id}: somebody decided twice in one visit of a step"


def states() -> Iterator[str]:
    """A record stands where the newest of its approvals says, or is void; one at most is running.

    What is void was approved, and says who voided it.
    """
    newest = (
        select(Approval.record_id, func.max(Approval.opened_at).label("at"))
        .group_by(Approval.record_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Record.number, Record.state, Approval.folded, Voiding.at)
        .join(newest, newest.c.record_id == Record.id)
        .join(Approval, (Approval.record_id == Record.id) & (Approval.opened_at == newest.c.at))
        .outerjoin(Voiding, Voiding.record_id == Record.id)
        .execution_options(yield_per=BATCH)
    )
    for row in rows:
        told = State.from_json(row.folded).record_state
        is_void = row.state == VOID and told == APPROVED and row.at is not None
        if row.state != told and not is_void:
            yield f"record {row.number}: it is {row.state}, its approval says {told}"


def versions() -> Iterator[str]:
    """Every kept version has the content its hash says, and every decision a kept version."""
    rows = db.session.execute(
        select(RecordRevision.record_id, RecordRevision.revision, RecordRevision.data,
               RecordRevision.sha256).execution_options(yield_per=BATCH)
    )  # fmt: skip
    for row in rows:
        if content_hash_of_data(row.data) != row.sha256:
            yield f"record {row.record_id}: its version {row.revision} was changed"
    kept = select(RecordRevision.sha256).where(
        RecordRevision.record_id == ApprovalEvent.record_id,
        RecordRevision.sha256 == ApprovalEvent.record_sha256,
    )
    unseen = select(ApprovalEvent.record_id, ApprovalEvent.seq).where(
        ApprovalEvent.kind == "voted", ~kept.exists()
    )
    for found in db.session.execute(unseen):
        yield f"record {found.record_id}: event {found.seq} signed a version that was not kept"


def anchors() -> Iterator[str]:
    """The newest event of each approval is the one that the audit chain last noted."""
    noted: dict[str, str] = {}
    rows = db.session.execute(
        select(AuditRow.object_id, AuditRow.detail)
        .where(AuditRow.action.like("approval.%"))
        .order_by(AuditRow.seq)
        .execution_options(yield_per=BATCH)
    )
    for row in rows:
        noted[row.object_id] = row.detail.get("head", "")
    heads = db.session.execute(
        select(ApprovalEvent.record_id, ApprovalEvent.hash)
        .join(Approval, Approval.id == ApprovalEvent.approval_id)
        .where(ApprovalEvent.seq == Approval.seq)
        .order_by(Approval.opened_at)
    )
    known = {row.record_id: row.hash for row in heads}
    for record_id, head in noted.items():
        if known.get(record_id) != head:
            yield f"record {record_id}: its log does not end where the audit chain says"


def open_tasks() -> Iterator[str]:
    """Every open seat has its task, and no task is open without one."""
    for one in db.session.scalars(select(Approval).where(Approval.state != "ended")):
        state = State.from_json(one.folded)
        seats = {(epoch.number, seat.person) for epoch, seat in state.open_seats()}
        rows = db.session.execute(
            select(Task.epoch, Task.person_id).where(
                Task.approval_id == one.id, Task.state == "open"
            )
        )
        if seats != {(row.epoch, row.person_id) for row in rows}:
            yield f"approval {one.id}: its open tasks are not its open seats"
    orphans = db.session.scalar(
        select(func.count())
        .select_from(Task)
        .join(Approval, Approval.id == Task.approval_id)
        .where(Approval.state == "ended", Task.state == "open")
    )
    if orphans:
        yield f"{orphans} tasks are open although their approval is over"


def records() -> Iterator[str]:
    """Submitted records carry the hash of their content, and their last version is kept."""
    ids = list(db.session.scalars(select(Record.id).where(Record.sha256 != "")))
    for portion in batches(ids):
        newest = {
            row.record_id: row.sha256
            for row in db.session.execute(
                select(RecordRevision.record_id, RecordRevision.sha256)
                .where(RecordRevision.record_id.in_(portion))
                .order_by(RecordRevision.revision)
            )
        }
        for one in db.session.scalars(select(Record).where(Record.id.in_(portion))):
            if one.state == "returned":
                continue  # being edited again: its signed version is the last kept one
            if one.sha256 != content_hash_of_data(one.data):
                yield f"record {one.number or one.id}: its content is not what its hash says"
            elif newest.get(one.id) != one.sha256:
                yield f"record {one.number or one.id}: its newest version was not kept"


def numbers() -> Iterator[str]:
    """Numbers of a series have no gap."""
    for series in db.session.scalars(select(NumberSeries)):
        like = series.prefix.replace("_", "\\_").replace("%", "\\%") + "%"
        found = db.session.scalar(
            select(func.count())
            .select_from(Record)
            .where(
                Record.number.like(like, escape="\\"),
                func.length(Record.number) <= len(series.prefix) + 8,
            )
        )
        if found is not None and found < series.last:
            yield f"number series {series.prefix}: {series.last} given, {found} found"


def files() -> Iterator[str]:
    """Every attachment's file is there."""
    for row in db.session.execute(select(Attachment.name, Attachment.sha256)):
        if not filestore.exists(row.sha256):
            yield f"attachment {row.name}: its file is missing"


def deliveries() -> Iterator[str]:
    """Nothing is stuck in the outbox."""
    stuck = db.session.scalar(select(func.count()).where(OutboxRow.state == "stuck"))
    if stuck:
        yield f"{stuck} deliveries are stuck in the outbox"


def ledgers() -> Iterator[str]:
    """Postings and documents agree."""
    yield from (str(one.message) for one in reconciliation.all_problems(clock.now()))


def chain() -> Iterator[str]:
    """The audit chain holds."""
    verdict = audit.verify()
    if not verdict.whole:
        yield f"audit row {verdict.bad_seq}: {verdict.problem}"


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "approvals": approvals,
    "states": states,
    "versions": versions,
    "anchors": anchors,
    "tasks": open_tasks,
    "records": records,
    "numbers": numbers,
    "files": files,
    "deliveries": deliveries,
    "ledgers": ledgers,
    "audit": chain,
}


def examine() -> dict[str, list[str]]:
    """Every check by name, with the problems it found."""
    return {name: list(check()) for name, check in CHECKS.items()}


@click.command()
def doctor() -> None:
    """Check the whole database; names every problem and exits with 1 if there is one."""
    make_app = click.get_current_context().obj
    with make_app().app_context(), system_context("doctor: looks at everything"):
        found = examine()
    for name, problems in found.items():
        click.echo(f"{name}: {'ok' if not problems else f'{len(problems)} problems'}")
        for problem in problems[:100]:
            click.echo(f"  {problem}")
    sys.exit(1 if any(found.values()) else 0)
