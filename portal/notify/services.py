"""Telling a person: a notice for the bell, and an e-mail when the company sends mail."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from portal.db import db
from portal.notify.models import Notice
from portal.web.viewer import Viewer


class About(Protocol):
    """What a notice needs of a record (records stand above this room)."""

    id: str
    number: str | None
    subject: str
    form: str


Mailer = Callable[[Notice], None]
_mailers: list[Mailer] = []


def register_mailer(mailer: Mailer) -> None:
    """Let a room that can word and address mails send one for each notice."""
    if mailer not in _mailers:
        _mailers.append(mailer)


def tell_of(
    person_id: str, kind: str, *, page: str, subject: str, now: datetime, **args: Any
) -> None:
    """Tell a person about a page of the portal that is no record's, by its path."""
    notice = Notice(
        person_id=person_id,
        kind=kind,
        record_id=None,
        args={"page": page, "subject": subject, **args},
        at=now,
    )
    db.session.add(notice)
    for mailer in _mailers:
        mailer(notice)


def tell(
    person_id: str,
    kind: str,
    *,
    record: About,
    actor: Viewer,
    now: datetime,
    **args: Any,
) -> None:
    """Tell a person about a record; nobody is told of what they did themselves."""
    if person_id == actor.person_id and kind not in {"asked", "stuck_operator"}:
        return
    notice = Notice(
        person_id=person_id,
        kind=kind,
        record_id=record.id,
        args={
            "number": record.number or "",
            "subject": record.subject,
            "form": record.form,
            "actor": actor.name,
            **args,
        },
        at=now,
    )
    db.session.add(notice)
    for mailer in _mailers:
        mailer(notice)
