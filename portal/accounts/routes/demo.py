"""Doors of the demo company; anywhere else they answer 404."""

from flask import request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import demo, services
from portal.accounts.models import Person
from portal.accounts.routes.area import area
from portal.accounts.routes.sign_in import begin_session
from portal.db import db, unscoped, write_transaction
from portal.errors import N_, NotFound
from portal.web.access import public, signed_in
from portal.web.answers import see_other
from portal.web.next_page import safe_next
from portal.web.viewer import current_viewer


@area.action("/demo/sign-in", access=public, own_transaction=True)
def demo_sign_in() -> BaseResponse:
    """One click on a card: be that person, in the language the page was read in."""
    demo.demand_demo()
    login = request.form.get("login", "")
    person = db.session.scalars(
        unscoped(
            select(Person).where(Person.login == login, Person.active.is_(True)),
            "the demo's cast",
        )
    ).first()
    if person is None:
        raise NotFound(N_("There is no such person."))
    language = current_viewer().language
    begin_session(person)
    with write_transaction():
        person.language = language
    return see_other(safe_next(request.form.get("next")))


@area.action("/demo/act-as", access=signed_in)
def act_as() -> BaseResponse:
    """See and act as somebody else, until one says otherwise."""
    demo.demand_demo()
    services.act_as(actor=current_viewer(), login=request.form.get("login", ""), now=clock.now())
    return see_other(safe_next(request.form.get("next")))
