"""A running approval goes on with its record as it stands under another release."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from portal.approvals import shell
from portal.approvals.models import Approval
from portal.db import db, unscoped
from portal.records.models import Record
from portal.web.viewer import Viewer
from portal.workflows import commands as cmd

RUNNING = ("open", "stuck", "returned")
WHY = "a record and its approval move together"


def approvals_of(record_ids: Sequence[str]) -> Mapping[str, list[Approval]]:
    """The approvals of records by record, the newest last; locked until the end."""
    statement = (
        select(Approval)
        .where(Approval.record_id.in_(record_ids))
        .order_by(Approval.opened_at, Approval.id)
        .with_for_update()
    )
    found: dict[str, list[Approval]] = {}
    for one in db.session.scalars(
        unscoped(statement, WHY), execution_options={"populate_existing": True}
    ):
        found.setdefault(one.record_id, []).append(one)
    return found


def carry(*, approval: Approval, record: Record, actor: Viewer, now: datetime) -> None:
    """Let the approval follow its record to the record's release.

    The chain there is the same and nothing protected changed, which the caller has judged: a
    running approval gets an event, so that every decision from now on sees the new version.
    """
    approval.release_id = record.release_id
    if approval.state in RUNNING:
        command = cmd.Carry(person=actor.person_id, version=record.revision)
        shell.run(approval=approval, record=record, command=command, actor=actor, now=now)
