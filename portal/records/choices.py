"""Which choices stored records hold: what an author is told before one is taken away."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import String, cast, or_, select

from portal.db import db, unscoped
from portal.forms.fields import FieldDefinition
from portal.records.models import Record

_WHY = "authors are told how many records hold a choice, and see none of them"


def records_holding(form: str, field: FieldDefinition, values: Collection[str]) -> Counter[str]:
    """How many records of a form, in whatever state, hold each of these choices in a field."""
    stored = cast(Record.data, String)
    quoted = (json.dumps(value, ensure_ascii=False) for value in values)
    statement = select(Record.data).where(
        Record.form == form, or_(*(stored.contains(one, autoescape=True) for one in quoted))
    )
    found: Counter[str] = Counter()
    for data in db.session.scalars(unscoped(statement, _WHY)):
        found.update(set(_held(data, field)) & set(values))
    return found


def _held(data: Mapping[str, Any], field: FieldDefinition) -> Iterator[str]:
    rows = [data] if field.table is None else data.get(field.table) or []
    for row in rows:
        value = row.get(field.key)
        yield from value if isinstance(value, list) else [value] if value else []
