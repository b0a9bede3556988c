"""From the JSON forms of conformance.json to types, scopes, values and environments."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.expressions import Environment, Scope, Type

TODAY = date(2026, 3, 1)
RATES = {"CNY": Decimal(1), "USD": Decimal(7), "project": Decimal(1)}
DECIMALS = {"decimal", "money", "quantity", "percent"}


def type_of(form: Mapping[str, Any]) -> Type:
    given = dict(form)
    for key in ("fields", "columns"):
        if key in given:
            given[key] = {name: type_of(inner) for name, inner in given[key].items()}
    given["choices"] = tuple(given.get("choices", ()))
    return Type(**given)


def value_of(form: Any, kind: Type) -> Any:
    """A typed value: decimal strings, ISO dates, rows and linked records are read."""
    if form is None:
        return None
    if kind.kind in DECIMALS:
        return Decimal(form)
    if kind.kind == "date":
        return date.fromisoformat(form)
    if kind.kind == "datetime":
        return datetime.fromisoformat(form)
    if kind.kind == "table":
        return [values_of(row, kind.columns or {}) for row in form]
    if isinstance(form, Mapping):
        return values_of(form, {"id": Type("text"), **(kind.fields or {})})
    return form


def values_of(form: Mapping[str, Any], kinds: Mapping[str, Type]) -> dict[str, Any]:
    return {key: value_of(value, kinds[key]) for key, value in form.items()}


def in_base(amount: Decimal, currency: str) -> Decimal | None:
    return amount * RATES[currency] if currency in RATES else None


HOST: Mapping[str, Callable[..., Any]] = {
    "today": lambda: TODAY,
    "in_base": in_base,
    "workdays": lambda start, end: (end - start).days * 5 // 7,
    "previous": lambda path: Decimal("7.00") if path == "total" else None,
    "lookup": lambda record, key: "lump" if (record, key) == ("c1", "type") else None,
}


def scope_of(names: Mapping[str, Type], *, inside: str | None = None) -> Scope:
    """The scope of the form, or of a row of one of its tables; all host functions are there."""
    row = names[inside].columns if inside else None
    parent = names if inside else None
    return Scope(names, row=row, parent=parent, functions=frozenset(HOST))


def environment(
    names: Mapping[str, Type], given: Mapping[str, Any], row: Mapping[str, Any] | None = None
) -> Environment:
    env = Environment(values_of(given, names), host=HOST)
    if row is None:
        return env
    return env.for_row(values_of(row, names["lines"].columns or {}))
