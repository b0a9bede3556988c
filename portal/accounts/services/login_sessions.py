"""Signed-in browsers: opened, played as somebody else in the demo, ended."""

from datetime import datetime

from sqlalchemy import select, update

from portal.accounts.models import LoginSession, Person
from portal.accounts.tokens import new_token, token_hash
from portal.audit.services import record
from portal.db import db, unscoped
from portal.errors import N_, NotFound
from portal.web.viewer import Viewer


def open_session(*, person_id: str, address: str, agent: str, now: datetime) -> str:
    """Open a session for a person who proved who they are; returns the token for the cookie."""
    token = new_token()
    db.session.add(
        LoginSession(
            token_hash=token_hash(token),
            person_id=person_id,
            created_at=now,
            last_seen=now,
            fresh_at=now,
            address=address[:64],
            agent=agent[:200],
        )
    )
    db.session.flush()
    record(
        actor=Viewer(person_id=person_id), action="session.open",
        object_kind="person", object_id=person_id,
        detail={"address": address[:64]}, now=now,
    )  # fmt: skip
    return token


def end_session(*, session_id: str, now: datetime, person_id: str | None = None) -> None:
    """End one session; with `person_id` only if it is that person's own. Raises NotFound."""
    statement = update(LoginSession).where(
        LoginSession.id == session_id, LoginSession.ended_at.is_(None)
    )
    if person_id is not None:
        statement = statement.where(LoginSession.person_id == person_id)
    ended = db.session.execute(unscoped(statement.values(ended_at=now), "one's own session"))
    if person_id is not None and not ended.rowcount:  # type: ignore[attr-defined]
        raise NotFound(N_("This session has already ended."))


def end_sessions(*, person_id: str, now: datetime, keep: str = "") -> int:
    """End all sessions of a person but `keep`; returns how many."""
    statement = (
        update(LoginSession)
        .where(
            LoginSession.person_id == person_id,
            LoginSession.ended_at.is_(None),
            LoginSession.id != keep,
        )
        .values(ended_at=now)
    )
    ended = db.session.execute(unscoped(statement, "a person's sessions end together"))
    return int(ended.rowcount)  # type: ignore[attr-defined]


def act_as(*, actor: Viewer, login: str, now: datetime) -> Person:
    """Demo only (the caller judged that): see and act as this person. Raises NotFound."""
    why = "the demo's cast"
    session = db.session.get_one(
        LoginSession, actor.session_id, execution_options={"unscoped": why}
    )
    person = db.session.scalars(
        unscoped(select(Person).where(Person.login == login, Person.active.is_(True)), why)
    ).first()
    if person is None:
        raise NotFound(N_("There is no such person."))
    session.acting_as_id = None if person.id == session.person_id else person.id
    db.session.flush()
    record(
        actor=actor, action="session.act_as", object_kind="person", object_id=person.id,
        detail={"real": session.person_id}, now=now,
    )  # fmt: skip
    return person
