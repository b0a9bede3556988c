"""The judgement: a command becomes events or a refusal; and what must be known before it."""

from collections.abc import Callable, Mapping
from typing import Any

from portal.workflows import at_step, steering
from portal.workflows.blocks import KINDS
from portal.workflows.commands import Command, Start
from portal.workflows.events import Event
from portal.workflows.facts import Answer, Facts, MissingFact, Query
from portal.workflows.refusals import Refusal, Refused
from portal.workflows.run import Run
from portal.workflows.state import State
from portal.workflows.tree import WorkflowDefinition

Answering = Callable[[Query], Answer]


def needs(
    definition: WorkflowDefinition, state: State | None, command: Command, facts: Facts
) -> tuple[Query, ...]:
    """What has to be answered before `decide` can; ask again with the answers until empty.

    It is `decide` itself, stopped at the first thing it does not know, so the two cannot differ.
    """
    try:
        decide(definition, state, command, facts)
    except MissingFact as missing:
        return (missing.query,)
    return ()


def decide(
    definition: WorkflowDefinition, state: State | None, command: Command, facts: Facts
) -> tuple[Event, ...] | Refusal:
    """The events of the command, or why it is refused. Raises `MissingFact` if `needs` asks."""
    run = Run(definition, state, command, facts, KINDS)
    try:
        if isinstance(command, Start):
            if state is not None:
                raise Refused("already_started")
        elif state is None:
            raise Refused("not_started")
        _HANDLERS[command.kind](run, command)
    except Refused as refused:
        return refused.refusal
    return tuple(run.events)


def gather(
    definition: WorkflowDefinition,
    state: State | None,
    command: Command,
    facts: Facts,
    answer: Answering,
) -> Facts:
    """The facts with every answer the command needs; each query is asked once."""
    while queries := needs(definition, state, command, facts):
        for query in queries:
            facts = facts.answered(query, answer(query))
    return facts


_HANDLERS: Mapping[str, Callable[[Run, Any], None]] = {
    "start": steering.start,
    "resubmit": steering.resubmit,
    "withdraw": steering.withdraw,
    "carry": steering.carry,
    "assign": steering.assign,
    "refresh": steering.refresh,
    "terminate": steering.terminate,
    "vacate": steering.vacate,
    "approve": at_step.approve,
    "reject": at_step.reject,
    "return": at_step.send_back,
    "transfer": at_step.transfer,
    "edit": at_step.edit,
}
