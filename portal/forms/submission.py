"""What a page posted, laid over the stored record: parsed by the kinds, judged by the rights.

Header fields go through the generated `wtforms.Form`, each row through the form of its table.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from portal.errors import N_, FieldError, Message
from portal.forms.access import FieldAccess
from portal.forms.controls import PostedControls, Submission, take_value
from portal.forms.fieldpaths import split_control
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.generated import ATTRIBUTE, form_class
from portal.forms.rows import PostedTable, take_table

__all__ = ["Posted", "Submission", "parse_submission"]

UNKNOWN_FIELD = N_("This form has no field “%(name)s”.")

_OWN_CONTROLS = frozenset({"csrf_token"})
_ROW_CONTROLS = frozenset({"order", "remove"})
_LONGEST_NAME = 60


class Posted(Protocol):
    """A multidict of form data."""

    def keys(self) -> Iterable[str]:
        """The names of the controls."""

    def getlist(self, name: str) -> list[str]:
        """The texts of one control."""


def parse_submission(
    form: FormDefinition,
    posted: Posted,
    base: Mapping[str, Any],
    access: FieldAccess,
    locked: Collection[str] = (),
) -> Submission:
    """Read a posted page over the stored record `base`.

    A control that is not posted leaves its field alone. Names beginning with `_` are the host's.
    `locked` are paths (a table, a column, one cell) whose stored value wins; see
    `evaluation.locked_paths`. Never raises for what a person or a hostile client sends.
    """
    taken, shut = Submission(dict(base)), frozenset(locked)
    header, tables = _sorted_controls(form, posted, access, taken)
    if header:
        controls = form_class(form)(formdata=header)._fields
        for key in header:
            known, control = form.fields[key], controls[ATTRIBUTE + key]
            take_value(taken, taken.data, known, key, control, access, shut)
    for table, part in tables.items():
        take_table(taken, form, table, part, access, shut)
    return taken


def _sorted_controls(
    form: FormDefinition, posted: Posted, access: FieldAccess, taken: Submission
) -> tuple[PostedControls, dict[str, PostedTable]]:
    """Header controls and those of each table; what fits nowhere becomes a problem."""
    header = PostedControls()
    tables: dict[str, PostedTable] = {}
    for name in posted.keys():  # noqa: SIM118 - a multidict yields its keys only when asked
        if name.startswith("_") or name in _OWN_CONTROLS:
            continue
        table, row_id, key = split_control(name)
        path = key if table is None else f"{table}[].{key}"
        is_row_control = table is not None and row_id is None and key in _ROW_CONTROLS
        known = form.fields.get(table if is_row_control and table else path)
        if (
            known is None
            or not _is_posted_kind(known, is_row_control)
            or not _may_see(known, access)
        ):
            taken.problems.append(no_such_field(name))
        elif table is None:
            header[key] = posted.getlist(name)
        elif not tables.setdefault(table, PostedTable()).add(row_id, key, posted.getlist(name)):
            taken.problems.append(no_such_field(name))
    return header, tables


def _is_posted_kind(known: FieldDefinition, is_row_control: bool) -> bool:
    return (known.kind.name == "table") == is_row_control and known.kind.is_stored


def _may_see(known: FieldDefinition, access: FieldAccess) -> bool:
    return access.get(known.path, "none") != "none" and (
        known.table is None or access.get(known.table, "none") != "none"
    )


def no_such_field(name: str) -> FieldError:
    """The error for a control the form does not have, or not for this person."""
    shown = "".join(c if c.isprintable() else "?" for c in name[:_LONGEST_NAME])
    return FieldError(shown, "unknown", Message(UNKNOWN_FIELD, {"name": shown}))
