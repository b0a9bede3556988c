"""What the administration pages read; their routes judge who may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from portal.accounts import queries as accounts
from portal.accounts.models import Department, LoginSession, Person, RoleGrant
from portal.accounts.sessions import ABSOLUTE, IDLE
from portal.db import db, unscoped

_WHY = "administration sees the whole company's people"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the list of people."""

    id: str
    login: str
    name: str
    title: str
    department: str
    external: bool
    active: bool
    has_password: bool
    last_seen: datetime | None
    system_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the list of people is narrowed to."""

    text: str = ""
    state: str = ""
    department_id: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role."""

    person_id: str
    name: str
    login: str
    active: bool


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A department at its depth in the tree."""

    department: Department
    depth: int
    head: str
    people: int


def people_page(
    wanted: PeopleFilter, *, limit: int, offset: int
) -> tuple[Sequence[PersonRow], int]:
    """A page of people by name, and how many there are."""
    conditions = list(_conditions(wanted))
    total = db.session.scalar(unscoped(select(func.count(Person.id)).where(*conditions), _WHY))
    seen = (
        select(LoginSession.person_id, func.max(LoginSession.last_seen).label("at"))
        .group_by(LoginSession.person_id)
        .subquery()
    )
    statement = (
        select(
            Person.id,
            Person.login,
            Person.name,
            Person.title,
            Department.name,
            Person.external,
            Person.active,
            Person.password_hash.is_not(None),
            seen.c.at,
        )
        .outerjoin(Department, Department.id == Person.department_id)
        .outerjoin(seen, seen.c.person_id == Person.id)
        .where(*conditions)
        .order_by(Person.name, Person.login)
        .limit(limit)
        .offset(offset)
    )
    rows = db.session.execute(unscoped(statement, _WHY)).all()
    held = _system_roles([row[0] for row in rows])
    people = [
        PersonRow(
            id=row[0],
            login=row[1],
            name=row[2],
            title=row[3] or "",
            department=row[4] or "",
            external=row[5],
            active=row[6],
            has_password=row[7],
            last_seen=row[8],
            system_roles=tuple(held.get(row[0], ())),
        )
        for row in rows
    ]
    return people, total or 0


def _conditions(wanted: PeopleFilter) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        columns = (Person.name, Person.login, Person.email, Person.title)
        found.append(or_(*(c.icontains(wanted.text, autoescape=True) for c in columns)))
    if wanted.state == "left":
        found.append(Person.active.is_(False))
    elif wanted.state == "external":
        found += [Person.active.is_(True), Person.external.is_(True)]
    elif wanted.state == "invited":
        found += [Person.active.is_(True), Person.password_hash.is_(None)]
    elif wanted.state != "all":
        found.append(Person.active.is_(True))
    if wanted.department_id:
        found.append(Person.department_id == wanted.department_id)
    if wanted.role:
        kind, _, role = wanted.role.partition(":")
        holders = select(RoleGrant.person_id).where(RoleGrant.kind == kind, RoleGrant.role == role)
        found.append(Person.id.in_(holders))
    return found


def _system_roles(ids: list[str]) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    statement = (
        select(RoleGrant.person_id, RoleGrant.role)
        .where(RoleGrant.kind == "system", RoleGrant.person_id.in_(ids))
        .order_by(RoleGrant.role)
    )
    for person_id, role in db.session.execute(unscoped(statement, _WHY)):
        held.setdefault(person_id, []).append(role)
    return held


def open_sessions(now: datetime) -> int:
    """How many browsers are signed in."""
    statement = select(func.count(LoginSession.id)).where(
        LoginSession.ended_at.is_(None),
        LoginSession.last_seen > now - IDLE,
        LoginSession.created_at > now - ABSOLUTE,
    )
    return db.session.scalar(unscoped(statement, _WHY)) or 0


def holders_by_role() -> dict[tuple[str, str], list[Holder]]:
    """Everybody who holds a role, by (kind, role), by name."""
    statement = (
        select(RoleGrant.kind, RoleGrant.role, Person.id, Person.name, Person.login, Person.active)
        .join(Person, Person.id == RoleGrant.person_id)
        .order_by(RoleGrant.kind, RoleGrant.role, Person.name, Person.login)
    )
    found: dict[tuple[str, str], list[Holder]] = {}
    for kind, role, ident, name, login, active in db.session.execute(unscoped(statement, _WHY)):
        found.setdefault((kind, role), []).append(Holder(ident, name, login, active))
    return found


def department_tree() -> list[TreeRow]:
    """Departments as a tree, each followed by those below it, by code."""
    everything = accounts.departments()
    heads = accounts.person_name(one.head_id for one in everything if one.head_id)
    statement = (
        select(Person.department_id, func.count(Person.id))
        .where(Person.active.is_(True))
        .group_by(Person.department_id)
    )
    counts = {row[0]: row[1] for row in db.session.execute(unscoped(statement, _WHY))}
    below: dict[str | None, list[Department]] = {}
    for one in everything:
        below.setdefault(one.parent_id, []).append(one)
    rows: list[TreeRow] = []

    def walk(parent: str | None, depth: int) -> None:
        for one in below.get(parent, []):
            head = heads.get(one.head_id or "", "")
            rows.append(TreeRow(one, depth, head, counts.get(one.id, 0)))
            walk(one.id, depth + 1)

    walk(None, 0)
    return rows
