"""Remarks on a record; people named with @login are told."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select

from portal import limits
from portal.accounts.models import Person
from portal.audit import services as audit
from portal.db import db, unscoped
from portal.errors import N_, FieldError, Invalid, Message
from portal.notify import services as notify
from portal.projects.models import Membership
from portal.records.models import Comment, Record, RecordParticipant
from portal.web.viewer import Viewer

MENTION = re.compile(r"@([A-Za-z0-9][A-Za-z0-9._-]{0,79})")


def add_comment(*, actor: Viewer, record: Record, text: str, now: datetime) -> Comment:
    """Write a remark. Raises Invalid when it is empty or too long."""
    text = text.strip()
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
    mentioned = _who_may_see(record, sorted(set(MENTION.findall(text))))
    for person_id in mentioned:
        notify.tell(person_id, "mentioned", record=record, actor=actor, now=now)
    if record.requester_id not in mentioned:
        notify.tell(record.requester_id, "commented", record=record, actor=actor, now=now)
    return comment


def _who_may_see(record: Record, logins: Sequence[str]) -> list[str]:
    """The people named who take part in the record or are members of its project inside."""
    if not logins:
        return []
    part = select(RecordParticipant.person_id).where(RecordParticipant.record_id == record.id)
    member = select(Membership.person_id).where(Membership.project_id == record.project_id)
    statement = (
        select(Person.id)
        .where(
            Person.login.in_(logins),
            Person.active,
            or_(Person.id.in_(part), and_(Person.id.in_(member), Person.external.is_(False))),
        )
        .order_by(Person.id)
    )
    return list(db.session.scalars(unscoped(statement, "only who may see it is told")))


def comments_of(record_id: str) -> Sequence[Comment]:
    """The remarks on a record, oldest first."""
    return db.session.scalars(
        select(Comment).where(Comment.record_id == record_id).order_by(Comment.at, Comment.id)
    ).all()
