"""The meta-schema of the columns of a center's sheet."""

from portal.definitions.metaschema.shapes import (
    KEY,
    YES_NO,
    Json,
    by_presence,
    closed,
    list_of,
    map_of,
    naming,
    one_of,
    text,
)
from portal.definitions.posting_columns import BUCKETS
from portal.errors import N_

SHEETS = ("cost",)

_CODE: Json = {"type": "string", "minLength": 1, "maxLength": 40}
_KINDS = list_of(one_of(*BUCKETS), minItems=1, uniqueItems=True)
_COLUMNS = list_of(KEY, maxItems=20, uniqueItems=True)
_EVERY: Json = {
    "id": KEY,
    "label": text(60),
    "meaning": text(300),
    "show": one_of("always", "detail", "never"),
    "warns": YES_NO,
}
_NEEDED = ("id", "label", "meaning")
_FORMULA = closed({"plus": {**_COLUMNS, "minItems": 1}, "minus": _COLUMNS}, "plus")


def _column() -> Json:
    """A column is told by what it is made of: a sum, open commitments, a share or a formula."""
    cases = {
        "sum": {"sum": _KINDS, "contract": one_of("with", "without")},
        "open": {
            "open": closed(
                {"of": _KINDS, "less": _KINDS, "by": one_of("contract", "request")}, "of"
            )
        },
        "share": {"share": closed({"of": KEY, "in": KEY}, "of", "in")},
    }
    made = {name: closed({**_EVERY, **own}, *_NEEDED, name) for name, own in cases.items()}
    formula = {"formula": _FORMULA, "floor": YES_NO, "replaced_by": one_of("forecast_adj")}
    return by_presence(made, closed({**_EVERY, **formula}, *_NEEDED, "formula"))


def _control() -> Json:
    """What is held to which budget, and what happens beyond it."""
    stages = map_of(one_of(*BUCKETS), one_of("stop", "warn", "ignore"))
    rule = {
        "stages": {**stages, "minProperties": 1},
        "available": KEY,
        "level": {"type": "integer", "minimum": 0, "maximum": 9},
        "codes": list_of(_CODE, minItems=1, maxItems=100, uniqueItems=True),
        "horizon": one_of("whole", "to_period"),
    }
    members = {
        "available": KEY,
        "choices": list_of(KEY, maxItems=5, uniqueItems=True),
        "stages": stages,
        "rules": list_of(closed(rule, "stages"), maxItems=20),
        "undated": one_of("project", "whole"),
        "exception": naming("role"),
    }
    return closed(members, "available", "stages")


def sheet() -> Json:
    """The meta-schema of `<name>.sheet.json`, format 1."""
    members = {
        "sheet": one_of(*SHEETS),
        "columns": list_of(_column(), minItems=1, maxItems=60),
        "marks": closed(
            {"budget": KEY, "spent": KEY, "left": KEY, "forecast": KEY, "projected": KEY},
            "budget",
            "spent",
            "left",
        ),
        "headlines": {**_COLUMNS, "minItems": 1, "maxItems": 8},
        "control": _control(),
        "portfolio": {**_COLUMNS, "minItems": 1, "maxItems": 8},
    }
    return {
        "title": N_("Sheet of a center, format 1"),
        **closed(members, "sheet", "columns", "marks", "headlines"),
    }
