"""Small pieces the meta-schemas are made of, written as 2020-12 and told apart by if/then only."""

from collections.abc import Mapping
from typing import Any

from portal import limits
from portal.errors import N_

Json = dict[str, Any]

LANGUAGES = ("en", "zh")

KEY_PATTERN = "^[a-z][a-z0-9_]{0,40}$"
PATH_PATTERN = "^[a-z][a-z0-9_]{0,40}(\\[\\]\\.[a-z][a-z0-9_]{0,40})?$"
NAME_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._@-]{0,79}$"

KEY: Json = {
    "type": "string",
    "pattern": KEY_PATTERN,
    "description": N_("A key: small letters, digits and _, starting with a letter."),
}
PATH: Json = {
    "type": "string",
    "pattern": PATH_PATTERN,
    "x-names": "field",
    "description": N_("A field: total, or a column of a table: lines[].amount."),
}
NAME: Json = {
    "type": "string",
    "pattern": NAME_PATTERN,
    "description": N_("A login or a code."),
}
EXPRESSION: Json = {
    "type": "string",
    "minLength": 1,
    "maxLength": limits.EXPRESSION_LENGTH,
    "x-names": "expression",
}
YES_NO: Json = {"type": "boolean"}
DECIMAL: Json = {
    "type": ["integer", "string"],
    "pattern": "^-?[0-9]{1,14}(\\.[0-9]{1,6})?$",
    "description": N_('A whole number, or a decimal number as text: "0.50".'),
}
DAY: Json = {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "description": N_("A day: 2026-03-01."),
}


def naming(what: str, shape: Json = KEY) -> Json:
    """A shape whose text names something: `x-names` tells editors what to offer."""
    return {**shape, "x-names": what}


def text(most: int = 500) -> Json:
    """A *text*: a string, or one string per language."""
    one = {"type": "string", "minLength": 1, "maxLength": most}
    return {
        "type": ["string", "object"],
        "minLength": 1,
        "maxLength": most,
        "minProperties": 1,
        "additionalProperties": False,
        "properties": dict.fromkeys(LANGUAGES, one),
    }


def closed(properties: Mapping[str, Any], *required: str, **more: Any) -> Json:
    """An object of exactly these members."""
    shape: Json = {"type": "object", "additionalProperties": False}
    if required:
        shape["required"] = list(required)
    return {**shape, "properties": dict(properties), **more}


def only_with(member: str, advice: str) -> Json:
    """The shape of a member that may not be there, because the one it goes with is not."""
    return {"not": {}, "x-goes-with": member, "description": advice}


def map_of(names: Mapping[str, Any], values: Mapping[str, Any], **more: Any) -> Json:
    """An object whose member names and values have these shapes."""
    return {
        "type": "object",
        "propertyNames": dict(names),
        "additionalProperties": dict(values),
        **more,
    }


def list_of(items: Mapping[str, Any], **more: Any) -> Json:
    """An array of one shape."""
    return {"type": "array", "items": dict(items), **more}


def one_of(*words: str) -> Json:
    """One of these words."""
    return {"type": "string", "enum": list(words)}


def whole(least: int, most: int) -> Json:
    """A whole number within bounds."""
    return {"type": "integer", "minimum": least, "maximum": most}


def ref(name: str) -> Json:
    """A piece of the same file."""
    return {"$ref": f"#/$defs/{name}"}


def by_member(member: str, cases: Mapping[str, Json], **more: Any) -> Json:
    """An object told apart by the word in one member; each case is a whole closed shape."""
    return {
        "type": "object",
        "required": [member],
        "properties": {member: {"enum": list(cases)}},
        "allOf": [
            {
                "if": {"required": [member], "properties": {member: {"const": word}}},
                "then": shape,
            }
            for word, shape in cases.items()
        ],
        **more,
    }


def by_presence(cases: Mapping[str, Json], otherwise: Json) -> Json:
    """An object told apart by which member it has; the first one present decides."""
    shape = otherwise
    for member, case in reversed(list(cases.items())):
        shape = {"if": {"required": [member]}, "then": case, "else": shape}
    return {"type": "object", **shape}


def word_or_object(words: list[str], members: Mapping[str, Any], *required: str) -> Json:
    """A word of a list, or a closed object."""
    return {
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": {"enum": words},
        "else": closed(members, *required),
    }
