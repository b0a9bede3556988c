"""From the session cookie to the viewer: who is asking, with which roles, as of this request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from portal import clock, limits
from portal.accounts.models import Company, LoginSession, Person, RoleGrant
from portal.accounts.queries import COMPANY_ID
from portal.accounts.tokens import token_hash
from portal.db import apart, db, read_fixed, unscoped
from portal.extensions import login
from portal.web.viewer import CompanyBrief, ProjectBrief, Viewer

IDLE = timedelta(hours=limits.SESSION_IDLE_HOURS)
ABSOLUTE = timedelta(hours=limits.SESSION_HOURS)
TOUCH = timedelta(minutes=limits.LAST_SEEN_MINUTES)
FRESH = timedelta(minutes=30)
_WHY = "the session is looked up before anybody is known"


@dataclass(frozen=True, slots=True)
class Memberships:
    """The projects a person is a member of, with the roles held in each."""

    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    projects: tuple[ProjectBrief, ...] = ()


_memberships: list[Callable[[str, str | None], Memberships]] = []


def register_memberships(source: Callable[[str, str | None], Memberships]) -> None:
    """Say who knows memberships: called with the person's id and, of an external, the project."""
    _memberships[:] = [source]


class SignedIn:
    """What Flask-Login keeps as the current user: a session's token and its viewer."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, token: str, viewer: Viewer) -> None:
        self._token = token
        self.viewer = viewer

    def get_id(self) -> str:
        """The session's token, never the person's id."""
        return self._token


_real, _played = aliased(Person), aliased(Person)
_COLUMNS = (
    "id",
    "login",
    "name",
    "language",
    "zone",
    "theme",
    "external",
    "department_id",
    "project_id",
)


def _columns(person: Any) -> list[Any]:
    return [getattr(person, name) for name in _COLUMNS]


_find = unscoped(
    select(
        LoginSession.id,
        LoginSession.created_at,
        LoginSession.last_seen,
        LoginSession.fresh_at,
        Company.name,
        Company.demo,
        Company.zone,
        *_columns(_real),
        *_columns(_played),
    )
    .join(_real, _real.id == LoginSession.person_id)
    .outerjoin(_played, (_played.id == LoginSession.acting_as_id) & _played.active.is_(True))
    .outerjoin(Company, Company.id == COMPANY_ID)
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.ended_at.is_(None),
        _real.active.is_(True),
    ),
    _WHY,
)
_roles = unscoped(
    select(RoleGrant.kind, RoleGrant.role).where(RoleGrant.person_id == bindparam("person")), _WHY
)


_company = select(Company.name, Company.zone, Company.demo).where(Company.id == COMPANY_ID)


def load(token: str) -> SignedIn | None:
    """The user behind a cookie's token; nobody if the session ended, idled out or is too old."""
    rows = read_fixed(_find, {"token_hash": token_hash(token)})
    if not rows:
        return None
    session_id, created_at, last_seen, fresh_at, company, demo, zone, *people = rows[0]
    now = clock.now()
    if now - last_seen > IDLE or now - created_at > ABSOLUTE:
        return None
    if now - last_seen >= TOUCH:
        g.session_to_touch = session_id
    real, played = people[: len(_COLUMNS)], people[len(_COLUMNS) :]
    acting = bool(demo) and played[0] is not None
    viewer = _viewer(
        played if acting else real,
        real=real,
        session_id=session_id,
        company=CompanyBrief(company or "", zone or "UTC", bool(demo)),
        fresh=now - fresh_at <= FRESH,
    )
    return SignedIn(token, viewer)


def _viewer(
    person: list[Any], *, real: list[Any], session_id: str, company: CompanyBrief, fresh: bool
) -> Viewer:
    ident, login_name, name, _, zone, _, external, department_id, project_id = person
    held: dict[str, set[str]] = {"system": set(), "company": set()}
    for kind, role in read_fixed(_roles, {"person": ident}):
        held[kind].add(role)
    bound = (project_id or "") if external else None
    joined = _memberships[0](ident, bound) if _memberships else Memberships()
    return Viewer(
        person_id=ident,
        login=login_name,
        name=name,
        language=real[3],
        zone=zone or company.zone,
        theme=real[5],
        session_id=session_id,
        acting_for=real[2] if person is not real else "",
        is_external=external,
        department_id=department_id,
        system_roles=frozenset() if external else frozenset(held["system"]),
        roles=frozenset(held["company"]),
        project_roles=joined.roles,
        project_list=joined.projects,
        fresh=fresh,
        company=company,
    )


def viewer_of(person_id: str) -> Viewer:
    """A person as they would ask right now, without a session (demo, commands, tests, previews)."""
    person = db.session.get_one(Person, person_id, execution_options={"unscoped": _WHY})
    found = db.session.execute(unscoped(_company, _WHY)).first()
    company = CompanyBrief(*found) if found else CompanyBrief()
    columns = _columns(person)
    return _viewer(columns, real=columns, session_id="", company=company, fresh=False)


def touch(session_id: str, now: datetime) -> None:
    """Note when a session was last used, beside the request's transaction."""
    with apart() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.id == session_id, LoginSession.ended_at.is_(None))
            .values(last_seen=now)
        )


def _touch_afterwards(_error: BaseException | None) -> None:
    session_id = g.pop("session_to_touch", None)
    if session_id is None:
        return
    db.session.rollback()  # whatever the request did is committed or refused by now
    try:
        touch(session_id, clock.now())
    except OperationalError:
        return  # the database is busy; the next request notes it


def register(app: Flask) -> None:
    """Bind Flask-Login and the note of the last use to an application."""
    login.session_protection = None
    login.user_loader(load)
    app.teardown_request(_touch_afterwards)
