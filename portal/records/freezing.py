"""Registers a project has frozen: some of their fields change only through an approved change.

Which fields, and through which form, stands in the form whose approved record freezes (`freezes`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.db import db, unscoped
from portal.definitions import catalog
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.fieldpaths import split_cell
from portal.records.models import Record, RecordLink, RecordRevision
from portal.records.transitions import APPROVED

WHY = "what is frozen is frozen for everybody, seen or not"
FROZEN = N_(
    "Frozen by %(number)s. It changes only after a change that names this entry was approved; "
    "the page leads to one."
)


@dataclass(frozen=True, slots=True)
class Frozen:
    """What froze an entry: the record, the fields it holds, and the form through which they change.

    `link` is the field of that form that names the entry: `milestones[].milestone`.
    """

    record_id: str
    number: str
    since: datetime
    fields: tuple[str, ...]
    through: str
    link: str

    def changed(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
        """The fields it holds that differ."""
        return [key for key in self.fields if _content(before.get(key)) != _content(after.get(key))]


def frozen(record: Record) -> Frozen | None:
    """What freezes an entry of a register now; None if nothing, or if an approved change opened it.

    Entries made after the register was frozen are not part of what was frozen.
    """
    if record.state != APPROVED or record.project_id is None:
        return None
    for key, spec in _freezing_forms(record.form):
        found = _latest(key, spec, record)
        if found is not None and not _is_opened(found, record):
            return found
    return None


def demand_unfrozen(record: Record, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raises Invalid, field by field, where a revision changes what is frozen.

    Asked by whatever writes a version: pages, imports, grids, steps of a chain.
    """
    held = frozen(record)
    if held is None:
        return
    said = Message(FROZEN, {"number": held.number})
    errors = [FieldError(key, "frozen", said) for key in held.changed(before, after)]
    if errors:
        raise Invalid(errors=errors)


def may_freeze(form: str) -> bool:
    """Whether records of any form may freeze this register."""
    return any(True for _ in _freezing_forms(form))


def _content(value: Any) -> Any:
    """A value without the ids of its rows; empty is empty however it is kept."""
    if isinstance(value, list):
        return [
            {key: one for key, one in row.items() if key != "_id"} if isinstance(row, dict) else row
            for row in value
        ] or None
    return value if value not in ("", None) else None


def _freezing_forms(form: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(key, what it says of freezing) of every form whose records may freeze this register."""
    for key, one in catalog.current_catalog().forms.items():
        spec = one.form.definition.expanded.get("freezes")
        if spec and form in spec["forms"]:
            yield key, spec


def _latest(key: str, spec: Mapping[str, Any], record: Record) -> Frozen | None:
    """The record that froze this register last, if the entry was there by then."""
    statement = (
        select(Record.id, Record.number, Record.decided_at, Record.data)
        .where(
            Record.form == key,
            Record.project_id == record.project_id,
            Record.state == APPROVED,
            Record.decided_at.is_not(None),
        )
        .order_by(Record.decided_at.desc(), Record.id.desc())
    )
    for row in db.session.execute(unscoped(statement, WHY)):
        if record.form in (row.data.get(spec["named_in"]) or ()):
            if _filed(record) >= row.decided_at:
                return None
            own = spec["forms"][record.form]
            fields = tuple(own["fields"])
            return Frozen(
                row.id, row.number or "", row.decided_at, fields, spec["through"], own["link"]
            )
    return None


def _filed(record: Record) -> datetime:
    statement = select(func.min(RecordRevision.at)).where(RecordRevision.record_id == record.id)
    first: datetime = db.session.scalar(unscoped(statement, WHY)) or record.created_at
    return first


def _is_opened(held: Frozen, record: Record) -> bool:
    """Whether a change that names the entry was approved, and not used since.

    It is used by the first version that changes what is held: other fields may be written first.
    """
    statement = (
        select(func.max(Record.decided_at))
        .join(RecordLink, RecordLink.record_id == Record.id)
        .where(
            RecordLink.target_id == record.id,
            RecordLink.form == held.through,
            RecordLink.field == held.link,
            Record.state == APPROVED,
            Record.decided_at > held.since,
        )
    )
    approved = db.session.scalar(unscoped(statement, WHY))
    if approved is None:
        return False
    versions = select(RecordRevision.changes).where(
        RecordRevision.record_id == record.id, RecordRevision.at >= approved
    )
    written = (one for changes in db.session.scalars(unscoped(versions, WHY)) for one in changes)
    return all((split_cell(one["where"])[0] or one["where"]) not in held.fields for one in written)
