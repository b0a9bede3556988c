"""The shapes of `x-field`: one closed shape per field kind, taken from the kinds registry."""

from typing import Any

from portal import limits
from portal.definitions.metaschema.shapes import (
    DECIMAL,
    EXPRESSION,
    KEY,
    KEY_PATTERN,
    PATH,
    YES_NO,
    Json,
    by_member,
    closed,
    list_of,
    map_of,
    naming,
    one_of,
    ref,
    text,
    whole,
)
from portal.errors import N_
from portal.forms.kinds import Kind, kinds
from portal.forms.kinds.files import ACCEPTED
from portal.forms.kinds.numbers import SCALE_MOST
from portal.forms.kinds.table import AGGREGATES

STATES = ("submitted", "returned", "approved", "rejected", "withdrawn", "void")

CHOICES: Json = list_of(
    closed(
        {"value": {"type": "string", "minLength": 1, "maxLength": 60}, "label": text()},
        "value",
        "label",
    ),
    minItems=1,
    maxItems=limits.CHOICES,
)

CURRENCY: Json = {
    "type": "string",
    "pattern": f"^([A-Z]{{3}}|{KEY_PATTERN[1:-1]}(\\[\\]\\.[a-z][a-z0-9_]{{0,40}})?)$",
    "description": N_("A currency code such as CNY, the word project, or the field that holds it."),
}

_OTHER = naming("other_field", PATH)

_ROWS_FROM = closed(
    {
        "link": naming("field"),
        "table": naming("other_field"),
        "columns": map_of(KEY, KEY, minProperties=1),
        "fixed": YES_NO,
    },
    "link",
    "table",
    "columns",
)

_LEFT = closed({"of": naming("other_field"), "less": naming("field")}, "of", "less")

_OFFERS = closed(
    {
        "form": naming("form"),
        "value": naming("other_field", KEY),
        "on": naming("field", PATH),
        "only": YES_NO,
    },
    "form",
    "value",
)

_COMMON: dict[str, Json] = {
    "label": text(),
    "hint": text(1_000),
    "required": YES_NO,
    "read_only": YES_NO,
    "in_list": YES_NO,
    "in_filter": YES_NO,
    "on_hide": one_of("clear", "keep"),
    "default": {"type": ["string", "integer", "boolean", "array"]},
    "prefill": EXPRESSION,
    "unique": one_of("form", "project"),
}

_OWN: dict[str, Json] = {
    "scale": whole(0, SCALE_MOST),
    "min": DECIMAL,
    "max": DECIMAL,
    "private": YES_NO,
    "unit": {"type": "string", "minLength": 1, "maxLength": 90},
    "per": {"type": "string", "minLength": 1, "maxLength": 90},
    "currency": CURRENCY,
    "options": CHOICES,
    "many": YES_NO,
    "target": naming("form"),
    "filter": EXPRESSION,
    "left": _LEFT,
    "offers": _OFFERS,
    "fetch": map_of(PATH, _OTHER, minProperties=1),
    "form": naming("form"),
    "by": _OTHER,
    "columns": list_of(_OTHER, minItems=1, maxItems=12, uniqueItems=True),
    "op": one_of("sum", "count", "latest"),
    "field": _OTHER,
    "same": map_of(PATH, _OTHER, minProperties=1),
    "match": map_of(naming("field"), naming("other_field"), minProperties=1),
    "states": list_of(one_of(*STATES), minItems=1, uniqueItems=True),
    "informs": YES_NO,
    "totals": map_of(naming("column"), one_of(*sorted(AGGREGATES)), minProperties=1),
    "rows_from": _ROWS_FROM,
    "accept": list_of(one_of(*sorted(ACCEPTED)), minItems=1, uniqueItems=True),
    "max_files": whole(1, limits.FILES_PER_FIELD),
    "images": YES_NO,
}

_OF_KIND: dict[tuple[str, str], Json] = {
    ("text", "max"): whole(1, limits.TEXT_LENGTH),
    ("longtext", "max"): whole(1, limits.TEXT_LENGTH),
    ("table", "min"): whole(0, limits.TABLE_ROWS),
    ("table", "max"): whole(1, limits.TABLE_ROWS),
}

# Options of a field, which authors also write beside its x-field.
INSIDE = tuple(sorted({"kind", *_COMMON, *_OWN}))

# What other form builders call the kinds.
MEANT = {
    "string": "text", "str": "text", "textarea": "longtext", "integer": "number", "int": "number",
    "decimal": "number", "float": "number", "boolean": "yes_no", "bool": "yes_no",
    "checkbox": "yes_no", "select": "choice", "enum": "choice", "radio": "choice",
    "amount": "money", "currency": "money", "datetime": "date", "file": "attachment",
    "image": "attachment", "photo": "attachment", "person": "user", "link": "record",
    "reference": "record", "lines": "table", "array": "table", "percentage": "percent",
}  # fmt: skip

# What may be rolled up: simple stored values.
_ROLLED = ("money", "quantity", "number", "percent", "date", "text", "choice", "user", "record")

# Options that make a kind expand into each of its JSON types.
_SAMPLES: tuple[Json, ...] = ({}, {"scale": 2}, {"many": True}, {"op": "count"}, {"as": "text"})


def option_shape(kind: str, option: str) -> Json:
    """The shape of one option of a kind; KeyError if a kind has an option nobody described."""
    if option == "kind":
        return {"const": kind}
    if option == "as":
        return one_of(*(name for name in _ROLLED if name in kinds()))
    special = _OF_KIND.get((kind, option))
    return special or _COMMON.get(option) or _OWN[option]


def kind_shape(kind: Kind) -> Json:
    """The closed `x-field` of one kind."""
    members = {"kind", *kind.options}
    ordered = ["kind", *sorted(members - {"kind"})]
    shapes = {option: option_shape(kind.name, option) for option in ordered}
    return closed(shapes, "kind", *sorted(kind.needed_options))


def json_types(kind: Kind) -> frozenset[str]:
    """The JSON types values of this kind are stored as, whatever its options."""
    return frozenset(str(_expanded(kind, sample)["type"]) for sample in _SAMPLES)


def _expanded(kind: Kind, sample: Json) -> dict[str, Any]:
    wanted = {key: value for key, value in sample.items() if key in kind.own_options}
    return kind.expand(wanted)


def needs_pattern(kind: Kind) -> bool:
    """Whether texts of this kind are decimals, and a hand-written form must say their pattern."""
    return kind.index == "number" and "op" not in kind.own_options


def definitions() -> dict[str, Json]:
    """The `$defs` of all kinds: `x_<kind>`, and the choosers `x_field` and `x_column`."""
    found = {f"x_{kind.name}": kind_shape(kind) for kind in kinds().values()}
    fields = {kind.name: ref(f"x_{kind.name}") for kind in kinds().values()}
    columns = {k.name: ref(f"x_{k.name}") for k in kinds().values() if k.may_be_column}
    for name, known in (("x_field", fields), ("x_column", columns)):
        found[name] = by_member("kind", known)
        meant = {said: kind for said, kind in MEANT.items() if kind in known}
        found[name]["properties"]["kind"]["x-meant"] = meant
    return found
