"""The one evaluator of records: page, save, submit, import, API and approval all ask it.

Order: load and normalise, then rows, fetched and rolled-up values, computed values and visibility
as they depend on each other, then rules, then what is required, then the schema.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from portal.errors import FieldError
from portal.expressions import Expression
from portal.forms.compiled import CompiledForm, Plan, Task
from portal.forms.fieldpaths import declared, split_cell
from portal.forms.fields import FieldDefinition
from portal.forms.finishing import drop_blank_rows, finish, judge_schema, total_columns
from portal.forms.kinds import KindError
from portal.forms.outcome import Facts, Mode, Outcome
from portal.forms.running import Runner
from portal.forms.state import State
from portal.forms.submission import Submission, parse_submission

__all__ = [
    "Facts",
    "Mode",
    "Outcome",
    "Submission",
    "evaluate",
    "locked_paths",
    "merge_errors",
    "new_record",
    "parse_submission",
    "recompute",
]


def evaluate(
    form: CompiledForm,
    data: Mapping[str, Any],
    facts: Facts,
    *,
    mode: Mode,
    refused: Collection[str] = (),
) -> Outcome:
    """Judge and complete a record: `draft` finds wrong values, `submit` also missing ones.

    `data` are stored values, rows with or without `_id`; it is left untouched. At submit, blank
    rows are dropped and hidden values that are not kept are cleared. `refused` are the paths whose
    posted values were not taken: that has been said, so nobody adds that they are missing.
    """
    state = State(form, facts)
    state.load(drop_blank_rows(form, data) if mode == "submit" else data)
    runner = Runner(state, mode)
    for task in form.tasks:
        runner.run(task)
    quiet = finish(state, refused) if mode == "submit" else frozenset()
    total_columns(state)
    judge_schema(state, mode, quiet)
    return state.outcome


def recompute(
    form: CompiledForm, data: Mapping[str, Any], changed: Iterable[str], facts: Facts
) -> Outcome:
    """Evaluate only what these changes reach; equal to a full draft evaluation where it looked.

    `data` holds the new values over an evaluated record; `changed` are the paths that differ from
    it (`total`, `lines[r1].qty`, `lines` when rows came or went), as `Submission.changed` has
    them. `today()` and other facts are taken to be unchanged, except those of a changed link.
    """
    paths = sorted(changed)
    cells = [(path, *split_cell(path)) for path in paths]
    plan = form.plan(frozenset(declared(path) for path in paths))
    columns = {table: set(keys) for table, keys in plan.columns.items()}
    for _path, table, _row, _key in cells:
        if table:
            columns.setdefault(table, set())
    for field in form.definition.fields.values():
        totals = field.options.get("totals")
        if totals and field.key in columns:
            columns[field.key].update(totals)
    state = State(form, facts)
    state.recall(data, columns)
    for path, table, row_id, key in cells:
        state.reload(path, table, row_id, key)
    runner = Runner(state, "draft")
    runner.dirty = _dirty(cells)
    for task in plan.tasks:
        rows = None if task.node in plan.support else _reached_rows(task, runner.dirty)
        runner.dirty[task.node] = None if task.kind == "show" else rows
        runner.run(task)  # masks go over all rows: sums may read a row that did not change
        runner.dirty[task.node] = rows
    total_columns(state, columns.keys())
    outcome = state.outcome
    outcome.touched = frozenset({*paths, *(task.node for task in plan.tasks)} - plan.support)
    return outcome


Dirty = dict[str, set[str] | None]


def _dirty(cells: Sequence[tuple[str, str | None, str | None, str]]) -> Dirty:
    """Declared path → the rows in which it changed; None for all of them, or for no row at all."""
    dirty: Dirty = {}
    for path, table, row_id, key in cells:
        rows = dirty.setdefault(declared(path), set() if table and key and row_id else None)
        if rows is not None and row_id:
            rows.add(row_id)
    return dirty


def _reached_rows(task: Task, dirty: Dirty) -> set[str] | None:
    """Which rows of a column task need it: those where its own row changed, else all (None)."""
    everywhere = any(node in dirty for node in task.reads)
    rows: set[str] = set()
    for node in task.reads_row:
        if node in dirty:
            changed = dirty[node]
            if changed is None:
                everywhere = True
            else:
                rows |= changed
    return None if everywhere or task.table is None else rows


def locked_paths(form: CompiledForm, base: Mapping[str, Any], facts: Facts) -> frozenset[str]:
    """What rules lock on the stored record (rights and locks are judged on it, not on the post)."""
    if not form.locks():
        return frozenset()
    nodes = {f"!{rule.id}" for rule in form.definition.rules if rule.lock}
    plan: Plan = form.plan_for(nodes)
    state = State(form, facts)
    state.recall(base, plan.columns)
    runner = Runner(state, "draft")
    for task in plan.tasks:
        runner.run(task)
    return frozenset(state.outcome.locked)


def defaults(form: CompiledForm) -> dict[str, Any]:
    """What a new draft starts with by its form alone, as it is stored."""
    return {
        field.key: field.default
        for field in form.definition.header
        if field.default is not None and field.kind.is_stored
    }


def new_record(
    form: CompiledForm, facts: Facts, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The data of a new draft: defaults, prefilled fields, and what was handed in over them."""
    data = {**defaults(form), **(given or {})}
    state = State(form, facts)
    state.load(data)
    for path, expression in form.prefill.items():
        field = form.definition.fields[path]
        if field.table is None and state.data.get(path) is None:
            state.put(field, _prefilled(field, expression, state), state.values, state.data)
    return evaluate(form, state.data, facts, mode="draft").data


def _prefilled(field: FieldDefinition, expression: Expression, state: State) -> Any:
    """The value an expression fills in, or None where it has none that fits."""
    value = expression.evaluate(state.environment())
    try:
        return None if value is None else field.kind.coerce(value, field.options)
    except KindError:
        return None


def merge_errors(submission: Submission, outcome: Outcome) -> list[FieldError]:
    """The errors to show: what could not be read hides what the evaluation says of that field."""
    unread = {error.path for error in submission.errors if error.code == "shape"}
    return [*submission.errors, *(one for one in outcome.errors if one.path not in unread)]
