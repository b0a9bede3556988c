"""Bringing a sheet into a register: every row is new, changed, the same or refused; all or nothing.

The rows of one entry follow each other: a row whose own fields are empty, or those of the row
above, adds a line to the entry above.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.audit.services import attempt
from portal.db import db, unscoped
from portal.definitions.queries import FormInRelease
from portal.errors import N_, FieldError, Invalid, Message, PortalError
from portal.forms.evaluation import new_record
from portal.forms.fieldpaths import declared
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import KindError
from portal.forms.rowids import new_row_id
from portal.ids import new_id
from portal.records import indexing, services
from portal.records.entry import opening, upward
from portal.records.entry.entries import Entry
from portal.records.importing.columns import Matched, matched
from portal.records.importing.values import Names, same, stored
from portal.records.models import Record, UniqueValue
from portal.spreadsheets.cells import Cell
from portal.spreadsheets.layout import Layout
from portal.web.viewer import Viewer

MOST = 1_000
HAS_CHAIN = N_("Records of this form are approved one by one; only registers are imported.")
NO_COLUMN = N_("No column of the sheet has the name of a field. The fields are: %(fields)s.")
TOO_MANY = N_("The sheet has more than %(most)s rows. Bring it in in parts.")
TWICE = N_("Row %(row)s of the sheet has the same “%(field)s” already.")
NOT_YOURS = N_("It exists already, and you may not change it.")
Row = tuple[int, Mapping[int, Cell]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: the field's path, if it concerns one, and why."""

    path: str
    message: Message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the rows of one entry, which begin at `line` of the sheet.

    `kind`: created, changed, same or refused.
    """

    line: int
    name: str
    kind: str
    problems: Sequence[Problem] = ()
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a sheet would bring, or brought: how its columns were read, and entry by entry."""

    columns: Matched
    outcomes: Sequence[Outcome]

    @property
    def is_clean(self) -> bool:
        return all(one.kind != "refused" for one in self.outcomes)

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.outcomes)


class _OnlyTried(Exception):
    """Leaves an attempt that only tried."""


def import_entries(
    *,
    actor: Viewer,
    form: FormInRelease,
    project_id: str | None,
    layout: Layout,
    now: datetime,
    dry_run: bool,
) -> Imported:
    """Bring the rows of a sheet into a register; with `dry_run`, or if any is refused, nothing is.

    An entry with the same unique value is changed, never made twice; empty cells change nothing.
    Raises Invalid for a sheet that fits nowhere, Forbidden, NotFound.
    """
    if form.has_workflow:
        raise Invalid(HAS_CHAIN)
    columns = matched(form.form.definition, layout.titles)
    if not columns.of_header:
        labels = [one.label.in_language(actor.language) for one in form.form.definition.header]
        raise Invalid(NO_COLUMN, fields=", ".join(labels[:30]))
    if len(layout.body) > MOST:
        raise Invalid(TOO_MANY, most=MOST)
    blank = opening.new_entry(actor, form, project_id, new_id(), now)
    work = _Work(blank, columns, Names(), {})
    outcomes: list[Outcome] = []
    try:
        with attempt():
            outcomes = [work.one(rows) for rows in _groups(layout, columns)]
            if dry_run or any(one.kind == "refused" for one in outcomes):
                raise _OnlyTried
    except _OnlyTried:
        db.session.expire_all()
    return Imported(columns, outcomes)


def _groups(layout: Layout, columns: Matched) -> Iterator[list[Row]]:
    """The rows of the sheet, entry by entry."""
    held: list[Row] = []
    for row in zip(layout.lines, layout.body, strict=True):
        cells = row[1]
        if held and columns.table and _continues(held[0][1], cells, columns):
            held.append(row)
            continue
        if held:
            yield held
        held = [row]
    if held:
        yield held


def _continues(first: Mapping[int, Cell], cells: Mapping[int, Cell], columns: Matched) -> bool:
    own = {at: cells[at].text for at in columns.of_header if at in cells}
    return all(at in first and first[at].text == text for at, text in own.items())


@dataclass(frozen=True, slots=True)
class _Work:
    """One import under way; `seen` holds unique values and the rows they stand in."""

    blank: Entry
    columns: Matched
    names: Names
    seen: dict[tuple[str, str], int]

    def one(self, rows: Sequence[Row]) -> Outcome:
        line = rows[0][0]
        given, problems = self._read(rows)
        name = self._name(given, rows)
        if problems:
            return Outcome(line, name, "refused", problems)
        try:
            with attempt():
                return self._keep(line, name, given)
        except PortalError as refusal:
            errors: Sequence[FieldError] = getattr(refusal, "errors", ())
            told = [Problem(declared(one.path), one.message) for one in errors]
            return Outcome(line, name, "refused", told or [Problem("", refusal.message)])

    def _read(self, rows: Sequence[Row]) -> tuple[dict[str, Any], list[Problem]]:
        given: dict[str, Any] = {}
        problems: list[Problem] = []
        for at in sorted(self.columns.of_header):
            if at in rows[0][1]:
                self._put(given, self.columns.fields[at], rows[0][1][at], problems)
        if self.columns.table:
            lines = []
            for _line, cells in rows:
                held: dict[str, Any] = {}
                for at in sorted(self.columns.of_table):
                    if at in cells:
                        self._put(held, self.columns.fields[at], cells[at], problems)
                if held:
                    lines.append({"_id": new_row_id(), **held})
            if lines:
                given[self.columns.table] = lines
        return given, problems

    def _put(
        self, into: dict[str, Any], one: FieldDefinition, cell: Cell, problems: list[Problem]
    ) -> None:
        if not cell.text.strip():
            return
        try:
            value = stored(self.blank, one, cell, self.names, self.blank.viewer.language)
        except KindError as wrong:
            problems.append(Problem(one.path, wrong.message))
            return
        into[one.key] = value

    def _name(self, given: Mapping[str, Any], rows: Sequence[Row]) -> str:
        subject = self.blank.definition.subject
        text = given.get(subject) if subject else None
        first = min(rows[0][1], default=0)
        return str(text or (rows[0][1][first].text if first else ""))[:80]

    def _keep(self, line: int, name: str, given: dict[str, Any]) -> Outcome:
        known = self._existing(given)
        self._once(line, given)
        if known is None:
            return Outcome(line, name, "created", (), self._create(given))
        plain = {key: value for key, value in given.items() if not isinstance(value, list)}
        if same(known.data, plain) and not (set(given) - set(plain)):
            return Outcome(line, name, "same", (), known.id)
        viewer = self.blank.viewer
        if not services.may_edit(viewer, known):
            raise Invalid(NOT_YOURS)
        upward.submit(
            actor=viewer, record_id=known.id, seen_revision=known.revision,
            data={**known.data, **given}, now=self.blank.now,
        )  # fmt: skip
        return Outcome(line, name, "changed", (), known.id)

    def _create(self, given: dict[str, Any]) -> str:
        entry, record_id = self.blank, new_id()
        data = new_record(entry.compiled, entry.facts(given), given)
        origin = services.Origin(entry.form.key, entry.project_id, data)
        services.start_draft(actor=entry.viewer, record_id=record_id, origin=origin, now=entry.now)
        upward.submit(actor=entry.viewer, record_id=record_id, seen_revision=0, now=entry.now)
        return record_id

    def _existing(self, given: Mapping[str, Any]) -> Record | None:
        """The entry that holds one of the unique values of a row already."""
        for one in self._unique():
            value = given.get(one.key)
            if value in (None, ""):
                continue
            where = select(UniqueValue.record_id).where(
                UniqueValue.form == self.blank.form.key,
                UniqueValue.field == one.path,
                UniqueValue.value == indexing.unique_text(value),
            )
            if one.unique == "project":
                where = where.where(UniqueValue.within == str(self.blank.project_id or ""))
            found = db.session.scalars(
                unscoped(where, "an import never makes twice what there is")
            ).first()
            if found is not None:
                return services.locked(found)
        return None

    def _once(self, line: int, given: Mapping[str, Any]) -> None:
        for one in self._unique():
            value = given.get(one.key)
            if value in (None, ""):
                continue
            before = self.seen.setdefault((one.path, indexing.unique_text(value)), line)
            if before != line:
                label = one.label.in_language(self.blank.viewer.language)
                message = Message(TWICE, {"row": before, "field": label})
                raise Invalid(errors=[FieldError(one.path, "twice", message)])

    def _unique(self) -> Iterator[FieldDefinition]:
        return (one for one in self.blank.definition.header if one.unique)
