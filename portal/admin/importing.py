"""Importing people: every row is created, changed or refused on its own, and reported."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.accounts import queries as accounts
from portal.accounts import rolebook, services
from portal.accounts.models import Person
from portal.db import db, unscoped
from portal.errors import N_, Invalid, Message, PortalError
from portal.projects import queries as projects
from portal.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of a row: created, changed, same or refused; the heading is line 1."""

    line: int
    login: str
    name: str
    outcome: str
    problem: Message | None = None
    person_id: str = ""


class _OnlyTried(Exception):
    """Leaves an attempt that only tried."""


def import_people(
    *, actor: Viewer, rows: Sequence[Mapping[str, str]], now: datetime, dry_run: bool
) -> list[RowReport]:
    """Bring the people of the rows in; with `dry_run` only say what would happen.

    A login that exists already is changed, never twice created. Columns left out stay as they are.
    """
    reports: list[RowReport] = []
    known = _Known()
    try:
        with _attempt():
            for line, row in enumerate(rows, start=2):
                reports.append(_one(actor, row, line, known, now))
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        db.session.expire_all()
    return reports


class _Known:
    """Departments, projects and roles as lists name them."""

    def __init__(self) -> None:
        self.departments: dict[str, str] = {}
        for one in accounts.departments():
            self.departments.setdefault(one.name.casefold(), one.id)
            self.departments[one.code.casefold()] = one.id
        self.projects = {one.code.casefold(): one.id for one in projects.visible_projects()}
        self.roles = rolebook.titles("company")
        self.seen: set[str] = set()


def _one(
    actor: Viewer, row: Mapping[str, str], line: int, known: _Known, now: datetime
) -> RowReport:
    login, name = row.get("login", "").lower(), row.get("name", "")
    try:
        with _attempt():
            if login in known.seen:
                raise Invalid(N_("This sign-in name stands in the list twice."))
            known.seen.add(login)
            outcome, person_id = _write(actor, row, login, known, now)
    except PortalError as refusal:
        errors = getattr(refusal, "errors", ())
        problem = errors[0].message if errors else refusal.message
        return RowReport(line, login, name, "refused", problem)
    return RowReport(line, login, name, outcome, None, person_id)


def _write(
    actor: Viewer, row: Mapping[str, str], login: str, known: _Known, now: datetime
) -> tuple[str, str]:
    values = _values(row, known)
    person = db.session.scalars(
        unscoped(select(Person).where(Person.login == login), "an import meets everybody")
    ).first()
    if person is None:
        created = services.create_person(actor=actor, login=login, now=now, **values)
        outcome, person_id = "created", created.id
    else:
        person_id = person.id
        same = all(getattr(person, key) == value for key, value in values.items())
        outcome = "same" if same else "changed"
        services.edit_person(actor=actor, person_id=person_id, now=now, **values)
    held = accounts.roles_of(person_id)["company"]
    for role in _roles(row.get("roles", ""), known):
        if role not in held:
            outcome = "changed" if outcome == "same" else outcome
            services.grant_role(
                actor=actor, person_id=person_id, kind="company", role=role, now=now
            )
    return outcome, person_id


def _values(row: Mapping[str, str], known: _Known) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, most in (("name", 200), ("email", 254), ("phone", 40), ("title", 200)):
        if column in row:
            if len(row[column]) > most:
                raise Invalid(N_("%(column)s is longer than %(most)s."), column=column, most=most)
            values[column] = row[column] or None
    values["name"] = values.get("name") or ""
    if "department" in row:
        values["department_id"] = _named(row["department"], known.departments, "department")
    if row.get("language"):
        values["language"] = "zh" if row["language"].lower()[:2] in {"zh", "中文"} else "en"
    if row.get("zone"):
        values["zone"] = row["zone"]
    if row.get("project"):
        project_id = _named(row["project"], known.projects, "project")
        values |= {"external": True, "project_id": project_id}
    return values


def _named(text: str, ids: Mapping[str, str], what: str) -> str | None:
    if not text:
        return None
    found = ids.get(text.casefold())
    if found is None and what == "department":
        raise Invalid(N_("There is no department “%(name)s”."), name=text[:80])
    if found is None:
        raise Invalid(N_("There is no project “%(name)s”."), name=text[:80])
    return found


def _roles(text: str, known: _Known) -> list[str]:
    wanted = [part.strip() for part in text.replace("、", ";").replace("|", ";").split(";")]
    for role in filter(None, wanted):
        if role not in known.roles:
            raise Invalid(N_("There is no company role “%(name)s”."), name=role[:80])
    return [role for role in wanted if role]


@contextmanager
def _attempt() -> Iterator[None]:
    """All or nothing within the transaction: rows and the audit notes that wait to be written."""
    notes: list[Any] = db.session.info.setdefault("audit", [])
    before = len(notes)
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        del notes[before:]
        raise
