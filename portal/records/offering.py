"""Values of a register offered in plain fields: units, tax rates.

What is chosen is kept as a text or a number, so that a document says what it was signed with,
whatever becomes of the register. Only what is in force on the document's day is offered. Anything
else may be typed, unless the field says `only`: then what a document was not yet filed with must
be in force, as long as the register offers anything at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from portal.db import db
from portal.definitions import queries as definitions
from portal.errors import N_, FieldError, Message
from portal.forms.fieldpaths import cell_path
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds import KindError
from portal.records import versions
from portal.records.models import Record
from portal.records.transitions import APPROVED

FROM, UNTIL = "valid_from", "valid_until"
MOST, TOLD = 500, 12
NOT_OFFERED = N_("“%(value)s” is not in “%(register)s” on %(day)s. In force are: %(known)s.")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offered:
    """A value of a register as it is stored there, and the name of its entry."""

    value: Any
    name: str


def offering_fields(form: FormDefinition) -> Iterator[FieldDefinition]:
    """The fields that offer values of a register."""
    return (one for one in form.fields.values() if one.options.get("offers"))


def offered(
    form: FormDefinition,
    field: FieldDefinition,
    data: Row,
    *,
    project_id: str | None,
    today: date,
) -> list[Offered]:
    """What a field offers to whoever asks, by name; in force on the day the field names.

    Where that day stands in each row, whatever was ever in force is offered.
    """
    spec = field.options["offers"]
    on = form.fields.get(str(spec.get("on") or ""))
    day = "" if on is not None and on.table else str((on and data.get(on.key)) or today)
    rows = db.session.execute(_entries(spec["form"], project_id).limit(MOST)).all()
    return _in_force(rows, spec["value"], day)


def refused(
    form: FormDefinition, record: Record, data: Row, *, today: date
) -> Iterator[FieldError]:
    """Values that a field with `only` takes from nobody: not in force on the day they go by.

    What the record was filed with before, for the same day, stays whatever became of the register.
    """
    strict = [one for one in offering_fields(form) if one.options["offers"].get("only")]
    if not strict:
        return
    signed = None if record.submitted_at is None else versions.last_revision(record.id)
    for field in strict:
        spec = field.options["offers"]
        rows = db.session.execute(_entries(spec["form"], record.project_id)).all()
        kept = list(_said(form, field, signed.data if signed else {}))
        for path, said, on in _said(form, field, data):
            day = on or today
            values = [one.value for one in _in_force(rows, spec["value"], day.isoformat())]
            if values and (path, said, on) not in kept and not _among(field, said, values):
                yield FieldError(path, "not_offered", _not_offered(field, said, day, values))


def _said(
    form: FormDefinition, field: FieldDefinition, data: Row
) -> Iterator[tuple[str, Any, date | None]]:
    """Where something stands in a field, what, and the day it goes by, if one is named."""
    on = form.fields.get(str(field.options["offers"].get("on") or ""))
    for row in [data] if field.table is None else data.get(field.table) or ():
        said = row.get(field.key)
        if said not in (None, ""):
            path = cell_path(field.table, str(row["_id"]), field.key) if field.table else field.key
            holder = data if on is None or on.table is None else row
            day = holder.get(on.key) if on else None
            yield path, said, date.fromisoformat(day) if day else None


def _among(field: FieldDefinition, said: Any, values: Sequence[Any]) -> bool:
    return _plain(field, said) in [_plain(field, value) for value in values]


def _plain(field: FieldDefinition, value: Any) -> Any:
    try:
        return field.kind.load(value, field.options)
    except KindError:
        return value


def _not_offered(field: FieldDefinition, said: Any, day: date, values: Sequence[Any]) -> Message:
    register = field.options["offers"]["form"]
    title = definitions.form_titles().get(register)
    ordered = sorted(values, key=lambda one: (str(type(_plain(field, one))), _plain(field, one)))
    known = ", ".join(map(str, ordered[:TOLD])) + ("…" if len(ordered) > TOLD else "")
    args = {"value": str(said), "register": title or register, "day": day, "known": known}
    return Message(NOT_OFFERED, args)


def _entries(form: str, project_id: str | None) -> Any:
    return (
        select(Record.subject, Record.data)
        .where(
            Record.form == form,
            Record.state == APPROVED,
            or_(Record.project_id.is_(None), Record.project_id == project_id),
        )
        .order_by(Record.subject, Record.id)
    )


def _in_force(rows: Sequence[Any], key: str, day: str) -> list[Offered]:
    """The values that hold on a day, each once; an entry without days always holds."""
    found: dict[str, Offered] = {}
    for subject, data in rows:
        begins, ends = str(data.get(FROM) or ""), str(data.get(UNTIL) or "9999")
        value = data.get(key)
        if value not in (None, "") and (not day or begins <= day <= ends):
            found.setdefault(str(value), Offered(value, subject))
    return list(found.values())


def typed(field: FieldDefinition, value: Any, language: str) -> str:
    """A stored value as somebody types it in a field."""
    try:
        known = field.kind.load(value, field.options)
    except KindError:
        return str(value)
    return field.kind.input_text(known, field.options, language)
