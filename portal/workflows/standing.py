"""The checks every command at a step passes first: still running, seen, seated, active."""

from typing import Any

from portal.workflows.commands import AtStep
from portal.workflows.duties import bar
from portal.workflows.refusals import Refused
from portal.workflows.run import Run
from portal.workflows.state import Epoch

CLOSED_AS = {
    "approved": "already_approved",
    "rejected": "already_rejected",
    "returned": "already_returned",
    "restarted": "already_restarted",
}


def must_run(run: Run) -> None:
    """Refuse what comes after the end."""
    if run.state.outcome is not None:
        raise Refused(f"ended_{run.state.outcome}")


def open_epoch(run: Run, number: int) -> Epoch:
    """The epoch a command names, if it is still open."""
    epoch = run.state.epoch(number)
    if epoch is None:
        must_run(run)
        raise Refused("no_such_task")
    if not epoch.is_open:
        code = CLOSED_AS.get(epoch.outcome or "", "already_closed")
        raise Refused(code, person=epoch.closed_by, at=epoch.closed_at, step=epoch.step)
    must_run(run)
    return epoch


def own_seat(run: Run, command: AtStep) -> Epoch:
    """The open epoch in which the person holds an open seat and saw the current version."""
    epoch = open_epoch(run, command.epoch)
    seat = epoch.live_seat(command.person)
    if seat is None:
        raise Refused("not_your_task", step=epoch.step)
    if seat.vote is not None:
        raise Refused("you_decided", at=seat.voted_at, step=epoch.step)
    if command.version != run.state.version:
        raise Refused("record_changed", seen=command.version, current=run.state.version)
    must_be_active(run, command.person)
    must_be_allowed(run, epoch.step, command.person)
    return epoch


def must_be_active(run: Run, person: str) -> None:
    if not run.is_active(person):
        raise Refused("not_active", person=person)


def must_be_allowed(
    run: Run, step: str, person: str, *, requester: str = "requester_decides"
) -> None:
    """Separation of duties at this moment, whatever route the seat took."""
    barred = bar(run.definition, run.state, step, person)
    if barred is None:
        return
    if barred.why == "requester":
        raise Refused(requester, person=person)
    raise Refused("distinct", person=person, step=barred.step)


def must_be_new(epoch: Epoch, person: str) -> None:
    if epoch.live_seat(person) is not None:
        raise Refused("has_seat", person=person, step=epoch.step)


def must_say_why(comment: str, **args: Any) -> None:
    if not comment.strip():
        raise Refused("comment_required", **args)
