"""People: created, changed, gone. Never deleted, because history names them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.accounts import leaving, queries
from portal.accounts.models import Department, Person
from portal.accounts.services.login_sessions import end_sessions
from portal.accounts.services.rights import demand_control, demand_people_admin, the_person
from portal.audit.services import record
from portal.db import db, unscoped
from portal.errors import N_, FieldError, Invalid, Message
from portal.standards import demand_zone
from portal.web.inputs import one_line
from portal.web.viewer import Viewer

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,180}\.[^@\s,;<>\".]{2,63}")
CHANGEABLE = frozenset(
    {
        "login",
        "name",
        "email",
        "phone",
        "department_id",
        "title",
        "language",
        "zone",
        "external",
        "project_id",
    }
)
_WHY = "people are the whole company's"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a person who left still holds: tasks that wait, departments without a head now."""

    open_tasks: int
    heads: tuple[str, ...]


def create_person(
    *,
    actor: Viewer | None,
    login: str,
    name: str,
    now: datetime,
    password_hash: str | None = None,
    **details: Any,
) -> Person:
    """A new person; `details` are the other columns of CHANGEABLE. Raises Invalid, Forbidden."""
    demand_people_admin(actor)
    values = _judged({"login": login, "name": name, **details}, person_id=None)
    person = Person(password_hash=password_hash, created_at=now, **values)
    db.session.add(person)
    db.session.flush()
    record(
        actor=actor, action="person.create", object_kind="person", object_id=person.id,
        detail={"login": person.login}, now=now,
    )  # fmt: skip
    return person


def edit_person(*, actor: Viewer | None, person_id: str, now: datetime, **changes: Any) -> Person:
    """Change columns of CHANGEABLE. Sign-in name and e-mail lead to the account, so they need
    control over it. Raises Invalid, Forbidden, NotFound."""
    demand_people_admin(actor)
    person = the_person(person_id)
    before = {key: getattr(person, key) for key in changes}
    values = _judged({"login": person.login, "name": person.name, **changes}, person_id=person_id)
    changed = {k: v for k, v in values.items() if k in changes and v != before[k]}
    if changed.keys() & {"login", "email", "external"}:
        demand_control(actor, person_id)
    if changed.get("external") and queries.roles_of(person_id)["system"]:
        raise _wrong("external", N_("Take the system roles away first."))
    for key, value in changed.items():
        setattr(person, key, value)
    if changed.keys() & {"login", "external", "project_id"}:
        end_sessions(person_id=person_id, now=now, keep=actor.session_id if actor else "")
    db.session.flush()
    if changed:
        record(
            actor=actor, action="person.edit", object_kind="person", object_id=person_id,
            detail={"fields": sorted(changed)}, now=now,
        )  # fmt: skip
    return person


def deactivate_person(*, actor: Viewer | None, person_id: str, now: datetime) -> Leaving:
    """The person leaves: cannot sign in, all sessions end at once. Raises Invalid, Forbidden."""
    demand_people_admin(actor)
    person = the_person(person_id)
    if actor is not None and actor.person_id == person_id:
        raise Invalid(N_("You cannot let yourself leave. Ask another people administrator."))
    demand_another_people_admin(person_id)
    person.active, person.left_at = False, now
    end_sessions(person_id=person_id, now=now)
    heads = tuple(
        db.session.scalars(
            unscoped(
                select(Department.name)
                .where(Department.head_id == person_id)
                .order_by(Department.code),
                _WHY,
            )
        )
    )
    held = Leaving(leaving.open_tasks(person_id), heads)
    db.session.flush()
    record(
        actor=actor, action="person.leave", object_kind="person", object_id=person_id,
        detail={"open_tasks": held.open_tasks, "head_of": list(heads)}, now=now,
    )  # fmt: skip
    leaving.depart(actor, person_id, now)
    return held


def reactivate_person(*, actor: Viewer | None, person_id: str, now: datetime) -> None:
    """Somebody who left is back, with the roles they still hold."""
    demand_people_admin(actor)
    demand_control(actor, person_id)
    person = the_person(person_id)
    person.active, person.left_at = True, None
    db.session.flush()
    record(
        actor=actor, action="person.return", object_kind="person", object_id=person_id,
        detail={}, now=now,
    )  # fmt: skip


def demand_another_people_admin(person_id: str) -> None:
    """The portal keeps at least one active people administrator. Raises Invalid."""
    admins = queries.holders_of_role("people_admin", kind="system")
    if admins == [person_id]:
        raise Invalid(N_("This is the last people administrator. Appoint another one first."))


def _wrong(path: str, text: str, **args: Any) -> Invalid:
    return Invalid(errors=[FieldError(path, "invalid", Message(text, args))])


def _judged(values: dict[str, Any], *, person_id: str | None) -> dict[str, Any]:
    """The values normalized, or Invalid with the field that is wrong."""
    unknown = values.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"a person has no {', '.join(sorted(unknown))}")
    for key in values.keys() & {"name", "title", "phone"}:
        values[key] = one_line(values[key])
    values["login"] = login = str(values["login"]).strip().lower()
    if not LOGIN.fullmatch(login):
        raise _wrong("login", N_("Use 2 to 80 small letters, digits and . _ - + @ only."))
    if not str(values["name"]).strip():
        raise _wrong("name", N_("Give the name."))
    if "email" in values:
        values["email"] = email = (values["email"] or "").strip().lower() or None
        if email and not EMAIL.fullmatch(email):
            raise _wrong("email", N_("This is not an e-mail address."))
        if email and _taken(Person.email, email, person_id):
            raise _wrong("email", N_("Somebody has this e-mail address already."))
    if _taken(Person.login, login, person_id):
        raise _wrong("login", N_("Somebody has this sign-in name already."))
    if values.get("zone"):
        demand_zone(values["zone"])
    if values.get("language", "en") not in {"en", "zh"}:
        raise _wrong("language", N_("Choose English or Chinese."))
    if values.get("external") and not values.get("project_id"):
        raise _wrong("project_id", N_("An external person needs the one project they see."))
    if values.get("external") is False:
        values["project_id"] = None
    return values


def _taken(column: Any, value: str, person_id: str | None) -> bool:
    statement = select(Person.id).where(column == value, Person.id != (person_id or ""))
    return db.session.scalars(unscoped(statement, _WHY)).first() is not None
