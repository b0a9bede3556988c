"""Mails that go with the bell: one per notice, in the reader's language, through the outbox.

A demo company mails nobody: its people and their addresses are made up.
"""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import exists, select

from portal.accounts.models import Company, Person
from portal.config import Settings
from portal.db import db, unscoped
from portal.notify import wording
from portal.notify.models import Notice
from portal.outbox import services as outbox
from portal.web.filters import LOCALES
from portal.web.words import gettext as _

WHY = "a notice's own addressee"


def mail_notice(notice: Notice) -> None:
    """Write the mail of a notice, if mails can be sent and the person has an address."""
    settings: Settings = current_app.extensions["settings"]
    if not (settings.smtp_url and settings.public_base_url):
        return
    statement = select(Person.email, Person.language).where(
        Person.id == notice.person_id,
        Person.active,
        ~exists().where(Company.demo),
    )
    person = db.session.execute(unscoped(statement, WHY)).first()
    if person is None or not person.email:
        return
    with force_locale(LOCALES[person.language]):
        body = _body(notice, person.email, settings.public_base_url)
    outbox.enqueue(kind="mail", body=body, now=notice.at)


def _body(notice: Notice, to: str, base: str) -> Mapping[str, Any]:
    """Headline and link; nothing of the record's contents leaves the portal."""
    headline = wording.headline(notice.kind, notice.args)
    addresses = current_app.url_map.bind("")  # jobs and commands have no request
    path = (
        addresses.build("records.detail", {"record_id": notice.record_id})
        if notice.record_id
        else str(notice.args.get("page") or addresses.build("notify.index"))
    )
    text = _("%(headline)s\n\nOpen it here (you will be asked to sign in):\n%(url)s")
    return {
        "to": to,
        "subject": headline,
        "text": text % {"headline": headline, "url": base + path},
    }
