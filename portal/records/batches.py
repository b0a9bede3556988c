"""Entries of a register filed many at a time: judged first, which writes nothing, then written.

The verdict is that of filing them one after the other; what it takes from outside is asked once for
all (`surroundings`), and what is written goes in with a few statements, whatever their number.
Whoever writes sees to it that nothing the verdict stands on has changed since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, unscoped, write_fixed
from portal.definitions.queries import FormInRelease
from portal.errors import N_, ChangedMeanwhile, Invalid, PortalError
from portal.forms.compiled import CompiledForm
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.outcome import Outcome
from portal.records import (
    attachments,
    counting,
    facts,
    freezing,
    indexing,
    linking,
    locking,
    numbering,
    offering,
    services,
    transitions,
    versions,
)
from portal.records.changes import changes_between
from portal.records.models import Record, RecordIndex, RecordLink, UniqueValue
from portal.records.surroundings import (
    Standing,
    Surroundings,
    last_revisions,
    portions,
    seen_records,
    standing,
)
from portal.web.viewer import Viewer

MEANWHILE = N_("Somebody changed what this stands on meanwhile; nothing was kept. Send it again.")
WHY = "entries that were judged are written as they were judged"


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry of a register is to say: a new one, or `known` with the data it gets."""

    record_id: str
    data: Mapping[str, Any]
    known: Record | None = None
    seen_revision: int | None = None


@dataclass(slots=True)
class Judged:
    """An entry and what is said of it: `refusal`, or the record as it will be.

    `record` stands beside the session: nothing of it is written by itself.
    """

    entry: Entry
    record: Record
    form: CompiledForm | None
    refusal: PortalError | None = None
    before: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.entry.known is None


@dataclass(slots=True)
class Batch:
    """Judged entries, in the order in which they were given; `relied`: how the entries on file and
    the records they name stood.
    """

    judged: Sequence[Judged]
    relied: Standing

    @property
    def is_sound(self) -> bool:
        return not any(one.refusal for one in self.judged)


def known_records(ids: Sequence[str]) -> dict[str, Record]:
    """Entries on file as they are now, for `Entry.known`; what is not seen is missing."""
    return seen_records(ids)


def judge(
    *, actor: Viewer, form: str, project_id: str | None, entries: Sequence[Entry], now: datetime
) -> Batch:
    """Judge entries in this order, each by what those before it will be. Writes nothing.

    For a register: a form without a chain. One that stands in the way of another only by being
    refused is not refused for it.
    """
    return _Judging(actor, form, project_id, entries, now).judge()


class _Judging:
    """What the judging of one batch has at hand."""

    def __init__(
        self,
        actor: Viewer,
        form: str,
        project_id: str | None,
        entries: Sequence[Entry],
        now: datetime,
    ) -> None:
        self.actor, self.form_key, self.project_id = actor, form, project_id
        self.entries, self.now = entries, now
        known = [one.record_id for one in entries if one.known is not None]
        self.signed = last_revisions(known)
        self.may_freeze = freezing.may_freeze(form)
        self.around: Surroundings | None = None

    def judge(self) -> Batch:
        judged = []
        relied = {
            one.record_id: (one.known.state, one.known.revision)
            for one in self.entries
            if one.known is not None
        }
        for entry in self.entries:
            found = self._begun(entry)
            if isinstance(found, PortalError):
                nobody = entry.known or Record(id=entry.record_id, data={})
                judged.append(Judged(entry, nobody, None, found))
                break  # what may not be begun is the same for all that follow
            record, form = found
            if self.around is None:
                listed = [(one.record_id, one.data) for one in self.entries]
                self.around = Surroundings(listed, form.form.definition)
            judged.append(self._judged(entry, record, form.form, self.around))
        return Batch(judged, {**relied, **(self.around.relied() if self.around else {})})

    @cached_property
    def fresh(self) -> FormInRelease:
        """The form of new entries. Raises NotFound, Forbidden."""
        return services.filed_under(self.actor, self.form_key, self.project_id)

    def _begun(self, entry: Entry) -> tuple[Record, FormInRelease] | PortalError:
        """The record as it is opened for editing, or why it is not."""
        try:
            if entry.known is None:
                return self._fresh(entry)
            return self._opened(entry, entry.known)
        except PortalError as refused:
            return refused

    def _fresh(self, entry: Entry) -> tuple[Record, FormInRelease]:
        form = self.fresh
        record = Record(
            id=entry.record_id,
            module=form.module,
            form=form.key,
            release_id=form.release_id,
            project_id=self.project_id,
            requester_id=self.actor.person_id,
            state=transitions.DRAFT,
            number=None,
            subject="",
            amount=None,
            currency=None,
            data=dict(entry.data),
            sha256="",
            revision=0,
            transition_seq=0,
            created_at=self.now,
            submitted_at=None,
        )
        return record, form

    def _opened(self, entry: Entry, known: Record) -> tuple[Record, FormInRelease]:
        services.demand_edit(self.actor, known)
        if entry.seen_revision is not None and entry.seen_revision != known.revision:
            raise ChangedMeanwhile(services.CHANGED_ELSEWHERE)
        form, data = services.in_current_release(known)
        known.release_id, known.data = form.release_id, dict(data)
        return known, form

    def _judged(
        self, entry: Entry, record: Record, form: CompiledForm, around: Surroundings
    ) -> Judged:
        before = self.signed.get(record.id, {})
        told = Judged(entry, record, form, before=before)
        try:
            outcome = self._evaluated(entry, record, form, around)
            if entry.known is not None and self.may_freeze:
                freezing.demand_unfrozen(record, {**record.data, **before}, outcome.data)
            services.take(record, form, outcome, self.now)
            self._demand_unique(record, form, around)
        except PortalError as refused:
            told.refusal = refused
        around.tell(record, record.data if told.refusal is None else entry.data)
        return told

    def _evaluated(
        self, entry: Entry, record: Record, form: CompiledForm, around: Surroundings
    ) -> Outcome:
        subject, data = facts.subject_of(record), entry.data
        locking.demand_unlocked(form, record.data, data, subject, self.now)
        outcome, found = facts.complete(
            form, data, subject, self.now, mode="submit", seen=around.seen
        )
        links, standing = around.chosen(record.id, outcome.data)
        errors = [*outcome.errors, *linking.misled(form.definition, record, links, standing)]
        if not errors:
            today = facts.today_for(found.project, self.now)
            errors = list(offering.refused(form.definition, record, outcome.data, today=today))
        if errors:
            raise Invalid(errors=errors)
        return outcome

    def _demand_unique(self, record: Record, form: CompiledForm, around: Surroundings) -> None:
        for row in indexing.unique_rows(record, form.definition):
            if around.doubled(row):
                raise indexing.doubled(row["field"], record.data)


@dataclass(slots=True)
class Written:
    """The rows of a batch, made before anybody has to wait for them."""

    batch: Batch
    records: list[dict[str, Any]]
    moved: list[transitions.Transition]
    links: list[dict[str, Any]]
    values: list[dict[str, Any]]
    unique: list[dict[str, Any]]
    parts: list[dict[str, Any]]
    revisions: list[dict[str, Any]]
    files: list[tuple[Record, dict[str, FieldDefinition]]]


def rows_of(*, actor: Viewer, batch: Batch, now: datetime) -> Written:
    """Everything that will be written of a sound batch, but for numbers. Writes nothing."""
    made = Written(batch, [], [], [], [], [], [], [], [])
    for one in batch.judged:
        record, form = one.record, _form(one)
        record.submitted_at = record.decided_at = now
        made.moved.append(_moved(one, actor, now))
        made.records.append(_row(record))
        made.links += indexing.link_rows(record, form)
        made.values += indexing.index_rows(record, form)
        made.unique += indexing.unique_rows(record, form)
        changed = changes_between(form, one.before, record.data)
        made.revisions.append(versions.revision_row(record, changed, "filed", actor, now))
        made.parts.append(versions.part_row(record.id, record.requester_id, "requester"))
        files = services.files_in(one.form, record.data) if one.form else {}
        if files:
            made.files.append((record, files))
    return made


def write(*, actor: Viewer, rows: Written, now: datetime) -> None:
    """Write a sound batch: records, what hangs on them, their versions, what follows from them.

    Raises ChangedMeanwhile where what the verdict stands on is no longer so, and what the handlers
    of changes of state refuse; the caller takes everything back then.
    """
    judged, relied = rows.batch.judged, rows.batch.relied
    own = {one.record.id for one in judged}
    for some in portions(sorted(relied.keys() - own)):
        counting.rely_on(some)
    if standing(relied) != relied:
        raise ChangedMeanwhile(MEANWHILE)
    _give_numbers(rows, now)
    _write_records(rows)
    _write_rows(rows)
    for record, files in rows.files:
        attachments.link(actor=actor, record=record, wanted=files)
    versions.take_part(rows.parts)
    versions.add_revisions(rows.revisions)
    transitions.handle_together(rows.moved)
    for one in judged:
        services.note(one.record, "record.file", actor=actor, now=now)


def _form(one: Judged) -> FormDefinition:
    assert one.form is not None, "a sound entry"
    return one.form.definition


def _give_numbers(rows: Written, now: datetime) -> None:
    """Numbers of the series, in the order of the batch, to those that have none."""
    waiting: dict[tuple[str, int], list[tuple[Record, dict[str, Any]]]] = {}
    for one, row in zip(rows.batch.judged, rows.records, strict=True):
        if one.record.number is None and _form(one).numbering:
            series = services.series_of(_form(one), one.record, now)
            waiting.setdefault(series, []).append((one.record, row))
    for (prefix, width), some in waiting.items():
        numbers = numbering.take_numbers(prefix, width, len(some))
        for (record, row), number in zip(some, numbers, strict=True):
            record.number = row["number"] = number


def _moved(one: Judged, actor: Viewer, now: datetime) -> transitions.Transition:
    record = one.record
    before, record.state = record.state, transitions.APPROVED
    record.transition_seq += 1
    return transitions.Transition(
        record, before, transitions.APPROVED, record.transition_seq, actor, now
    )


_KEYS = (
    *("module", "form", "release_id", "project_id", "requester_id", "state", "number"),
    *("subject", "amount", "currency", "data", "sha256", "revision", "transition_seq"),
    *("created_at", "updated_at", "submitted_at", "decided_at"),
)
_add = unscoped(insert(Record), WHY)
_change = unscoped(update(Record).where(Record.id == bindparam("of")), WHY)
_add_unique = unscoped(insert(UniqueValue), WHY)


def _write_records(rows: Written) -> None:
    fresh, changed = [], []
    for one, row in zip(rows.batch.judged, rows.records, strict=True):
        if one.is_new:
            fresh.append({"id": one.record.id, **row})
        else:
            changed.append({"of": one.record.id, **row})
    if fresh:
        write_fixed(_add, fresh)
    if changed:
        write_fixed(_change, changed)


def _row(record: Record) -> dict[str, Any]:
    return {key: getattr(record, key) for key in _KEYS}


def _write_rows(rows: Written) -> None:
    """Links, list values and unique values anew; those of entries that change go first."""
    known = [one.record.id for one in rows.batch.judged if not one.is_new]
    for some in portions(known):
        for table in (RecordLink, RecordIndex, UniqueValue):
            gone = delete(table).where(table.record_id.in_(some))
            db.session.execute(unscoped(gone, WHY))
    indexing.add_rows(rows.links, rows.values)
    if not rows.unique:
        return
    try:
        write_fixed(_add_unique, rows.unique)
    except IntegrityError:
        raise ChangedMeanwhile(MEANWHILE) from None
