"""The route a record would take when everybody asked is there and approves."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from portal.expressions import Environment, Type, compile_expression
from portal.forms.compiled import CompiledForm
from portal.forms.outcome import Facts
from portal.forms.state import State
from portal.workflows.definition import Step
from portal.workflows.facts import Answer, AskPeople, AskTruth, Query, Truth
from portal.workflows.facts import Facts as EngineFacts
from portal.workflows.people import Candidate
from portal.workflows.preview import expected_chain
from portal.workflows.tree import WorkflowDefinition

YES_NO = Type("yes_no")


def expected_route(
    workflow: WorkflowDefinition, form: CompiledForm, data: Mapping[str, Any], facts: Facts
) -> tuple[str, ...]:
    """The steps asked, in order; a condition that cannot be determined ends it with `?<block>`."""
    state = State(form, facts)
    state.load(data)
    environment = state.environment()

    def answer(query: Query) -> Answer:
        if isinstance(query, AskPeople):
            return _present(workflow, query)
        if isinstance(query, AskTruth):
            return truth(query.expression, form, environment)
        return True

    chain = expected_chain(
        workflow,
        requester=str(facts.requester),
        version=1,
        facts=EngineFacts(at=datetime.combine(facts.today, time(), UTC).isoformat()),
        answer=answer,
    )
    return tuple(
        entry.step if entry.status != "held" else f"?{entry.step}"
        for entry in chain
        if entry.status != "skipped"
    )


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
