"""What approvals lend to the page on which a record is filled in: the seat, the edit, the chain."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from portal.approvals import chains, queries, services, steps
from portal.errors import N_, Conflict
from portal.records import services as records
from portal.records.entry.upward import Seat
from portal.records.models import Record
from portal.web.viewer import Viewer

CLOSED = N_("This no longer waits for you.")


def find_seat(viewer: Viewer, task_id: str) -> Seat:
    """The viewer's open seat, with what its step asks for. Raises NotFound, Conflict."""
    task = queries.own_task(viewer, task_id)
    if task.state != "open":
        raise Conflict(CLOSED)
    record = records.get(task.record_id)
    step = steps.step_of(record, task.step)
    fields = steps.step_fields(step) if step is not None else None
    return Seat(
        task_id=task.id,
        record_id=record.id,
        step=task.step,
        epoch=task.epoch,
        title=steps.title_of(record.release_id, record.form, task.step, viewer.language),
        required=fields.require if fields is not None else frozenset(),
        back_url=url_for("approvals.task", task_id=task.id),
    )


def edit_at_seat(
    *,
    actor: Viewer,
    seat: Seat,
    seen_revision: int,
    data: Mapping[str, Any],
    now: datetime,
) -> None:
    """Change the record at a step, without deciding yet."""
    seen = services.Seen(seat.epoch, seen_revision)
    services.edit(actor=actor, task_id=seat.task_id, seen=seen, data=data, now=now)


def expected_chain(record: Record, viewer: Viewer, now: datetime) -> Sequence[Mapping[str, Any]]:
    """The steps the record would take if it were sent as it stands."""
    return chains.shown_chain(record, None, viewer.language, now)
