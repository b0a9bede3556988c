"""Values of an example, from the cells of a sheet; pure."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.builder.sheets.fields import Wanted
from portal.builder.sheets.values import day_of, number_of, truth_of
from portal.spreadsheets.cells import Cell


def example_row(fields: Iterable[Wanted], at: int) -> dict[str, Any]:
    """The values of a row; one that is required and has none gets a plain one."""
    made = {}
    for one in fields:
        cell = one.column.cells[at] if at < len(one.column.cells) else None
        value = None if cell is None else example_value(one, cell)
        if value is None and one.is_required:
            value = neutral(one)
        if value is not None:
            made[one.key] = value
    return made


def example_value(one: Wanted, cell: Cell) -> Any:
    """The value of a cell as a record stores it; None where it does not fit the kind."""
    if one.kind in ("number", "money", "percent"):
        number = number_of(cell)
        return None if number is None else _stored(number.value, one)
    if one.kind == "date":
        return day_of(cell)
    if one.kind == "yes_no":
        return truth_of(cell)
    if one.kind == "choice":
        return next((key for key, text in one.choices.items() if text == cell.text), None)
    text = cell.text if one.kind == "longtext" else " ".join(cell.text.split())
    return text[:200].strip() or None


def neutral(one: Wanted) -> Any:
    """A plain value of the field's kind."""
    if one.kind in ("number", "money", "percent"):
        return _stored(Decimal(0), one)
    if one.kind == "choice":
        return next(iter(one.choices))
    return {"date": "2026-01-01", "yes_no": False}.get(one.kind, "Example")


def _stored(number: Decimal, one: Wanted) -> Any:
    fitted = number.quantize(Decimal(1).scaleb(-one.scale), ROUND_HALF_UP)
    if one.kind == "number" and one.scale == 0:
        return int(fitted)
    return format(fitted if fitted else abs(fitted), "f")
