"""Runs the tasks of an evaluation: values from links, computed ones, visibility, rules."""

from collections.abc import Iterable
from typing import Any

from portal.errors import N_, Message
from portal.expressions import BudgetExceeded, Expression, NotComputable
from portal.forms.compiled import CompiledRule, Task
from portal.forms.fieldpaths import cell_path, column_path, split
from portal.forms.fields import FieldDefinition
from portal.forms.filling import fetch, fill_rows, roll_up
from portal.forms.kinds import KindError
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import START, Mode
from portal.forms.state import Row, State

CANNOT_COMPUTE = N_("%(field)s: %(reason)s")
CHECK_FAILED = N_("This entry does not satisfy the rule “%(rule)s”.")


Rows = Iterable[tuple[Row, Row]]


class Runner:
    """Runs tasks over a State. `dirty` limits column tasks to some rows (recompute)."""

    def __init__(self, state: State, mode: Mode) -> None:
        self.state = state
        self.mode = mode
        self.dirty: dict[str, set[str] | None] | None = None
        self._step = state.facts.step or START
        self._run = {
            "rows": lambda task: fill_rows(self.state, _field(task)),
            "fetch": lambda task: fetch(self.state, _field(task), self._holders(task)),
            "rollup": lambda task: roll_up(self.state, _field(task), self._holders(task)),
            "compute": self._compute,
            "show": self._show,
            "rule": self._judge,
        }

    def run(self, task: Task) -> None:
        """Run one task; a calculation over its budget is an error at its field, never a hang."""
        try:
            self._run[task.kind](task)
        except BudgetExceeded as error:
            self.state.error(_error_path(task), "budget", error.message)

    def _rows(self, task: Task) -> Rows:
        """(stored row, typed row) of the task's table, those that need it."""
        table = str(task.table)
        rows = zip(self.state.data.get(table) or (), self.state.rows[table], strict=True)
        wanted = None if self.dirty is None else self.dirty.get(task.node)
        if wanted is None:
            return rows
        return (pair for pair in rows if pair[0][ROW_ID_KEY] in wanted)

    def _holders(self, task: Task) -> Iterable[tuple[Row, Row, str]]:
        """(stored holder, typed holder, path) of the field in the record or in each row."""
        field = _field(task)
        if field.table is None:
            yield self.state.data, self.state.values, field.path
            return
        for stored, typed in self._rows(task):
            yield stored, typed, cell_path(field.table, stored[ROW_ID_KEY], field.key)

    def _compute(self, task: Task) -> None:
        field, expression = _field(task), task.expression
        assert expression is not None
        for stored, typed, path in self._holders(task):
            row = None if field.table is None else typed
            outcome = expression.explain(self.state.environment(row))
            if outcome.problem is not None:
                self._not_computable(path, field, self._reason(outcome.problem, field.table))
            try:
                value = outcome.value
                value = None if value is None else field.kind.coerce(value, field.options)
            except KindError as error:
                self._not_computable(path, field, error.message)
                value = None
            self.state.put(field, value, typed, stored)

    def _reason(self, problem: NotComputable, table: str | None) -> Message:
        """Why, naming the field to blame by its label."""
        path = problem.path.removeprefix("parent.")
        if path.startswith("row.") and table is not None:
            path = column_path(table, path[4:])
        blamed = self.state.form.definition.fields.get(path)
        return Message(problem.message.id, {"path": blamed.label if blamed else problem.path})

    def _not_computable(self, path: str, field: FieldDefinition, reason: Message) -> None:
        """A warning while drafting, an error at submit: nobody signs a figure that is not there."""
        before = len(self.state.outcome.errors)
        self.state.error(
            path, "compute", Message(CANNOT_COMPUTE, {"field": field.label, "reason": reason})
        )
        if self.mode == "draft":
            self.state.outcome.warnings += self.state.outcome.errors[before:]
            del self.state.outcome.errors[before:]

    def _show(self, task: Task) -> None:
        """Visibility of one path: shown as soon as one of its rules says so."""
        field = _field(task)
        rules = [rule for rule in task.rules if self._is_active(rule)]
        if not rules:
            return
        if field.table is None or not any(rule.per_row for rule in rules):
            shown = self._any(rules, None)
            self._see(field.path, shown)
            if shown is not True:
                holders = [self.state.values] if field.table is None else self._typed(field.table)
                for values in holders:
                    values[field.key] = [] if field.kind.name == "table" else None
            return
        for stored, typed in self._rows(task):
            shown = self._any(rules, typed)
            self._see(cell_path(field.table, stored[ROW_ID_KEY], field.key), shown)
            if shown is not True:
                typed[field.key] = None

    def _typed(self, table: str) -> list[Row]:
        return self.state.rows[table]

    def _see(self, path: str, shown: bool | None) -> None:
        self.state.outcome.visible[path] = shown

    def _any(self, rules: Iterable[CompiledRule], row: Row | None) -> bool | None:
        """Three-valued or over the conditions of several rules."""
        result: bool | None = False
        for rule in rules:
            value = self._holds(rule.when, row)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    def _holds(self, expression: Expression | None, row: Row | None) -> Any:
        if expression is None:
            return True
        return expression.evaluate(self.state.environment(row))

    def _is_active(self, rule: CompiledRule) -> bool:
        return not rule.definition.at or self._step in rule.definition.at

    def _judge(self, task: Task) -> None:
        """`require`, `lock` and `check` of one rule, once or row by row."""
        rule = task.rules[0]
        if not self._is_active(rule):
            return
        if not rule.per_row:
            self._apply(rule, None, None)
            return
        for stored, typed in self._rows(task):
            self._apply(rule, typed, stored[ROW_ID_KEY])

    def _apply(self, rule: CompiledRule, row: Row | None, row_id: str | None) -> None:
        known, outcome = rule.definition, self.state.outcome
        holds = self._holds(rule.when, row)
        if holds is True:
            outcome.required.update(_at_row(path, row_id) for path in known.require)
        if holds is not False:
            outcome.locked.update(_at_row(path, row_id) for path in known.lock)
        if rule.check is None or holds is not True:
            return
        found = rule.check.explain(self.state.environment(row))
        path = _at_row(known.on, row_id) if known.on is not None else ""
        if found.problem is not None:
            field = self.state.form.definition.fields.get(known.on or "")
            if field is not None:
                self._not_computable(path, field, self._reason(found.problem, known.table))
        elif found.value is False:
            own = Message("%(text)s", {"text": known.message}) if known.message else None
            self.state.error(path, known.id, own or Message(CHECK_FAILED, {"rule": known.id}))


def _field(task: Task) -> FieldDefinition:
    assert task.field is not None, task.node
    return task.field


def _at_row(path: str, row_id: str | None) -> str:
    """A column at one row, everything else as it is."""
    table, key = split(path)
    return path if table is None or row_id is None else cell_path(table, row_id, key)


def _error_path(task: Task) -> str:
    if task.field is not None:
        return task.field.path
    return task.rules[0].definition.on or "" if task.rules else ""
