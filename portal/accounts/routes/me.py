"""One's own profile, password and signed-in browsers."""

from typing import Any

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import passwords, queries, services, throttling
from portal.accounts.inputs import ChangePasswordForm, ProfileForm
from portal.accounts.own import my_sessions, myself
from portal.accounts.routes.area import area
from portal.db import db, write_transaction
from portal.errors import N_, Forbidden, Invalid
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment, see_other
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.page("/me", access=signed_in)
def profile() -> BaseResponse:
    """Name, language, zone, theme; password; where one is signed in."""
    return _page()


@area.action("/me", access=signed_in)
def save_profile() -> BaseResponse:
    """Save name and preferences."""
    form = ProfileForm.sent(company_zone=_company_zone())
    try:
        if not form.validate():
            return _page(profile_form=form, status=422)
        services.edit_profile(
            actor=current_viewer(),
            name=form.name.data,
            language=form.language.data,
            zone=form.zone.data,
            theme=form.theme.data,
            now=clock.now(),
        )
    except Invalid as refusal:
        form.show(refusal)
        return _page(profile_form=form, status=422)
    return see_other(url_for("accounts.profile"), _("Your profile is saved."))


@area.action("/me/password", access=signed_in, own_transaction=True)
def change_password() -> BaseResponse:
    """A new password, after the present one; all other browsers are signed out."""
    viewer = current_viewer()
    if viewer.acting_for:
        raise Forbidden(N_("Acting as somebody else, you cannot change their password."))
    form = ChangePasswordForm.sent()
    if not form.validate():
        return _page(password_form=form, status=422)
    now, key = clock.now(), f"sign-in:{viewer.login}"
    throttling.count({key: throttling.ACCOUNT}, now=now)
    stored = myself(viewer).password_hash
    db.session.rollback()
    try:
        if not passwords.matches(stored, form.present.data):
            form.present.errors = [_("This is not your present password.")]
            return _page(password_form=form, status=422)
        passwords.accept(form.password.data, near=(viewer.login,))
    except Invalid as refusal:
        form.show(refusal)
        return _page(password_form=form, status=422)
    throttling.forgive(key)
    new_hash = passwords.hashed(form.password.data)
    with write_transaction():
        services.set_password(
            person=myself(viewer), password_hash=new_hash, now=now, actor=viewer,
            keep=viewer.session_id,
        )  # fmt: skip
    return see_other(
        url_for("accounts.profile"),
        _("Your password is changed. All other browsers are signed out."),
    )


@area.action("/me/sessions/<session_id>/end", access=signed_in)
def end_session(session_id: str) -> BaseResponse:
    """Sign one of one's browsers out."""
    services.end_session(
        session_id=session_id, person_id=current_viewer().person_id, now=clock.now()
    )
    return see_other(url_for("accounts.profile"), _("That browser is signed out."))


@area.action("/me/sessions/end-others", access=signed_in)
def end_other_sessions() -> BaseResponse:
    """Sign all one's other browsers out."""
    viewer = current_viewer()
    services.end_sessions(person_id=viewer.person_id, keep=viewer.session_id, now=clock.now())
    return see_other(url_for("accounts.profile"), _("All other browsers are signed out."))


def _company_zone() -> str:
    company = queries.company()
    return company.zone if company else "UTC"


def _page(*, profile_form: Any = None, password_form: Any = None, status: int = 200) -> Response:
    viewer = current_viewer()
    person = myself(viewer)
    if profile_form is None:
        profile_form = ProfileForm(
            data={
                "name": person.name,
                "language": person.language,
                "zone": person.zone or "",
                "theme": person.theme,
            },
            company_zone=_company_zone(),
        )
    return page_or_fragment(
        "accounts/profile.html",
        status=status,
        person=person,
        department=queries.department_names([person.department_id or ""]).get(
            person.department_id or "", ""
        ),
        profile_form=profile_form,
        password_form=password_form or ChangePasswordForm(),
        sessions=my_sessions(viewer, clock.now()),
    )
