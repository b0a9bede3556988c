"""Private fields: what few read in full does not come to light through a field that many read."""

from collections.abc import Iterator

from portal.definitions.checking.findings import Notes
from portal.definitions.json_source import Path
from portal.errors import N_
from portal.expressions import Expression
from portal.forms.compiled import CompiledForm, Task
from portal.forms.fieldpaths import column_path
from portal.forms.fields import FieldDefinition, FormDefinition

WOULD_SHOW = N_("“%(theirs)s” is private, but “%(mine)s” would show it.")
MAKE_PRIVATE = N_("Make this field private too.")
_TELLING = frozenset({"text", "longtext", "number", "quantity", "money", "percent"})
"""Kinds that would tell a private value itself; a choice or a yes made of it tells far less."""


def check_private(compiled: CompiledForm, notes: Notes) -> None:
    """Every field of a form that takes something over: fetched, copied with rows, or computed."""
    form = compiled.definition
    for field in form.fields.values():
        if field.fetched_from is not None:
            link, theirs = field.fetched_from
            _judge(notes, field, _there(compiled, link, theirs), _fetch_place(form, link, field))
        if field.options.get("rows_from"):
            _check_rows(compiled, field, notes)
    for task in compiled.tasks:
        if task.field is not None and task.expression is not None:
            for read in _reads(compiled, task, task.expression):
                _judge(notes, task.field, read, ("computed", task.field.path))


def _judge(
    notes: Notes, mine: FieldDefinition, theirs: FieldDefinition | None, place: Path
) -> None:
    if theirs is None or not theirs.options.get("private") or mine.options.get("private"):
        return
    if mine.kind.name in _TELLING:
        notes.add(place, WOULD_SHOW, MAKE_PRIVATE, mine=mine.path, theirs=theirs.path)


def _there(compiled: CompiledForm, link: str, path: str) -> FieldDefinition | None:
    """A field of the form a link leads to."""
    holder = compiled.definition.fields.get(link)
    target = compiled.linked.get(str(holder.options.get("target"))) if holder else None
    return target.fields.get(path) if target else None


def _fetch_place(form: FormDefinition, link: str, mine: FieldDefinition) -> Path:
    fetch = form.fields[link].options.get("fetch") or {}
    said = mine.path if mine.path in fetch else mine.key
    return (*form.fields[link].place, "x-field", "fetch", said)


def _check_rows(compiled: CompiledForm, table: FieldDefinition, notes: Notes) -> None:
    rows = table.options["rows_from"]
    for mine, theirs in (rows.get("columns") or {}).items():
        own = compiled.definition.fields.get(column_path(table.key, mine))
        there = _there(compiled, str(rows["link"]), column_path(str(rows["table"]), theirs))
        if own is not None:
            _judge(notes, own, there, (*table.place, "x-field", "rows_from", "columns", mine))


def _reads(
    compiled: CompiledForm, task: Task, expression: Expression
) -> Iterator[FieldDefinition | None]:
    """The fields an expression reads: of its own form, and behind its links."""
    fields = compiled.definition.fields
    for path in task.reads | task.reads_row:
        yield fields.get(path)
    for dependency in expression.dependencies:
        head, _dot, rest = dependency.removeprefix("parent.").partition(".")
        if head == "row" and task.table is not None:
            key, _dot, rest = rest.partition(".")
            head = column_path(task.table, key)
        elif head.endswith("[]"):
            key, _dot, rest = rest.partition(".")
            head = f"{head}.{key}"
        yield _there(compiled, head, rest) if rest else None
