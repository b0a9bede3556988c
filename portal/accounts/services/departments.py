"""Departments: a tree, each with at most one head."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.accounts import queries
from portal.accounts.models import Department
from portal.accounts.services.rights import demand_people_admin, the_person
from portal.audit.services import record
from portal.db import db, unscoped
from portal.errors import N_, FieldError, Invalid, Message, NotFound
from portal.web.viewer import Viewer

_WHY = "departments are the whole company's"


def create_department(
    *,
    actor: Viewer | None,
    code: str,
    name: str,
    now: datetime,
    parent_id: str | None = None,
    head_id: str | None = None,
) -> Department:
    """A new department. Raises Invalid, Forbidden."""
    demand_people_admin(actor)
    department = Department(code="", name="", active=True)
    return _set(department, actor, "department.create", now, code, name, parent_id, head_id, True)


def edit_department(
    *,
    actor: Viewer | None,
    department_id: str,
    code: str,
    name: str,
    parent_id: str | None,
    head_id: str | None,
    now: datetime,
    active: bool = True,
) -> Department:
    """Change a department. Raises Invalid (also for a cycle), Forbidden, NotFound."""
    demand_people_admin(actor)
    department = db.session.get(Department, department_id, execution_options={"unscoped": _WHY})
    if department is None:
        raise NotFound(N_("There is no such department."))
    _refuse_cycle(department_id, parent_id)
    return _set(department, actor, "department.edit", now, code, name, parent_id, head_id, active)


def _set(
    department: Department,
    actor: Viewer | None,
    action: str,
    now: datetime,
    code: str,
    name: str,
    parent_id: str | None,
    head_id: str | None,
    active: bool,
) -> Department:
    code, name = code.strip(), name.strip()
    if not code or len(code) > 40:
        raise _wrong("code", N_("Give a code of at most 40 characters."))
    if not name:
        raise _wrong("name", N_("Give the name."))
    twin = select(Department.id).where(
        Department.code == code, Department.id != (department.id or "")
    )
    if db.session.scalars(unscoped(twin, _WHY)).first():
        raise _wrong("code", N_("Another department has this code."))
    if parent_id and parent_id not in {one.id for one in queries.departments()}:
        raise _wrong("parent_id", N_("There is no such department."))
    if head_id and not the_person(head_id).active:
        raise _wrong("head_id", N_("The head must be somebody who works here."))
    department.code, department.name, department.active = code, name, active
    department.parent_id, department.head_id = parent_id or None, head_id or None
    db.session.add(department)
    db.session.flush()
    record(
        actor=actor, action=action, object_kind="department", object_id=department.id,
        detail={"code": code, "name": name, "parent": parent_id, "head": head_id}, now=now,
    )  # fmt: skip
    return department


def _refuse_cycle(department_id: str, parent_id: str | None) -> None:
    parents = {one.id: one.parent_id for one in queries.departments()}
    at: Any = parent_id
    while at:
        if at == department_id:
            raise _wrong("parent_id", N_("A department cannot stand below itself."))
        at = parents.get(at)


def _wrong(path: str, text: str) -> Invalid:
    return Invalid(errors=[FieldError(path, "invalid", Message(text))])
