"""Who may see and write which field: one pure function, asked by page, submit, API, print, list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from portal.forms.fields import FormDefinition

Access = Literal["none", "read", "write"]
FieldAccess = Mapping[str, Access]

_OPEN_STATES = frozenset({"draft", "returned"})


@dataclass(frozen=True, slots=True)
class StepFields:
    """`fields` of a workflow step: what its people may edit, may not see, and must fill in.

    A table's path stands for its columns as well.
    """

    edit: frozenset[str] = frozenset()
    hide: frozenset[str] = frozenset()
    require: frozenset[str] = frozenset()


def step_fields(value: Mapping[str, Any] | None) -> StepFields:
    """The `fields` member of a step; an absent one changes nothing and hides nothing."""
    given = value or {}
    return StepFields(*(frozenset(given.get(part) or ()) for part in ("edit", "hide", "require")))


def field_access(
    form: FormDefinition,
    *,
    state: str,
    is_requester: bool,
    step: StepFields | None = None,
    hidden: Sequence[StepFields] = (),
) -> FieldAccess:
    """What one person may do with each field of one record.

    `step` is the step the person decides now, if any; `hidden` are steps whose `hide` also binds
    the person (past seats). The requester writes while the record is a draft or returned; the
    people of a step write what it lets them edit; everybody else who may open the record reads.
    Every field of the form has an entry: what has none does not exist for the reader.
    """
    may_write_all = is_requester and state in _OPEN_STATES
    edit = step.edit if step is not None else frozenset()
    hide = frozenset().union(*(one.hide for one in (*hidden, *([step] if step else ()))))
    access: dict[str, Access] = {}
    for path, field in form.fields.items():
        names = {path} if field.table is None else {path, field.table}
        if names & hide and not may_write_all:
            access[path] = "none"
        elif field.is_writable and (may_write_all or names & edit):
            access[path] = "write"
        else:
            access[path] = "read"
    return access


def may_change_rows(form: FormDefinition, access: FieldAccess, table: str) -> bool:
    """Whether rows may be added and removed: the whole table is writable and its rows not fixed."""
    rows_from = form.fields[table].options.get("rows_from") or {}
    return access.get(table) == "write" and not rows_from.get("fixed")
