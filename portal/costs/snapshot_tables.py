"""Frozen cost sheets, and what moved between two, as tables for spreadsheets and prints."""

from portal.costs.snapshots import Difference, Json, rows_of
from portal.printing.tables import Head, Table
from portal.reports.workbook import Kind
from portal.web.filters import text_in
from portal.web.words import gettext as _


def _heads() -> list[Head]:
    return [Head(_("Code"), width=14), Head(_("Cost code"), width=32)]


def _title(column: Json) -> str:
    label = text_in(column["label"])
    return f"{label} %" if column["unit"] == "percent" else label


def frozen_table(body: Json) -> Table:
    """A sheet as it was frozen, one currency after the other, each with its total."""
    kinds: list[Kind] = ["money" if one["unit"] == "money" else "number" for one in body["columns"]]
    columns = zip(body["columns"], kinds, strict=True)
    heads = [
        *_heads(),
        Head(_("Currency"), width=10),
        *(Head(_title(one), kind) for one, kind in columns),
    ]
    keys = [one["id"] for one in body["columns"]]
    rows = [
        [
            row["code"],
            "  " * row["depth"] + (row["name"] if row["code"] else _("Total")),
            currency,
            *(row["values"].get(key) for key in keys),
        ]
        for currency, row in rows_of(body)
    ]
    return Table(_("Cost per cost code"), _("Cost sheet"), heads, rows)


def difference_table(found: Difference) -> Table:
    """What moved in one currency: of each column its change, then what it came to."""
    keys = [one["id"] for one in found.columns]
    heads = _heads()
    for one in found.columns:
        heads.append(Head(_("%(column)s, change", column=text_in(one["label"])), "money"))
        heads.append(Head(text_in(one["label"]), "money"))
    rows = [
        [
            row.code,
            "  " * row.depth + row.name,
            *(value for key in keys for value in (row.deltas[key].change, row.deltas[key].after)),
        ]
        for row in found.rows
    ]
    total = [value for key in keys for value in (found.total[key].change, found.total[key].after)]
    rows.append(["", _("Total"), *total])
    title = _("What moved, in %(currency)s", currency=found.currency)
    return Table(title, found.currency, heads, rows)
