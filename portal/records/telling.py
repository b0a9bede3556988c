"""What tells records of one form apart beside their titles: the facts their form names."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import select

from portal.db import db
from portal.forms.fields import FormDefinition
from portal.forms.kinds import KindError, Reader
from portal.records import names
from portal.records.models import Record

REFERENCES: Final = frozenset({"user", "department", "project", "record"})
_MOST: Final = 2


def facts_of(row: Any, target: FormDefinition | None, language: str) -> str:
    """The facts of a record (its number, subject and data are asked for), in one line."""
    text = row.subject or row.number or "–"
    facts = [row.number] if row.number and row.number != text else []
    if target is not None and target.facts:
        shown = [one for path in target.facts if (one := _fact(target, path, row.data, language))]
        facts = [one for one in shown if one != text] or facts
    return " · ".join(facts[:_MOST])


def facts_by_key(
    keys: Iterable[str], target: FormDefinition | None, language: str
) -> Mapping[str, str]:
    """The facts of records by key, as far as the viewer may see the records."""
    statement = select(Record.id, Record.number, Record.subject, Record.data)
    rows = db.session.execute(statement.where(Record.id.in_(sorted(keys)))).all()
    return {row.id: facts_of(row, target, language) for row in rows}


def _fact(target: FormDefinition, path: str, data: Mapping[str, Any], language: str) -> str:
    known = target.fields.get(path)
    stored = data.get(path) if known is not None and known.table is None else None
    if known is None or stored is None:
        return ""
    name_of = names.names_of(target, [{path: stored}]) if known.kind.name in REFERENCES else None
    reader = Reader(language, name_of) if name_of else Reader(language)
    try:
        return known.kind.display(known.kind.load(stored, known.options), known.options, reader)
    except KindError:
        return ""
