"""What figures are named by: the documents behind entries, the registers' names of dimensions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from portal.db import db, unscoped
from portal.records import aliases
from portal.records.models import Record, RecordLink
from portal.records.transitions import APPROVED, RETIRED

WHY_DOCUMENT = "a figure names the documents it is made of"
WHY_NAME = "rows of a sheet carry their dimension's name"


@dataclass(frozen=True, slots=True)
class Document:
    """A record named by its label. `id` is empty where the viewer may not open it."""

    id: str
    form: str
    number: str
    subject: str
    state: str


@dataclass(frozen=True, slots=True)
class Named:
    """A dimension (cost code, contract, worker, ...) as its register names it.

    `names` says whom its data name: of merged entries the one that stayed.
    """

    id: str
    form: str
    number: str
    subject: str
    data: Mapping[str, Any]

    @property
    def code(self) -> str:
        return str(self.data.get("code") or self.number or "")

    @property
    def name(self) -> str:
        return str(self.data.get("name") or self.subject or self.number or self.id[-6:])

    def names(self, field: str) -> str:
        """The entry a field leads to, as it stands now; empty for none."""
        key = self.data.get(field)
        return str(aliases.merged().stays(key)) if key else ""

    @property
    def label(self) -> str:
        """Code and name, once each."""
        return self.name if self.code in ("", self.name) else f"{self.code} {self.name}"


def documents_of(record_ids: Collection[str]) -> dict[str, Document]:
    """The documents behind entries. Whoever sees a figure sees the numbers of its documents;
    subject and link only where the record itself is open to the viewer.
    """
    wanted = select(Record.id, Record.form, Record.number, Record.subject, Record.state).where(
        Record.id.in_(sorted(record_ids))
    )
    every = db.session.execute(unscoped(wanted, WHY_DOCUMENT))
    open_to_viewer = set(
        db.session.scalars(select(Record.id).where(Record.id.in_(sorted(record_ids))))
    )
    return {
        row.id: Document(
            row.id if row.id in open_to_viewer else "",
            row.form,
            row.number or "",
            row.subject if row.id in open_to_viewer else "",
            row.state,
        )
        for row in every
    }


def names_of(record_ids: Collection[str]) -> dict[str, Named]:
    """The names of dimensions, by id: a row of a sheet is named whoever reads it."""
    if not record_ids:
        return {}
    statement = select(Record.id, Record.form, Record.number, Record.subject, Record.data).where(
        Record.id.in_(sorted(record_ids))
    )
    rows = db.session.execute(unscoped(statement, WHY_NAME))
    return {row.id: _named(row) for row in rows}


def _named(row: Any) -> Named:
    return Named(row.id, row.form, row.number or "", row.subject, row.data)


def names_asked_for(project_id: str, record_ids: Collection[str]) -> dict[str, Named]:
    """The names of dimensions an address asks for: those that entries of the project, or links of
    its records, lead to, or that the viewer may open. An id alone names nothing.
    """
    if not record_ids:
        return {}
    wanted = sorted(record_ids)
    used = (
        select(RecordLink.target_id)
        .join(Record, Record.id == RecordLink.record_id)
        .where(
            RecordLink.target_id.in_(wanted),
            Record.project_id == project_id,
            Record.state != "draft",
        )
    )
    known = set(db.session.scalars(unscoped(used, WHY_NAME)))
    known.update(db.session.scalars(select(Record.id).where(Record.id.in_(wanted))))
    return names_of(known)


def register_entries(form: str, project_id: str, *, retired: bool = False) -> list[Named]:
    """The approved entries of a register that a project uses: its own, and the company's.

    With `retired` those out of use as well: in a tree they keep their place.
    """
    states = (APPROVED, RETIRED) if retired else (APPROVED,)
    statement = (
        select(Record.id, Record.form, Record.number, Record.subject, Record.data)
        .where(
            Record.form == form,
            Record.state.in_(states),
            or_(Record.project_id == project_id, Record.project_id.is_(None)),
        )
        .order_by(Record.number, Record.id)
    )
    rows = db.session.execute(unscoped(statement, WHY_NAME))
    return [_named(row) for row in rows]
