"""What comes of a case as things stand: computed values, the route, what is posted; pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from portal.definitions import cases
from portal.definitions.case_facts import case_facts, filed, with_ids
from portal.definitions.cases import Subject
from portal.definitions.routing import expected_route
from portal.forms.compiled import CompiledForm
from portal.forms.evaluation import evaluate
from portal.forms.fieldpaths import cell_path
from portal.forms.outcome import Facts

Json = dict[str, Any]

_ROWS_MOST = 3


def expectations(case: Mapping[str, Any], subject: Subject) -> Json:
    """The members `expect`, `route` and `postings` of a case nothing is wrong with.

    A route that depends on what a case cannot say is left out.
    """
    given = with_ids(case["given"], subject.form)
    facts = case_facts(case["facts"], given, subject.form)
    outcome = evaluate(subject.form, given, facts, mode="submit")
    after = filed(facts)
    made: Json = {}
    if computed := dict(_computed(subject.form, outcome.data)):
        made["expect"] = computed
    if subject.workflow is not None:
        route = expected_route(subject.workflow, subject.form, outcome.data, after)
        if not any(step.startswith("?") for step in route):
            made["route"] = list(route)
    if subject.postings:
        made["postings"] = list(_posted(subject, outcome.data, after))
    return made


def _computed(form: CompiledForm, data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    definition = form.definition
    for one in definition.header:
        if one.computed is not None and data.get(one.key) is not None:
            yield one.key, data[one.key]
        if one.kind.name != "table":
            continue
        columns = [column for column in definition.columns[one.key] if column.computed is not None]
        for at, row in enumerate((data.get(one.key) or ())[:_ROWS_MOST]):
            for column in columns:
                if row.get(column.key) is not None:
                    yield cell_path(one.key, str(at), column.key), row[column.key]


def _posted(subject: Subject, data: Mapping[str, Any], facts: Facts) -> Iterator[Json]:
    for on in sorted({rule.on for rule in subject.postings}):
        for line in cases.posted(subject, data, facts, on):
            values = {key: _stored(one) for key, one in line.values.items() if one is not None}
            yield {"on": on, "ledger": line.ledger, "set": values}


def _stored(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value
