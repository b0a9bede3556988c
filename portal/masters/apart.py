"""Entries somebody said are different, with who said so: told on the page of look-alikes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from portal.accounts import queries as accounts
from portal.db import db
from portal.definitions.queries import FormInRelease
from portal.masters.models import ToldApart
from portal.masters.queries import kept_projects
from portal.records.models import Record
from portal.records.names import record_name
from portal.records.transitions import APPROVED
from portal.web.viewer import Viewer

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Apart:
    """Two entries in use, (id, name) each; who said that they are different, and when."""

    first: tuple[str, str]
    second: tuple[str, str]
    by: str
    at: datetime


def told_apart(viewer: Viewer, form: FormInRelease) -> Sequence[Apart]:
    """Where the viewer keeps the register; what was said last comes first."""
    one, other = aliased(Record), aliased(Record)
    kept = kept_projects(viewer, form)
    own = sorted(place for place in kept if place is not None)
    places = [one.project_id.in_(own), *([one.project_id.is_(None)] if None in kept else [])]
    statement = (
        select(ToldApart, one.number, one.subject, other.number, other.subject)
        .join(one, one.id == ToldApart.first_id)
        .join(other, other.id == ToldApart.second_id)
        .where(one.form == form.key, one.state == APPROVED, other.state == APPROVED, or_(*places))
        .order_by(ToldApart.at.desc(), one.subject, other.subject, ToldApart.first_id)
        .limit(SHOWN)
    )
    rows = db.session.execute(statement).all()
    people = accounts.person_name(sorted({row[0].actor_id for row in rows}))
    return [
        Apart(
            (said.first_id, record_name(number, subject)),
            (said.second_id, record_name(other_number, other_subject)),
            people.get(said.actor_id, ""),
            said.at,
        )
        for said, number, subject, other_number, other_subject in rows
    ]
