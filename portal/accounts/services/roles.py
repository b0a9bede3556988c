"""Roles in the company: system roles guard the portal, company roles stand in people rules."""

from datetime import datetime

from sqlalchemy import delete, select

from portal.accounts import queries
from portal.accounts.models import RoleGrant
from portal.accounts.rolebook import ROLE
from portal.accounts.services.login_sessions import end_sessions
from portal.accounts.services.people import demand_another_people_admin
from portal.accounts.services.rights import demand_people_admin, the_person
from portal.audit.services import record
from portal.db import db, unscoped
from portal.errors import N_, Forbidden, Invalid
from portal.web.viewer import SYSTEM_ROLES, Viewer

_WHY = "roles are the whole company's"


def grant_role(
    *, actor: Viewer | None, person_id: str, kind: str, role: str, now: datetime
) -> None:
    """Give a role (kind system or company). Granting one already held does nothing.

    A system role is granted only by somebody who holds it; a company role by people
    administrators, and to oneself only if nobody else could. Raises Forbidden, Invalid, NotFound.
    """
    _demand_right(actor, person_id, kind, role)
    person = the_person(person_id)
    if kind == "system" and person.external:
        raise Invalid(N_("External people hold no system roles."))
    if role in queries.roles_of(person_id)[kind]:
        return
    db.session.add(
        RoleGrant(
            person_id=person_id,
            kind=kind,
            role=role,
            granted_by=actor.person_id if actor else None,
            granted_at=now,
        )
    )
    _note(actor, "role.grant", person_id, kind, role, now)


def revoke_role(
    *, actor: Viewer | None, person_id: str, kind: str, role: str, now: datetime
) -> None:
    """Take a role away; it ends with the next request. Raises Forbidden, Invalid, NotFound."""
    own = actor is not None and actor.person_id == person_id
    if not own:
        _demand_right(actor, person_id, kind, role)
    the_person(person_id)
    if (kind, role) == ("system", "people_admin"):
        demand_another_people_admin(person_id)
    gone = db.session.execute(
        unscoped(
            delete(RoleGrant).where(
                RoleGrant.person_id == person_id, RoleGrant.kind == kind, RoleGrant.role == role
            ),
            _WHY,
        )
    )
    if gone.rowcount:  # type: ignore[attr-defined]
        _note(actor, "role.revoke", person_id, kind, role, now)


def may_grant(actor: Viewer, person_id: str, kind: str, role: str) -> bool:
    """Whether the actor may give this role to this person."""
    try:
        _demand_right(actor, person_id, kind, role)
    except (Forbidden, Invalid):
        return False
    return True


def _demand_right(actor: Viewer | None, person_id: str, kind: str, role: str) -> None:
    if kind == "system":
        if role not in SYSTEM_ROLES:
            raise Invalid(N_("There is no such role."))
        if actor is not None and role not in actor.system_roles:
            raise Forbidden(N_("Nobody gives or takes a system role they do not hold themselves."))
        return
    if kind != "company" or not ROLE.fullmatch(role):
        raise Invalid(N_("There is no such role."))
    demand_people_admin(actor)
    if actor is not None and actor.person_id == person_id and role not in actor.roles:
        demand_alone(actor)


def demand_alone(actor: Viewer) -> None:
    """Nobody gives themself a role while another people administrator could. Raises Forbidden."""
    if queries.holders_of_role("people_admin", kind="system") != [actor.person_id]:
        raise Forbidden(N_("Nobody gives themself a role. Ask another people administrator."))


def system_roles_held(person_ids: list[str]) -> dict[str, list[str]]:
    """System roles by person, for those given."""
    held: dict[str, list[str]] = {}
    statement = (
        select(RoleGrant.person_id, RoleGrant.role)
        .where(RoleGrant.kind == "system", RoleGrant.person_id.in_(sorted(person_ids)))
        .order_by(RoleGrant.role)
    )
    for person_id, role in db.session.execute(unscoped(statement, _WHY)):
        held.setdefault(person_id, []).append(role)
    return held


def _note(
    actor: Viewer | None, action: str, person_id: str, kind: str, role: str, now: datetime
) -> None:
    db.session.flush()
    if kind == "system":
        keep = actor.session_id if actor and actor.person_id == person_id else ""
        end_sessions(person_id=person_id, now=now, keep=keep)
    record(
        actor=actor, action=action, object_kind="person", object_id=person_id,
        detail={"kind": kind, "role": role}, now=now,
    )  # fmt: skip
