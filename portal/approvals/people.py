"""Who a people rule finds: the shell's answer to the engine's question."""

from collections.abc import Callable, Sequence

from sqlalchemy import Select, bindparam, select

from portal.accounts.models import Department, Person, RoleGrant
from portal.db import db, read_fixed, remembered, unscoped
from portal.projects.models import Membership, Project
from portal.records.models import Record
from portal.workflows.people import Candidate, PeopleRule, one_per_person

WHY = "people rules are resolved over the whole company"


_is_active = unscoped(select(Person.id).where(Person.id == bindparam("person"), Person.active), WHY)
_members = unscoped(
    select(Membership.role, Membership.person_id)
    .join(Person, Person.id == Membership.person_id)
    .where(Membership.project_id == bindparam("project"), Person.active)
    .order_by(Person.name, Person.id),
    WHY,
)


def find_people(rule: PeopleRule, record: Record) -> tuple[Candidate, ...]:
    """The active people a rule finds for a record, each once, in a stable order."""
    return one_per_person(
        Candidate(person_id, (part,))
        for part in rule.parts
        for person_id in _FINDERS[part.rule](part.value, record)
    )


def is_active(person_id: str) -> bool:
    """Whether this person may act."""
    return person_id in _known_active() or bool(read_fixed(_is_active, {"person": person_id}))


def _known_active() -> set[str]:
    """The people this session found to be active."""
    found: set[str] = remembered(Person).setdefault("active", set())
    return found


def _user(login: str, record: Record) -> Sequence[str]:
    return _active(select(Person.id).where(Person.login == login))


def _role(role: str, record: Record) -> Sequence[str]:
    return _active(
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.kind == "company", RoleGrant.role == role)
    )


def _project_role(role: str, record: Record) -> Sequence[str]:
    return () if record.project_id is None else _staff(record.project_id).get(role, ())


def _staff(project_id: str) -> dict[str, list[str]]:
    """The active members of a project by role; a chain asks for one role after the other."""
    known = remembered(Person, Membership)
    if project_id not in known:
        by_role: dict[str, list[str]] = {}
        for role, person_id in read_fixed(_members, {"project": project_id}):
            by_role.setdefault(role, []).append(person_id)
            _known_active().add(person_id)
        known[project_id] = by_role
    found: dict[str, list[str]] = known[project_id]
    return found


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
    found = db.session.scalars(unscoped(narrowed, WHY)).all()
    _known_active().update(found)
    return found


_FINDERS: dict[str, Callable[[str, Record], Sequence[str]]] = {
    "user": _user,
    "role": _role,
    "project_role": _project_role,
    "dept_head_of": _dept_head_of,
    "field": _field,
}
