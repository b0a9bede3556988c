"""Passwords: the first one by invitation, a forgotten one by mail."""

from datetime import datetime
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import letters, passwords, services, throttling
from portal.accounts.inputs import ForgottenForm, NewPasswordForm
from portal.accounts.models import Person
from portal.accounts.routes.area import area
from portal.accounts.routes.sign_in import begin_session
from portal.db import db, write_transaction
from portal.errors import Invalid
from portal.web import arriving
from portal.web.access import public
from portal.web.answers import page_or_fragment, see_other
from portal.web.next_page import home_url
from portal.web.words import gettext as _


@area.page("/forgotten", access=public)
def forgotten() -> BaseResponse:
    """Ask for a reset link, or read whom to ask where no mail is sent."""
    return _ask(ForgottenForm())


@area.action("/forgotten", access=public, own_transaction=True, endpoint="forgotten_now")
def forgotten_now() -> BaseResponse:
    """Mail a link to the stored address; the answer is the same for everybody."""
    form = ForgottenForm.sent()
    if not form.validate():
        return _ask(form, status=422)
    now, sought = clock.now(), form.login.data.lower()
    throttling.count(
        {
            f"reset:{sought}": throttling.RESET_ACCOUNT,
            f"reset from {request.remote_addr}": throttling.RESET_ADDRESS,
        },
        now=now,
    )
    if letters.can_mail():
        db.session.rollback()
        with write_transaction():
            found = services.request_reset(login_or_email=sought, now=now)
            if found is not None:
                letters.send_reset(*found, now=now)
    return _ask(form, asked=True)


@area.page("/welcome/<token>", access=public)
def set_password(token: str) -> BaseResponse:
    """Choose a password with a one-use link; opening the page does not use the link up."""
    person = _invited(token, clock.now())
    return _choose(NewPasswordForm(), person, token)


@area.action("/welcome/<token>", access=public, own_transaction=True, endpoint="set_password_now")
def set_password_now(token: str) -> BaseResponse:
    """Set the password and sign in."""
    now = clock.now()
    throttling.count({f"link from {request.remote_addr}": throttling.ADDRESS}, now=now)
    person = _invited(token, now)
    form = NewPasswordForm.sent()
    if not form.validate():
        return _choose(form, person, token, status=422)
    try:
        passwords.accept(form.password.data, near=(person.login,))
    except Invalid as refusal:
        form.show(refusal)
        return _choose(form, person, token, status=422)
    db.session.rollback()
    stored = passwords.hashed(form.password.data)
    with write_transaction():
        person = services.set_password_by_link(token=token, password_hash=stored, now=now)
    begin_session(person)
    return see_other(home_url(), _("Your password is set. Welcome!"))


def _invited(token: str, now: datetime) -> Person:
    """The person of a link, whose language is read unless this browser chose another."""
    person = services.person_of_link(token, now)
    if not arriving.has_chosen_language():
        arriving.speak(person.language)
    return person


def _ask(form: Any, *, asked: bool = False, status: int = 200) -> Response:
    return page_or_fragment(
        "accounts/forgotten.html", status=status, form=form, asked=asked, mails=letters.can_mail()
    )


def _choose(form: Any, person: Person, token: str, *, status: int = 200) -> Response:
    return page_or_fragment(
        "accounts/set_password.html", status=status, form=form, person=person, token=token
    )
