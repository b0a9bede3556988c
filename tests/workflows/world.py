"""A small company that answers the engine's questions, and one approval run in it, watched."""

import json
from dataclasses import dataclass, field
from typing import Any

from portal.workflows import engine
from portal.workflows.blocks import Step
from portal.workflows.commands import Command
from portal.workflows.definition import WorkflowDefinition, read_workflow
from portal.workflows.effects import CloseTask, Effect, OpenTask, RecordState
from portal.workflows.events import Event
from portal.workflows.facts import Answer, AskActive, AskTruth, Facts, Query, Truth
from portal.workflows.people import Candidate
from portal.workflows.refusals import Refusal
from portal.workflows.state import State
from tests.workflows.oracle import Oracle

PEOPLE = ("ann", "bob", "cat", "dan")


@dataclass
class World:
    """Who has which role, which condition is true, who has left."""

    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    truths: dict[str, bool | None] = field(default_factory=dict)
    inactive: set[str] = field(default_factory=set)

    def answer(self, query: Query) -> Answer:
        if isinstance(query, AskActive):
            return query.person not in self.inactive
        if isinstance(query, AskTruth):
            value = self.truths.get(query.expression, False)
            return Truth(value, {}, (query.expression,) if value is None else ())
        return tuple(
            Candidate(person, (part,))
            for part in query.rule.parts
            for person in self.roles.get(part.value, ())
            if person not in self.inactive
        )


@dataclass
class Approval:
    """One approval: every event is folded, stored, read back and shown to the oracle."""

    raw: dict[str, Any]
    world: World
    protected: frozenset[str] = frozenset()
    reads: dict[str, frozenset[str]] = field(default_factory=dict)
    replayed: bool = True

    def __post_init__(self) -> None:
        self.definition: WorkflowDefinition = read_workflow(self.raw)
        self.state: State | None = None
        self.log: list[Event] = []
        self.tasks: set[tuple[int, str]] = set()
        self.record_state = "draft"
        self.effects: list[Effect] = []
        self.refused: Refusal | None = None
        self.oracle = Oracle(self.raw, self.protected, self.reads)
        self.clock = 0

    def do(self, command: Command) -> list[str]:
        """Carry out the command; the kinds of its events, or its refusal's code in brackets."""
        self.clock += 1
        facts = Facts(f"2026-03-01T00:{self.clock:05}", self.protected, self.reads)
        facts = engine.gather(self.definition, self.state, command, facts, self.world.answer)
        decided = engine.decide(self.definition, self.state, command, facts)
        self.refused = decided if isinstance(decided, Refusal) else None
        if isinstance(decided, Refusal):
            assert str(decided.message)
            return [f"[{decided.code}]"]
        for event in decided:
            self._take(event)
        self.oracle.command([event.to_json() for event in decided])
        self._check_projections()
        gone = command.person in self.world.inactive
        assert not gone or not decided, f"D3: {command.person} has left and still acts"
        return [event.kind for event in decided]

    def _take(self, event: Event) -> None:
        self.log.append(event)
        self.state = engine.evolve(self.state, event)
        for effect in engine.effects(self.definition, event, self.state):
            self.effects.append(effect)
            if isinstance(effect, OpenTask):
                self.tasks.add((effect.epoch, effect.person))
            elif isinstance(effect, CloseTask):
                self.tasks = {
                    (epoch, person)
                    for epoch, person in self.tasks
                    if epoch != effect.epoch or effect.person not in (None, person)
                }
            elif isinstance(effect, RecordState):
                self.record_state = effect.state
        if self.replayed:
            self._check_replay(event)

    def _check_replay(self, event: Event) -> None:
        """L1: the fold from the start equals the stored state, also after a trip through JSON."""
        stored = json.loads(json.dumps([e.to_json() for e in self.log]))
        folded = engine.fold([Event.from_json(e) for e in stored])
        assert folded == self.state, f"L1: the fold differs after {event}"
        assert self.state is not None
        trip = State.from_json(json.loads(json.dumps(self.state.to_json())))
        assert trip == self.state, "L1: the state does not survive JSON"
        self.state = trip

    def _check_projections(self) -> None:
        """The inbox holds exactly the open seats; the record's state is the approval's."""
        assert self.state is not None
        votes = [(e.number, s.person, s.vote) for e in self.state.epochs for s in e.seats if s.vote]
        assert votes == self.oracle.votes(), f"D8: votes {votes}, not {self.oracle.votes()}"
        seats = {(e.number, s.person) for e, s in self.state.open_seats()}
        assert self.tasks == seats, f"L1: inbox {self.tasks}, seats {seats}"
        assert self.record_state == self.state.record_state, "L1: the record's state"

    @property
    def now(self) -> State:
        assert self.state is not None
        return self.state

    def step(self, step: str) -> Step:
        block = self.definition.block(step)
        assert isinstance(block, Step)
        return block
