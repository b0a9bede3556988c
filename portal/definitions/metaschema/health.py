"""The meta-schema of the rules by which projects are judged."""

from portal.definitions.metaschema.shapes import (
    DECIMAL,
    KEY,
    PATH,
    Json,
    closed,
    list_of,
    map_of,
    naming,
    one_of,
    text,
    whole,
)
from portal.errors import N_

HEALTH = ("project",)
PAGES = ("schedule",)
STATES = ("submitted", "returned", "approved", "rejected", "withdrawn", "void")

_FIGURE: Json = {
    "type": "string",
    "pattern": "^[a-z][a-z0-9_]{0,40}(\\.[a-z][a-z0-9_]{0,40})?$",
    "description": N_("A figure of a center, or a count of this file."),
}


def health() -> Json:
    """The meta-schema of `<name>.health.json`, format 1."""
    count = closed(
        {
            "id": KEY,
            "label": text(60),
            "meaning": text(300),
            "form": naming("form"),
            "states": list_of(one_of(*STATES), minItems=1, uniqueItems=True),
            "where": map_of(KEY, {"type": "string", "minLength": 1, "maxLength": 80}),
            "older": closed({"field": KEY, "days": whole(0, 3650)}, "field", "days"),
        },
        *("id", "label", "meaning", "form", "states"),
    )
    act = closed(
        {
            "label": text(60),
            "form": naming("form"),
            "values": map_of(PATH, text(300)),
            "row": {"const": True},
            "page": one_of(*PAGES),
        },
        "label",
        minProperties=2,
    )
    rule = closed(
        {
            "id": KEY,
            "title": text(80),
            "figure": _FIGURE,
            "is": one_of("above", "below"),
            "amber": DECIMAL,
            "red": DECIMAL,
            "acts": list_of(act, maxItems=5),
        },
        *("id", "title", "figure", "is"),
        minProperties=5,
    )
    members = {
        "health": one_of(*HEALTH),
        "counts": list_of(count, maxItems=40),
        "rules": list_of(rule, minItems=1, maxItems=40),
    }
    return {
        "title": N_("Rules of health, format 1"),
        **closed(members, "health", "rules"),
    }
