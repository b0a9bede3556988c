"""Writing records that move to another release: many at once, each as if it had been saved."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from portal.db import db, unscoped, write_fixed
from portal.definitions.queries import FormInRelease
from portal.forms.fieldpaths import split
from portal.forms.fields import FormDefinition
from portal.ids import new_id
from portal.records import facts, indexing, services
from portal.records.changes import Changed
from portal.records.content import content_hash_of_data
from portal.records.models import (
    Attachment,
    Record,
    RecordIndex,
    RecordLink,
    RecordRevision,
    UniqueValue,
)
from portal.records.transitions import DRAFT
from portal.web.viewer import Viewer

WHY = "a record moves to another release as a whole"
MIGRATED, RESTORED = "migration", "migration undone"
Row = dict[str, Any]


class Shown(NamedTuple):
    """A record as its rows are made from it."""

    id: str
    form: str
    project_id: str | None
    data: Mapping[str, Any]


def shown(record: Record, data: Mapping[str, Any]) -> Shown:
    """The record with other data."""
    return Shown(record.id, record.form, record.project_id, data)


class Carrier:
    """Takes records one by one and writes what hangs on them together, with `write`."""

    def __init__(self, actor: Viewer, now: datetime) -> None:
        self.actor, self.now = actor, now
        self._records: list[Row] = []
        self._revisions: list[Row] = []
        self._stale: list[str] = []
        self._links: list[Row] = []
        self._values: list[Row] = []
        self._uniques: list[Row] = []
        self._held: set[tuple[str, str, str]] = set()

    def take(
        self,
        record: Record,
        old: FormInRelease,
        new: FormInRelease,
        data: Mapping[str, Any],
        changed: list[Changed],
        reason: str,
    ) -> None:
        """Put a record under a release with this data.

        A draft keeps its version, so that a page open on it is carried when it is saved; anything
        that was filed becomes a further version with its hash, reason and changes.
        """
        before, definition = record.data, new.form.definition
        project = facts.project_facts(record.project_id) if definition.amount else None
        is_filed = record.state != DRAFT
        now = {
            "release_id": new.release_id,
            "data": dict(data),
            "subject": record.subject,
            "amount": record.amount,
            "currency": record.currency,
            "revision": record.revision + is_filed,
            "sha256": content_hash_of_data(data) if is_filed else record.sha256,
            **services.described(definition, data, project),
        }
        for name, value in now.items():
            set_committed_value(record, name, value)  # written below, with all the others
        self._records.append({**now, "of": record.id})
        if old.sha256 != new.sha256:
            self._files(old, new, before, record.data)
        if not is_filed:
            return
        self._revisions.append(
            {
                "id": new_id(),
                "record_id": record.id,
                "revision": record.revision,
                "data": record.data,
                "sha256": record.sha256,
                "changes": [one.to_json() for one in changed],
                "reason": reason,
                "actor_id": self.actor.person_id,
                "at": self.now,
            }
        )
        if old.sha256 != new.sha256:
            self._index(record, old.form.definition, before, definition, data)

    def _files(
        self, old: FormInRelease, new: FormInRelease, before: Mapping[str, Any], data: Row
    ) -> None:
        """Attached files follow the field that names them."""
        former = services.files_in(old.form, before)
        for key, field in services.files_in(new.form, data).items():
            if key in former and former[key].path != field.path:
                move = update(Attachment).where(Attachment.id == key).values(field=field.path)
                db.session.execute(unscoped(move, WHY))

    def _index(
        self,
        record: Record,
        old: FormDefinition,
        before: Mapping[str, Any],
        new: FormDefinition,
        data: Mapping[str, Any],
    ) -> None:
        """Queue what is looked up by others, if it may differ at all."""
        looked_up = _alike(old, new)
        if looked_up is not None and all(before.get(key) == data.get(key) for key in looked_up):
            return
        now = shown(record, data)
        uniques = list(indexing.unique_rows(now, new))
        self._stale.append(record.id)
        self._links += indexing.link_rows(now, new)
        self._values += indexing.index_rows(now, new)
        self._uniques += uniques
        self._held.update(_key(one) for one in uniques)

    def is_taken(self, record: Record, old: FormDefinition, new: FormDefinition, data: Row) -> bool:
        """Whether another record holds a value that no two may share."""
        own = list(indexing.unique_rows(record, old))
        for row in indexing.unique_rows(shown(record, data), new):
            if row in own:
                continue
            if _key(row) in self._held:
                return True
            statement = select(UniqueValue.record_id).where(
                UniqueValue.form == row["form"],
                UniqueValue.field == row["field"],
                UniqueValue.within == row["within"],
                UniqueValue.value == row["value"],
                UniqueValue.record_id != record.id,
            )
            if db.session.scalar(unscoped(statement, WHY)) is not None:
                return True
        return False

    def write(self) -> None:
        """Write everything that was taken."""
        if self._records:
            write_fixed(_move, self._records)
        if self._stale:
            for table in (RecordLink, RecordIndex, UniqueValue):
                gone = delete(table).where(table.record_id.in_(self._stale))
                db.session.execute(unscoped(gone, WHY))
        for statement, rows in (
            (_add_links, self._links),
            (_add_values, self._values),
            (_add_uniques, self._uniques),
            (_add_revisions, self._revisions),
        ):
            if rows:
                write_fixed(statement, rows)


_WRITTEN = ("release_id", "data", "subject", "amount", "currency", "revision", "sha256")
_move = unscoped(
    update(Record)
    .where(Record.id == bindparam("of"))
    .values({name: bindparam(name) for name in _WRITTEN}),
    WHY,
)
_add_links = unscoped(insert(RecordLink), WHY)
_add_values = unscoped(insert(RecordIndex), WHY)
_add_uniques = unscoped(insert(UniqueValue), WHY)
_add_revisions = unscoped(insert(RecordRevision), WHY)


@lru_cache(maxsize=200)
def _alike(old: FormDefinition, new: FormDefinition) -> tuple[str, ...] | None:
    """The keys of the header that are looked up by others; None if not the same in both."""
    found = [
        {
            path: (one.kind.name, one.unique, dict(one.options))
            for path, one in form.fields.items()
            if one.unique or one.kind.name == "record" or path in listed
        }
        for form in (old, new)
        for listed in ({*form.list_columns, *form.list_filters},)
    ]
    if found[0] != found[1]:
        return None
    return tuple({split(path)[0] or path for path in found[0]})


def _key(row: Row) -> tuple[str, str, str]:
    return row["field"], row["within"], row["value"]
