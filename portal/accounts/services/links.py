"""One-use links: invitation, forgotten password, the set-up of an empty portal."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from portal.accounts.models import OneUseLink, Person
from portal.accounts.services.login_sessions import end_sessions
from portal.accounts.services.rights import demand_control, demand_people_admin, the_person
from portal.accounts.tokens import new_token, token_hash
from portal.audit.services import record
from portal.db import db, unscoped
from portal.errors import N_, Invalid, NotFound
from portal.web.viewer import Viewer

LIFETIMES = {
    "invite": timedelta(days=7),
    "reset": timedelta(hours=2),
    "set_up": timedelta(days=2),
}
_WHY = "the token itself is the right"


def invite(*, actor: Viewer | None, person_id: str, now: datetime) -> str:
    """A link with which the person sets a password; earlier ones end. Returns its token.

    Whoever sees the link can become the person, so the actor needs all their system roles.
    Raises Forbidden, Invalid, NotFound.
    """
    demand_people_admin(actor)
    demand_control(actor, person_id)
    if not the_person(person_id).active:
        raise Invalid(N_("This person has left. Let them return first."))
    token = _make("invite", person_id, now)
    record(
        actor=actor, action="person.invite", object_kind="person", object_id=person_id,
        detail={}, now=now,
    )  # fmt: skip
    return token


def request_reset(*, login_or_email: str, now: datetime) -> tuple[Person, str] | None:
    """A reset link for the person with this login or stored e-mail, if they can be written to."""
    sought = login_or_email.strip().lower()
    person = db.session.scalars(
        unscoped(
            select(Person).where(
                or_(Person.login == sought, Person.email == sought),
                Person.active.is_(True),
                Person.email.is_not(None),
            ),
            _WHY,
        )
    ).first()
    if person is None:
        return None
    token = _make("reset", person.id, now)
    record(
        actor=None, action="person.reset_asked", object_kind="person", object_id=person.id,
        detail={}, now=now,
    )  # fmt: skip
    return person, token


def set_up_token(*, now: datetime) -> str:
    """The link of the first-run page of an empty portal; earlier ones end."""
    return _make("set_up", None, now)


def person_of_link(token: str, now: datetime) -> Person:
    """Whose password this link may set. Raises NotFound if it was used, ended or never was."""
    link = _open_link(token, now)
    if link is None or link.person_id is None:
        raise NotFound(N_("This link was used already or is too old. Ask for a new one."))
    person = the_person(link.person_id)
    if not person.active:
        raise NotFound(N_("This link was used already or is too old. Ask for a new one."))
    return person


def is_set_up_link(token: str, now: datetime) -> bool:
    """Whether this token opens the first-run page."""
    link = _open_link(token, now)
    return link is not None and link.purpose == "set_up"


def use_link(token: str, *, now: datetime) -> None:
    """Mark the link as used; a second use in the same moment fails. Raises NotFound."""
    used = db.session.execute(
        unscoped(
            update(OneUseLink)
            .where(
                OneUseLink.token_hash == token_hash(token),
                OneUseLink.used_at.is_(None),
                OneUseLink.expires_at > now,
            )
            .values(used_at=now),
            _WHY,
        )
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise NotFound(N_("This link was used already or is too old. Ask for a new one."))


def set_password_by_link(*, token: str, password_hash: str, now: datetime) -> Person:
    """Set the password of the link's person, end all their sessions. Raises NotFound."""
    person = person_of_link(token, now)
    use_link(token, now=now)
    set_password(person=person, password_hash=password_hash, now=now, actor=None)
    return person


def set_password(
    *,
    person: Person,
    password_hash: str,
    now: datetime,
    actor: Viewer | None,
    keep: str = "",
) -> None:
    """Store a new password; every session of the person but `keep`, and every open link, ends."""
    person.password_hash = password_hash
    end_sessions(person_id=person.id, now=now, keep=keep)
    _end_links(person.id, now)
    db.session.flush()
    record(
        actor=actor, action="person.password", object_kind="person", object_id=person.id,
        detail={}, now=now,
    )  # fmt: skip


def _make(purpose: str, person_id: str | None, now: datetime) -> str:
    _end_links(person_id, now)
    token = new_token()
    db.session.add(
        OneUseLink(
            token_hash=token_hash(token),
            purpose=purpose,
            person_id=person_id,
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    db.session.flush()
    return token


def _end_links(person_id: str | None, now: datetime) -> None:
    of = OneUseLink.person_id.is_(None) if person_id is None else OneUseLink.person_id == person_id
    db.session.execute(
        unscoped(
            update(OneUseLink).where(of, OneUseLink.used_at.is_(None)).values(used_at=now), _WHY
        )
    )


def _open_link(token: str, now: datetime) -> OneUseLink | None:
    return db.session.scalars(
        unscoped(
            select(OneUseLink).where(
                OneUseLink.token_hash == token_hash(token),
                OneUseLink.used_at.is_(None),
                OneUseLink.expires_at > now,
            ),
            _WHY,
        )
    ).first()
