"""Reading people, departments and roles. Names and departments are known to everyone inside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select

from portal.accounts.models import Company, Department, Person, RoleGrant
from portal.db import db, read_fixed, remembered, unscoped

COMPANY_ID = 1
_WHOLE = "people, departments and roles are the whole company's"


@dataclass(frozen=True, slots=True)
class PersonBrief:
    """A person and the facts that tell people of one name apart."""

    id: str
    login: str
    name: str
    title: str
    department: str
    active: bool = True
    external: bool = False


def company() -> Company | None:
    """The company, if it was set up at all."""
    return db.session.get(Company, COMPANY_ID, execution_options={"unscoped": _WHOLE})


_names = unscoped(
    select(Person.id, Person.name).where(Person.id.in_(bindparam("ids", expanding=True))), _WHOLE
)


def person_name(ids: Iterable[str]) -> dict[str, str]:
    """The names of these people by id; unknown ids are left out."""
    wanted = {i for i in ids if i}
    known = remembered(Person).setdefault("names", {})
    missing = sorted(wanted - known.keys())
    if missing:
        known.update((row.id, row.name) for row in read_fixed(_names, {"ids": missing}))
    return {i: known[i] for i in sorted(wanted & known.keys())}


def _brief(row: Sequence[Any]) -> PersonBrief:
    ident, login, name, title, department, active, external = row
    return PersonBrief(ident, login, name, title or "", department or "", active, external)


_BRIEF = (
    select(
        Person.id,
        Person.login,
        Person.name,
        Person.title,
        Department.name,
        Person.active,
        Person.external,
    )
    .outerjoin(Department, Department.id == Person.department_id)
    .order_by(Person.name, Person.login)
)


def people_briefly(ids: Iterable[str]) -> dict[str, PersonBrief]:
    """These people with title and department, by id."""
    wanted = sorted({i for i in ids if i})
    if not wanted:
        return {}
    rows = db.session.execute(unscoped(_BRIEF.where(Person.id.in_(wanted)), _WHOLE))
    return {row[0]: _brief(row) for row in rows}


def people_by_login(logins: Iterable[str]) -> dict[str, str]:
    """Ids by login, of people who exist (also of those who left)."""
    wanted = sorted({login.lower() for login in logins})
    if not wanted:
        return {}
    rows = db.session.execute(
        unscoped(select(Person.login, Person.id).where(Person.login.in_(wanted)), _WHOLE)
    )
    return {row.login: row.id for row in rows}


def active_people() -> list[PersonBrief]:
    """Everyone who may sign in, by name."""
    rows = db.session.execute(unscoped(_BRIEF.where(Person.active.is_(True)), _WHOLE))
    return [_brief(row) for row in rows]


def find_people(
    text: str, limit: int = 20, *, among: Iterable[str] | None = None
) -> list[PersonBrief]:
    """Active people whose name, login or title contains the text; `among` narrows to these ids."""
    statement = _BRIEF.where(Person.active.is_(True)).limit(limit)
    sought = text.strip()
    if sought:
        statement = statement.where(
            or_(
                Person.name.icontains(sought, autoescape=True),
                Person.login.icontains(sought, autoescape=True),
                Person.title.icontains(sought, autoescape=True),
            )
        )
    if among is not None:
        statement = statement.where(Person.id.in_(sorted(set(among))))
    return [_brief(row) for row in db.session.execute(unscoped(statement, _WHOLE))]


def holders_of_role(role: str, *, kind: str = "company") -> list[str]:
    """Ids of the active people who hold a company role (or a system role), by name."""
    statement = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.kind == kind, RoleGrant.role == role, Person.active.is_(True))
        .order_by(Person.name, Person.id)
    )
    return list(db.session.scalars(unscoped(statement, _WHOLE)))


def roles_of(person_id: str) -> dict[str, frozenset[str]]:
    """The roles a person holds: {"system": ..., "company": ...}."""
    found: dict[str, set[str]] = {"system": set(), "company": set()}
    statement = select(RoleGrant.kind, RoleGrant.role).where(RoleGrant.person_id == person_id)
    for kind, role in db.session.execute(unscoped(statement, _WHOLE)):
        found.setdefault(kind, set()).add(role)
    return {kind: frozenset(roles) for kind, roles in found.items()}


def head_of_department(department_id: str | None) -> str | None:
    """The active head of a department; nobody if it has none."""
    if department_id is None:
        return None
    statement = (
        select(Person.id)
        .join(Department, Department.head_id == Person.id)
        .where(Department.id == department_id, Person.active.is_(True))
    )
    return db.session.scalars(unscoped(statement, _WHOLE)).first()


def departments() -> Sequence[Department]:
    """All departments by code."""
    return db.session.scalars(unscoped(select(Department).order_by(Department.code), _WHOLE)).all()


def department_names(ids: Iterable[str]) -> dict[str, str]:
    """Names of departments by id."""
    wanted = sorted({i for i in ids if i})
    if not wanted:
        return {}
    statement = select(Department.id, Department.name).where(Department.id.in_(wanted))
    return {row.id: row.name for row in db.session.execute(unscoped(statement, _WHOLE))}
