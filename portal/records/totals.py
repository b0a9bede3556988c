"""What stands below the columns of a table on a record's page and sheet."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.forms.fields import FieldDefinition
from portal.forms.finishing import TOTALS
from portal.forms.kinds import Reader

Rows = Sequence[Mapping[str, Any]]


def totals(
    table: FieldDefinition, columns: Sequence[FieldDefinition], rows: Rows, reader: Reader
) -> list[str | None] | None:
    """The totals a table declares, column by column; None where it declares or holds nothing."""
    wanted = table.options.get("totals") or {}
    if not wanted or not rows:
        return None
    return [_shown(one, wanted[one.key], rows, reader) if one.key in wanted else None
            for one in columns]  # fmt: skip


def _shown(column: FieldDefinition, operation: str, rows: Rows, reader: Reader) -> str:
    total = total_of(column, operation, rows)
    return (
        str(total) if operation == "count" else column.kind.display(total, column.options, reader)
    )


def total_of(column: FieldDefinition, operation: str, rows: Rows) -> Any:
    """A column's total as its form wants it; None of nothing but for a sum and a count."""
    values = [
        column.kind.load(row[column.key], column.options)
        for row in rows
        if row.get(column.key) is not None
    ]
    if operation == "count":
        return len(values)
    if not values and operation != "sum":
        return None
    total = TOTALS[operation](values)
    return column.kind.coerce(total, column.options) if operation == "avg" else total
