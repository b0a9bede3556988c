"""Letters about accounts, in the recipient's language; delivered through the outbox."""

from datetime import datetime

from flask import current_app, url_for
from flask_babel import force_locale

from portal.accounts import queries
from portal.accounts.models import Person
from portal.config import Settings
from portal.outbox.services import enqueue
from portal.web.filters import LOCALES
from portal.web.words import gettext as _


def link_url(token: str, *, mailed: bool = False) -> str:
    """The address of a one-use link. A mailed one never takes its host from the request."""
    path = url_for("accounts.set_password", token=token)
    base = _settings().public_base_url
    if base:
        return base + path
    return path if mailed else url_for("accounts.set_password", token=token, _external=True)


def can_mail() -> bool:
    """Whether letters can be sent: a mail server, and an address of the portal to put in them."""
    settings = _settings()
    return bool(settings.smtp_url and settings.public_base_url)


def send_invitation(person: Person, token: str, *, now: datetime) -> bool:
    """Mail the invitation if that is possible; says whether it was."""
    if not (person.email and can_mail()):
        return False
    with force_locale(LOCALES[person.language]):
        subject = _("Your access to %(company)s", company=_company())
        text = _(
            "Hello %(name)s,\n\n"
            "your sign-in name is %(login)s. Choose a password here:\n%(url)s\n\n"
            "The link works once and for seven days.",
            name=person.name,
            login=person.login,
            url=link_url(token, mailed=True),
        )
    _send(person, subject, text, now)
    return True


def send_reset(person: Person, token: str, *, now: datetime) -> None:
    """Mail a reset link to the stored address."""
    if not (person.email and can_mail()):
        return
    with force_locale(LOCALES[person.language]):
        subject = _("A new password for %(company)s", company=_company())
        text = _(
            "Hello %(name)s,\n\nchoose a new password for %(login)s here:\n%(url)s\n\n"
            "The link works once and for two hours. If you did not ask for it, do nothing.",
            name=person.name,
            login=person.login,
            url=link_url(token, mailed=True),
        )
    _send(person, subject, text, now)


def _send(person: Person, subject: str, text: str, now: datetime) -> None:
    plain = " ".join(subject.split())
    enqueue(kind="mail", body={"to": person.email, "subject": plain, "text": text}, now=now)


def _company() -> str:
    company = queries.company()
    return company.name if company else ""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
