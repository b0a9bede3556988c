"""What stands in a cell as the value of a field: read as if typed, names looked up."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from portal.accounts import queries as accounts
from portal.db import db
from portal.errors import N_, Message
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import KindError
from portal.records import aliases
from portal.records.entry import choosing
from portal.records.entry.entries import Entry
from portal.records.models import Record
from portal.records.telling import REFERENCES
from portal.records.transitions import APPROVED
from portal.spreadsheets.cells import Cell
from portal.spreadsheets.formula_guard import as_meant

NOT_FOUND = N_("“%(text)s” is not among what can be chosen here.")
SEVERAL = N_("“%(text)s” is the name of several; write the number or code.")
NO_NUMBER = N_("“%(text)s” is no value of this column.")
SHOWN = 60


class Names:
    """Finds what cells name: records, people, departments, projects. Each is looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], str] = {}
        self._records: dict[str, list[Any]] = {}

    def of(self, entry: Entry, one: FieldDefinition, text: str) -> str:
        """The key of what a text names in a field. Raises KindError."""
        place = (one.path, str(entry.project_id), text.casefold())
        if place not in self._known:
            self._known[place] = self._found(entry, one, text)
        return self._known[place]

    def _found(self, entry: Entry, one: FieldDefinition, text: str) -> str:
        wanted = text.casefold()
        if one.kind.name == "record":
            keys = self._among_records(entry, one, wanted)
            offered = choosing.choosable(entry, one, keys, entry.data, None) if keys else set()
            keys = offered if one.table is None else keys
        elif one.kind.name == "user":
            people = accounts.find_people(text, 20)
            keys = {p.id for p in people if wanted in (p.name.casefold(), p.login.casefold())}
        else:
            options = choosing.offered(entry, one, text=text)
            keys = {o.value for o in options if wanted in (o.text.casefold(), o.facts.casefold())}
        if len(keys) != 1:
            raise KindError(Message(SEVERAL if keys else NOT_FOUND, {"text": text[:SHOWN]}))
        return keys.pop()

    def _among_records(self, entry: Entry, one: FieldDefinition, wanted: str) -> set[str]:
        target = str(one.options["target"])
        if target not in self._records:
            statement = select(Record.id, Record.number, Record.subject, Record.data).where(
                Record.form == target,
                Record.state == APPROVED,
                or_(Record.project_id.is_(None), Record.project_id == entry.project_id),
            )
            self._records[target] = list(db.session.execute(statement))
        rows = self._records[target]
        exact = {row.id for row in rows if wanted in _codes(row)}
        return (
            exact
            or {row.id for row in rows if wanted in _names(row)}
            or self._former(target, wanted)
        )

    def _former(self, target: str, wanted: str) -> set[str]:
        """What stands for merged entries of this very name, code or number."""
        known = aliases.merged()
        if not known.into:
            return set()
        statement = select(Record.id, Record.number, Record.subject, Record.data).where(
            Record.id.in_(sorted(known.into)), Record.form == target
        )
        rows = db.session.execute(statement).all()
        return {known.stays(row.id) for row in rows if wanted in _codes(row) | _names(row)}


def _codes(row: Any) -> set[str]:
    code = str(row.data.get("code") or "").casefold()
    name = str(row.data.get("name") or row.subject or "").casefold()
    return {str(row.number or "").casefold(), code, f"{code} {name}" if code else ""} - {""}


def _names(row: Any) -> set[str]:
    return {str(row.subject or "").casefold(), str(row.data.get("name") or "").casefold()} - {""}


def stored(entry: Entry, one: FieldDefinition, cell: Cell, names: Names, language: str) -> Any:
    """The stored value of a cell. Raises KindError: nothing is guessed."""
    text = as_meant(cell.text.strip())
    if one.kind.name in REFERENCES:
        return names.of(entry, one, text)
    typed = one.kind.parse_list(_parts(one, text), one.options, language)
    if typed is None:
        raise KindError(Message(NO_NUMBER, {"text": text[:SHOWN]}))
    wrong = one.kind.check(typed, one.options)
    if wrong is not None:
        raise KindError(wrong)
    return one.kind.store(typed, one.options)


def _parts(one: FieldDefinition, text: str) -> list[str]:
    """Several choices stand in one cell, apart by commas or semicolons."""
    if not one.options.get("many"):
        return [text]
    for sign in "；;，、":
        text = text.replace(sign, ",")
    return [part.strip() for part in text.split(",") if part.strip()]


def same(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether an entry already says all that a row says."""
    return all(before.get(key) == value for key, value in after.items())
