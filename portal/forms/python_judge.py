"""`jsonschema` as the judge of records: where `jsonschema_rs` is absent, and as a second opinion.

A module of its own, because loading the engine costs more time than everything else together.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import referencing

from portal.forms.canonical import canonical_json
from portal.forms.judges import Fault, SchemaError


class PythonJudge:
    """`jsonschema`, with the pattern and uniqueness keywords made safe."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        if _refers(schema):
            raise SchemaError("$ref")
        self._validator = Validator(
            schema, registry=referencing.Registry(), format_checker=Validator.FORMAT_CHECKER
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


# 2020-12 with the keywords made safe; records and definitions are judged by it alike.
Validator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique}
)
