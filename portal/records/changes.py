"""What differs between two versions of a record: field by field, row by row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.forms.fieldpaths import cell_path
from portal.forms.fields import FormDefinition

ROW_ID = "_id"


@dataclass(frozen=True, slots=True)
class Changed:
    """One changed value. `path` is the declared path (`lines[].qty`), `where` the exact place.

    `before` and `after` are stored values; for a row that came or went the whole row.
    `computed`: only the server writes it.
    """

    path: str
    where: str
    before: Any
    after: Any
    computed: bool = False

    @property
    def was_empty(self) -> bool:
        return self.before in (None, "", [])

    def to_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "where": self.where,
            "before": self.before,
            "after": self.after,
            "computed": self.computed,
        }


def changes_between(
    form: FormDefinition, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Changed]:
    """Every difference, in the order of the form."""
    found: list[Changed] = []
    for one in form.header:
        old, new = before.get(one.key), after.get(one.key)
        if old == new:
            continue
        if one.kind.name == "table":
            found.extend(_rows(form, one.key, old or [], new or []))
        else:
            found.append(Changed(one.path, one.path, old, new, one.is_derived))
    return found


def _rows(
    form: FormDefinition, table: str, before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> Iterator[Changed]:
    old = {row.get(ROW_ID): row for row in before}
    new = {row.get(ROW_ID): row for row in after}
    for row_id, row in old.items():
        if row_id not in new:
            yield Changed(table, f"{table}[{row_id}]", row, None)
    for row_id, row in new.items():
        if row_id not in old:
            yield Changed(table, f"{table}[{row_id}]", None, row)
            continue
        for column in form.columns[table]:
            was, is_now = old[row_id].get(column.key), row.get(column.key)
            if was != is_now:
                where = cell_path(table, str(row_id), column.key)
                yield Changed(column.path, where, was, is_now, column.is_derived)
