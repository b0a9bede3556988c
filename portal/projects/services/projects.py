"""Projects: created and changed."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.accounts import queries as people
from portal.accounts.services import DEFAULT_CALENDAR
from portal.audit.services import record
from portal.db import db, unscoped
from portal.errors import N_, FieldError, Forbidden, Invalid, Message
from portal.projects.models import Project
from portal.projects.services.rights import demand_manager, found, may_create
from portal.standards import demand_currency, demand_zone
from portal.web.viewer import Viewer

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
STATUSES = ("planned", "active", "paused", "closed")
CHANGEABLE = frozenset(
    {
        "code",
        "name",
        "status",
        "currency",
        "zone",
        "calendar",
        "department_id",
        "starts_on",
        "ends_on",
    }
)
_WHY = "codes are unique in the company"

_in_use: list[Callable[[str], bool]] = []


def register_use(is_used: Callable[[str], bool]) -> None:
    """Register a test (project id) of whether figures stand on the project's currency already."""
    if is_used not in _in_use:
        _in_use.append(is_used)


def create_project(
    *,
    actor: Viewer | None,
    code: str,
    name: str,
    currency: str,
    zone: str,
    now: datetime,
    status: str = "active",
    calendar: dict[str, Any] | None = None,
    department_id: str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Project:
    """A new project without members. Raises Invalid, Forbidden."""
    if not may_create(actor):
        raise Forbidden(N_("Only people administrators create projects."))
    company = people.company()
    values = _judged(
        {
            "code": code,
            "name": name,
            "status": status,
            "currency": currency,
            "zone": zone,
            "calendar": calendar or (company and company.calendar) or dict(DEFAULT_CALENDAR),
            "department_id": department_id,
            "starts_on": starts_on,
            "ends_on": ends_on,
        },
        None,
    )
    project = Project(created_at=now, **values)
    db.session.add(project)
    db.session.flush()
    record(
        actor=actor, action="project.create", object_kind="project", object_id=project.id,
        detail={"code": project.code, "name": project.name}, now=now,
    )  # fmt: skip
    return project


def edit_project(
    *, actor: Viewer | None, project_id: str, now: datetime, **changes: Any
) -> Project:
    """Change columns of CHANGEABLE. The currency stays once anything was filed. Raises Invalid,
    Forbidden, NotFound."""
    project = found(project_id)
    demand_manager(actor, project_id)
    current = {key: getattr(project, key) for key in CHANGEABLE}
    values = _judged({**current, **changes}, project_id)
    changed = {key for key in values if values[key] != current[key]}
    if "currency" in changed and any(used(project_id) for used in _in_use):
        text = N_("Records of this project already use its currency.")
        raise Invalid(errors=[FieldError("currency", "used", Message(text))])
    for key in changed:
        setattr(project, key, values[key])
    db.session.flush()
    if changed:
        record(
            actor=actor, action="project.edit", object_kind="project", object_id=project_id,
            detail={key: [_plain(current[key]), _plain(values[key])] for key in sorted(changed)},
            now=now,
        )  # fmt: skip
    return project


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _wrong(path: str, text: str) -> Invalid:
    return Invalid(errors=[FieldError(path, "invalid", Message(text))])


def _judged(values: dict[str, Any], project_id: str | None) -> dict[str, Any]:
    """The values normalized, or Invalid with the field that is wrong."""
    values["code"] = str(values["code"]).strip().upper()
    values["name"] = str(values["name"]).strip()
    if not CODE.fullmatch(values["code"]):
        raise _wrong("code", N_("Use 1 to 20 capital letters, digits and hyphens, such as P-101."))
    twin = select(Project.id).where(
        Project.code == values["code"], Project.id != (project_id or "")
    )
    if db.session.scalars(unscoped(twin, _WHY)).first():
        raise _wrong("code", N_("Another project has this code."))
    if not values["name"]:
        raise _wrong("name", N_("Give the name."))
    if values["status"] not in STATUSES:
        raise _wrong("status", N_("There is no such status."))
    demand_currency(str(values["currency"]))
    demand_zone(values["zone"])
    starts, ends = values["starts_on"], values["ends_on"]
    if starts and ends and ends < starts:
        raise _wrong("ends_on", N_("The end lies before the start."))
    department = values["department_id"] = values["department_id"] or None
    if department and department not in {one.id for one in people.departments()}:
        raise _wrong("department_id", N_("There is no such department."))
    return values
