"""K6: every invariant has at least two seeded faults, and random histories kill each of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from portal.workflows import at_step, changes, duties, effects, evolve, flow, standing, steering
from portal.workflows import decide as decide_module
from portal.workflows.blocks import step as step_block
from portal.workflows.blocks.choose import ChooseKind
from portal.workflows.blocks.step import StepKind
from portal.workflows.events import Event, Restarted, Resubmitted, Vacated
from portal.workflows.facts import Truth
from portal.workflows.run import Move, Run
from portal.workflows.state import Epoch, Seat, State
from portal.workflows.tree import WorkflowDefinition
from portal.workflows.votes import verdict
from tests.workflows.test_random_histories import a_history

HISTORIES = 3_000
Real = Any


@dataclass(frozen=True)
class Fault:
    """Replace `name` in `where` by `make(the real thing)`."""

    invariant: str
    what: str
    where: Any
    name: str
    make: Callable[[Real], Real]


FAULTS: list[Fault] = []


def fault(
    invariant: str, where: Any, name: str, *more: Any
) -> Callable[[Callable[[Real], Real]], Callable[[Real], Real]]:
    """Register a fault; its name is its description."""

    def register(make: Callable[[Real], Real]) -> Callable[[Real], Real]:
        FAULTS.append(Fault(invariant, make.__name__, where, name, make))
        return make

    return register


def nothing(*_: Any, **__: Any) -> None:
    return None


# -- D1: one effective decision per person and epoch


@fault("D1", at_step, "own_seat")
def double_vote(real: Real) -> Real:
    def own_seat(run: Run, command: Any) -> Epoch:
        epoch = run.state.epoch(command.epoch)
        voted = epoch.live_seat(command.person) if epoch and epoch.is_open else None
        return epoch if voted and voted.vote else real(run, command)  # type: ignore[return-value]

    return own_seat


@fault("D1", duties, "one_per_person")
def a_person_found_twice_sits_twice(real: Real) -> Real:
    return tuple


@fault("D1", at_step, "must_be_new")
def transfer_to_somebody_who_sits_there(real: Real) -> Real:
    return nothing


# -- D2: decide what was seen


@fault("D2", standing, "open_epoch")
def missing_epoch_check(real: Real) -> Real:
    def open_epoch(run: Run, number: int) -> Epoch:
        current = next(run.state.open_epochs(), None)
        return current or real(run, number)

    return open_epoch


def without_version_check(real: Real) -> Real:
    def own_seat(run: Run, command: Any) -> Epoch:
        return real(run, replace(command, version=run.state.version))

    return own_seat


@fault("D2", at_step, "own_seat")
def missing_version_check(real: Real) -> Real:
    return without_version_check(real)


@fault("D2", changes, "_protected")
def protected_changes_go_unnoticed(real: Real) -> Real:
    return lambda run, step, changed: ()


@fault("D2", evolve, "_HANDLERS")
def an_edit_leaves_the_version_as_it_was(real: Real) -> Real:
    return {**real, "edited": lambda state, event: state}


@fault("D2", flow, "send_back_to_sign")
def a_sending_stands_for_values_that_were_not_sent(real: Real) -> Real:
    return nothing


@fault("D2", evolve, "_HANDLERS")
def a_change_by_others_is_forgotten(real: Real) -> Real:
    def restarted(state: State, event: Restarted) -> State:
        return replace(real["restarted"](state, event), unsent=False)

    return {**real, "restarted": restarted}


@fault("D2", evolve, "_HANDLERS")
def sending_again_confirms_nothing(real: Real) -> Real:
    def resubmitted(state: State, event: Resubmitted) -> State:
        return replace(real["resubmitted"](state, event), unsent=state.unsent)

    return {**real, "resubmitted": resubmitted}


# -- D3: a current, active assignee


@fault("D3", at_step, "own_seat")
def anybody_votes(real: Real) -> Real:
    return lambda run, command: standing.open_epoch(run, command.epoch)


@fault("D3", Run, "is_active")
def leavers_act(real: Real) -> Real:
    return lambda run, person: True


@fault("D3", at_step, "_receiver")
def transfer_outside_the_rule(real: Real) -> Real:
    from portal.workflows.people import Candidate, Reason

    return lambda run, step, command: Candidate(command.to, (Reason("transfer", command.person),))


# -- D4: the outcome is the rule's


def votes(change: Callable[..., str]) -> Callable[[Real], Real]:
    return lambda real: lambda need, reject, seats: change(need, reject, list(seats))


@fault("D4", step_block, "verdict")
def one_approval_too_few(real: Real) -> Real:
    return votes(lambda n, r, s: verdict(max(n - 1, 1) if isinstance(n, int) else n, r, s))(real)


@fault("D4", step_block, "verdict")
def one_rejection_always_ends(real: Real) -> Real:
    return votes(lambda n, r, s: verdict(n, "one", s))(real)


@fault("D4", step_block, "verdict")
def all_means_any(real: Real) -> Real:
    return votes(lambda n, r, s: verdict("any" if n == "all" else n, r, s))(real)


# -- D5: the first outcome closes


@fault("D5", step_block, "verdict")
def a_decided_step_waits_for_the_rest(real: Real) -> Real:
    def late(need: Any, reject: str, seats: list[Seat]) -> str:
        return "open" if any(s.is_open for s in seats) else verdict(need, reject, seats)

    return votes(late)(real)


@fault("D5", standing, "open_epoch")
def votes_after_the_step_is_closed(real: Real) -> Real:
    def open_epoch(run: Run, number: int) -> Epoch:
        return run.state.epoch(number) or real(run, number)

    return open_epoch


# -- D7: no quorum out of reach, no endless wait


@fault("D7", step_block, "verdict")
def deadlock_unnoticed(real: Real) -> Real:
    def blind(need: Any, reject: str, seats: list[Seat]) -> str:
        found = verdict(need, reject, seats)
        return "open" if found == "deadlock" else found

    return votes(blind)(real)


@fault("D7", step_block, "verdict")
def quorum_lowered_silently(real: Real) -> Real:
    return votes(lambda n, r, s: verdict(min(n, len(s)) if isinstance(n, int) else n, r, s))(real)


@fault("D7", step_block, "_fill_vacant")
def vacant_seats_are_waited_for(real: Real) -> Real:
    return nothing


# -- D8: cast votes stay


@fault("D8", Run, "emit")
def a_restart_removes_signatures_silently(real: Real) -> Real:
    def emit(run: Run, event: type[Event], **data: Any) -> None:
        real(run, event, **({**data, "removed": ()} if event is Restarted else data))

    return emit


@fault("D8", decide_module, "_HANDLERS")
def leaving_voids_votes_cast(real: Real) -> Real:
    def vacate(run: Run, command: Any) -> None:
        for epoch in run.state.open_epochs():
            if epoch.live_seat(command.leaver):
                run.emit(Vacated, person=command.leaver, epochs=(epoch.number,))
                step_block.settle(run, epoch.number)
                return
        real["vacate"](run, command)

    return {**real, "vacate": vacate}


@fault("D8", evolve, "_HANDLERS")
def a_new_seat_drops_the_votes(real: Real) -> Real:
    def seated(state: State, event: Any) -> State:
        state = real["seated"](state, event)
        seats = tuple(replace(s, vote=None) for s in state.epochs[event.epoch - 1].seats)
        epochs = list(state.epochs)
        epochs[event.epoch - 1] = replace(epochs[event.epoch - 1], seats=seats)
        return replace(state, epochs=tuple(epochs))

    return {**real, "seated": seated}


# -- S1: somebody can act, or it is stuck


@fault("S1", step_block, "stall")
def nobody_is_told_of_a_deadlock(real: Real) -> Real:
    return nothing


@fault("S1", StepKind, "_nobody")
def an_empty_step_waits_in_silence(real: Real) -> Real:
    return nothing


# -- S2: the end absorbs


@fault("S2", steering, "_must_be_in_time")
def late_withdraw(real: Real) -> Real:
    return nothing


@fault("S2", steering, "must_run")
def withdraw_after_the_end(real: Real) -> Real:
    return nothing


@fault("S2", flow, "close_open")
def the_end_leaves_steps_open(real: Real) -> Real:
    return lambda run, outcome: real(run, outcome) if outcome == "returned" else None


# -- S4: returns


@fault("S4", WorkflowDefinition, "from_here")
def a_return_keeps_the_votes_of_its_target(real: Real) -> Real:
    return lambda definition, block: real(definition, block)[1:]


@fault("S4", step_block.flow, "send_back_by_rule")
def one_automatic_return_too_many(real: Real) -> Real:
    def send_back_by_rule(run: Run, **where: Any) -> None:
        over = run.state.returns == run.definition.policy.max_returns
        (flow.send_back if over else real)(run, **where)

    return send_back_by_rule


@fault("S4", evolve, "_HANDLERS")
def returns_are_not_counted(real: Real) -> Real:
    def returned(state: State, event: Any) -> State:
        after = real["returned"](state, event)
        return replace(after, returns=state.returns) if event.why == "asked" else after

    return {**real, "returned": returned}


# -- S6: no silent skip, nobody approves nothing


@fault("S6", flow, "finish")
def approved_by_nobody(real: Real) -> Real:
    return lambda run: flow.end(run, "approved")


@fault("S6", ChooseKind, "enter")
def the_unknown_drops_into_else(real: Real) -> Real:
    def enter(kind: ChooseKind, run: Run, block: Any) -> Any:
        truths = []
        for at, case in enumerate(block.when):
            truth: Truth = run.truth(block.id, at, case.condition)
            truths.append(truth)
            if truth.value:
                return kind._take(run, block, at, truths)
        return kind._take(run, block, None, truths)

    return enter


@fault("S6", StepKind, "enter")
def an_empty_step_is_passed_in_silence(real: Real) -> Real:
    def enter(kind: StepKind, run: Run, block: Any) -> Any:
        return real(kind, run, block) if run.people(block.id, block.who) else Move.ON

    return enter


# -- A1, A2: separation of duties on every route


def bar_without(why: str) -> Callable[[Real], Real]:
    def make(real: Real) -> Real:
        def bar(definition: Any, state: State, step: str, person: str) -> Any:
            if why == "requester":
                return real(definition, replace(state, requester="nobody"), step, person)
            found = real(definition, state, step, person)
            return None if found and found.why == why else found

        return bar

    return make


@fault("A1", duties, "bar")
def self_approval(real: Real) -> Real:
    return bar_without("requester")(real)


@fault("A1", at_step, "must_be_allowed")
def self_approval_by_transfer(real: Real) -> Real:
    return nothing


@fault("A1", step_block, "admitted")
def self_approval_by_the_empty_policy(real: Real) -> Real:
    def admitted(definition: Any, state: State, step: str, found: Any) -> Any:
        found = duties.one_per_person(found)
        return real(definition, state, step, found) if len(found) > 1 else (found, ())

    return admitted


@fault("A2", duties, "bar")
def distinct_not_checked_on_entry(real: Real) -> Real:
    return bar_without("distinct")(real)


@fault("A2", standing, "bar")
def distinct_hole_by_transfer(real: Real) -> Real:
    return bar_without("distinct")(real)


@fault("A2", State, "standing_epochs")
def votes_removed_by_a_return_still_bar(real: Real) -> Real:
    return lambda state: iter(state.epochs)


# -- L1 and the projections


@fault("L1", effects, "_HANDLERS")
def tasks_of_closed_steps_stay_in_the_inbox(real: Real) -> Real:
    return {key: made for key, made in real.items() if key != "closed"}


@fault("L1", effects, "_HANDLERS")
def a_transfer_opens_no_task(real: Real) -> Real:
    return {key: made for key, made in real.items() if key != "transferred"}


@contextmanager
def seeded(fault: Fault) -> Iterator[None]:
    real = getattr(fault.where, fault.name)
    setattr(fault.where, fault.name, fault.make(real))
    try:
        yield
    finally:
        setattr(fault.where, fault.name, real)


def histories_until_it_dies(fault: Fault) -> str | None:
    """How the check of the fault's own invariant killed it, or `None` if it never did."""
    with seeded(fault):
        for seed in range(HISTORIES):
            try:
                a_history(seed, replayed=False)
            except AssertionError as broken:
                if str(broken).startswith(fault.invariant):
                    return f"seed {seed}: {broken}"
    return None


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.invariant}-{fault.what}")
def test_a_seeded_fault_dies(fault: Fault) -> None:
    assert histories_until_it_dies(fault), f"{fault.what} survived {HISTORIES} histories"


def test_every_invariant_has_two_faults() -> None:
    per_invariant: dict[str, int] = {}
    for one in FAULTS:
        per_invariant[one.invariant] = per_invariant.get(one.invariant, 0) + 1
    expected = {"D1", "D2", "D3", "D4", "D5", "D7", "D8", "S1", "S2", "S4", "S6", "A1", "A2", "L1"}
    assert set(per_invariant) == expected
    assert min(per_invariant.values()) >= 2


def test_without_a_fault_the_same_histories_are_sound() -> None:
    for seed in range(200):
        a_history(seed, replayed=False)
