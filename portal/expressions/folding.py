"""What aggregates do with the values of the rows, nulls left out."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from portal.expressions.kinds import Type
from portal.expressions.running import CONTEXT

Fold = Callable[[Iterable[Any]], Any]


def nothing_of(kind: Type) -> Any:
    """The sum of no rows."""
    return 0 if kind.kind == "integer" else Decimal(0)


def fold_of(name: str, nothing: Any, item: Type) -> Fold:
    if name == "count":
        return _count_true if item.kind == "yes_no" else _count
    if name == "sum":
        return lambda values: sum(values, nothing)
    return FOLDS[name]


def _count(values: Iterable[Any]) -> int:
    return len(list(values))


def _count_true(values: Iterable[Any]) -> int:
    return sum(1 for value in values if value)


def _average(values: Iterable[Any]) -> Any:
    listed = list(values)
    return CONTEXT.divide(sum(listed, Decimal(0)), len(listed)) if listed else None


FOLDS: dict[str, Fold] = {
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "avg": _average,
    "any": any,
    "all": all,
}
