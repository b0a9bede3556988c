"""Who a people rule finds: the shell's answer to the engine's question."""

from collections.abc import Callable, Sequence

from sqlalchemy import Select, select

from portal.accounts.models import Department, Person, RoleGrant
from portal.db import db, unscoped
from portal.projects.models import Membership, Project
from portal.records.models import Record
from portal.workflows.people import Candidate, PeopleRule, one_per_person

WHY = "people rules are resolved over the whole company"


def find_people(rule: PeopleRule, record: Record) -> tuple[Candidate, ...]:
    """The active people a rule finds for a record, each once, in a stable order."""
    return one_per_person(
        Candidate(person_id, (part,))
        for part in rule.parts
        for person_id in _FINDERS[part.rule](part.value, record)
    )


def is_active(person_id: str) -> bool:
    """Whether this person may act."""
    statement = select(Person.active).where(Person.id == person_id)
    return bool(db.session.execute(unscoped(statement, WHY)).scalar_one_or_none())


def _user(login: str, record: Record) -> Sequence[str]:
    return _active(select(Person.id).where(Person.login == login))


def _role(role: str, record: Record) -> Sequence[str]:
    return _active(
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.kind == "company", RoleGrant.role == role)
    )


def _project_role(role: str, record: Record) -> Sequence[str]:
    if record.project_id is None:
        return ()
    return _active(
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.project_id == record.project_id, Membership.role == role)
    )


def _dept_head_of(of: str, record: Record) -> Sequence[str]:
    if of == "requester":
        statement = select(Person.department_id).where(Person.id == record.requester_id)
    elif of == "project":
        statement = select(Project.department_id).where(Project.id == record.project_id)
    else:
        return _head(record.data.get(of))
    return _head(db.session.execute(unscoped(statement, WHY)).scalar_one_or_none())


def _head(department_id: str | None) -> Sequence[str]:
    if department_id is None:
        return ()
    return _active(
        select(Person.id)
        .join(Department, Department.head_id == Person.id)
        .where(Department.id == department_id)
    )


def _field(path: str, record: Record) -> Sequence[str]:
    value = record.data.get(path)
    ids = value if isinstance(value, list) else [value] if value else []
    return _active(select(Person.id).where(Person.id.in_(ids))) if ids else ()


def _active(statement: Select[str]) -> Sequence[str]:
    narrowed = statement.where(Person.active).order_by(Person.name, Person.id)
    return db.session.scalars(unscoped(narrowed, WHY)).all()


_FINDERS: dict[str, Callable[[str, Record], Sequence[str]]] = {
    "user": _user,
    "role": _role,
    "project_role": _project_role,
    "dept_head_of": _dept_head_of,
    "field": _field,
}
