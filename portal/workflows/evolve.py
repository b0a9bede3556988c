"""The fold: a state and an event give the next state. No judgement, only bookkeeping."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from portal.workflows import events as ev
from portal.workflows.people import Candidate
from portal.workflows.state import Epoch, Hold, Seat, Skip, State
from portal.workflows.tree import START


def evolve(state: State | None, event: ev.Event) -> State:
    """The state after the event; the first event of an approval is `started` (from `None`)."""
    if isinstance(event, ev.Started):
        return State(requester=event.requester, version=event.version)
    if state is None:
        msg = "an approval begins with the event 'started'"
        raise ValueError(msg)
    return _HANDLERS[event.kind](state, event)


def fold(events: tuple[ev.Event, ...] | list[ev.Event]) -> State | None:
    """The state after all the events."""
    state: State | None = None
    for event in events:
        state = evolve(state, event)
    return state


def _with_epoch(state: State, number: int, **changes: Any) -> State:
    epochs = tuple(replace(e, **changes) if e.number == number else e for e in state.epochs)
    return replace(state, epochs=epochs)


def _seats_of(state: State, number: int) -> tuple[Seat, ...]:
    epoch = state.epoch(number)
    return epoch.seats if epoch else ()


def _new_seats(found: tuple[Candidate, ...]) -> tuple[Seat, ...]:
    return tuple(Seat(person=c.person, reasons=c.reasons) for c in found)


def _entered(state: State, event: ev.Entered) -> State:
    epoch = Epoch(
        number=event.epoch, step=event.step, seats=_new_seats(event.seats), entered_at=event.at
    )
    skips = tuple(s for s in state.skips if s.step != event.step)
    return replace(state, epochs=(*state.epochs, epoch), skips=skips, hold=None)


def _skipped(state: State, event: ev.Skipped) -> State:
    skip = Skip(step=event.step, why=event.why, block=event.step)
    return replace(state, skips=(*state.skips, skip))


def _chosen(state: State, event: ev.Chosen) -> State:
    skips = tuple(Skip(step=s, why="condition", block=event.block) for s in event.passed_over)
    return replace(state, skips=state.skips + skips, hold=None)


def _held(state: State, event: ev.Held) -> State:
    return replace(state, hold=Hold(block=event.block, why=event.why, unknown=event.unknown))


def _copied(state: State, event: ev.Copied) -> State:
    return replace(state, copies=(*state.copies, event.block))


def _voted(state: State, event: ev.Voted) -> State:
    seats = tuple(
        replace(s, vote=event.vote, voted_at=event.at, version=event.version)
        if s.person == event.person and s.is_open
        else s
        for s in _seats_of(state, event.epoch)
    )
    return _with_epoch(state, event.epoch, seats=seats)


def _closed(state: State, event: ev.Closed) -> State:
    return _with_epoch(
        state,
        event.epoch,
        outcome=event.outcome,
        closed_by=event.by,
        closed_at=event.at,
        stalled=None,
    )


def _cleared(state: State, blocks: tuple[str, ...]) -> State:
    gone = frozenset(blocks)
    return replace(
        state,
        epochs=tuple(replace(e, void=True) if e.step in gone else e for e in state.epochs),
        skips=tuple(s for s in state.skips if s.block not in gone),
        copies=tuple(c for c in state.copies if c not in gone),
        hold=None,
    )


def _returned(state: State, event: ev.Returned) -> State:
    cleared = _cleared(state, event.cleared)
    return replace(cleared, returns=state.returns + 1, with_requester=event.to == START)


def _restarted(state: State, event: ev.Restarted) -> State:
    return replace(_cleared(state, event.cleared), unsent=state.unsent or event.unsent)


def _resubmitted(state: State, event: ev.Resubmitted) -> State:
    return replace(state, version=event.version, with_requester=False, unsent=False)


def _edited(state: State, event: ev.Edited) -> State:
    return replace(state, version=event.version)


def _carried(state: State, event: ev.Carried) -> State:
    return replace(state, version=event.version)


def _transferred(state: State, event: ev.Transferred) -> State:
    moved = Seat(person=event.to.person, reasons=event.to.reasons)
    seats = tuple(
        moved if s.person == event.person and s.is_open else s
        for s in _seats_of(state, event.epoch)
    )
    return _with_epoch(state, event.epoch, seats=seats)


def _seated(state: State, event: ev.Seated) -> State:
    left, seats = event.fills, []
    for seat in _seats_of(state, event.epoch):
        if left and seat.place == "vacant":
            left -= 1
            seats.append(replace(seat, place="replaced"))
        else:
            seats.append(seat)
    return _with_epoch(state, event.epoch, seats=(*seats, *_new_seats(event.seats)), stalled=None)


def _vacated(state: State, event: ev.Vacated) -> State:
    for number in event.epochs:
        seats = tuple(
            replace(s, place="vacant") if s.person == event.person and s.is_open else s
            for s in _seats_of(state, number)
        )
        state = _with_epoch(state, number, seats=seats)
    left = state.requester_left or event.person == state.requester
    return replace(state, requester_left=left)


def _stalled(state: State, event: ev.Stalled) -> State:
    return _with_epoch(state, event.epoch, stalled=event.why)


def _withdrawn(state: State, event: ev.Withdrawn) -> State:
    return state


def _ended(state: State, event: ev.Ended) -> State:
    return replace(state, outcome=event.outcome, with_requester=False, hold=None)


_HANDLERS: dict[str, Callable[[State, Any], State]] = {
    "entered": _entered,
    "skipped": _skipped,
    "chosen": _chosen,
    "held": _held,
    "copied": _copied,
    "voted": _voted,
    "closed": _closed,
    "returned": _returned,
    "restarted": _restarted,
    "resubmitted": _resubmitted,
    "edited": _edited,
    "carried": _carried,
    "transferred": _transferred,
    "seated": _seated,
    "vacated": _vacated,
    "stalled": _stalled,
    "withdrawn": _withdrawn,
    "ended": _ended,
}
