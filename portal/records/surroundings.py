"""What many entries of one project need from outside to be judged, asked once for all of them.

The same answers as `facts`, `linking` and `indexing` give for one, by statements whose number does
not grow with that of the entries beyond their portions. Nothing is written.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select

from portal.db import db, unscoped
from portal.forms.fields import FormDefinition
from portal.records import aliases, facts, indexing, scope, transitions
from portal.records.models import Record, RecordLink, RecordRevision, UniqueValue

WHY = "narrowed by the condition of scope itself"
WHY_OWN = "a record's own rows"
PORTION = 500
STANDING = frozenset({transitions.APPROVED, transitions.RETIRED})
_COLUMNS = (
    *(Record.id, Record.module, Record.form, Record.release_id, Record.project_id),
    *(Record.requester_id, Record.state, Record.number, Record.subject, Record.amount),
    *(Record.currency, Record.data, Record.revision, Record.transition_seq, Record.created_at),
    Record.submitted_at,
)
T = TypeVar("T")
Standing = Mapping[str, tuple[str, int]]
"""The state and the revision of records by id."""


def portions(every: Iterable[T]) -> Iterator[list[T]]:
    """So many at a time as a statement names."""
    listed = list(every)
    for begin in range(0, len(listed), PORTION):
        yield listed[begin : begin + PORTION]


def seen_records(ids: Collection[str]) -> dict[str, Record]:
    """Those of these records that whoever asks sees, beside the session: changing them writes
    nothing.
    """
    found: dict[str, Record] = {}
    for some in portions(sorted(ids)):
        statement = select(*_COLUMNS).where(Record.id.in_(some), scope.visible_now(Record))
        for row in db.session.execute(unscoped(statement, WHY)):
            found[row.id] = Record(**row._mapping)
    return found


def lock_records(ids: Collection[str]) -> None:
    """Lock records that are about to be written, in one order for all."""
    for some in portions(sorted(ids)):
        statement = (
            select(Record.id)
            .where(Record.id.in_(some))
            .order_by(Record.id)
            .with_for_update(key_share=True)
        )
        db.session.execute(unscoped(statement, WHY_OWN)).all()


def standing(ids: Collection[str]) -> Standing:
    """How these records stand now, seen or not."""
    found: dict[str, tuple[str, int]] = {}
    for some in portions(sorted(ids)):
        statement = select(Record.id, Record.state, Record.revision).where(Record.id.in_(some))
        for key, state, revision in db.session.execute(unscoped(statement, WHY_OWN)):
            found[key] = (state, revision)
    return found


def last_revisions(ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """The data each of these records was filed with last."""
    found: dict[str, Mapping[str, Any]] = {}
    for some in portions(sorted(ids)):
        latest = (
            select(RecordRevision.record_id, func.max(RecordRevision.revision).label("revision"))
            .where(RecordRevision.record_id.in_(some))
            .group_by(RecordRevision.record_id)
            .subquery()
        )
        statement = select(RecordRevision.record_id, RecordRevision.data).join(
            latest,
            (latest.c.record_id == RecordRevision.record_id)
            & (latest.c.revision == RecordRevision.revision),
        )
        rows = db.session.execute(unscoped(statement, WHY_OWN))
        found |= {row.record_id: row.data for row in rows}
    return found


@dataclass(frozen=True, slots=True)
class Named:
    """A record that others name: what is asked of it, and its data as it is stored."""

    form: str
    project_id: str | None
    state: str
    revision: int
    data: Mapping[str, Any]


class Surroundings:
    """The records that entries name, and the unique values there are.

    Entries that were judged are told (`tell`): the next ones are judged by what they will be.
    """

    def __init__(self, entries: Sequence[tuple[str, Mapping[str, Any]]], form: FormDefinition):
        """`entries`: the ids and the new data of all that will be judged."""
        self.form = form
        self._kept: dict[str, set[str]] = {}
        self._named: dict[str, Named] = {}
        self._asked: set[str] = set()
        ids = [key for key, _ in entries]
        self._read_kept(ids)
        self._taken = dict(self._read_unique(entries, set(ids)))
        self._ask({one for _, data in entries for _, _, one in indexing.links_in(form, data)})

    def seen(self, ids: set[str], record_id: str) -> dict[str, Mapping[str, Any]]:
        """As `facts.seen_links`."""
        if not ids:
            return {}
        self._ask(ids)
        known, kept = aliases.merged(), self._kept.get(record_id, set())
        found = {
            key: known.resolved(self._named[key].data, kept) for key in ids if key in self._named
        }
        hidden = (ids - found.keys()) & kept
        if hidden:
            found.update(facts.load_links(hidden, None, kept))
        return found

    def chosen(
        self, record_id: str, data: Mapping[str, Any]
    ) -> tuple[list[tuple[str, str, str]], dict[str, Named]]:
        """The links a record was not filed with before, and those of their targets that stand."""
        kept = self._kept.get(record_id, set())
        links = [one for one in indexing.links_in(self.form, data) if one[2] not in kept]
        ids = {target for _, _, target in links}
        self._ask(ids)
        known = {key: self._named[key] for key in ids if key in self._named}
        return links, {key: one for key, one in known.items() if one.state in STANDING}

    def relied(self) -> Standing:
        """The records beside the entries that what was judged stands on."""
        named = ((key, self._named[key]) for key in self._asked if key in self._named)
        return {key: (one.state, one.revision) for key, one in named}

    def doubled(self, row: Mapping[str, Any]) -> bool:
        """Whether another holds a value that is to be unique; else it is held from now on."""
        key = (row["field"], row["within"], row["value"])
        return bool(self._taken.setdefault(key, row["record_id"]) != row["record_id"])

    def tell(self, record: Record, data: Mapping[str, Any]) -> None:
        """What a record is from now on, for those judged after it."""
        told = {"id": record.id, "number": record.number, "subject": record.subject}
        self._named[record.id] = Named(
            record.form, record.project_id, transitions.APPROVED, record.revision, {**data, **told}
        )
        self._asked.discard(record.id)

    def _ask(self, ids: set[str]) -> None:
        new = {one for one in ids if one not in self._asked and one not in self._named}
        self._asked |= new
        for some in portions(sorted(new)):
            statement = select(
                *(Record.id, Record.form, Record.project_id, Record.state, Record.revision),
                *(Record.number, Record.subject, Record.data),
            ).where(Record.id.in_(some), scope.visible_now(Record))
            for row in db.session.execute(unscoped(statement, WHY)):
                told = {"id": row.id, "number": row.number, "subject": row.subject}
                data = {**row.data, **told}
                self._named[row.id] = Named(row.form, row.project_id, row.state, row.revision, data)

    def _read_kept(self, ids: Sequence[str]) -> None:
        for some in portions(ids):
            statement = select(RecordLink.record_id, RecordLink.target_id).where(
                RecordLink.record_id.in_(some)
            )
            for record_id, target in db.session.execute(unscoped(statement, WHY_OWN)):
                self._kept.setdefault(record_id, set()).add(target)

    def _read_unique(
        self, entries: Sequence[tuple[str, Mapping[str, Any]]], own: set[str]
    ) -> Iterator[tuple[tuple[str, str, str], str]]:
        """Who holds the values that are to be unique, save the entries themselves."""
        fields = [one for one in self.form.header if one.unique]
        values = {
            indexing.unique_text(data[one.key])
            for _, data in entries
            for one in fields
            if data.get(one.key) not in (None, "")
        }
        for some in portions(sorted(values)) if fields else ():
            statement = select(
                *(UniqueValue.field, UniqueValue.within, UniqueValue.value),
                UniqueValue.record_id,
            ).where(UniqueValue.form == self.form.form, UniqueValue.value.in_(some))
            for field, within, value, holder in db.session.execute(unscoped(statement, WHY_OWN)):
                if holder not in own:
                    yield (field, within, value), holder
