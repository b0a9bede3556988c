"""The expected chain: the same judgement, run on a copy, assuming that everybody approves."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.workflows.blocks import Choose, Step
from portal.workflows.commands import Approve, Command, Resubmit, Start
from portal.workflows.decide import Answering, decide, gather
from portal.workflows.events import Chosen, Entered
from portal.workflows.evolve import evolve
from portal.workflows.facts import Answer, AskPeople, Facts, Query
from portal.workflows.people import Candidate, Reason, one_per_person
from portal.workflows.refusals import Refusal
from portal.workflows.state import Epoch, Seat, State
from portal.workflows.tree import Text, WorkflowDefinition

TRIES = 60
ELSE = -1


@dataclass(frozen=True)
class ExpectedPerson:
    """Somebody who decides in the step, and why; `unless` they decide in that other step before."""

    person: str
    reasons: tuple[Reason, ...]
    vote: str | None = None
    voted_at: str | None = None
    unless: str | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the chain; `step` is the id of a choice where a condition holds it.

    `status`: done, now, next, skipped, or held (the chain would stop here). `why` of a skipped
    entry: condition or empty; of a held or stuck one: unknown, empty, deadlock, vacant,
    nobody_approved. `unknown` names the fields whose value is missing. `block` is the choice that
    passed over a step, `case` the one it takes (`ELSE` for none), if the preview had to choose.
    """

    step: str
    title: Text
    status: str
    people: tuple[ExpectedPerson, ...] = ()
    why: str | None = None
    unknown: tuple[str, ...] = ()
    epoch: int | None = None
    block: str = ""
    case: int | None = None


def expected_chain(
    definition: WorkflowDefinition,
    *,
    requester: str,
    version: int,
    facts: Facts,
    answer: Answering,
) -> tuple[Entry, ...]:
    """The chain a record would take if its requester sent it now."""
    walk = _Walk(definition, facts, answer)
    walk.go(None, Start(person=requester, version=version))
    return walk.entries(None)


def remaining_chain(
    definition: WorkflowDefinition, state: State, *, facts: Facts, answer: Answering
) -> tuple[Entry, ...]:
    """The chain of an approval: what is done, who is asked now, who would come next."""
    walk = _Walk(definition, facts, answer)
    if state.status == "returned":
        walk.go(state, Resubmit(person=state.requester, version=state.version))
    else:
        walk.follow(state)
    return walk.entries(state)


def outcome_after(
    definition: WorkflowDefinition,
    state: State,
    command: Command,
    *,
    facts: Facts,
    answer: Answering,
) -> str | None:
    """How the approval would be over after this command; None if it is refused or goes on."""
    facts = gather(definition, state, command, facts, answer)
    events = decide(definition, state, command, facts)
    if isinstance(events, Refusal):
        return None
    for event in events:
        state = evolve(state, event)
    return state.outcome


@dataclass(frozen=True)
class _Way:
    """Where a walk ended, the visits it made on its way, and what it chose."""

    end: State
    entered: dict[int, Entered]
    chosen: dict[str, int]


class _Walk:
    """Looks for a way to the end: where one of several may approve, one after another is tried."""

    def __init__(self, definition: WorkflowDefinition, facts: Facts, answer: Answering) -> None:
        self.definition = definition
        self.facts = facts
        self.answer = answer
        self.tries = TRIES
        self.known: dict[Query, Answer] = {}
        self.entered: dict[int, Entered] = {}
        self.chosen: dict[str, int] = {}
        self.way: _Way | None = None

    def go(self, state: State | None, command: Command) -> bool:
        """Take the command and follow on; True if the end was reached."""
        self.tries -= 1
        facts = gather(self.definition, state, command, self.facts, self._ask)
        events = decide(self.definition, state, command, facts)
        if isinstance(events, Refusal):
            return False
        for event in events:
            state = evolve(state, event)
            if isinstance(event, Entered):
                self.entered[event.epoch] = event
            elif isinstance(event, Chosen):
                self.chosen[event.block] = ELSE if event.case is None else event.case
        return state is not None and self.follow(state)

    def follow(self, state: State) -> bool:
        """Let the people asked approve, one way after the other."""
        if state.outcome is not None:
            self.way = _Way(state, dict(self.entered), dict(self.chosen))
            return True
        commands = list(_approvals(self.definition, state))
        if any(self.tries > 0 and self.go(state, command) for command in commands):
            return True
        if self.way is None:
            self.way = _Way(state, dict(self.entered), dict(self.chosen))
        return False

    def _ask(self, query: Query) -> Answer:
        if query not in self.known:
            self.known[query] = self.answer(query)
        return self.known[query]

    def entries(self, now: State | None) -> tuple[Entry, ...]:
        """The way found, else the first one as far as it went."""
        way = self.way or (None if now is None else _Way(now, {}, {}))
        if way is None:
            return ()
        chain = _Chain(self.definition, now, way.end, way.entered, way.chosen, self.known)
        return tuple(sorted(chain.lines(), key=lambda e: self.definition.order(e.step)))


def _approvals(definition: WorkflowDefinition, state: State) -> Iterator[Approve]:
    """The next approval, by each who may give it; where all must, their order does not matter."""
    for epoch, seat in state.open_seats():
        yield Approve(person=seat.person, epoch=epoch.number, version=state.version)
        step = definition.block(epoch.step)
        if isinstance(step, Step) and step.need == "all":
            return


@dataclass(frozen=True)
class _Chain:
    """The lines of a chain: what is so `now`, and what would be `then`."""

    definition: WorkflowDefinition
    now: State | None
    then: State
    entered: dict[int, Entered]
    chosen: dict[str, int]
    known: dict[Query, Answer]

    def lines(self) -> Iterator[Entry]:
        for epoch in self.then.standing_epochs():
            yield self._visit(epoch)
        for skip in self.then.skips:
            yield Entry(
                skip.step,
                self._title(skip.step),
                "skipped",
                why=skip.why,
                block=skip.block,
                case=self.chosen.get(skip.block),
            )
        hold = self.then.hold
        if hold is not None and hold.block in self.definition:
            title = self._title(hold.block)
            yield Entry(hold.block, title, "held", why=hold.why, unknown=hold.unknown)

    def _title(self, block_id: str) -> Text:
        block = self.definition.block(block_id)
        return block.title if isinstance(block, Step | Choose) else ""

    def _visit(self, epoch: Epoch) -> Entry:
        real = self.now.epoch(epoch.number) if self.now else None
        shown = real or epoch
        if real is None:
            status = "held" if epoch.stalled else "next"
            people = tuple(self._expected(epoch))
        else:
            status = "now" if real.is_open else "done"
            people = tuple(_person(s) for s in real.seats if s.place == "live")
        title = self._title(shown.step)
        return Entry(
            shown.step, title, status, people, shown.stalled, epoch=real.number if real else None
        )

    def _expected(self, epoch: Epoch) -> Iterator[ExpectedPerson]:
        """The seats, and whoever is kept out only because another step was given to them."""
        seats = {seat.person: seat.reasons for seat in epoch.seats}
        entered = self.entered.get(epoch.number)
        for barred in entered.barred if entered else ():
            if barred.why == "distinct" and self._could_be_spared(epoch.step, barred.person):
                seats.setdefault(barred.person, self._reasons(epoch.step, barred.person))
        for person, reasons in seats.items():
            unless = self._could_be_spared(epoch.step, person)
            yield ExpectedPerson(person, reasons, unless=unless)

    def _could_be_spared(self, step: str, person: str) -> str | None:
        """An earlier step kept apart from this one that the person or another may still decide."""
        for other in self.then.standing_epochs():
            real = self.now.epoch(other.number) if self.now else None
            undecided = real is None or real.is_open
            apart = any({step, other.step} <= group for group in self.definition.policy.distinct)
            seat = other.live_seat(person)
            left_over = any(s.is_open for s in other.seats)
            if other.step != step and apart and seat and undecided and left_over:
                voted = real.live_seat(person) if real else None
                return None if voted and voted.vote else other.step
        return None

    def _reasons(self, step: str, person: str) -> tuple[Reason, ...]:
        found: list[Candidate] = []
        for query, answer in self.known.items():
            if isinstance(query, AskPeople) and query.block == step and isinstance(answer, tuple):
                found.extend(answer)
        return next((c.reasons for c in one_per_person(found) if c.person == person), ())


def _person(seat: Seat) -> ExpectedPerson:
    return ExpectedPerson(seat.person, seat.reasons, seat.vote, seat.voted_at)
