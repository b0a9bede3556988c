"""Records against their JSON Schema, in our own words.

`jsonschema_rs` judges where it is installed, `jsonschema` elsewhere (`judges`, `python_judge`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.errors import N_, FieldError, Message
from portal.forms.fieldpaths import cell_path
from portal.forms.judges import HAS_RUST, Fault, Judge, RustJudge
from portal.forms.kinds.table import ROW_ID_KEY

_MESSAGES = {
    "required": N_("This field is required."),
    "additionalProperties": N_("This form has no such field."),
    "type": N_("This value has the wrong form for the field."),
    "maxLength": N_("This text is too long."),
    "minLength": N_("This text is too short."),
    "minItems": N_("There are too few rows."),
    "maxItems": N_("There are too many entries."),
    "uniqueItems": N_("The same entry stands here twice."),
    "minimum": N_("This value is below the least allowed one."),
    "maximum": N_("This value is above the greatest allowed one."),
    "oneOf": N_("Choose one of the listed values."),
    "enum": N_("Choose one of the listed values."),
    "not": N_("This field does not apply here and must be empty."),
}
_OTHERWISE = N_("This value is not allowed here.")


def make_judge(schema: Mapping[str, Any]) -> Judge:
    """A validator to keep; raises SchemaError."""
    if HAS_RUST:
        return RustJudge(schema)
    from portal.forms.python_judge import PythonJudge

    return PythonJudge(schema)


def judge(validator: Judge, data: Mapping[str, Any]) -> list[FieldError]:
    """What a schema finds wrong with a record, in our words; paths name rows by their id."""
    try:
        if validator.is_valid(data):
            return []
        faults = list(validator.faults(data))
    except (RecursionError, UnicodeError, ValueError):  # nested too deep, or not text at all
        return [FieldError("", "schema", Message(_OTHERWISE))]
    worded = (error for fault in faults for error in _in_words(fault, data))
    return list({(error.path, error.code): error for error in worded}.values())


def _in_words(fault: Fault, data: Mapping[str, Any]) -> Iterator[FieldError]:
    message = Message(_MESSAGES.get(fault.keyword, _OTHERWISE))
    code = fault.keyword if fault.keyword in ("required", "minItems") else "schema"
    for name in fault.names or (None,):
        yield FieldError(_record_path(fault.path, name, data), code, message)


def _record_path(path: tuple[str | int, ...], name: str | None, data: Mapping[str, Any]) -> str:
    """`("lines", 0), "qty"` becomes `lines[<id of row 0>].qty`."""
    parts = [*path, *([] if name is None else [name])]
    if len(parts) < 3 or not isinstance(parts[1], int):
        return str(parts[0]) if parts else ""
    rows = data.get(str(parts[0]))
    row = rows[parts[1]] if isinstance(rows, list) and parts[1] < len(rows) else {}
    row_id = row.get(ROW_ID_KEY, parts[1]) if isinstance(row, Mapping) else parts[1]
    return cell_path(str(parts[0]), str(row_id), str(parts[2]))
