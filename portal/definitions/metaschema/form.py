"""The meta-schema of a form, short and full form of fields alike."""

from portal import limits
from portal.definitions.metaschema import fields
from portal.definitions.metaschema.cases import CASE_MEMBERS
from portal.definitions.metaschema.shapes import (
    EXPRESSION,
    KEY,
    LANGUAGES,
    PATH,
    YES_NO,
    Json,
    by_member,
    closed,
    list_of,
    map_of,
    one_of,
    ref,
    text,
    whole,
)
from portal.errors import N_
from portal.forms.kinds import kinds

_PLAIN = {"type": "string", "minLength": 1, "maxLength": 1_000}
_WORDS: Json = {
    "title": {"type": "string", "maxLength": 500},
    "description": {"type": "string", "maxLength": 1_000},
    "readOnly": YES_NO,
    "deprecated": YES_NO,
    "default": {"type": ["string", "integer", "boolean", "array"]},
    "examples": {"type": "array", "maxItems": 20},
}
_CONSTANT = closed(
    {"const": {"type": "string", "minLength": 1, "maxLength": 60}, "title": _PLAIN},
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
    "enum": list_of(_PLAIN, minItems=1, maxItems=limits.CHOICES, uniqueItems=True),
    "const": _PLAIN,
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
        shape["then"] = {"required": ["pattern"]}
    return shape


def _array(*, column: bool) -> Json:
    """A table (items are closed objects), or a list of constants or keys."""
    rows = {"if": {"properties": {"type": {"const": "string"}}, "required": ["type"]}}
    item = closed(
        {key: _STRING[key] for key in ("type", "oneOf", "enum", "maxLength", "pattern")}, "type"
    )
    items = item if column else {**rows, "then": item, "else": ref("rows")}
    shape = _written_out("array", {**_ARRAY, "items": items}, column=column)
    return {**shape, "required": ["type", "maxItems", "items"]}


def _short(*, column: bool) -> Json:
    """A field by its kind alone; a table has its columns beside it."""
    if column:
        plain: Json = closed({"x-field": ref("x_column")}, "x-field")
    else:
        is_table = {"properties": {"kind": {"const": "table"}}, "required": ["kind"]}
        plain = {
            "if": {"required": ["x-field"], "properties": {"x-field": is_table}},
            "then": closed({"x-field": ref("x_field"), "items": ref("rows")}, "x-field", "items"),
            "else": closed({"x-field": ref("x_field")}, "x-field"),
        }
    is_choice = {"properties": {"kind": {"const": "choice"}}, "required": ["kind"]}
    listed = {"properties": {"x-field": {"required": ["options"]}}}
    needs = {"if": {"required": ["x-field"], "properties": {"x-field": is_choice}}, "then": listed}
    return {"allOf": [plain, needs]}


def _node(*, column: bool) -> Json:
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


def _object(name: str, node: str, most: int) -> Json:
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


_RULE: Json = {
    **closed(
        {
            "id": KEY,
            "when": EXPRESSION,
            "at": list_of(KEY, minItems=1, uniqueItems=True),
            "show": list_of(PATH, minItems=1, uniqueItems=True),
            "require": list_of(PATH, minItems=1, uniqueItems=True),
            "lock": list_of(PATH, minItems=1, uniqueItems=True),
            "check": EXPRESSION,
            "message": text(),
            "on": PATH,
        },
        "id",
    ),
    "if": {"required": ["check"]},
    "then": {"required": ["message", "on"]},
    "else": {
        "properties": {"message": False, "on": False},
        "if": {"required": ["show"]},
        "else": {
            "if": {"required": ["require"]},
            "else": {
                "required": ["lock"],
                "description": N_("A rule shows, requires, locks or checks something."),
            },
        },
    },
}

_BLOCK = by_member(
    "type",
    {
        "section": closed(
            {
                "type": {"const": "section"},
                "title": text(),
                "columns": whole(1, 2),
                "fields": list_of(PATH, minItems=1, uniqueItems=True),
                "collapsed": YES_NO,
            },
            "type",
            "title",
            "fields",
        ),
        "note": closed({"type": {"const": "note"}, "text": text(2_000)}, "type", "text"),
    },
)

_PAIR = list_of(PATH, minItems=2, maxItems=2)
_STEP = closed(
    {
        "rename": _PAIR,
        "set_default": {"type": "array", "minItems": 2, "maxItems": 2},
        "retype": PATH,
        "drop": PATH,
    },
    minProperties=1,
    maxProperties=1,
)


def form() -> Json:
    """The meta-schema of `<form>.form.json`, format 1."""
    tests = closed({key: CASE_MEMBERS[key] for key in ("name", "given", "facts", "expect",
                                                       "errors")}, "name", "given")  # fmt: skip
    names = {"type": "string", "maxLength": 200}
    members: Json = {
        "form": KEY,
        "version": {"type": "integer", "minimum": 1},
        "title": text(),
        "scope": one_of("project", "company"),
        "numbering": {"type": "string", "minLength": 1, "maxLength": 60},
        "subject": PATH,
        "amount": PATH,
        "facts": list_of(PATH, minItems=1, maxItems=2, uniqueItems=True),
        "data": ref("data"),
        "computed": map_of(PATH, EXPRESSION),
        "rules": list_of(_RULE),
        "layout": list_of(_BLOCK, minItems=1),
        "list": closed(
            {
                "columns": list_of(PATH, minItems=1, maxItems=12, uniqueItems=True),
                "filters": list_of(PATH, minItems=1, maxItems=12, uniqueItems=True),
            }
        ),
        "migrations": list_of(
            closed(
                {"from": {"type": "integer", "minimum": 1}, "steps": list_of(_STEP, minItems=1)},
                "from",
                "steps",
            )
        ),
        "tests": list_of(tests),
        "texts": map_of(one_of(*LANGUAGES), map_of(names, _PLAIN)),
    }
    row_name = {**KEY, "pattern": "^(_id|[a-z][a-z0-9_]{0,40})$"}
    return {
        "title": N_("Form definition, format 1"),
        **closed(members, "form", "version", "title", "subject", "data", "layout"),
        "$defs": {
            "name": KEY,
            "row_name": row_name,
            "field": _node(column=False),
            "column": _node(column=True),
            "data": _object("name", "field", limits.FORM_FIELDS),
            "rows": _object("row_name", "column", 100),
            **fields.definitions(),
        },
    }
