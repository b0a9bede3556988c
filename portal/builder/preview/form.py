"""A form as people will fill it in, with the values of its first example; it sends nothing."""

from collections.abc import Mapping
from typing import Any

from portal.definitions.case_facts import case_facts, with_ids
from portal.definitions.checking.findings import Package
from portal.forms.access import field_access
from portal.forms.compiled import CompiledForm
from portal.forms.evaluation import evaluate, new_record
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import Facts
from portal.forms.rendering.look import Look
from portal.forms.rendering.page import sections_of
from portal.web.filters import text_in

Shown = dict[str, Any]


def live_form(package: Package, key: str, language: str) -> Shown:
    """The sections of the form as its page shows them, what a rule hides now, and what is loose."""
    form = package.compiled[key]
    example = _example(package, key)
    data, facts = _values(form, example)
    outcome = evaluate(form, data, facts, mode="draft")
    definition = form.definition
    look = Look(
        form=form,
        language=language,
        outcome=outcome,
        access=field_access(definition, state="draft", is_requester=True),
        project_currency=str((facts.project or {}).get("currency") or ""),
    )
    placed = {path for section in definition.sections for path in section.fields}
    hidden = [one for one in definition.header if look.state(one, one.path) == "gone"]
    return {
        "kind": "form",
        "title": definition.title.in_language(language),
        "example": text_in(example["name"]) if example else "",
        "numbering": definition.numbering,
        "sections": sections_of(look),
        "hidden": [one.label.in_language(language) or one.key for one in hidden],
        "loose": [one.key for one in definition.header if one.path not in placed],
    }


def _example(package: Package, key: str) -> Mapping[str, Any] | None:
    """The first example of the form that expects no errors, or simply the first."""
    found = [
        case
        for file in package.of_kind("cases")
        if (file.raw or {})["form"] == key
        for case in (file.raw or {})["cases"]
    ]
    fine = [case for case in found if not case.get("errors")]
    return next(iter([*fine, *found]), None)


def _values(form: CompiledForm, example: Mapping[str, Any] | None) -> tuple[dict[str, Any], Facts]:
    if example is not None:
        given = with_ids(example["given"], form)
        return given, case_facts(example.get("facts") or {}, given, form)
    facts = case_facts({}, {}, form)
    empty = {one.key: [{ROW_ID_KEY: "r1"}] for one in form.definition.tables}
    return {**empty, **new_record(form, facts)}, facts
