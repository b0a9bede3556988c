"""Records against their JSON Schema: the one module that knows a validation engine.

`jsonschema_rs` judges where it is installed, `jsonschema` elsewhere; both with remote references
off and kept validators. Engine messages quote what people typed, so only paths and keywords leave.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import jsonschema
import referencing

from portal.errors import N_, FieldError, Message
from portal.forms.canonical import canonical_json
from portal.forms.fieldpaths import cell_path
from portal.forms.kinds.table import ROW_ID_KEY

try:
    import jsonschema_rs
except ImportError:  # no wheel for this platform: the slower engine gives the same verdict
    HAS_RUST = False
else:
    HAS_RUST = True

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


class SchemaError(ValueError):
    """A schema no engine accepts (a pattern it cannot run, a reference)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a value is wrong and by which keyword; `names` are missing or unknown members."""

    path: tuple[str | int, ...]
    keyword: str
    names: tuple[str, ...] = ()


class Judge(Protocol):
    """A kept validator of one schema."""

    def is_valid(self, data: Any) -> bool:
        """The verdict alone, which is much cheaper than the reasons."""

    def faults(self, data: Any) -> Iterator[Fault]:
        """Every fault, without quoting any value."""


class RustJudge:
    """`jsonschema_rs`, with its linear-time patterns."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        try:
            self._validator = jsonschema_rs.validator_for(
                dict(schema),
                offline=True,
                validate_formats=True,
                pattern_options=jsonschema_rs.RegexOptions(),
            )
        except ValueError as error:
            raise SchemaError(type(error).__name__) from None

    def is_valid(self, data: Any) -> bool:
        return bool(self._validator.is_valid(data))

    def faults(self, data: Any) -> Iterator[Fault]:
        for error in self._validator.iter_errors(data):
            kind = error.kind
            names: Sequence[str] = ()
            if kind.name == "required":
                names = (getattr(kind, "property"),)  # noqa: B009 - by kind, which stubs do not know
            elif kind.name == "additionalProperties":
                names = getattr(kind, "unexpected")  # noqa: B009
            yield Fault(tuple(error.instance_path), kind.name, tuple(names))


class PythonJudge:
    """`jsonschema`, with the pattern and uniqueness keywords made safe."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        if _refers(schema):
            raise SchemaError("$ref")
        self._validator = _Validator(
            schema, registry=referencing.Registry(), format_checker=_Validator.FORMAT_CHECKER
        )

    def is_valid(self, data: Any) -> bool:
        return next(self._validator.iter_errors(data), None) is None

    def faults(self, data: Any) -> Iterator[Fault]:
        for error in self._validator.iter_errors(data):
            path, keyword = tuple(error.absolute_path), str(error.validator)
            names: tuple[str, ...] = ()
            if keyword == "required":
                names = tuple(one for one in error.validator_value if one not in error.instance)
            elif keyword == "additionalProperties":
                known = error.schema.get("properties", {})
                names = tuple(one for one in error.instance if one not in known)
            yield Fault(path, keyword, names)


def _refers(schema: Any) -> bool:
    """Whether a reference stands anywhere; the subset has none, and nothing follows one."""
    if isinstance(schema, Mapping):
        return "$ref" in schema or any(_refers(inner) for inner in schema.values())
    return isinstance(schema, list) and any(_refers(inner) for inner in schema)


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[Any]:
    """Python's `$` also matches before a final line break; the standard's does not."""
    if isinstance(value, str) and not re.search(re.sub(r"\$\Z", r"\\Z", pattern), value):
        yield jsonschema.ValidationError("pattern")


def _unique(_validator: Any, unique: bool, rows: Any, _schema: Any) -> Iterator[Any]:
    """By hash instead of comparing each with each."""
    if unique and isinstance(rows, list) and len({canonical_json(one) for one in rows}) < len(rows):
        yield jsonschema.ValidationError("uniqueItems")


_Validator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique}
)


def make_judge(schema: Mapping[str, Any]) -> Judge:
    """A validator to keep; raises SchemaError."""
    return RustJudge(schema) if HAS_RUST else PythonJudge(schema)


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
