"""What people choose for themselves: name, language, zone, theme, password."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.accounts.models import LoginSession, Person
from portal.accounts.services.rights import the_person
from portal.audit.services import record
from portal.db import db, unscoped
from portal.standards import demand_zone
from portal.web.inputs import one_line
from portal.web.viewer import Viewer

_OWN = "a person's own session"


def edit_profile(
    *, actor: Viewer, name: str, language: str, zone: str | None, theme: str, now: datetime
) -> None:
    """Change one's own name and preferences. Raises Invalid."""
    person = the_person(actor.person_id)
    if zone:
        demand_zone(zone)
    name = one_line(name)
    before = {"name": person.name, "zone": person.zone}
    person.name, person.zone = name, zone
    person.language, person.theme = language, theme
    db.session.flush()
    after = {"name": name, "zone": zone}
    if before != after:
        detail: dict[str, Any] = {k: [before[k], after[k]] for k in after if before[k] != after[k]}
        record(
            actor=actor, action="person.profile", object_kind="person", object_id=person.id,
            detail=detail, now=now,
        )  # fmt: skip


def choose_language(*, actor: Viewer, language: str) -> None:
    """The signed-in person (never the one they act as) reads in this language from now on."""
    _chooser(actor).language = language
    db.session.flush()


def choose_theme(*, actor: Viewer, theme: str) -> None:
    """The signed-in person sees this theme from now on."""
    _chooser(actor).theme = theme
    db.session.flush()


def _chooser(actor: Viewer) -> Person:
    person_id = db.session.scalars(
        unscoped(select(LoginSession.person_id).where(LoginSession.id == actor.session_id), _OWN)
    ).first()
    return the_person(person_id or actor.person_id)
