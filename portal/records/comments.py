"""Remarks on a record; people named with @login are told."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from portal import limits
from portal.accounts.models import Person
from portal.accounts.sessions import viewer_of
from portal.audit import services as audit
from portal.db import db, read_fixed, unscoped
from portal.errors import N_, FieldError, Invalid, Message
from portal.notify import services as notify
from portal.records.models import Comment, Record
from portal.records.scope import record_visible
from portal.web.inputs import clean
from portal.web.viewer import Viewer

WHY = "only who may see it is told"
MOST_MENTIONED = 20
MENTION = re.compile(r"@([a-z0-9](?:[a-z0-9._@+-]{0,78}[a-z0-9_-])?)", re.ASCII | re.IGNORECASE)


def add_comment(*, actor: Viewer, record: Record, text: str, now: datetime) -> Comment:
    """Write a remark. Raises Invalid when it is empty or too long."""
    text = clean(text)
    if not text:
        raise Invalid(errors=[FieldError("text", "required", Message(N_("Write something.")))])
    if len(text) > limits.COMMENT_LENGTH:
        message = Message(N_("At most %(most)s characters."), {"most": limits.COMMENT_LENGTH})
        raise Invalid(errors=[FieldError("text", "too_long", message)])
    comment = Comment(record_id=record.id, author_id=actor.person_id, text=text, at=now)
    db.session.add(comment)
    audit.record(
        actor=actor,
        action="record.comment",
        object_kind="record",
        object_id=record.id,
        detail={},
        now=now,
    )
    mentioned = _who_may_see(record, sorted({one.lower() for one in MENTION.findall(text)}))
    for person_id in mentioned:
        notify.tell(person_id, "mentioned", record=record, actor=actor, now=now)
    if record.requester_id not in mentioned:
        notify.tell(record.requester_id, "commented", record=record, actor=actor, now=now)
    return comment


def _who_may_see(record: Record, logins: Sequence[str]) -> list[str]:
    """The people named who may see the record: judged with their own eyes, one by one."""
    if not logins:
        return []
    named = select(Person.id).where(Person.login.in_(logins), Person.active)
    statement = named.order_by(Person.id).limit(MOST_MENTIONED)
    people = db.session.scalars(unscoped(statement, WHY)).all()
    return [one for one in people if _sees(record, viewer_of(one))]


def _sees(record: Record, viewer: Viewer) -> bool:
    seen = select(Record.id).where(Record.id == record.id, record_visible(Record, viewer))
    return db.session.scalar(unscoped(seen, WHY)) is not None


def comments_of(record: Record) -> Sequence[Any]:
    """The remarks on a record the viewer was allowed to see, with their authors, oldest first."""
    return read_fixed(_remarks, {"record": record.id})


_remarks = unscoped(
    select(Comment.id, Comment.text, Comment.at, Person.name.label("author"))
    .join(Person, Person.id == Comment.author_id)
    .where(Comment.record_id == bindparam("record"))
    .order_by(Comment.at, Comment.id),
    "whoever holds the record was allowed to see it",
)
