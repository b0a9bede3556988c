"""Members of projects: staffed role by role."""

from datetime import datetime

from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.rolebook import ROLE
from portal.accounts.services import demand_alone
from portal.audit.services import record
from portal.db import db, unscoped
from portal.errors import N_, FieldError, Invalid, Message
from portal.projects.models import Membership
from portal.projects.services.rights import demand_manager, found
from portal.web.viewer import Viewer

_WHY = "staffing judges the whole project"


def add_member(
    *, actor: Viewer | None, project_id: str, person_id: str, role: str, now: datetime
) -> None:
    """Give a person a role in a project; one already held stays. Raises Invalid, Forbidden.

    Nobody gives themself more than plain membership while somebody else could give it.
    """
    found(project_id)
    demand_manager(actor, project_id)
    if not ROLE.fullmatch(role):
        raise _wrong("role", N_("There is no such role."))
    if actor is not None and actor.person_id == person_id and role != "member":
        held = actor.project_roles.get(project_id, frozenset())
        if role not in held:
            demand_alone(actor)
    person = db.session.get(Person, person_id, execution_options={"unscoped": _WHY})
    if person is None or not person.active:
        raise _wrong("person_id", N_("Choose somebody who works here."))
    if person.external and person.project_id != project_id:
        raise _wrong("person_id", N_("This external person belongs to another project."))
    if role in _roles(project_id, person_id):
        return
    db.session.add(
        Membership(project_id=project_id, person_id=person_id, role=role, created_at=now)
    )
    db.session.flush()
    record(
        actor=actor, action="project.member_add", object_kind="project", object_id=project_id,
        detail={"person": person_id, "role": role}, now=now,
    )  # fmt: skip


def remove_member(
    *,
    actor: Viewer | None,
    project_id: str,
    person_id: str,
    now: datetime,
    role: str | None = None,
) -> None:
    """Take one role in the project away, or all of them; what the person may see ends at once."""
    found(project_id)
    demand_manager(actor, project_id)
    rows = db.session.scalars(
        unscoped(
            select(Membership).where(
                Membership.project_id == project_id, Membership.person_id == person_id
            ),
            _WHY,
        )
    ).all()
    gone = [row for row in rows if role is None or row.role == role]
    for row in gone:
        db.session.delete(row)
    db.session.flush()
    if gone:
        record(
            actor=actor, action="project.member_remove", object_kind="project",
            object_id=project_id,
            detail={"person": person_id, "roles": sorted(row.role for row in gone)}, now=now,
        )  # fmt: skip


def _roles(project_id: str, person_id: str) -> set[str]:
    statement = select(Membership.role).where(
        Membership.project_id == project_id, Membership.person_id == person_id
    )
    return set(db.session.scalars(unscoped(statement, _WHY)))


def _wrong(path: str, text: str) -> Invalid:
    return Invalid(errors=[FieldError(path, "invalid", Message(text))])
