"""Playing an approval through: act after act by the engine itself, nothing stored; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.workflows.commands import (
    Approve,
    Command,
    Reject,
    Resubmit,
    Return,
    Start,
    Transfer,
    Withdraw,
)
from portal.workflows.decide import Answering, decide, gather
from portal.workflows.events import Event
from portal.workflows.evolve import evolve
from portal.workflows.facts import Facts
from portal.workflows.refusals import Refusal
from portal.workflows.state import State
from portal.workflows.tree import WorkflowDefinition

ACTS = ("approve", "reject", "return", "transfer", "resubmit", "withdraw")
MOST_ACTS = 60
_SAID = "–"  # a return needs a reason; here it does not matter which


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does: one of ACTS; `to` is the block a `return` goes back to, or the person a
    `transfer` hands it to."""

    kind: str
    person: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """An act with what the engine made of it: events and the state after them, or a refusal.

    `act` is None for the sending that begins the approval; `state` is None only where even that
    was refused.
    """

    act: Act | None
    events: tuple[Event, ...]
    state: State | None
    refusal: Refusal | None = None


def play(
    definition: WorkflowDefinition,
    requester: str,
    acts: Iterable[Act],
    facts: Facts,
    answer: Answering,
) -> tuple[Played, ...]:
    """The sending and the acts in order; the first that is refused is the last."""
    command: Command = Start(person=requester, version=1)
    done = [_played(definition, None, None, command, facts, answer)]
    for act in acts:
        state = done[-1].state
        if state is None or done[-1].refusal is not None:
            break
        command = _command(act, state)
        done.append(_played(definition, state, act, command, facts, answer))
    return tuple(done)


def _played(
    definition: WorkflowDefinition,
    state: State | None,
    act: Act | None,
    command: Command,
    facts: Facts,
    answer: Answering,
) -> Played:
    known = gather(definition, state, command, facts, answer)
    decided = decide(definition, state, command, known)
    if isinstance(decided, Refusal):
        return Played(act, (), state, decided)
    for event in decided:
        state = evolve(state, event)
    return Played(act, decided, state)


def _command(act: Act, state: State) -> Command:
    if act.kind == "resubmit":
        return Resubmit(person=act.person, version=state.version)
    if act.kind == "withdraw":
        return Withdraw(person=act.person)
    seats = [epoch.number for epoch, seat in state.open_seats() if seat.person == act.person]
    epoch = seats[0] if seats else len(state.epochs)
    version = state.version
    if act.kind == "reject":
        return Reject(person=act.person, epoch=epoch, version=version, comment=_SAID)
    if act.kind == "return":
        return Return(person=act.person, epoch=epoch, version=version, to=act.to, comment=_SAID)
    if act.kind == "transfer":
        return Transfer(person=act.person, epoch=epoch, version=version, to=act.to, comment=_SAID)
    return Approve(person=act.person, epoch=epoch, version=version)
