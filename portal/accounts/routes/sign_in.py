"""Signing in and out."""

from typing import Any

from flask import Response, make_response, request, session, url_for
from flask_login import login_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import demo, passwords, queries, services, throttling
from portal.accounts.inputs import SignInForm
from portal.accounts.models import Person
from portal.accounts.routes.area import area
from portal.accounts.sessions import SignedIn
from portal.audit.services import record
from portal.db import db, unscoped, write_transaction
from portal.web import arriving
from portal.web.access import public, signed_in
from portal.web.answers import page_or_fragment, see_other
from portal.web.next_page import safe_next
from portal.web.viewer import Viewer, current_viewer
from portal.web.words import gettext as _

_WHY = "nobody is known before signing in"


@area.page("/sign-in", access=public)
def sign_in() -> BaseResponse:
    """The sign-in page; somebody signed in goes on."""
    if not current_viewer().is_anonymous:
        return see_other(safe_next(request.args.get("next")))
    return _page(SignInForm(), request.args.get("next", ""))


@area.action("/sign-in", access=public, own_transaction=True, endpoint="sign_in_now")
def sign_in_now() -> BaseResponse:
    """Judge name and password; tries are counted before the hash, which runs in no transaction."""
    form = SignInForm.sent()
    next_page = request.form.get("next", "")
    if not form.validate():
        return _page(form, next_page, status=422)
    now, login, address = clock.now(), form.login.data.lower(), request.remote_addr or ""
    account_key, address_key = f"sign-in:{login}", f"sign-in from {address}"
    throttling.count({account_key: throttling.ACCOUNT, address_key: throttling.ADDRESS}, now=now)
    person = _candidate(login)
    db.session.rollback()
    right = passwords.matches(person.password_hash if person else None, form.password.data)
    if person is None or not right or not person.active:
        _note_refusal(person)
        form.form_errors.append(_("The sign-in name or the password is wrong."))
        return _page(form, next_page, status=422)
    fresh_hash = None
    if passwords.is_outdated(person.password_hash or ""):
        fresh_hash = passwords.hashed(form.password.data)
    throttling.forgive(account_key, shared=(address_key,))
    begin_session(person, fresh_hash=fresh_hash)
    return see_other(safe_next(next_page))


@area.action("/sign-out", access=signed_in)
def sign_out() -> BaseResponse:
    """End this session, on the server too."""
    services.end_session(session_id=current_viewer().session_id, now=clock.now())
    logout_user()
    session.clear()
    response = make_response(see_other(url_for("accounts.sign_in")))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def begin_session(person: Person, *, fresh_hash: str | None = None) -> None:
    """Open a session for the person and put its token into the cookie, in place of any before.

    What is said from here on is said in the person's language.
    """
    now, before = clock.now(), current_viewer()
    db.session.rollback()
    with write_transaction():
        if not before.is_anonymous:
            services.end_session(session_id=before.session_id, now=now)
        if fresh_hash:
            person = db.session.get_one(
                Person, person.id, execution_options={"unscoped": "one's own hash, renewed"}
            )
            person.password_hash = fresh_hash
        token = services.open_session(
            person_id=person.id,
            address=request.remote_addr or "",
            agent=request.headers.get("User-Agent", ""),
            now=now,
        )
    session.clear()
    login_user(SignedIn(token, Viewer(person_id=person.id)))
    arriving.speak(person.language)


def _candidate(login: str) -> Person | None:
    person = db.session.scalars(unscoped(select(Person).where(Person.login == login), _WHY)).first()
    if person is None and "@" in login:
        person = db.session.scalars(
            unscoped(select(Person).where(Person.email == login), _WHY)
        ).first()
    if person is not None:
        db.session.expunge(person)
    return person


def _note_refusal(person: Person | None) -> None:
    with write_transaction():
        record(
            actor=None, action="session.refused", object_kind="person",
            object_id=person.id if person else "unknown",
            detail={"address": request.remote_addr or ""}, now=clock.now(),
        )  # fmt: skip


def _page(form: Any, next_page: str, *, status: int = 200) -> Response:
    company = queries.company()
    return page_or_fragment(
        "accounts/sign_in.html",
        status=status,
        form=form,
        next_page=next_page,
        company=company,
        cards=demo.cast() if demo.doors_open() else (),
    )
