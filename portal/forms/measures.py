"""In what a figure of a record is measured: the currency of an amount, the unit of a quantity."""

from collections.abc import Mapping
from typing import Any

from portal.forms.fieldpaths import split
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds.money import PROJECT
from portal.standards import is_currency_code

Json = Mapping[str, Any]


def currency_of(
    field: FieldDefinition,
    data: Json,
    *,
    project: Json | None = None,
    row: Json | None = None,
) -> str | None:
    """The code of the currency an amount is in, None while the field that says so is empty."""
    currency = str(field.options.get("currency", PROJECT))
    if currency == PROJECT:
        return (project or {}).get("currency")
    return currency if is_currency_code(currency) else _value(currency, data, row)


def unit_of(
    form: FormDefinition, field: FieldDefinition, data: Json, *, row: Json | None = None
) -> str | None:
    """The unit of a quantity or of a rate: the value of the field it names, or the literal."""
    unit = field.options.get("unit") or field.options.get("per")
    return _value(str(unit), data, row) if unit in form.fields else unit


def _value(path: str, data: Json, row: Json | None) -> str | None:
    table, key = split(path)
    holder = data if table is None else row or {}
    return holder.get(key)
