"""The meta-schema of a form, short and full form of fields alike."""

from portal import limits
from portal.definitions.metaschema import fields
from portal.definitions.metaschema.cases import CASE_MEMBERS
from portal.definitions.metaschema.nodes import PLAIN, node, object_of
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
    naming,
    one_of,
    only_with,
    ref,
    text,
    whole,
)
from portal.errors import N_

_OF_CHECK = only_with("check", N_("Only a check has a message and a field it stands at."))
_RULE: Json = {
    **closed(
        {
            "id": KEY,
            "when": EXPRESSION,
            "at": list_of(naming("block"), minItems=1, uniqueItems=True),
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
    "then": {
        "required": ["message", "on"],
        "description": N_("A check has a message, and “on”: the field the message stands at."),
    },
    "else": {
        "properties": {"message": _OF_CHECK, "on": _OF_CHECK},
        "if": {"required": ["show"]},
        "else": {
            "if": {"required": ["require"]},
            "else": {
                "required": ["lock"],
                "x-one-of": ["show", "require", "lock", "check"],
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
_PLACES = map_of(KEY, KEY, minProperties=1, maxProperties=100)
_STEP = closed(
    {
        "rename": _PAIR,
        "set_default": {"type": "array", "minItems": 2, "maxItems": 2},
        "retype": PATH,
        "drop": PATH,
        "split": closed(
            {
                "field": PATH,
                "by": {"type": "string", "minLength": 1, "maxLength": 20},
                "into": list_of(PATH, minItems=2, maxItems=10, uniqueItems=True),
            },
            "field",
            "by",
            "into",
        ),
        "set": {
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "items": EXPRESSION,
        },
        "into_table": closed({"table": KEY, "columns": _PLACES}, "table", "columns"),
        "out_of_table": closed({"table": KEY, "fields": _PLACES}, "table", "fields"),
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
        "closes": PATH,
        "retires": {"const": True},
        "duplicates": list_of(PATH, minItems=1, maxItems=6, uniqueItems=True),
        "freezes": closed(
            {
                "named_in": KEY,
                "through": naming("form"),
                "forms": map_of(
                    KEY,
                    closed(
                        {
                            "fields": list_of(KEY, minItems=1, uniqueItems=True),
                            "link": PATH,
                        },
                        "fields",
                        "link",
                    ),
                    minProperties=1,
                ),
            },
            "named_in",
            "through",
            "forms",
        ),
        "facts": list_of(PATH, minItems=1, maxItems=2, uniqueItems=True),
        "data": ref("data"),
        "computed": map_of(PATH, EXPRESSION, maxProperties=limits.FORM_FIELDS),
        "rules": list_of(_RULE, maxItems=limits.FORM_RULES),
        "layout": list_of(_BLOCK, minItems=1, maxItems=limits.FORM_BLOCKS),
        "list": closed(
            {
                "columns": list_of(PATH, minItems=1, maxItems=12, uniqueItems=True),
                "filters": list_of(PATH, minItems=1, maxItems=12, uniqueItems=True),
            }
        ),
        "migrations": list_of(
            closed(
                {
                    "from": {"type": "integer", "minimum": 1},
                    "was": map_of(PATH, ref("field"), maxProperties=limits.FORM_FIELDS),
                    "steps": list_of(_STEP, minItems=1),
                },
                "from",
                "steps",
            ),
            maxItems=limits.FORM_FIELDS,
        ),
        "tests": list_of(tests, maxItems=limits.CASES),
        "texts": map_of(one_of(*LANGUAGES), map_of(names, PLAIN)),
    }
    row_name = {**KEY, "pattern": "^(_id|[a-z][a-z0-9_]{0,40})$"}
    return {
        "title": N_("Form definition, format 1"),
        **closed(members, "form", "version", "title", "subject", "data", "layout"),
        "$defs": {
            "name": KEY,
            "row_name": row_name,
            "field": node(column=False),
            "column": node(column=True),
            "data": object_of("name", "field", limits.FORM_FIELDS),
            "rows": object_of("row_name", "column", 100),
            **fields.definitions(),
        },
    }
