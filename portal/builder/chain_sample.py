"""A sample request to try a chain on: from an example of the form, or values typed for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portal.approvals import conditions, people
from portal.builder.chain_desk import ChainDesk
from portal.definitions.case_facts import case_facts, filed, with_ids
from portal.definitions.routing import truth
from portal.errors import Message
from portal.expressions import ExpressionError
from portal.forms.compiled import CompiledForm
from portal.forms.evaluation import evaluate
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import KindError
from portal.forms.state import State
from portal.records.facts import project_facts
from portal.records.models import Record
from portal.web.filters import text_in
from portal.workflows.blocks import KINDS
from portal.workflows.decide import Answering
from portal.workflows.facts import Answer, AskPeople, AskTruth, Query
from portal.workflows.tree import WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Sample:
    """Who sends what in which project. `case` counts the examples of the form, "" for none."""

    requester: str
    project: str | None = None
    case: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sample made ready: its values as texts by field, and how the engine's questions go.

    `errors` says by field what of the typed values is none; they then count as empty.
    """

    texts: Mapping[str, str]
    data: Mapping[str, Any]
    answer: Answering
    errors: Mapping[str, Message]


def fields_read(workflow: WorkflowDefinition, form: CompiledForm) -> list[FieldDefinition]:
    """The fields of the record that decide the way: conditions and people rules read them."""
    return [one for one in form.definition.header if one.path in _read(workflow, form)]


def links_read(workflow: WorkflowDefinition, form: CompiledForm) -> list[str]:
    """What conditions read of linked records: `contract.amount`; only an example can give it."""
    known = {one.path for one in form.definition.links}
    return sorted(one for one in _read(workflow, form) if one.partition(".")[0] in known)


def sources(workflow: WorkflowDefinition) -> Iterator[str]:
    """Every condition of a chain."""
    for block in workflow.all_blocks():
        yield from KINDS[block.kind].expressions(block)


def cases_of(desk: ChainDesk) -> list[tuple[str, str]]:
    """The examples of the form that can be sent, as (number, name)."""
    return [
        (str(number), text_in(case["name"]))
        for number, case in enumerate(_cases(desk))
        if not case.get("errors")
    ]


def prepare(desk: ChainDesk, sample: Sample) -> Prepared:
    """The sample made ready. The chain and its form must be free of errors."""
    workflow, form = desk.workflow, desk.form
    assert workflow is not None
    assert form is not None
    cases = _cases(desk)
    known = sample.case.isascii() and sample.case.isdigit() and len(sample.case) < 5
    case = cases[int(sample.case)] if known and int(sample.case) < len(cases) else None
    given = with_ids(case["given"], form) if case else {}
    facts = case_facts((case or {}).get("facts") or {}, given, form)
    facts = replace(facts, requester=sample.requester, project=project_facts(sample.project))
    outcome = evaluate(form, given, facts, mode="submit" if case else "draft")
    state = State(form, filed(facts))
    state.load(outcome.data)
    data, texts, errors = dict(outcome.data), {}, {}
    for one in fields_read(workflow, form):
        texts[one.path] = one.kind.input_text(state.values.get(one.path), one.options)
        if one.path in sample.typed:
            texts[one.path] = sample.typed[one.path]
            try:
                value = one.kind.parse_list([sample.typed[one.path]], one.options)
            except KindError as error:
                value, errors[one.path] = None, error.message
            state.values[one.path] = value
            data[one.path] = None if value is None else one.kind.store(value, one.options)
    return Prepared(texts, data, answering(desk, sample, form, state, data), errors)


def answering(
    desk: ChainDesk,
    sample: Sample,
    form: CompiledForm,
    state: State,
    data: Mapping[str, Any],
) -> Answering:
    """How questions about the sample are answered: people from the company, truth from values."""
    record = Record(
        module=desk.module,
        form=form.definition.form,
        project_id=sample.project,
        requester_id=sample.requester,
        state="draft",
        data=dict(data),
    )
    environment = state.environment()

    def answer(query: Query) -> Answer:
        if isinstance(query, AskPeople):
            return people.find_people(query.rule, record)
        if isinstance(query, AskTruth):
            return truth(query.expression, form, environment)
        return people.is_active(query.person)

    return answer


def _read(workflow: WorkflowDefinition, form: CompiledForm) -> frozenset[str]:
    found: set[str] = set()
    for source in sources(workflow):
        try:
            found |= conditions.reads(form, source)
        except ExpressionError:
            continue
    for block in workflow.all_blocks():
        found |= KINDS[block.kind].people_fields(block)
    if workflow.policy.empty_go is not None:
        found |= workflow.policy.empty_go.fields_read()
    return frozenset(found)


def _cases(desk: ChainDesk) -> Sequence[Mapping[str, Any]]:
    package = desk.judged.report.package
    file = package.files.get(f"{desk.the_chain.form}.cases.json") if package else None
    return (file.raw or {}).get("cases", ()) if file and file.is_sound else ()
