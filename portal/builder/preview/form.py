"""A form as people will see it, with the values of an example; it sends nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.definitions.case_facts import case_facts, with_ids
from portal.definitions.checking.findings import Package
from portal.forms.access import StepFields, field_access
from portal.forms.compiled import CompiledForm
from portal.forms.evaluation import evaluate, new_record
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import Facts
from portal.forms.rendering.look import Look
from portal.forms.rendering.page import sections_of
from portal.web.filters import text_in
from portal.workflows.definition import Step

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks at the form: `requester` while filling it in, `reader` once sent, or a step's."""

    who: str = "requester"

    @property
    def step(self) -> str:
        """The step whose approver it is, if it is one."""
        return self.who.partition(":")[2] if self.who.startswith("step:") else ""


REQUESTER = Seat()
FIRST, EMPTY = "", "empty"


def live_form(
    package: Package, key: str, language: str, *, seat: Seat = REQUESTER, example: str = FIRST
) -> Shown:
    """The sections of the form as its page shows them, what a rule hides now, and what is loose.

    `example` is the number of one of its examples, FIRST that expects no errors, or EMPTY.
    """
    form = package.compiled[key]
    chosen = _example(examples(package, key), example)
    data, facts = values_of(form, chosen)
    outcome = evaluate(form, data, facts, mode="draft")
    definition = form.definition
    step = steps_of(package, key).get(seat.step)
    fields = _fields(step) if step else None
    look = Look(
        form=form,
        language=language,
        outcome=outcome,
        access=field_access(
            definition,
            state="draft" if seat == REQUESTER else "submitted",
            is_requester=seat == REQUESTER,
            step=fields,
        ),
        required=fields.require if fields else frozenset(),
        project_currency=str((facts.project or {}).get("currency") or ""),
    )
    placed = {path for section in definition.sections for path in section.fields}
    hidden = [one for one in definition.header if look.state(one, one.path) == "gone"]
    withheld = [one for one in definition.header if look.state(one, one.path) == "none"]
    return {
        "kind": "form",
        "title": definition.title.in_language(language),
        "example": text_in(chosen["name"]) if chosen else "",
        "numbering": definition.numbering,
        "sections": sections_of(look),
        "hidden": [one.label.in_language(language) or one.key for one in hidden],
        "withheld": [one.label.in_language(language) or one.key for one in withheld],
        "loose": [one.key for one in definition.header if one.path not in placed],
    }


def steps_of(package: Package, key: str) -> dict[str, Step]:
    """The steps of the chain a form goes through, by id, in order; none without a sound chain."""
    entry = next((one for one in package.entries if one.get("form") == key), {})
    chain = package.workflows.get(str(entry.get("workflow", "")))
    blocks = chain.all_blocks() if chain else ()
    return {one.id: one for one in blocks if isinstance(one, Step)}


def _fields(step: Step) -> StepFields:
    parts = (step.fields.edit, step.fields.hide, step.fields.require)
    return StepFields(*(frozenset(one) for one in parts))


def examples(package: Package, key: str) -> list[Mapping[str, Any]]:
    """The examples of a form, in order."""
    return [
        case
        for file in package.of_kind("cases")
        if (file.raw or {})["form"] == key
        for case in (file.raw or {})["cases"]
    ]


def _example(found: Sequence[Mapping[str, Any]], chosen: str) -> Mapping[str, Any] | None:
    if chosen == EMPTY:
        return None
    if chosen.isdecimal() and len(chosen) < 6 and int(chosen) < len(found):
        return found[int(chosen)]
    fine = [case for case in found if not case.get("errors")]
    return next(iter([*fine, *found]), None)


def values_of(
    form: CompiledForm, example: Mapping[str, Any] | None
) -> tuple[dict[str, Any], Facts]:
    """The values of an example and the world around it; those of a new record without one."""
    if example is not None:
        given = with_ids(example["given"], form)
        return given, case_facts(example.get("facts") or {}, given, form)
    facts = case_facts({}, {}, form)
    empty = {one.key: [{ROW_ID_KEY: "r1"}] for one in form.definition.tables}
    return {**empty, **new_record(form, facts)}, facts
