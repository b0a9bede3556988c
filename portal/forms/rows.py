"""Posted rows of a line table, laid over the stored ones: by row id, never by position."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from portal.errors import N_, FieldError, Message
from portal.forms.access import FieldAccess, may_change_rows
from portal.forms.controls import PostedControls, Submission, take_value
from portal.forms.fieldpaths import ROW_ID, cell_path
from portal.forms.fields import FormDefinition
from portal.forms.generated import ATTRIBUTE, row_form_class
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.rowids import new_row_id

TOO_MANY_ROWS = N_("At most %(most)s rows are allowed; %(count)s were sent.")
ROWS_FIXED = N_("Rows cannot be added, removed or moved now. The stored rows were kept.")
NEW = "new"


@dataclass(slots=True)
class PostedTable:
    """What was posted of one table: the cells of each row, the order, rows to remove."""

    rows: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    order: list[str] | None = None
    removed: list[str] = field(default_factory=list)

    def add(self, row_id: str | None, key: str, texts: list[str]) -> bool:
        """Take one control; False if its row id, or one it lists, is none."""
        if row_id is not None:
            if not ROW_ID.match(row_id):
                return False
            self.rows.setdefault(row_id, {})[key] = texts
            return True
        ids = [text for text in texts if text]
        if not all(ROW_ID.match(one) for one in ids):
            return False
        if key == "order":
            self.order = list(dict.fromkeys(ids))
        else:
            self.removed = ids
        return True

    def ids(self, stored: list[str]) -> list[str]:
        """The rows there are afterwards, in order.

        With an order it is complete, and a stored row it leaves out is removed; without one the
        posted rows are changes to the stored ones.
        """
        first = stored if self.order is None else self.order
        removed = set(self.removed)
        return [one for one in dict.fromkeys([*first, *self.rows]) if one not in removed]


def take_table(
    taken: Submission,
    form: FormDefinition,
    table: str,
    posted: PostedTable,
    access: FieldAccess,
    locked: AbstractSet[str],
) -> None:
    """Lay the posted rows of a table over the stored ones, in `taken.data[table]`."""
    stored = {row[ROW_ID_KEY]: row for row in taken.data.get(table) or ()}
    ids = posted.ids(list(stored))
    most = form.fields[table].options["max"]
    if len(ids) > most:
        message = Message(TOO_MANY_ROWS, {"most": most, "count": len(ids)})
        taken.errors.append(FieldError(table, "rows", message))
        return
    if ids != list(stored):
        if may_change_rows(form, access, table) and table not in locked:
            taken.changed.add(table)
        else:
            taken.errors.append(FieldError(table, "locked", Message(ROWS_FIXED)))
            ids = list(stored)
    taken.data[table] = _rows(taken, form, table, posted, stored, ids, access, locked)


def _rows(
    taken: Submission,
    form: FormDefinition,
    table: str,
    posted: PostedTable,
    stored: Mapping[str, dict[str, Any]],
    ids: list[str],
    access: FieldAccess,
    locked: AbstractSet[str],
) -> list[dict[str, Any]]:
    """The rows with their cells; one bound form is processed again for every row."""
    row_form = row_form_class(form, table)()
    controls = row_form._fields
    columns = {column.key: column for column in form.columns[table]}
    rows = []
    for posted_id in ids:
        cells = posted.rows.get(posted_id)
        row = dict(stored.get(posted_id) or _new_row(taken, form, table, posted_id))
        if cells:
            row_form.process(formdata=PostedControls(cells))
            for key in cells:
                path = cell_path(table, row[ROW_ID_KEY], key)
                control = controls[ATTRIBUTE + key]
                take_value(taken, row, columns[key], path, control, access, locked)
        rows.append(row)
    return rows


def _new_row(taken: Submission, form: FormDefinition, table: str, posted_id: str) -> dict[str, Any]:
    """A row nobody stored yet: its id and the defaults of its columns."""
    defaults = {
        column.key: column.default
        for column in form.columns[table]
        if column.default is not None and column.is_writable
    }
    return {ROW_ID_KEY: _given_id(taken, posted_id), **defaults}


def _given_id(taken: Submission, posted_id: str) -> str:
    """A row the page made (`new1`) gets an id of the server; an unknown one keeps its own."""
    if not posted_id.startswith(NEW):
        return posted_id
    taken.new_rows[posted_id] = new_row_id()
    return taken.new_rows[posted_id]
