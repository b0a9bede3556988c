"""Importing people: every row is created, changed or refused on its own, and reported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from portal.accounts import queries as accounts
from portal.accounts import services
from portal.accounts.models import Person
from portal.admin.imported_cells import COLUMN_OF, Known, roles_of, values_of
from portal.admin.people_csv import Row
from portal.audit.services import attempt
from portal.db import db, unscoped
from portal.errors import N_, Invalid, Message, PortalError
from portal.web.viewer import Viewer

SHOWN: Final = 80  # characters of a cell in a report


@dataclass(frozen=True, slots=True)
class Change:
    """What a row changes of a person: the column, what stood there, what stands there now."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of a row: created, changed, same or refused; `line` is the file's."""

    line: int
    login: str
    name: str
    outcome: str
    problem: Message | None = None
    person_id: str = ""
    changes: Sequence[Change] = ()


class _OnlyTried(Exception):
    """Leaves an attempt that only tried."""


def import_people(
    *, actor: Viewer, rows: Sequence[Row], now: datetime, dry_run: bool
) -> list[RowReport]:
    """Bring the people of the rows in; with `dry_run` only say what would happen.

    A login that exists already is changed, never twice created. Columns left out and empty cells
    stay as they are: a list never clears anything.
    """
    reports: list[RowReport] = []
    known = Known()
    try:
        with attempt():
            reports.extend(_one(actor, row, known, now) for row in rows)
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        db.session.expire_all()
    return reports


def _one(actor: Viewer, row: Row, known: Known, now: datetime) -> RowReport:
    login = row.cells.get("login", "").lower()
    shown = (row.line, _short(login), _short(row.cells.get("name", "")))
    try:
        with attempt():
            if login in known.seen:
                raise Invalid(N_("This sign-in name stands in the list twice."))
            known.seen.add(login)
            return _write(actor, row.cells, login, known, now, shown)
    except PortalError as refusal:
        errors = getattr(refusal, "errors", ())
        return RowReport(*shown, "refused", errors[0].message if errors else refusal.message)


def _short(text: str) -> str:
    """A cell as a report shows it: no list fills a page with one name."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _write(
    actor: Viewer,
    cells: Mapping[str, str],
    login: str,
    known: Known,
    now: datetime,
    shown: tuple[int, str, str],
) -> RowReport:
    values, roles = values_of(cells, known), roles_of(cells.get("roles", ""), known)
    person = db.session.scalars(
        unscoped(select(Person).where(Person.login == login), "an import meets everybody")
    ).first()
    if person is None:
        values.setdefault("name", "")
        person_id = services.create_person(actor=actor, login=login, now=now, **values).id
        _grant(actor, person_id, roles, now)
        return RowReport(*shown, "created", None, person_id)
    before = {key: getattr(person, key) for key in values}
    services.edit_person(actor=actor, person_id=person.id, now=now, **values)
    changes = [
        Change(COLUMN_OF[key], known.worded(key, old), known.worded(key, getattr(person, key)))
        for key, old in before.items()
        if getattr(person, key) != old and key in COLUMN_OF
    ]
    held = set(accounts.roles_of(person.id)["company"])
    given = [role for role in roles if role not in held]
    _grant(actor, person.id, given, now)
    changes += [Change("roles", "", role) for role in given]
    return RowReport(*shown, "changed" if changes else "same", None, person.id, changes)


def _grant(actor: Viewer, person_id: str, roles: Iterable[str], now: datetime) -> None:
    for role in roles:
        services.grant_role(actor=actor, person_id=person_id, kind="company", role=role, now=now)
