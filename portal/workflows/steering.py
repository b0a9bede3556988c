"""What happens around the steps: starting, resubmitting, withdrawing, and the administrator."""

from portal.workflows import events as ev
from portal.workflows import flow
from portal.workflows.blocks.step import seat_more, settle, step_of
from portal.workflows.commands import (
    Assign,
    Carry,
    Command,
    Refresh,
    Resubmit,
    Start,
    Terminate,
    Vacate,
    Withdraw,
)
from portal.workflows.people import Candidate, Reason
from portal.workflows.refusals import Refused
from portal.workflows.run import Run
from portal.workflows.standing import (
    must_be_active,
    must_be_allowed,
    must_be_new,
    must_run,
    must_say_why,
    open_epoch,
)


def start(run: Run, command: Start) -> None:
    must_be_active(run, command.person)
    run.emit(ev.Started, requester=command.person, version=command.version)
    flow.begin(run)


def resubmit(run: Run, command: Resubmit) -> None:
    must_run(run)
    _must_be_requester(run, command)
    if not run.state.with_requester:
        raise Refused("not_returned")
    if command.version < run.state.version:
        raise Refused("record_changed", seen=command.version, current=run.state.version)
    must_be_active(run, command.person)
    run.emit(ev.Resubmitted, version=command.version, comment=command.comment)
    flow.begin(run)


def carry(run: Run, command: Carry) -> None:
    must_run(run)
    if command.version <= run.state.version:
        raise Refused("version_not_new")
    run.emit(ev.Carried, version=command.version)


def withdraw(run: Run, command: Withdraw) -> None:
    must_run(run)
    _must_be_requester(run, command)
    _must_be_in_time(run)
    must_be_active(run, command.person)
    flow.close_open(run, "withdrawn")
    run.emit(ev.Withdrawn, comment=command.comment)
    flow.end(run, "withdrawn")


def terminate(run: Run, command: Terminate) -> None:
    must_run(run)
    must_say_why(command.comment)
    flow.close_open(run, "terminated")
    run.emit(ev.Withdrawn, terminated=True, comment=command.comment)
    flow.end(run, "withdrawn")


def assign(run: Run, command: Assign) -> None:
    epoch = open_epoch(run, command.epoch)
    if epoch.stalled is None:
        raise Refused("not_stuck")
    must_be_new(epoch, command.to)
    must_be_allowed(run, epoch.step, command.to)
    must_be_active(run, command.to)
    chosen = Candidate(command.to, (Reason("assigned", command.person),))
    seat_more(run, epoch, (chosen,), why="assigned", comment=command.comment)


def refresh(run: Run, command: Refresh) -> None:
    must_run(run)
    stalled = next((e for e in run.state.open_epochs() if e.stalled), None)
    if stalled is not None:
        step = step_of(run, stalled)
        found = run.people(step.id, step.who)
        if not seat_more(run, stalled, found, why="refreshed", comment=command.comment):
            raise Refused("nobody_found", step=step.id)
    elif run.state.hold is not None and run.state.hold.block in run.definition:
        before = run.state.hold
        flow.enter(run, run.definition.block(before.block))
        if run.state.hold == before:
            raise Refused("still_unknown", fields=", ".join(before.unknown), step=before.block)
    else:
        raise Refused("not_stuck")


def vacate(run: Run, command: Vacate) -> None:
    """Of no consequence for a person without an open seat who is not the requester."""
    if run.state.outcome is not None:
        return
    person = command.leaver
    numbers = tuple(e.number for e, seat in run.state.open_seats() if seat.person == person)
    leaving = person == run.state.requester and not run.state.requester_left
    if numbers or leaving:
        run.emit(ev.Vacated, person=person, epochs=numbers)
    for number in numbers:
        if run.epoch(number).is_open:
            settle(run, number)


def _must_be_requester(run: Run, command: Command) -> None:
    if command.person != run.state.requester:
        raise Refused("not_requester")


def _must_be_in_time(run: Run) -> None:
    """The workflow's withdrawal rule, counting only what still stands."""
    rule = run.definition.withdraw
    standing = list(run.state.standing_epochs())
    if rule == "never":
        raise Refused("withdraw_never")
    if rule == "until_first_decision" and any(s.vote for e in standing for s in e.seats):
        raise Refused("withdraw_decided")
    if rule.startswith("until:"):
        milestone = rule.removeprefix("until:")
        passed = [e.step for e in standing if _reached(run, e.step, milestone)]
        if passed:
            raise Refused("withdraw_passed", step=passed[-1])


def _reached(run: Run, step: str, milestone: str) -> bool:
    return run.definition.order(step) >= run.definition.order(milestone)
