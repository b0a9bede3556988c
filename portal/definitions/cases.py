"""Example cases: evaluate, route and post a given record, and compare with what must come out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.definitions.posting_lines import PostingLine, PostingRule, posting_lines
from portal.definitions.routing import expected_route
from portal.errors import N_, FieldError, Message
from portal.forms.compiled import CompiledForm
from portal.forms.evaluation import evaluate
from portal.forms.fieldpaths import cell_path, column_path, split_cell
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import CellKey, Facts, Outcome
from portal.workflows.tree import WorkflowDefinition

Json = Mapping[str, Any]
Preview = Callable[[Sequence[PostingRule], CompiledForm, Json, Facts, str], Sequence[PostingLine]]

DEFAULT_DAY = "2026-01-01"
DEFAULT_PROJECT = {"id": "P1", "code": "P1", "name": "P1", "currency": "CNY"}

_preview: Preview = posting_lines


def set_posting_preview(preview: Preview) -> None:
    """Let the ledgers say what rules post, instead of the rules alone."""
    global _preview
    _preview = preview


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a case went wrong: the member of the case and a sentence."""

    place: tuple[str | int, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class Subject:
    """What cases are run against."""

    form: CompiledForm
    workflow: WorkflowDefinition | None = None
    postings: tuple[PostingRule, ...] = ()


def run_case(case: Json, subject: Subject) -> list[Failure]:
    """What differs from the expectation; nothing if the case holds."""
    given = _with_ids(case["given"], subject.form)
    facts = _facts(case.get("facts") or {}, given, subject.form)
    outcome = evaluate(subject.form, given, facts, mode="submit")
    failures = [*_check_errors(case, outcome), *_check_values(case, outcome)]
    if failures:
        return failures
    filed = _filed(facts)
    if "route" in case:
        failures += _check_route(case, subject, outcome, filed)
    if "postings" in case:
        failures += _check_postings(case, subject, outcome, filed)
    return failures


def _with_ids(data: Json, form: CompiledForm) -> dict[str, Any]:
    """The given record with ids r1, r2, ... for rows that have none."""
    return {
        key: _rows_with_ids(value) if key in form.definition.columns else value
        for key, value in data.items()
    }


def _rows_with_ids(rows: Any) -> Any:
    if not isinstance(rows, list):
        return rows
    return [
        {ROW_ID_KEY: f"r{number}", **row} if isinstance(row, Mapping) else row
        for number, row in enumerate(rows, start=1)
    ]


def _facts(raw: Json, given: Json, form: CompiledForm) -> Facts:
    links: dict[CellKey, Json | None] = {}
    rollups: dict[CellKey, Any] = {}
    for path, record in (raw.get("links") or {}).items():
        linked = {k: _rows_with_ids(v) if _is_table(v) else v for k, v in record.items()}
        links.update((cell, linked) for cell in _cells(path, given))
    rows = _known_rows(given, form, links)
    for path, value in (raw.get("rollups") or {}).items():
        rollups.update((cell, value) for cell in _cells(path, rows))
    is_project = form.definition.scope == "project"
    return Facts(
        today=date.fromisoformat(raw.get("today", DEFAULT_DAY)),
        requester=raw.get("requester", "requester"),
        project={**DEFAULT_PROJECT, **raw.get("project", {})} if is_project else None,
        record={"id": "case", "number": raw.get("number"), "state": "draft"},
        links=links,
        rollups=rollups,
    )


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _known_rows(given: Json, form: CompiledForm, links: Mapping[CellKey, Any]) -> dict[str, Any]:
    """The given rows, and those that will come from a linked record, whichever are more."""
    rows = dict(given)
    for table in form.definition.tables:
        source = table.options.get("rows_from") or {}
        theirs = (links.get(source.get("link", "")) or {}).get(source.get("table", ""), [])
        if len(theirs) > len(rows.get(table.key) or ()):
            rows[table.key] = theirs
    return rows


def _cells(path: str, data: Json) -> Iterator[CellKey]:
    """The cells a path of a case means: `lines[].code` every row, `lines[0].code` the first."""
    table, row, key = split_cell(path)
    if table is None:
        yield path
        return
    rows = data.get(table) or []
    for number, one in enumerate(rows):
        row_id = one.get(ROW_ID_KEY, f"r{number + 1}")
        if row in ("", str(number), row_id):
            yield column_path(table, key), row_id


def _named(path: str, data: Json) -> str:
    """A path of a case with row ids instead of positions."""
    table, row, key = split_cell(path)
    rows = data.get(table or "") or []
    if table is None or not row or not row.isdigit() or int(row) >= len(rows):
        return path
    return cell_path(table, rows[int(row)][ROW_ID_KEY], key)


def _check_errors(case: Json, outcome: Outcome) -> Iterator[Failure]:
    found = {(error.path, error.code): error for error in outcome.errors}
    for number, wanted in enumerate(case.get("errors", ())):
        path, code = _named(wanted["path"], outcome.data), wanted.get("rule") or wanted.get("code")
        matches = [mark for mark in found if mark[0] == path and code in (None, mark[1])]
        for mark in matches:
            del found[mark]
        if not matches:
            args = {"path": wanted["path"] or "(record)", "code": code or ""}
            message = Message(N_("%(path)s was expected to be refused (%(code)s)."), args)
            yield Failure(("errors", number), message)
    for error in found.values():
        yield Failure((), _unexpected(error))


def _unexpected(error: FieldError) -> Message:
    args = {"path": error.path, "code": error.code, "message": error.message}
    return Message(N_("%(path)s is refused (%(code)s): %(message)s"), args)


def _check_values(case: Json, outcome: Outcome) -> Iterator[Failure]:
    for path, wanted in case.get("expect", {}).items():
        got = _value(path, outcome.data)
        if got != wanted:
            args = {"path": path, "got": _shown(got), "wanted": _shown(wanted)}
            message = Message(N_("%(path)s is %(got)s; %(wanted)s was expected."), args)
            yield Failure(("expect", path), message)


def _value(path: str, data: Json) -> Any:
    table, row, key = split_cell(path)
    if table is None:
        return data.get(path)
    rows = data.get(table) or []
    if not row:
        return [one.get(key) for one in rows]
    chosen = [one for at, one in enumerate(rows) if row in (str(at), one.get(ROW_ID_KEY))]
    return chosen[0].get(key) if chosen else None


def _shown(value: Any) -> str:
    return N_("empty") if value is None else str(value)


def _filed(facts: Facts) -> Facts:
    """The same facts once the record is filed and approved on the day of the case."""
    day = facts.today
    record = {**facts.record, "submitted_on": day, "approved_on": day}
    return replace(facts, record=record)


def _check_route(case: Json, subject: Subject, outcome: Outcome, facts: Facts) -> Iterator[Failure]:
    if subject.workflow is None:
        yield Failure(("route",), Message(N_("The form has no workflow.")))
        return
    route = expected_route(subject.workflow, subject.form, outcome.data, facts)
    if list(route) != list(case["route"]):
        args = {"got": " → ".join(route) or "-", "wanted": " → ".join(case["route"]) or "-"}
        message = Message(N_("The route is %(got)s; %(wanted)s was expected."), args)
        yield Failure(("route",), message)


def _check_postings(
    case: Json, subject: Subject, outcome: Outcome, facts: Facts
) -> Iterator[Failure]:
    states = sorted({rule.on for rule in subject.postings})
    lines = {
        on: list(_preview(subject.postings, subject.form, outcome.data, facts, on)) for on in states
    }
    count = sum(map(len, lines.values()))
    if not case["postings"] and count:
        text = N_("Nothing was expected to be posted, but %(count)s entries are.")
        yield Failure(("postings",), Message(text, {"count": count}))
    for number, wanted in enumerate(case["postings"]):
        left = lines.get(wanted["on"], [])
        match = next((line for line in left if _matches(line, wanted)), None)
        if match is not None:
            left.remove(match)
            continue
        near = [line.values for line in left if line.ledger == wanted["ledger"]]
        args = {
            "wanted": _spoken(wanted["set"]),
            "got": "; ".join(_spoken(_only(values, wanted["set"])) for values in near) or "-",
        }
        text = N_("No entry has %(wanted)s. Posted: %(got)s.")
        yield Failure(("postings", number), Message(text, args))


def _only(values: Json, keys: Json) -> dict[str, Any]:
    return {key: values.get(key) for key in keys}


def _spoken(values: Json) -> str:
    return ", ".join(f"{key}={_shown(value)}" for key, value in values.items())


def _matches(line: PostingLine, wanted: Json) -> bool:
    return line.ledger == wanted["ledger"] and all(
        _same(line.values.get(column), value) for column, value in wanted["set"].items()
    )


def _same(got: Any, wanted: Any) -> bool:
    if isinstance(got, Decimal):
        try:
            return not isinstance(wanted, bool) and got == Decimal(str(wanted))
        except InvalidOperation:
            return False
    if isinstance(got, date):
        return bool(got.isoformat() == wanted)
    return bool(got == wanted)
