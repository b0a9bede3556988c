"""Records an example can be made of: those the author may read, and only what they may read."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.accounts.models import Department, Person
from portal.builder.recorded.making import Told
from portal.builder.recorded.naming import ids_in
from portal.builder.recorded.withholding import withheld
from portal.db import db, unscoped
from portal.errors import NotFound
from portal.forms.compiled import CompiledForm
from portal.projects.models import Project
from portal.records import facts, scope, services
from portal.records.entry.copying import readable
from portal.records.models import Record
from portal.web.viewer import Viewer

OFFERED = 30
_SEEN = "narrowed by the condition of scope itself"
_NAMES = "the names that stand for ids in an example"


def offered(form: str) -> Sequence[Record]:
    """The newest records of a form that were sent and that this reader may see."""
    statement = (
        select(Record)
        .where(Record.form == form, Record.state != "draft", scope.visible_now(Record))
        .order_by(Record.id.desc())
        .limit(OFFERED)
    )
    return db.session.scalars(unscoped(statement, _SEEN)).all()


def the_record(form: str, record_id: str) -> Record:
    """One of them; raises NotFound."""
    record = services.get(record_id)
    if record.form != form or record.state == "draft":
        raise NotFound
    return record


def told(
    record: Record, form: CompiledForm, viewer: Viewer, now: datetime, *, has_people: bool
) -> Told:
    """What the record holds as the form of a draft has it, judged on the day it was sent.

    `has_people`: people go by their logins, otherwise by k1, k2, …
    """
    data = readable(record, viewer, form.definition)
    subject = facts.subject_of(record)
    world = facts.gather(form.definition, data, subject, record.submitted_at or now)
    world = withheld(world, record, form.definition, viewer)
    known = ids_in([data, world.requester, world.project, list(world.links.values())])
    return Told(data, world, _names(known, has_people=has_people))


def _names(known: set[str], *, has_people: bool) -> dict[str, str]:
    """Ids of departments, projects and people with the words people know them by."""
    columns = [(Department.id, Department.code), (Project.id, Project.code)]
    columns += [(Person.id, Person.login)] if has_people else []
    found: dict[str, str] = {}
    for at, word in columns:
        statement = select(at, word).where(at.in_(sorted(known)))
        found |= {row[0]: row[1] for row in db.session.execute(unscoped(statement, _NAMES))}
    return found
