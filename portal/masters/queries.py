"""What keepers of a register look at: look-alikes, what hangs on an entry, what is missing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.definitions.queries import FormInRelease
from portal.forms.fields import FieldDefinition
from portal.forms.texts import Text
from portal.ledgers.models import LEDGERS
from portal.ledgers.queries import READ_AS_ONE
from portal.masters.models import ToldApart
from portal.masters.similar import Entry, Group, groups, pair, plain
from portal.records import telling, views
from portal.records.models import Record, RecordLink, Retirement
from portal.records.transitions import APPROVED, DRAFT, RETIRED
from portal.web.viewer import Viewer

WHY = "what hangs on an entry is counted whole, whoever keeps the register"
MOST = 20_000
FOUND = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry as lists of duplicates show it; `uses`: how many records name it."""

    id: str
    name: str
    facts: str
    project: str
    uses: int
    alike: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """How a register stands: its groups of look-alikes, and what is missing in it."""

    groups: Sequence[Sequence[Candidate]]
    in_use: int
    out_of_use: int
    unnamed: int
    empty: Sequence[tuple[Text, int]]


@dataclass(frozen=True, slots=True)
class Usage:
    """What hangs on an entry: records by form, entries by ledger."""

    records: Sequence[tuple[str, int]]
    entries: Sequence[tuple[str, int]]

    @property
    def record_count(self) -> int:
        return sum(count for _, count in self.records)

    @property
    def entry_count(self) -> int:
        return sum(count for _, count in self.entries)


@dataclass(frozen=True, slots=True)
class Line:
    """A field of two entries beside each other."""

    label: str
    goes: str
    stays: str

    @property
    def differs(self) -> bool:
        """Whether the two say something else, whichever way it is written."""
        return (plain(self.goes) or self.goes) != (plain(self.stays) or self.stays)


def kept_projects(viewer: Viewer, form: FormInRelease) -> list[str | None]:
    """Where this viewer keeps a register: projects, or None for one of the company."""
    places: list[str | None] = (
        [None] if form.scope == "company" else [one.id for one in viewer.project_list]
    )
    return [one for one in places if definitions.may_void(viewer, form, one)]


def keeps(viewer: Viewer, form: FormInRelease) -> bool:
    """Whether the viewer keeps a register whose entries can be merged."""
    return bool(form.form.definition.duplicates and kept_projects(viewer, form))


def register(viewer: Viewer, form: FormInRelease) -> Register:
    """How a register stands where the viewer keeps it."""
    rows = _rows(form.key, kept_projects(viewer, form))
    used = uses_of([row.id for row in rows])
    found = groups(
        [_compared(row, form) for row in rows if row.state == APPROVED],
        _names(form),
        _told_apart(),
    )
    in_use = [row for row in rows if row.state == APPROVED]
    return Register(
        _shown(found, in_use, form, viewer, used),
        len(in_use),
        len(rows) - len(in_use),
        sum(1 for row in in_use if not used.get(row.id)),
        [
            (one.label, count)
            for one in _optional(form)
            if (count := sum(1 for row in in_use if row.data.get(one.key) in (None, "", [])))
        ],
    )


def look_alikes(record: Record, form: FormInRelease, viewer: Viewer) -> Sequence[Candidate]:
    """The entries in use that look like this one."""
    rows = [row for row in _rows(form.key, [record.project_id]) if row.state == APPROVED]
    found = groups([_compared(row, form) for row in rows], _names(form), _told_apart())
    mine = [one for one in found if record.id in one.ids]
    shown = _shown(mine, rows, form, viewer, uses_of([i for one in mine for i in one.ids]))
    return [one for group in shown for one in group if one.id != record.id]


def candidates(
    record: Record, form: FormInRelease, viewer: Viewer, text: str
) -> Sequence[Candidate]:
    """Entries in use of the same place whose name, number or code holds a text."""
    wanted = text.casefold()
    rows = [
        row
        for row in _rows(form.key, [record.project_id])
        if row.state == APPROVED
        and row.id != record.id
        and any(wanted in str(part or "").casefold() for part in _told(row))
    ][:FOUND]
    used = uses_of([row.id for row in rows])
    return [_candidate(row, form, viewer, used) for row in rows]


def _told(row: Any) -> tuple[Any, ...]:
    return row.subject, row.number, row.data.get("code")


def _rows(form: str, projects: Collection[str | None]) -> Sequence[Any]:
    """The entries of a register in use and out of it, by name."""
    own = [one for one in projects if one is not None]
    places = [Record.project_id.in_(sorted(own))] if own else []
    if None in projects:
        places.append(Record.project_id.is_(None))
    if not places:
        return ()
    statement = (
        select(
            Record.id, Record.number, Record.subject, Record.state, Record.project_id, Record.data
        )
        .where(Record.form == form, Record.state.in_((APPROVED, RETIRED)), or_(*places))
        .order_by(Record.subject, Record.id)
        .limit(MOST)
    )
    return db.session.execute(statement).all()


def _compared(row: Any, form: FormInRelease) -> Entry:
    fields = form.form.definition.fields
    texts = {
        path: str(row.data.get(fields[path].key) or "")
        for path in form.form.definition.duplicates
        if path in fields
    }
    return Entry(row.id, row.project_id or "", texts)


def _names(form: FormInRelease) -> frozenset[str]:
    """The field that is the name of an entry: its legal form tells nothing."""
    return frozenset({form.form.definition.subject or ""})


def _told_apart() -> set[tuple[str, str]]:
    rows = db.session.execute(select(ToldApart.first_id, ToldApart.second_id))
    return {pair(one, other) for one, other in rows}


def _shown(
    found: Sequence[Group],
    rows: Sequence[Any],
    form: FormInRelease,
    viewer: Viewer,
    used: Mapping[str, int],
) -> list[list[Candidate]]:
    by_id = {row.id: row for row in rows}
    return [
        [_candidate(by_id[one], form, viewer, used, group.alike[one]) for one in group.ids]
        for group in found
    ]


def _candidate(
    row: Any,
    form: FormInRelease,
    viewer: Viewer,
    used: Mapping[str, int],
    alike: Sequence[str] = (),
) -> Candidate:
    definition = form.form.definition
    codes = {one.id: one.code for one in viewer.project_list}
    return Candidate(
        row.id,
        row.subject or row.number or "–",
        telling.facts_of(row, definition, viewer.language),
        codes.get(row.project_id or "", ""),
        used.get(row.id, 0),
        [definition.fields[path].label for path in alike],
    )


def _optional(form: FormInRelease) -> list[FieldDefinition]:
    """The fields somebody may fill in and need not."""
    return [
        one
        for one in form.form.definition.header
        if one.is_writable and one.kind.is_stored and not one.required and one.kind.name != "table"
    ]


def uses_of(record_ids: Collection[str]) -> dict[str, int]:
    """How many records name each of these entries; drafts are their owners' alone."""
    statement = (
        select(RecordLink.target_id, func.count(func.distinct(RecordLink.record_id)))
        .join(Record, Record.id == RecordLink.record_id)
        .where(RecordLink.target_id.in_(sorted(record_ids)), Record.state != DRAFT)
        .group_by(RecordLink.target_id)
    )
    return {row[0]: row[1] for row in db.session.execute(unscoped(statement, WHY))}


def usage_of(record_id: str) -> Usage:
    """Which records name an entry, and which entries of the ledgers."""
    statement = (
        select(Record.form, func.count(func.distinct(Record.id)))
        .join(RecordLink, RecordLink.record_id == Record.id)
        .where(RecordLink.target_id == record_id, Record.state != DRAFT)
        .group_by(Record.form)
        .order_by(Record.form)
    )
    forms = [(row[0], row[1]) for row in db.session.execute(unscoped(statement, WHY))]
    ledgers = []
    for name, model in LEDGERS.items():
        named = [getattr(model, one) for one in sorted(READ_AS_ONE) if hasattr(model, one)]
        if not named:
            continue
        counted = select(func.count()).select_from(model)
        counted = counted.where(or_(*(column == record_id for column in named)))
        count = db.session.scalar(unscoped(counted, WHY)) or 0
        if count:
            ledgers.append((name, count))
    return Usage(forms, ledgers)


def beside(goes: Record, stays: Record, viewer: Viewer) -> list[Line]:
    """The fields of two entries as this viewer reads them, line by line."""
    left, right = (_texts(one, viewer) for one in (goes, stays))
    labels = {path: label for texts in (left, right) for path, (label, _) in texts.items()}
    empty = ("", "")
    return [
        Line(label, left.get(path, empty)[1], right.get(path, empty)[1])
        for path, label in labels.items()
    ]


def _texts(record: Record, viewer: Viewer) -> dict[str, tuple[str, str]]:
    page = views.record_page(record, viewer)
    return {one.path: (one.label, one.text) for section in page.sections for one in section.facts}


def retirement_of(record_id: str) -> Retirement | None:
    """Why an entry is out of use now; None while it is in use."""
    statement = select(Retirement).where(
        Retirement.record_id == record_id, Retirement.ended_at.is_(None)
    )
    return db.session.scalars(unscoped(statement, WHY)).first()


def merged_into(record_id: str) -> Sequence[tuple[str, str]]:
    """(id, name) of the entries that were merged into this one."""
    statement = (
        select(Record.id, Record.subject)
        .join(Retirement, Retirement.record_id == Record.id)
        .where(Retirement.into_id == record_id, Retirement.ended_at.is_(None))
        .order_by(Record.subject, Record.id)
    )
    return [(row.id, row.subject) for row in db.session.execute(unscoped(statement, WHY))]
