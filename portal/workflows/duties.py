"""Separation of duties: who may not hold a seat in a step, on whatever route it reaches them."""

from collections.abc import Iterable

from portal.workflows.events import Barred
from portal.workflows.people import Candidate, one_per_person
from portal.workflows.state import State
from portal.workflows.tree import WorkflowDefinition


def bar(definition: WorkflowDefinition, state: State, step: str, person: str) -> Barred | None:
    """The check that keeps the person out of the step: their own request, or `distinct`."""
    if person == state.requester:
        return Barred(person, "requester")
    for group in definition.policy.distinct:
        if step not in group:
            continue
        for epoch in state.standing_epochs():
            if epoch.step == step or epoch.step not in group:
                continue
            if any(seat.person == person and seat.vote for seat in epoch.seats):
                return Barred(person, "distinct", epoch.step)
    return None


def admitted(
    definition: WorkflowDefinition, state: State, step: str, found: Iterable[Candidate]
) -> tuple[tuple[Candidate, ...], tuple[Barred, ...]]:
    """One candidate per person who may hold a seat, and those who were kept out."""
    seats, barred = [], []
    for candidate in one_per_person(found):
        kept_out = bar(definition, state, step, candidate.person)
        if kept_out is None:
            seats.append(candidate)
        else:
            barred.append(kept_out)
    return tuple(seats), tuple(barred)
