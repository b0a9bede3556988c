"""The route a record would take when everybody asked is there and approves."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time
from typing import Any

from portal.expressions import Environment, Type, compile_expression
from portal.forms.compiled import CompiledForm
from portal.forms.outcome import Facts
from portal.forms.state import State
from portal.workflows import engine
from portal.workflows.commands import Approve, Change, Command, Edit, Start
from portal.workflows.decide import Answering
from portal.workflows.definition import Step
from portal.workflows.facts import Answer, AskPeople, AskTruth, Query, Truth
from portal.workflows.facts import Facts as EngineFacts
from portal.workflows.people import Candidate
from portal.workflows.preview import expected_chain
from portal.workflows.protected import fields_read_by_block, protected_fields
from portal.workflows.refusals import Refusal
from portal.workflows.state import Epoch, Seat
from portal.workflows.state import State as Standing
from portal.workflows.tree import START, WorkflowDefinition

YES_NO = Type("yes_no")


def expected_route(
    workflow: WorkflowDefinition, form: CompiledForm, data: Mapping[str, Any], facts: Facts
) -> tuple[str, ...]:
    """The steps asked, in order; a condition that cannot be determined ends it with `?<block>`."""
    chain = expected_chain(
        workflow,
        requester=str(facts.requester),
        version=1,
        facts=EngineFacts(at=_moment(facts)),
        answer=answering(workflow, form, data, facts),
    )
    return tuple(
        entry.step if entry.status != "held" else f"?{entry.step}"
        for entry in chain
        if entry.status != "skipped"
    )


def place_after_change(
    workflow: WorkflowDefinition,
    form: CompiledForm,
    data: Mapping[str, Any],
    facts: Facts,
    *,
    at: str,
    fields: Collection[str],
    posted: Collection[str],
) -> str | Refusal:
    """Who has the record once the step `at` changed these fields: a step, or `start`.

    `?<block>` where a condition then holds it; empty if the step is never reached; the engine's
    refusal if the step may not change them. `posted` are the fields that posting rules read.
    """

    def reads(source: str) -> Collection[str]:
        return compile_expression(source, form.scopes[None], expect=YES_NO).dependencies

    known = EngineFacts(
        at=_moment(facts),
        protected=protected_fields(workflow, reads=reads, postings=posted),
        reads=fields_read_by_block(workflow, reads),
    )
    answer = answering(workflow, form, data, facts)
    now: Standing | None = None
    command: Command = Start(person=str(facts.requester), version=1)
    while True:
        asked = engine.gather(workflow, now, command, known, answer)
        decided = engine.decide(workflow, now, command, asked)
        if isinstance(decided, Refusal):
            return decided
        for event in decided:
            now = engine.evolve(now, event)
        assert now is not None
        if isinstance(command, Edit):
            return _place(now)
        seat = next(now.open_seats(), None)
        if seat is None:
            return ""
        command = _next(seat[0].step == at, seat, fields)


def _next(is_there: bool, seat: tuple[Epoch, Seat], fields: Collection[str]) -> Approve | Edit:
    person, epoch = seat[1].person, seat[0].number
    if not is_there:
        return Approve(person=person, epoch=epoch, version=1)
    changes = tuple(map(Change, fields))
    return Edit(person=person, epoch=epoch, version=1, changes=changes, new_version=2)


def _place(now: Standing) -> str:
    if now.with_requester:
        return START
    if now.hold is not None:
        return f"?{now.hold.block}"
    return next((epoch.step for epoch in now.open_epochs()), str(now.outcome))


def _moment(facts: Facts) -> str:
    return datetime.combine(facts.today, time(), UTC).isoformat()


def answering(
    workflow: WorkflowDefinition, form: CompiledForm, data: Mapping[str, Any], facts: Facts
) -> Answering:
    """Answers from the values of a record; for every rule as many people as its step needs."""
    state = State(form, facts)
    state.load(data)
    environment = state.environment()

    def answer(query: Query) -> Answer:
        if isinstance(query, AskPeople):
            return _present(workflow, query)
        if isinstance(query, AskTruth):
            return truth(query.expression, form, environment)
        return True

    return answer


def truth(source: str, form: CompiledForm, environment: Environment) -> Truth:
    """What a condition says of a record, and which empty fields keep it from saying anything."""
    expression = compile_expression(source, form.scopes[None], expect=YES_NO)
    value = expression.evaluate(environment)
    read = sorted(path for path in expression.dependencies if "[]" not in path)
    unknown = tuple(p for p in read if environment.values.get(p.partition(".")[0]) is None)
    return Truth(value=value, unknown=unknown if value is None else ())


def _present(workflow: WorkflowDefinition, query: AskPeople) -> tuple[Candidate, ...]:
    """As many people of their own as the block needs."""
    block = workflow.block(query.block) if query.block in workflow else None
    need = block.need if isinstance(block, Step) else "any"
    count = need if isinstance(need, int) else 1
    reasons = query.rule.parts[:1]
    return tuple(Candidate(f"{query.block}-{number}", reasons) for number in range(count))
