"""Line tables: head, rows, cells and totals of one table, joined from their pieces."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.forms.fieldpaths import cell_path, column_path, control_name, split_cell
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import Reader
from portal.forms.rendering.faces import shown_kind
from portal.forms.rendering.look import Look
from portal.forms.rendering.parts import NOTHING, Html, Parts, join_all
from portal.forms.rendering.pieces import FormPieces
from portal.forms.rendering.values import (
    Values,
    control_values,
    offers_html,
    piece_for,
    shown_values,
    unit_of,
)
from portal.forms.rowids import held_row


def table_values(look: Look, pieces: FormPieces, table: FieldDefinition) -> Values:
    """Everything the macro of a table needs."""
    rows = list(look.data.get(table.key) or ())
    columns = look.columns(table.key)
    changeable = look.may_change_rows(table)
    values: Values = {
        "head": join_all(head(look, pieces, column) for column in columns),
        "rows": join_all(
            row_html(look, pieces, table, columns, row, number)
            for number, row in enumerate(rows, start=1)
        ),
        "count": count_text(len(rows)),
        "changeable": changeable,
        "required": look.is_required(table, table.path),
        "cell_errors": join_all(cell_errors(look, pieces, table)),
    }
    if table.options.get("totals"):
        values["foot"] = join_all(foot(look, pieces, column) for column in columns)
    own = pieces.fields[table.path]
    values["actions"] = own.item.join({}) if changeable and own.item else NOTHING
    error = look.errors.get(table.path)
    if error is not None:
        values["error"] = values["bad"] = error
    return values


def count_text(number: int) -> str:
    """How many rows there are."""
    return str(ngettext("%(num)d row", "%(num)d rows", number))


def head(look: Look, pieces: FormPieces, column: FieldDefinition, swap: bool = False) -> Html:
    """The head of a column."""
    parts = pieces.fields[column.path].head
    assert parts is not None
    return parts.join(
        {
            "whole": look.is_hidden_column(column),
            "required": column.is_writable and look.is_required(column, column.path),
            "unit": unit_of(look, column, {}),
            "offers": offers_html(look, pieces, column) if column.options.get("offers") else None,
            "swap": swap,
        }
    )


def foot(look: Look, pieces: FormPieces, column: FieldDefinition, swap: bool = False) -> Html:
    """The total of a column, or the empty cell below one without."""
    parts = pieces.fields[column.path].foot
    assert parts is not None
    return parts.join(
        {
            "whole": look.is_hidden_column(column),
            "total": total_text(look, column),
            "swap": swap,
        }
    )


def total_text(look: Look, column: FieldDefinition) -> str:
    """A column's total as its values are shown; a count as a plain number."""
    stored = look.outcome.totals.get(column.path)
    if stored is None:
        return ""
    totals = look.form.definition.fields[str(column.table)].options.get("totals") or {}
    if totals.get(column.key) == "count":
        return f"{int(Decimal(stored)):,}"
    typed = column.kind.recall(stored, column.options)
    text = column.kind.display(typed, column.options, Reader(look.language, look.name_of))
    return text.removesuffix("%") if shown_kind(column).name == "percent" else text


def row_html(
    look: Look,
    pieces: FormPieces,
    table: FieldDefinition,
    columns: list[FieldDefinition],
    row: Mapping[str, Any],
    number: int,
) -> Html:
    """One line of the table."""
    parts = pieces.fields[table.path].row
    assert parts is not None
    row_id = str(row["_id"])
    return parts.join(
        {
            "row": row_id,
            "held": _held(look, table, row_id),
            "number": number,
            "changeable": look.may_change_rows(table),
            "cells": join_all(cell(look, pieces, column, row, number) for column in columns),
            "bad": any(
                cell_path(table.key, row_id, column.key) in look.errors for column in columns
            )
            if look.errors
            else False,
        }
    )


def _held(look: Look, table: FieldDefinition, row_id: str) -> str:
    """How the page names a row that follows a linked record; nothing for other rows."""
    source = table.options.get("rows_from") or {}
    return held_row(str(look.data.get(source["link"]) or ""), row_id) if source else ""


def cell(
    look: Look,
    pieces: FormPieces,
    column: FieldDefinition,
    row: Mapping[str, Any],
    number: int,
    swap: bool = False,
    renew: bool = False,
) -> Html:
    """One cell in the state it has now; `renew` also where the page has it in the same state."""
    row_id = str(row["_id"])
    path = cell_path(str(column.table), row_id, column.key)
    state = look.state(column, path)
    values: Values = {}
    if state == "write":
        values = control_values(look, pieces, column, path, row)
    elif state == "read":
        values = shown_values(look, column, path, row)
    else:
        values["whole"] = look.is_hidden_column(column)
    values |= {"row": row_id, "number": number, "swap": swap, "renew": renew}
    parts: Parts = piece_for(pieces.fields[column.path], state)
    return parts.join(values)


def cell_output(
    look: Look, pieces: FormPieces, column: FieldDefinition, row: Mapping[str, Any]
) -> Html:
    """The text of a cell nobody types in, to be exchanged alone."""
    path = cell_path(str(column.table), str(row["_id"]), column.key)
    values = shown_values(look, column, path, row) | {"row": row["_id"], "swap": True}
    values.pop("unit", None)
    return pieces.fields[column.path].output.join(values)


def cell_errors(
    look: Look,
    pieces: FormPieces,
    table: FieldDefinition,
    among: Collection[str] | None = None,
) -> list[Html]:
    """The errors of the cells (those at the paths `among`), by row, with links to them."""
    if not look.errors:
        return []
    numbers = {
        str(row["_id"]): number
        for number, row in enumerate(look.data.get(table.key) or (), start=1)
    }
    found = []
    for path, sentence in look.errors.items():
        named, row_id, key = split_cell(path)
        if named != table.key or (among is not None and path not in among):
            continue
        number = numbers.get(row_id or "", 0)
        place, name = _place(look, table, path, key, number)
        found.append(
            (
                number,
                pieces.shared["cell_error"].join(
                    {"name": name, "target": f"c-{name}", "place": place, "error": sentence}
                ),
            )
        )
    return [html for _number, html in sorted(found, key=lambda one: one[0])]


def _place(look: Look, table: FieldDefinition, path: str, key: str, number: int) -> tuple[str, str]:
    """(what the place is called, the control's name) of a cell, or of a whole column."""
    column = look.form.definition.fields.get(column_path(table.key, key)) if key else None
    label = column.label.in_language(look.language) if column else ""
    if number and label:
        return _("Row %(number)s, %(label)s:", number=number, label=label), control_name(path)
    if number:
        return _("Row %(number)s:", number=number), control_name(path)
    return f"{label}{_(': ')}", f"{table.key}-{key}"
