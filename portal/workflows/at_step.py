"""What the holder of a seat can do: approve, reject, return, transfer, change the record."""

from portal.workflows import events as ev
from portal.workflows import flow
from portal.workflows.blocks.step import Step, settle, step_of
from portal.workflows.changes import apply_changes
from portal.workflows.commands import Approve, AtStep, Edit, Reject, Return, Transfer
from portal.workflows.people import Candidate, Reason, one_per_person
from portal.workflows.refusals import Refused
from portal.workflows.run import Run
from portal.workflows.standing import (
    must_be_active,
    must_be_allowed,
    must_be_new,
    must_say_why,
    own_seat,
)


def approve(run: Run, command: Approve) -> None:
    """A vote; with changes, the edit comes first and decides whether the vote still has a place."""
    epoch = own_seat(run, command)
    number: int | None = epoch.number
    if command.changes or command.new_version is not None:
        number = apply_changes(run, epoch, command, command.changes, command.new_version)
    if number is not None:
        _vote(run, command, number, "approve")


def reject(run: Run, command: Reject) -> None:
    epoch = own_seat(run, command)
    must_say_why(command.comment)
    _vote(run, command, epoch.number, "reject")


def _vote(run: Run, command: AtStep, number: int, vote: str) -> None:
    run.emit(
        ev.Voted,
        step=run.epoch(number).step,
        epoch=number,
        person=command.person,
        vote=vote,
        seen_epoch=command.epoch,
        seen_version=command.version,
        version=run.state.version,
        comment=command.comment,
    )
    settle(run, number)


def send_back(run: Run, command: Return) -> None:
    epoch = own_seat(run, command)
    step = step_of(run, epoch)
    if command.to not in step.returns:
        raise Refused("return_not_offered", step=step.id, to=command.to)
    must_say_why(command.comment)
    if run.state.returns >= run.definition.policy.max_returns:
        raise Refused("too_many_returns", returns=run.state.returns)
    flow.send_back(run, step=step.id, to=command.to, why="asked", comment=command.comment)


def transfer(run: Run, command: Transfer) -> None:
    epoch = own_seat(run, command)
    step = step_of(run, epoch)
    if step.transfer is None:
        raise Refused("transfer_not_offered", step=step.id)
    must_be_new(epoch, command.to)
    must_be_allowed(run, step.id, command.to, requester="transfer_to_requester")
    must_be_active(run, command.to)
    run.emit(
        ev.Transferred,
        step=step.id,
        epoch=epoch.number,
        person=command.person,
        to=_receiver(run, step, command),
        seen_version=command.version,
        comment=command.comment,
    )


def _receiver(run: Run, step: Step, command: Transfer) -> Candidate:
    """The new holder, with the transfer and, under `same_rule`, the rule as reasons."""
    moved = Reason("transfer", command.person)
    if step.transfer == "any":
        return Candidate(command.to, (moved,))
    for found in one_per_person(run.people(step.id, step.who)):
        if found.person == command.to:
            return Candidate(command.to, (*found.reasons, moved))
    raise Refused("outside_rule", person=command.to, step=step.id)


def edit(run: Run, command: Edit) -> None:
    epoch = own_seat(run, command)
    apply_changes(run, epoch, command, command.changes, command.new_version)
