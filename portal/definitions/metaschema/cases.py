"""The meta-schema of example cases: what is given, what must come out."""

from portal import limits
from portal.definitions.metaschema.shapes import (
    DAY,
    KEY,
    NAME,
    PATH,
    Json,
    closed,
    list_of,
    map_of,
    naming,
    one_of,
    text,
)
from portal.definitions.posting_columns import LEDGERS
from portal.errors import N_

_CELL = {
    "type": "string",
    "pattern": "^[a-z][a-z0-9_]{0,40}(\\[[A-Za-z0-9-]*\\](\\.[a-z][a-z0-9_]{0,40})?)?$",
    "x-names": "field",
    "description": N_("A field (total), a column (lines[].amount) or a cell (lines[0].amount)."),
}
_ANY: Json = {}
_OPEN: Json = {"type": "object"}

_FACTS = closed(
    {
        "today": DAY,
        "requester": NAME,
        "project": closed(
            {"id": NAME, "code": NAME, "name": text(200), "currency": {"type": "string"}},
            "code",
            "currency",
        ),
        "links": map_of(_CELL, _OPEN),
        "rollups": map_of(_CELL, _ANY),
        "number": {"type": "string", "maxLength": 60},
    }
)
_ERROR = closed({"path": {**_CELL, "pattern": "^(|" + str(_CELL["pattern"])[1:-1] + ")$"},
                 "rule": KEY, "code": KEY}, "path")  # fmt: skip
_POSTING = closed(
    {"on": KEY, "ledger": one_of(*LEDGERS), "set": map_of(KEY, _ANY, minProperties=1)},
    "on",
    "ledger",
    "set",
)

_CHANGE = closed(
    {"at": naming("block"), "fields": list_of(PATH, minItems=1, uniqueItems=True), "leads_to": KEY},
    "at",
    "fields",
    "leads_to",
)
CASE_MEMBERS: Json = {
    "name": {"type": ["string", "object"], **{k: v for k, v in text(200).items() if k != "type"}},
    "begins": {"const": True},
    "given": {**_OPEN, "propertyNames": {"x-names": "field"}},
    "facts": _FACTS,
    "expect": map_of(_CELL, _ANY),
    "errors": list_of(_ERROR),
    "route": list_of(naming("block")),
    "postings": list_of(_POSTING),
    "changes": list_of(_CHANGE),
}


def cases() -> Json:
    """The meta-schema of `<form>.cases.json`, format 1."""
    return {
        "title": N_("Example cases, format 1"),
        **closed(
            {
                "form": naming("own_form"),
                "cases": list_of(
                    closed(CASE_MEMBERS, "name", "given"), minItems=1, maxItems=limits.CASES
                ),
            },
            "form",
            "cases",
        ),
    }
