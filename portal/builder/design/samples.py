"""Plausible values for examples that lack what a form requires; pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portal.builder import splicing
from portal.builder.design.examples import lacking
from portal.builder.design.form import Design, Field
from portal.builder.design.options import as_value
from portal.errors import Invalid

_TYPED: Mapping[str, str] = {
    "text": "Example",
    "longtext": "Example",
    "number": "1",
    "quantity": "1",
    "money": "100.00",
    "percent": "5",
    "date": "2026-03-02",
    "yes_no": "no",
}
_REFERENCES: Mapping[str, str] = {
    "user": "somebody",
    "department": "D1",
    "project": "P1",
    "record": "r1",
}


def lacking_samples(text: str, design: Design) -> int:
    """How many required values the examples of a form lack, of those that can be made up."""
    return sum(len(lacking(text, one)) for one in _required(design))


def with_samples(text: str, design: Design) -> str:
    """The examples with a plausible value for everything required that they lack.

    A table gets one row. What cannot be made up (files) is left out.
    """
    for one in _required(design):
        value = _sample(one)
        for place in lacking(text, one):
            text = splicing.insert_member(text, place, one.key, value)
    return text


def _required(design: Design) -> list[Field]:
    """What somebody has to fill in, tables before their columns."""
    wanted = [one for one in design.fields.values() if one.is_required and _sample(one) is not None]
    return sorted(wanted, key=lambda one: bool(one.table))


def _sample(field: Field) -> Any:
    """A value of a field, None where none can be made up."""
    if field.computed or field.options.get("read_only"):
        return None
    if field.kind in _REFERENCES:
        return _REFERENCES[field.kind]
    if field.kind == "choice":
        values = [one.get("value") for one in field.options.get("options", ())]
        found = values[:1] if field.options.get("many") else next(iter(values), None)
        return found or None
    if field.kind == "table":
        row = {one.key: _sample(one) for one in field.columns if one.is_required}
        return [{key: value for key, value in row.items() if value is not None}]
    if field.kind not in _TYPED:
        return None
    try:
        return as_value(field.kind, _within(field), field.options)
    except Invalid:
        return None


def _within(field: Field) -> str:
    """The usual sample, or the least the field allows where that is more."""
    least, usual = field.options.get("min"), _TYPED[field.kind]
    if field.kind in ("number", "quantity", "money", "percent") and least is not None:
        return str(least) if Decimal(str(least)) > Decimal(_TYPED[field.kind]) else usual
    return usual
