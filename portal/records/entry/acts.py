"""The small acts of a page beyond typing: add, remove and move rows, take a file off, look up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.forms.access import may_change_rows
from portal.forms.controls import Submission
from portal.forms.rowids import new_row_id
from portal.records.entry.entries import Entry

_MOST_AT_ONCE = 500
ACTS = ("_add", "_remove", "_up", "_detach", "_find", "_upload")


@dataclass(frozen=True, slots=True)
class Act:
    """What was asked for; `anchor` is where the page should stand afterwards."""

    name: str
    value: str
    anchor: str = ""


def act_of(hidden: Mapping[str, str]) -> Act | None:
    """The act whose button was pressed."""
    return next((Act(name, hidden[name]) for name in ACTS if hidden.get(name)), None)


def carry_out(act: Act, entry: Entry, taken: Submission, count: int = 1) -> str:
    """Do it to what was posted; answers the id of the element to look at afterwards."""
    name, _mark, key = act.value.partition(":")
    field = entry.definition.fields.get(name)
    if act.name == "_find":
        return f"w-{act.value}"
    if field is None:
        return ""
    if act.name == "_detach":
        kept = [one for one in taken.data.get(name) or () if one != key]
        if entry.access.get(name) == "write" and field.kind.name == "attachment":
            taken.data[name] = kept
            taken.changed.add(name)
        return f"w-{name}"
    if field.kind.name != "table" or not may_change_rows(entry.definition, entry.access, name):
        return ""
    return _rows(act.name, entry, taken, name, key, count)


def _rows(name: str, entry: Entry, taken: Submission, table: str, key: str, count: int) -> str:
    rows: list[dict[str, Any]] = list(taken.data.get(table) or ())
    place = next((n for n, row in enumerate(rows) if row["_id"] == key), None)
    anchor = f"w-{table}"
    if name == "_add":
        most = entry.definition.fields[table].options["max"] - len(rows)
        added = [_blank(entry, table) for _ in range(min(max(1, count), most, _MOST_AT_ONCE))]
        rows += added
        anchor = f"r-{table}-{added[0]['_id']}" if added else anchor
    elif place is not None and name == "_remove":
        rows.pop(place)
    elif place and name == "_up":
        rows.insert(place - 1, rows.pop(place))
        anchor = f"r-{table}-{key}"
    taken.data[table] = rows
    taken.changed.add(table)
    return anchor


def _blank(entry: Entry, table: str) -> dict[str, Any]:
    defaults = {
        one.key: one.default
        for one in entry.definition.columns[table]
        if one.default is not None and one.is_writable
    }
    return {"_id": new_row_id(), **defaults}
