"""Bringing a sheet into a register: every row is new, changed, the same or refused; all or nothing.

The rows of one entry follow each other: a row whose own fields are empty, or those of the row
above, adds a line to the entry above. Lines join those on file; none goes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.audit.services import attempt
from portal.db import db, unscoped
from portal.definitions.queries import FormInRelease
from portal.errors import N_, FieldError, Invalid, Message, PortalError
from portal.forms.evaluation import new_record
from portal.forms.fieldpaths import declared, split_cell
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import KindError
from portal.ids import new_id
from portal.records import indexing, locking, services, transitions
from portal.records.entry import opening, upward
from portal.records.entry.entries import Entry
from portal.records.importing.columns import Matched, matched
from portal.records.importing.rows import joined
from portal.records.importing.telling import Told, told
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
NOT_IN_USE = N_("It exists already and is out of use. Take it back into use first.")
NOT_YOURS = N_("It exists already, and you may not change it.")
Row = tuple[int, Mapping[int, Cell]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: the row of the sheet, the field's path, if it concerns one, and why."""

    line: int
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
    changes: Sequence[Told] = ()


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

    An entry with the same unique value is changed, never made twice; empty cells change nothing,
    and no line of it goes.
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
        given, lines, problems = self._read(rows)
        name = self._name(given, rows)
        if problems:
            return Outcome(line, name, "refused", problems)
        known = self._existing(given)
        given, of_row = self._joined(known.data if known else {}, given, lines)
        try:
            with attempt():
                return self._keep(line, name, given, known)
        except PortalError as refusal:
            errors: Sequence[FieldError] = getattr(refusal, "errors", ())
            why = [
                Problem(of_row.get(split_cell(one.path)[1] or "", line), declared(one.path),
                        one.message)
                for one in errors
            ]  # fmt: skip
            why = why or [Problem(line, "", refusal.message)]
            return Outcome(line, name, "refused", why, known.id if known else "")

    def _read(self, rows: Sequence[Row]) -> tuple[dict[str, Any], list[int], list[Problem]]:
        """What the rows of an entry say, in which row each line of its table stands, and faults."""
        problems: list[Problem] = []
        given = self._values(rows[0], self.columns.of_header, problems)
        lines: list[int] = []
        table = []
        for row in rows if self.columns.table else ():
            held = self._values(row, self.columns.of_table, problems)
            if held:
                table.append(held)
                lines.append(row[0])
        if self.columns.table and table:
            given[self.columns.table] = table
        return given, lines, problems

    def _values(self, row: Row, columns: Iterable[int], problems: list[Problem]) -> dict[str, Any]:
        """What a row says in these columns; what is wrong joins the problems."""
        line, cells = row
        found: dict[str, Any] = {}
        for at in sorted(columns):
            if at not in cells or not cells[at].text.strip():
                continue
            one, language = self.columns.fields[at], self.blank.viewer.language
            try:
                found[one.key] = stored(self.blank, one, cells[at], self.names, language)
            except KindError as wrong:
                problems.append(Problem(line, one.path, wrong.message))
        return found

    def _name(self, given: Mapping[str, Any], rows: Sequence[Row]) -> str:
        subject = self.blank.definition.subject
        text = given.get(subject) if subject else None
        first = min(rows[0][1], default=0)
        return str(text or (rows[0][1][first].text if first else ""))[:80]

    def _keep(self, line: int, name: str, given: dict[str, Any], known: Record | None) -> Outcome:
        self._once(line, given)
        if known is None:
            return Outcome(line, name, "created", (), self._create(given))
        before = dict(known.data)
        if same(before, given):
            return Outcome(line, name, "same", (), known.id)
        viewer = self.blank.viewer
        if known.state == transitions.RETIRED:
            raise Invalid(NOT_IN_USE)
        if not services.may_edit(viewer, known):
            raise Invalid(NOT_YOURS)
        made = upward.submit(
            actor=viewer, record_id=known.id, seen_revision=known.revision,
            data={**before, **given}, now=self.blank.now,
        )  # fmt: skip
        return Outcome(line, name, "changed", (), known.id, told(self.blank, made, before))

    def _joined(
        self, before: Mapping[str, Any], given: dict[str, Any], lines: Sequence[int]
    ) -> tuple[dict[str, Any], dict[str, int]]:
        """What is given, its lines among those on file; the row of the sheet by a line's id."""
        table, form = self.columns.table, self.blank.definition
        if table is None or table not in given:
            return given, {}
        rows, ids = joined(form, table, before.get(table) or (), given[table])
        return {**given, table: rows}, dict(zip(ids, lines, strict=True))

    def _create(self, given: dict[str, Any]) -> str:
        entry, record_id = self.blank, new_id()
        data, blank = new_record(entry.compiled, entry.facts(given), given), entry.data
        locking.demand_unlocked(entry.compiled, blank, data, entry.subject, entry.now)
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
