"""What approvals lend to the page on which a record is filled in: the seat, the edit, the chain."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from portal.accounts import queries as accounts
from portal.approvals import chains, decisions, queries, services, steps
from portal.approvals.shell import Outcome, Refused
from portal.errors import N_, Conflict
from portal.records import services as records
from portal.records.entry.upward import Changed, Returned, Seat
from portal.records.models import Record
from portal.web.viewer import Viewer
from portal.web.words import gettext as _
from portal.workflows.events import Restarted

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


def last_return(record: Record, viewer: Viewer) -> Returned | None:
    """Who returned a record last, from which step and when, and what they wrote."""
    happened = [row for row in queries.events_of(record) if row.kind == "returned"]
    if not happened:
        return None
    (told,) = decisions.told(record, happened[-1:], viewer)
    sentence = f"{told['who']} {told['text']} · {told['moment']}"
    return Returned(sentence, told["comment"] or "")


def edit_at_seat(
    *,
    actor: Viewer,
    seat: Seat,
    seen_revision: int,
    data: Mapping[str, Any],
    now: datetime,
) -> Changed:
    """Change the record at a step, without deciding yet."""
    seen = services.Seen(seat.epoch, seen_revision)
    try:
        done = services.edit(actor=actor, task_id=seat.task_id, seen=seen, data=data, now=now)
    except Refused as refused:
        if refused.code != "nothing_changed":
            raise
        return Changed(seat.back_url, _("Nothing was changed."), "info")
    return _after(actor, seat, done)


def _after(actor: Viewer, seat: Seat, done: Outcome) -> Changed:
    """The author's own task, the same or a new one, else the record; and whose signatures went."""
    saved = _("Your changes are saved.")
    restarted = next((one for one in done.events if isinstance(one, Restarted)), None)
    if restarted is None:
        return Changed(seat.back_url, saved)
    again = queries.open_task_of(actor, seat.record_id)
    url = (
        url_for("approvals.task", task_id=again.id)
        if again
        else url_for("records.detail", record_id=seat.record_id)
    )
    if done.state.with_requester:
        why = _("The requester signed by sending other values, and is asked to confirm these.")
        return Changed(url, f"{saved} {why}", "warning")
    people = list(dict.fromkeys(one.person for one in restarted.removed))
    if not people:
        return Changed(url, f"{saved} {_('The approval begins anew.')}" if not again else saved)
    names = accounts.person_name(people)
    who = _(", ").join(names.get(one, one) for one in people)
    why = _("The signatures of %(who)s are removed; everybody signs again.", who=who)
    return Changed(url, f"{saved} {why}", "warning")


def expected_chain(record: Record, viewer: Viewer, now: datetime) -> Sequence[Mapping[str, Any]]:
    """The steps the record would take if it were sent as it stands."""
    return chains.shown_chain(record, None, viewer.language, now)
