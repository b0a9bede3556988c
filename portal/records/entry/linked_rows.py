"""Fixed rows: they are the linked record's, and what is typed beside them is for that record alone.

Row ids repeat from one linked record to the next, so a page says of each row whose it is.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.errors import N_, FieldError, Message
from portal.forms.controls import Submission
from portal.forms.fieldpaths import column_path, split_control
from portal.forms.fields import FormDefinition
from portal.forms.rowids import held_row, is_held_of
from portal.forms.submission import Posted, parse_submission
from portal.forms.typed import has_own_cells
from portal.records.entry import choosing
from portal.records.entry.entries import Entry

OTHER_RECORD = N_(
    "“%(link)s” was changed, and with it these lines. What was typed for the former lines is left "
    "out."
)
LINES_GONE = N_("Some lines are no longer there. What was typed for them is left out.")

Cell = tuple[str, str, str]
Cells = Mapping[str, Cell]


@dataclass(slots=True)
class Laid:
    """A posted page and the values it is laid over, with the rows its links bring.

    `changed`: links that differ from the stored record. `left_out`: a sentence at each table where
    something typed belongs to rows that are not there now; `astray` those of them that the page
    still held as if they were.
    """

    base: Mapping[str, Any]
    posted: Posted
    changed: set[str] = field(default_factory=set)
    left_out: list[FieldError] = field(default_factory=list)
    astray: list[FieldError] = field(default_factory=list)


def fixed_tables(form: FormDefinition) -> dict[str, str]:
    """The tables whose rows follow a linked record: key → key of the link."""
    sources = {table.key: table.options.get("rows_from") or {} for table in form.tables}
    return {key: str(one["link"]) for key, one in sources.items() if one.get("fixed")}


def lay(entry: Entry, posted: Posted, locked: Collection[str]) -> Laid:
    """Bring in the rows of a link the page chose; take out what was typed for other rows."""
    form, tables = entry.definition, fixed_tables(entry.definition)
    laid = Laid(entry.data, posted)
    if not tables:
        return laid
    chosen = _chosen(entry, posted, set(tables.values()), locked)
    laid.changed, data = chosen.changed, dict(chosen.data)
    moved = {table for table, link in tables.items() if link in laid.changed}
    behind = {table for table in moved if has_own_cells(form, table, data.pop(table, None) or ())}
    cells = _cells(form, posted, tables)
    if moved or any(row not in _row_ids(data, table) for table, row, _key in cells.values()):
        laid.base = data = entry.evaluated(data).data
    strays = {
        name: cell
        for name, cell in cells.items()
        if cell[1] not in _row_ids(data, cell[0])
        or not _belongs(posted, cell[0], data.get(tables[cell[0]]), is_new=cell[0] in moved)
    }
    if strays:
        laid.posted = _without(posted, strays)
    typed = {strays[name][0] for name in strays if _is_typed(form, posted, name, strays[name])}
    laid.astray = [_sentence(form, one, tables[one], one in moved) for one in sorted(typed)]
    all_tables = sorted(typed | behind)
    laid.left_out = [_sentence(form, one, tables[one], one in moved) for one in all_tables]
    return laid


def held_rows(
    form: FormDefinition, posted: Posted, data: Mapping[str, Any]
) -> dict[str, list[str]]:
    """The rows of each fixed table that the page really holds.

    By id where they are those of the linked record, else under names no row has.
    """
    found = {}
    for table, link in fixed_tables(form).items():
        source = str(data.get(link) or "")
        names = {held_row(source, row): row for row in _row_ids(data, table)}
        found[table] = [names.get(one, one) for one in posted.getlist(f"_rows-{table}")]
    return found


def _chosen(entry: Entry, posted: Posted, links: set[str], locked: Collection[str]) -> Submission:
    """The entry's values under the links the page chose, as far as the viewer may choose them."""
    header = MultiDict((name, text) for name in sorted(links) for text in posted.getlist(name))
    chosen = parse_submission(entry.definition, header, entry.data, entry.access, locked)
    if chosen.changed:
        choosing.refuse_foreign(entry, chosen)
    return chosen


def _cells(form: FormDefinition, posted: Posted, tables: Iterable[str]) -> Cells:
    """The posted cells of these tables by name."""
    found = {}
    for name in posted.keys():  # noqa: SIM118 - a multidict yields its keys only when asked
        table, row, key = split_control(name)
        if table is None or row is None or table not in tables:
            continue
        if column_path(table, key) in form.fields:
            found[name] = (table, row, key)
    return found


def _row_ids(data: Mapping[str, Any], table: str) -> set[str]:
    return {str(row["_id"]) for row in data.get(table) or ()}


def _belongs(posted: Posted, table: str, source: Any, *, is_new: bool) -> bool:
    """Whether the page's rows are those of this linked record; `is_new` where it was just chosen.

    A page that holds no row, or does not say, can only mean the rows that were there before.
    """
    held = posted.getlist(f"_rows-{table}")
    return is_held_of(held, str(source)) if held else not is_new


def _is_typed(form: FormDefinition, posted: Posted, name: str, cell: Cell) -> bool:
    column = form.fields[column_path(cell[0], cell[2])]
    return column.is_writable and any(text.strip() for text in posted.getlist(name))


def _without(posted: Posted, names: Collection[str]) -> MultiDict[str, str]:
    return MultiDict(
        (name, text)
        for name in posted.keys()  # noqa: SIM118
        if name not in names
        for text in posted.getlist(name)
    )


def _sentence(form: FormDefinition, table: str, link: str, is_moved: bool) -> FieldError:
    text = OTHER_RECORD if is_moved else LINES_GONE
    return FieldError(table, "astray", Message(text, {"link": form.fields[link].label}))
