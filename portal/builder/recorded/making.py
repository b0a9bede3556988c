"""An example case from what a record holds and the facts it was judged by; pure.

The case gives what people typed, and as little of the linked records as its outcome needs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.builder.recorded.expecting import expectations
from portal.builder.recorded.naming import Names
from portal.builder.recorded.paring import pared
from portal.definitions.case_facts import case_facts, with_ids
from portal.definitions.cases import Subject, run_case
from portal.errors import N_, Invalid
from portal.forms.evaluation import evaluate
from portal.forms.fieldpaths import cell_path
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import CellKey, Facts
from portal.forms.texts import Text, write_text

Json = dict[str, Any]

REFUSED = N_("The draft refuses what this record holds: %(what)s")
FAILS = N_("The example would not hold: %(what)s")


@dataclass(frozen=True, slots=True)
class Told:
    """What a record holds, moved to the form of the draft, and the world it was judged in."""

    data: Mapping[str, Any]
    facts: Facts
    names: Mapping[str, str]


def example(told: Told, subject: Subject, name: Text, *, is_neutral: bool) -> Json:
    """The case; raises Invalid if no case can be made that holds.

    `is_neutral`: texts people wrote stand as plain words instead.
    """
    names = Names(told.names)
    given = _given(subject.form.definition, told.data)
    facts = _facts(told, given)
    if is_neutral:
        given = _neutral(subject.form.definition, given)
    case: Json = names.within({"given": given, "facts": facts})
    if outcome := _errors(case, subject):
        raise Invalid(REFUSED, what=outcome)
    case["facts"] = _pared(case, subject)
    case = {"name": write_text(name), **case, **expectations(case, subject)}
    for failure in run_case(case, subject):
        raise Invalid(FAILS, what=failure.message)
    return case


def _given(form: FormDefinition, data: Mapping[str, Any]) -> Json:
    """What people typed: nothing the portal works out, no files."""
    given: Json = {}
    for one in form.header:
        value = data.get(one.key)
        if value in (None, "", []) or not _is_typed(one):
            continue
        given[one.key] = _rows(form, one, value) if one.kind.name == "table" else value
    return given


def _is_typed(one: FieldDefinition) -> bool:
    return not one.is_derived and one.kind.name not in ("attachment", "reverse", "rollup")


def _rows(form: FormDefinition, table: FieldDefinition, rows: Any) -> list[Json]:
    """The typed cells; rows that follow a linked record keep the ids they match by."""
    typed = {one.key for one in form.columns[table.key] if _is_typed(one)}
    kept = typed | ({ROW_ID_KEY} if table.options.get("rows_from") else set())
    return [{k: v for k, v in row.items() if k in kept and v is not None} for row in rows]


def _facts(told: Told, given: Json) -> Json:
    facts = told.facts
    made: Json = {"today": facts.today.isoformat(), "requester": str(facts.requester)}
    if facts.project is not None:
        made["project"] = {key: facts.project[key] for key in ("code", "currency")}
    if links := _by_cell(facts.links, told.data, given):
        made["links"] = links
    if rollups := _by_cell(facts.rollups, told.data, given):
        made["rollups"] = rollups
    return made


def _by_cell(found: Mapping[CellKey, Any], data: Mapping[str, Any], given: Json) -> Json:
    """Facts by the paths cases name: a field, a column alike in all rows, or a cell."""
    made: Json = {}
    columns: dict[str, dict[int, Any]] = {}
    for key, value in found.items():
        if value is None:
            continue
        if isinstance(key, str):
            made[key] = value
            continue
        path, row_id = key
        table = path.partition("[]")[0]
        rows = [row.get(ROW_ID_KEY) for row in data.get(table) or ()]
        if row_id in rows:
            columns.setdefault(path, {})[rows.index(row_id)] = value
    for path, cells in columns.items():
        table, _brackets, column = path.partition("[].")
        count = len(given.get(table) or data.get(table) or ())
        if len(cells) == count and all(one == cells[0] for one in cells.values()):
            made[path] = cells[0]
        else:
            made |= {cell_path(table, str(at), column): one for at, one in cells.items()}
    return made


def _errors(case: Json, subject: Subject) -> str:
    given = with_ids(case["given"], subject.form)
    facts = case_facts(case["facts"], given, subject.form)
    outcome = evaluate(subject.form, given, facts, mode="submit")
    found = [
        f"{one.path}: {one.message}" if one.path else str(one.message) for one in outcome.errors
    ]
    return "; ".join(found[:3])


def _pared(case: Json, subject: Subject) -> Json:
    """The facts without what changes nothing of the outcome."""
    wanted = _signature(case, subject)

    def is_enough(facts: Json) -> bool:
        return bool(_signature({**case, "facts": facts}, subject) == wanted)

    return pared(case["facts"], is_enough)


def _signature(case: Json, subject: Subject) -> Any:
    if errors := _errors(case, subject):
        return errors
    try:
        return expectations(case, subject)
    except Invalid as refusal:
        return str(refusal)


def _neutral(form: FormDefinition, given: Json) -> Json:
    """What was typed with plain words for texts."""
    made: Json = {}
    for number, one in enumerate(form.header, start=1):
        if one.key not in given:
            continue
        value = given[one.key]
        if one.kind.name == "table":
            value = [dict(_cells(form, one.key, row, at)) for at, row in enumerate(value, start=1)]
        made[one.key] = _plain(one, value, number)
    return made


def _cells(form: FormDefinition, table: str, row: Json, at: int) -> Iterator[tuple[str, Any]]:
    columns: Mapping[str, FieldDefinition] = {one.key: one for one in form.columns[table]}
    for key, value in row.items():
        yield key, _plain(columns[key], value, at) if key in columns else value


def _plain(one: FieldDefinition, value: Any, number: int) -> Any:
    if one.kind.name not in ("text", "longtext") or not isinstance(value, str):
        return value
    text = f"Text {number}"
    least = int(one.options.get("min_length") or 0)
    return text.ljust(least, ".")
