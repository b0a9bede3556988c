"""One judgement in progress: the state as it will be, the events so far, the facts at hand."""

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from portal.workflows.events import Event
from portal.workflows.evolve import evolve
from portal.workflows.facts import AskActive, AskPeople, AskTruth, Facts, MissingFact, Query, Truth
from portal.workflows.people import Candidate, PeopleRule
from portal.workflows.state import Epoch, State
from portal.workflows.tree import Block, WorkflowDefinition

if TYPE_CHECKING:
    from portal.workflows.commands import Command


class Move(Enum):
    """What entering a block leads to, unless it is one of the blocks inside."""

    ON = "on"
    WAIT = "wait"


class Entering(Protocol):
    """How the engine goes through one kind of block."""

    def enter(self, run: "Run", block: Any) -> Move | Block: ...

    def leave(self, run: "Run", block: Any) -> Move | Block:
        """A branch of the block has been passed to its end."""
        ...


class Run:
    """Collects the events of one command; `state` always has all of them folded in."""

    def __init__(
        self,
        definition: WorkflowDefinition,
        state: State | None,
        command: "Command",
        facts: Facts,
        kinds: Mapping[str, Entering],
    ) -> None:
        self.definition = definition
        self.facts = facts
        self.kinds = kinds
        self.by = command.person
        self.events: list[Event] = []
        self._state = state

    @property
    def state(self) -> State:
        if self._state is None:
            msg = "the approval has not been started"
            raise RuntimeError(msg)
        return self._state

    def emit(self, event: type[Event], **data: Any) -> None:
        """Record an event of this command and fold it in."""
        made = event(at=self.facts.at, by=self.by, **data)
        self.events.append(made)
        self._state = evolve(self._state, made)

    def people(self, block: str, rule: PeopleRule, purpose: str = "who") -> tuple[Candidate, ...]:
        answer: tuple[Candidate, ...] = self._answer(AskPeople(block, rule, purpose))
        return answer

    def truth(self, block: str, index: int, expression: str) -> Truth:
        answer: Truth = self._answer(AskTruth(block, index, expression))
        return answer

    def is_active(self, person: str) -> bool:
        return bool(self._answer(AskActive(person)))

    def epoch(self, number: int) -> Epoch:
        """An epoch that is known to exist."""
        return self.state.epochs[number - 1]

    def _answer(self, query: Query) -> Any:
        try:
            return self.facts.answers[query]
        except KeyError:
            raise MissingFact(query) from None
