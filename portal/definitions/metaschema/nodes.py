"""The closed subset of JSON Schema fields are written in: in full, or by their kind alone."""

from portal import limits
from portal.definitions.metaschema import fields
from portal.definitions.metaschema.shapes import (
    YES_NO,
    Json,
    by_member,
    closed,
    list_of,
    map_of,
    one_of,
    ref,
    whole,
)
from portal.errors import N_
from portal.forms.kinds import kinds

PLAIN = {"type": "string", "minLength": 1, "maxLength": 1_000}
_WORDS: Json = {
    "title": {"type": "string", "maxLength": 500},
    "description": {"type": "string", "maxLength": 1_000},
    "readOnly": YES_NO,
    "deprecated": YES_NO,
    "default": {"type": ["string", "integer", "boolean", "array"]},
    "examples": {"type": "array", "maxItems": 20},
}
_INSIDE: Json = {
    "x-inside": list(fields.INSIDE),
    "description": N_("A field says what it is in its “x-field”: {“kind”: …, “label”: …}."),
}
_COLUMNS = N_("A table names its columns beside its x-field: “items”: {“properties”: {…}}.")
_SHORTER = N_("Write it, or write the field by its x-field alone: the rest then follows from it.")
_CONSTANT = closed(
    {"const": {"type": "string", "minLength": 1, "maxLength": 60}, "title": PLAIN},
    "const",
    "title",
)
_STRING: Json = {
    **_WORDS,
    "type": {"const": "string"},
    "minLength": whole(0, limits.TEXT_LENGTH),
    "maxLength": whole(1, limits.TEXT_LENGTH),
    "pattern": {"type": "string", "minLength": 1, "maxLength": limits.PATTERN_LENGTH},
    "format": one_of("date", "date-time", "time", "email", "uri", "uuid"),
    "oneOf": list_of(_CONSTANT, minItems=1, maxItems=limits.CHOICES),
    "enum": list_of(PLAIN, minItems=1, maxItems=limits.CHOICES, uniqueItems=True),
    "const": PLAIN,
}
_INTEGER: Json = {
    **_WORDS,
    "type": {"const": "integer"},
    "minimum": {"type": "integer"},
    "maximum": {"type": "integer"},
}
_BOOLEAN: Json = {**_WORDS, "type": {"const": "boolean"}}
_ARRAY: Json = {
    **_WORDS,
    "type": {"const": "array"},
    "minItems": whole(0, limits.TABLE_ROWS),
    "maxItems": whole(0, limits.TABLE_ROWS),
    "uniqueItems": YES_NO,
}


def _names(json_type: str, *, column: bool) -> list[str]:
    return [
        kind.name
        for kind in kinds().values()
        if json_type in fields.json_types(kind) and (kind.may_be_column or not column)
    ]


def _written_out(json_type: str, members: Json, *, column: bool) -> Json:
    """A field in full form; its `x-field`, if any, is of a kind stored as this JSON type."""
    chooser = "x_column" if column else "x_field"
    names = _names(json_type, column=column)
    of_type = {"properties": {"kind": {"enum": names}}}
    shape = closed({**members, "x-field": {"allOf": [of_type, ref(chooser)]}}, "type")
    decimals = [kind.name for kind in kinds().values() if fields.needs_pattern(kind)]
    if json_type == "string":
        is_decimal = {"properties": {"kind": {"enum": decimals}}, "required": ["kind"]}
        shape["if"] = {"required": ["x-field"], "properties": {"x-field": is_decimal}}
        shape["then"] = {"required": ["pattern"], "description": _SHORTER}
    return shape


def _array(*, column: bool) -> Json:
    """A table (items are closed objects), or a list of constants or keys."""
    rows = {"if": {"properties": {"type": {"const": "string"}}, "required": ["type"]}}
    item = closed(
        {key: _STRING[key] for key in ("type", "oneOf", "enum", "maxLength", "pattern")}, "type"
    )
    items = item if column else {**rows, "then": item, "else": ref("rows")}
    shape = _written_out("array", {**_ARRAY, "items": items}, column=column)
    return {**shape, "required": ["type", "maxItems", "items"], "description": _SHORTER}


def _short(*, column: bool) -> Json:
    """A field by its kind alone; a table has its columns beside it."""
    if column:
        plain: Json = closed({"x-field": ref("x_column")}, "x-field", **_INSIDE)
    else:
        is_table = {"properties": {"kind": {"const": "table"}}, "required": ["kind"]}
        plain = {
            "if": {"required": ["x-field"], "properties": {"x-field": is_table}},
            "then": closed(
                {"x-field": ref("x_field"), "items": ref("rows")},
                "x-field",
                "items",
                **{"x-inside": list(fields.INSIDE), "description": _COLUMNS},
            ),
            "else": closed({"x-field": ref("x_field")}, "x-field", **_INSIDE),
        }
    is_choice = {"properties": {"kind": {"const": "choice"}}, "required": ["kind"]}
    listed = {"properties": {"x-field": {"required": ["options"]}}}
    needs = {"if": {"required": ["x-field"], "properties": {"x-field": is_choice}}, "then": listed}
    return {"allOf": [plain, needs]}


def node(*, column: bool) -> Json:
    cases = {
        "string": _written_out("string", _STRING, column=column),
        "integer": _written_out("integer", _INTEGER, column=column),
        "boolean": _written_out("boolean", _BOOLEAN, column=column),
        "array": _array(column=column),
    }
    full = by_member("type", cases)
    return {
        "type": "object",
        "if": {"required": ["type"]},
        "then": full,
        "else": _short(column=column),
    }


def object_of(name: str, node: str, most: int) -> Json:
    """An object of fields; written out in full it must be closed."""
    members: Json = {
        "title": _WORDS["title"],
        "description": _WORDS["description"],
        "type": {"const": "object"},
        "additionalProperties": {"const": False},
        "required": list_of({"type": "string"}, uniqueItems=True),
        "properties": map_of(ref(name), ref(node), minProperties=1, maxProperties=most),
    }
    return {
        **closed(members, "properties"),
        "if": {"required": ["type"]},
        "then": {"required": ["type", "additionalProperties", "properties"]},
    }
