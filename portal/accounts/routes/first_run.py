"""The first-run page of an empty portal, opened with the link printed on the console."""

from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import passwords, queries, services, starters, throttling
from portal.accounts.inputs import FirstRunForm
from portal.accounts.routes.area import area
from portal.accounts.routes.sign_in import begin_session
from portal.db import db, write_transaction
from portal.errors import Invalid
from portal.web.access import public
from portal.web.answers import page_or_fragment, see_other
from portal.web.next_page import home_url
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.page("/set-up", access=public)
def first_run() -> BaseResponse:
    """Company, first administrator and modules; without the right link, where to find it."""
    return _page(FirstRunForm(language=current_viewer().language), request.args.get("token", ""))


@area.action("/set-up", access=public, own_transaction=True, endpoint="first_run_now")
def first_run_now() -> BaseResponse:
    """Set the portal up, once, and sign its first administrator in."""
    token, now = request.form.get("token", ""), clock.now()
    throttling.count({f"link from {request.remote_addr}": throttling.ADDRESS}, now=now)
    form = FirstRunForm.sent()
    if _is_ready() or not services.is_set_up_link(token, now):
        return _page(form, "", status=403)
    if not form.validate():
        return _page(form, token, status=422)
    try:
        passwords.accept(form.password.data, near=(form.login.data,))
        db.session.rollback()
        stored = passwords.hashed(form.password.data)
        with write_transaction():
            services.use_link(token, now=now)
            admin = services.set_up_company(
                name=form.company.data,
                currency=form.currency.data,
                zone=form.zone.data,
                language=form.language.data,
                admin_login=form.login.data,
                admin_name=form.name.data,
                admin_email=form.email.data,
                admin_password_hash=stored,
                now=now,
            )
            starters.publish_chosen(request.form.getlist("modules"), admin, now)
    except Invalid as refusal:
        form.show(refusal)
        return _page(form, token, status=422)
    begin_session(admin)
    return see_other(home_url(), _("The portal is ready. Begin with departments and people."))


def _is_ready() -> bool:
    company = queries.company()
    return company is not None and company.ready


def _page(form: Any, token: str, *, status: int = 200) -> Response:
    open_now = not _is_ready() and bool(token) and services.is_set_up_link(token, clock.now())
    sent = request.method == "POST"
    return page_or_fragment(
        "accounts/first_run.html",
        status=status,
        form=form,
        token=token,
        ready=_is_ready(),
        open_now=open_now,
        offered=starters.offered(),
        chosen=request.form.getlist("modules") if sent else [key for key, _t in starters.offered()],
    )
