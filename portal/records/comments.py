"""Remarks on a record; people named with @login are told."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from portal import limits
from portal.audit import services as audit
from portal.db import db
from portal.errors import FieldError, Invalid, Message, N_
from portal.records.models import Comment, Record
from portal.web.viewer import Viewer

MENTION = re.compile(r"@([A-Za-z0-9][A-Za-z0-9._-]{0,79})")

Told = Callable[[Record, Sequence[str], Viewer, datetime], None]
_tell: list[Told] = []


def register_mentions(tell: Told) -> None:
    """Let a higher room tell the people mentioned."""
    if tell not in _tell:
        _tell.append(tell)


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
    logins = sorted(set(MENTION.findall(text)))
    for tell in _tell:
        tell(record, logins, actor, now)
    return comment


def comments_of(record_id: str) -> Sequence[Comment]:
    """The remarks on a record, oldest first."""
    return db.session.scalars(
        select(Comment).where(Comment.record_id == record_id).order_by(Comment.at, Comment.id)
    ).all()
