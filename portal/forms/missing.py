"""What is missing at submit, said of the fields people fill in.

A value the server works out is asked for only where what it is worked out from is there.
"""

from collections.abc import Collection, Iterator

from portal.errors import N_, FieldError, Message
from portal.forms.compiled import Task
from portal.forms.fieldpaths import cell_path, column_path, split, split_cell
from portal.forms.fields import FieldDefinition
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.state import Row, State

REQUIRED = N_("This field is required.")
TOO_FEW_ROWS = N_("At least %(least)s rows are needed.")
ONE_ROW = N_("Add at least one row.")

_Asked = tuple[FieldDefinition, FieldError]


def ask(state: State, refused: Collection[str]) -> frozenset[str]:
    """Say what is missing; returns the paths of which nobody need say it (again).

    Those are `refused`, of which the host has said something, and worked-out values whose inputs
    have errors of their own.
    """
    asked = [*_header(state), *_cells(state)]
    if not asked:
        return frozenset(refused)
    said = {error.path for error in state.outcome.errors} | set(refused)
    inputs = _Inputs(state, said | {error.path for _field, error in asked})
    quiet = set(refused)
    for field, error in asked:
        if error.path in said:
            continue
        if _is_worked_out(field) and inputs.are_at_fault(error.path):
            quiet.add(error.path)
        else:
            state.outcome.errors.append(error)
    return frozenset(quiet)


def _is_worked_out(field: FieldDefinition) -> bool:
    """Whether nobody writes it: not the value, or not the rows."""
    source = field.options.get("rows_from") or {}
    return field.is_derived or bool(source.get("fixed"))


class _Inputs:
    """What a value is worked out from, at any distance; `blamed` are the paths with an error.

    Circles are refused when a form is compiled, so the first of a chain always keeps its error.
    """

    def __init__(self, state: State, blamed: set[str]) -> None:
        self._state = state
        self._blamed = blamed
        self._tasks: dict[str, Task] = {task.node: task for task in state.form.tasks}
        self._known: dict[tuple[str, str | None], bool] = {}

    def are_at_fault(self, path: str) -> bool:
        """Whether an input of the value at this path is missing and has an error."""
        table, row_id, key = split_cell(path)
        return self._any(path if table is None else column_path(table, key), row_id)

    def _any(self, node: str, row_id: str | None) -> bool:
        known = self._known.get((node, row_id))
        if known is None:
            task = self._tasks.get(node)
            known = task is not None and (
                any(self._is_at_fault(read, None) for read in task.reads)
                or any(self._is_at_fault(read, row_id) for read in task.reads_row)
            )
            self._known[(node, row_id)] = known
        return known

    def _is_at_fault(self, node: str, row_id: str | None) -> bool:
        if node.endswith("?"):  # whether it is shown depends on other fields
            return self._any(node, row_id)
        table, key = split(node)
        if table is None:
            return self._lacks(self._state.data, key, node, node, None)
        return any(
            self._lacks(row, key, cell_path(table, row[ROW_ID_KEY], key), node, row[ROW_ID_KEY])
            for row in self._state.data.get(table) or ()
            if row_id is None or row[ROW_ID_KEY] == row_id
        )

    def _lacks(self, holder: Row, key: str, path: str, node: str, row_id: str | None) -> bool:
        if holder.get(key) not in (None, []):
            return False
        return path in self._blamed or self._any(node, row_id)


def _header(state: State) -> Iterator[_Asked]:
    for field in state.form.definition.header:
        if not field.kind.is_stored or not _is_asked(state, field):
            continue
        if field.kind.name == "table":
            yield from _rows(state, field)
        elif state.data.get(field.key) is None and _is_wanted(state, field, field.path):
            yield field, FieldError(field.path, "required", Message(REQUIRED))


def _cells(state: State) -> Iterator[_Asked]:
    for table, columns in state.form.definition.columns.items():
        if state.outcome.visibility(table) is not True:
            continue
        for field in columns:
            if not _is_asked(state, field):
                continue
            for row in state.data.get(table) or ():
                path = cell_path(table, row[ROW_ID_KEY], field.key)
                if row.get(field.key) is None and _is_wanted(state, field, path):
                    yield field, FieldError(path, "required", Message(REQUIRED))


def _is_asked(state: State, field: FieldDefinition) -> bool:
    """Nobody is asked for what they cannot write; what the server computes is asked of all."""
    access = state.facts.access
    if access is None or field.is_derived:
        return True
    return access.get(field.path) == "write"


def _is_wanted(state: State, field: FieldDefinition, path: str) -> bool:
    outcome = state.outcome
    wanted = (
        field.required
        or outcome.is_required(path)
        or not {path, field.path}.isdisjoint(state.facts.required)
    )
    return wanted and outcome.is_visible(path)


def _rows(state: State, table: FieldDefinition) -> Iterator[_Asked]:
    outcome = state.outcome
    if not outcome.is_visible(table.path):
        return
    rule = outcome.is_required(table.path) or table.path in state.facts.required
    least = max(table.options["min"], 1 if table.required or rule else 0)
    if len(state.data.get(table.key) or ()) < least:
        text = Message(ONE_ROW) if least == 1 else Message(TOO_FEW_ROWS, {"least": least})
        yield table, FieldError(table.path, "required", text)
