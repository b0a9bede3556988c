"""An expression tried while it is written: what is wrong with it, its value on an example."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from portal.builder import splicing, words
from portal.builder.checks import judge
from portal.builder.design import form_edits as edits
from portal.builder.design.form import Field
from portal.builder.form_page import FORM
from portal.builder.preview.form import examples, values_of
from portal.builder.queries import Draft
from portal.definitions.checking import Finding
from portal.definitions.checking.findings import Package
from portal.definitions.checking.notes import spoken
from portal.definitions.json_source import Path
from portal.expressions import Expression, ExpressionError, Type, compile_expression
from portal.forms.compiled import CompiledForm
from portal.forms.evaluation import evaluate
from portal.forms.kinds.base import Reader
from portal.forms.state import State
from portal.web.filters import text_in
from portal.web.words import gettext as _

COMPUTED, CONDITION, FILTER, PREFILL = "computed", "condition", "filter", "prefill"
_MOST_ROWS = 5
_YES_NO = Type("yes_no")


@dataclass(frozen=True)
class Trial:
    """What came of it: the kind of its result in words, what is wrong, the values by row."""

    problems: list[Finding] = field(default_factory=list)
    kind: str = ""
    example: str = ""
    values: list[str] = field(default_factory=list)


def try_expression(
    draft: Draft, file: str, one: Field, what: str, source: str, language: str
) -> Trial:
    """Judge an expression where it would stand, and work it out on the first example.

    Nothing is stored. Raises Invalid where the field is gone.
    """
    if not source:
        return Trial()
    text, place = _put(draft.files[file], one, what, source)
    report = judge(draft.module, {**draft.files, file: text}, run_cases=False).report
    here = spoken(place)
    problems = [
        found
        for found in report.errors
        if found.file == file
        and (found.path == here or found.path.startswith((f"{here}.", f"{here}[")))
    ]
    package, key = report.package, file.removesuffix(FORM)
    if problems or package is None or key not in package.compiled or what == FILTER:
        return Trial(problems)
    return _worth(package, key, one, what, source, language)


def _put(text: str, one: Field, what: str, source: str) -> tuple[str, Path]:
    """The form's text with the expression in its place, and that place."""
    if what == COMPUTED:
        return edits.set_computed(text, one.path, source), ("computed", one.path)
    if what in (FILTER, PREFILL):
        changed = edits.set_options(text, one.path, {what: source})
        return changed, (*one.place, "x-field", what)
    design = edits.opened(text)
    taken = {str(rule.get("id")) for _at, rule in design.rules}
    rule = {
        "id": edits.free_key("tried", taken), "check": source, "on": one.path, "message": "-",
    }  # fmt: skip
    if isinstance(design.raw.get("rules"), list):
        at = len(design.raw["rules"])
        return splicing.insert_item(text, ("rules",), rule), ("rules", at, "check")
    return splicing.set_member(text, (), "rules", [rule]), ("rules", 0, "check")


def _worth(package: Package, key: str, one: Field, what: str, source: str, language: str) -> Trial:
    form = package.compiled[key]
    found = examples(package, key)
    example = next((case for case in found if not case.get("errors")), next(iter(found), None))
    data, facts = values_of(form, example)
    state = State(form, facts)
    state.load(evaluate(form, data, facts, mode="draft").data)
    table = one.table or None
    try:
        expect = _YES_NO if what == CONDITION else None
        expression = compile_expression(source, form.scopes[table], expect=expect)
    except ExpressionError:  # reaches over rows: told by its check
        return Trial()
    rows = state.rows.get(one.table, [])[:_MOST_ROWS] if table else [None]
    values = [expression.evaluate(state.environment(row)) for row in rows]
    return Trial(
        kind=words.kind_titles().get(expression.type.kind, ""),
        example=text_in(example["name"]) if example else "",
        values=[_shown(value, expression, form, one, what, language) for value in values],
    )


def _shown(
    value: Any, expression: Expression, form: CompiledForm, one: Field, what: str, language: str
) -> str:
    """A value as people read it; a dash where there is none."""
    if value is None:
        return "–"
    if expression.type.kind == "yes_no":
        return str(_("Yes") if value else _("No"))
    known = form.definition.fields.get(one.path)
    fits = known is not None and what in (COMPUTED, PREFILL)
    if known is not None and fits and known.kind.name == expression.type.kind:
        return known.kind.display(value, known.options, Reader(language))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return str(value.get("id", "–"))
    return str(value)[:200]
