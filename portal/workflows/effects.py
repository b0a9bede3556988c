"""What an event means for inbox, record and notices: rows the shell writes in its transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.workflows import events as ev
from portal.workflows.coding import Tagged
from portal.workflows.state import State
from portal.workflows.tree import START, WorkflowDefinition


@dataclass(frozen=True, kw_only=True)
class Effect(Tagged):
    """Base of all effects."""

    family: ClassVar[dict[str, type[Tagged]]] = {}


@dataclass(frozen=True, kw_only=True)
class OpenTask(Effect):
    """A seat waits for its person's decision."""

    kind: ClassVar[str] = "open_task"
    epoch: int
    step: str
    person: str


@dataclass(frozen=True, kw_only=True)
class CloseTask(Effect):
    """The person's task of the epoch is over; `person=None`: every task of it still open."""

    kind: ClassVar[str] = "close_task"
    epoch: int
    person: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecordState(Effect):
    """The record moves to submitted, returned, approved, rejected or withdrawn."""

    kind: ClassVar[str] = "record_state"
    state: str


@dataclass(frozen=True, kw_only=True)
class Notify(Effect):
    """Tell a person. `about`: asked, transferred, edited, returned, to_confirm, approved, rejected,
    withdrawn, signature_removed, stuck."""

    kind: ClassVar[str] = "notify"
    person: str
    about: str
    step: str | None = None


@dataclass(frozen=True, kw_only=True)
class CopyTo(Effect):
    """Give a person the record to read."""

    kind: ClassVar[str] = "copy_to"
    person: str
    block: str


@dataclass(frozen=True, kw_only=True)
class Stuck(Effect):
    """An administrator has to act at this block."""

    kind: ClassVar[str] = "stuck"
    block: str
    why: str


def effects(
    definition: WorkflowDefinition, event: ev.Event, state_after: State
) -> tuple[Effect, ...]:
    """The effects of one event, in order; `state_after` is the state it led to."""
    handler = _HANDLERS.get(event.kind)
    return tuple(handler(event, state_after)) if handler else ()


def _asked(epoch: int, step: str, person: str, about: str = "asked") -> list[Effect]:
    return [
        OpenTask(epoch=epoch, step=step, person=person),
        Notify(person=person, about=about, step=step),
    ]


def _started(event: ev.Event, state: State) -> list[Effect]:
    return [RecordState(state=state.record_state)]


def _seats(event: ev.Entered | ev.Seated, state: State) -> list[Effect]:
    return [
        effect for seat in event.seats for effect in _asked(event.epoch, event.step, seat.person)
    ]


def _voted(event: ev.Voted, state: State) -> list[Effect]:
    return [CloseTask(epoch=event.epoch, person=event.person)]


def _closed(event: ev.Closed, state: State) -> list[Effect]:
    return [CloseTask(epoch=event.epoch)]


def _edited(event: ev.Edited, state: State) -> list[Effect]:
    return [Notify(person=state.requester, about="edited", step=event.step)]


def _returned(event: ev.Returned, state: State) -> list[Effect]:
    about = "to_confirm" if event.why == "unsent" else "returned"
    told: list[Effect] = [Notify(person=state.requester, about=about, step=event.to)]
    if event.to != START:
        return told
    stuck = [Stuck(block=START, why="requester_left")] if state.requester_left else []
    return [RecordState(state=state.record_state), *told, *stuck]


def _transferred(event: ev.Transferred, state: State) -> list[Effect]:
    closed = CloseTask(epoch=event.epoch, person=event.person)
    return [closed, *_asked(event.epoch, event.step, event.to.person, "transferred")]


def _vacated(event: ev.Vacated, state: State) -> list[Effect]:
    closed: list[Effect] = [CloseTask(epoch=e, person=event.person) for e in event.epochs]
    if state.status == "stuck" and state.with_requester:
        closed.append(Stuck(block=START, why="requester_left"))
    return closed


def _restarted(event: ev.Restarted, state: State) -> list[Effect]:
    people = dict.fromkeys((s.person, s.step) for s in event.removed)
    return [Notify(person=p, about="signature_removed", step=step) for p, step in people]


def _stalled(event: ev.Stalled, state: State) -> list[Effect]:
    told = Notify(person=state.requester, about="stuck", step=event.step)
    return [Stuck(block=event.step, why=event.why), told]


def _held(event: ev.Held, state: State) -> list[Effect]:
    told = Notify(person=state.requester, about="stuck", step=event.block)
    return [Stuck(block=event.block, why=event.why), told]


def _copied(event: ev.Copied, state: State) -> list[Effect]:
    return [CopyTo(person=found.person, block=event.block) for found in event.people]


def _ended(event: ev.Ended, state: State) -> list[Effect]:
    told = Notify(person=state.requester, about=event.outcome)
    return [RecordState(state=event.outcome), told]


_HANDLERS: dict[str, Callable[[Any, State], list[Effect]]] = {
    "started": _started,
    "entered": _seats,
    "seated": _seats,
    "voted": _voted,
    "closed": _closed,
    "edited": _edited,
    "returned": _returned,
    "resubmitted": _started,
    "transferred": _transferred,
    "vacated": _vacated,
    "restarted": _restarted,
    "stalled": _stalled,
    "held": _held,
    "copied": _copied,
    "ended": _ended,
}
