"""Figures of the demo lead to what adds up to them, also where documents belong to no contract."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import Person
from portal.db import db, system_context
from tests.funds.adding import astray, figures_of
from tests.ledgers.site import Site


def browser(demo_app: Flask, login: str) -> FlaskClient:
    with demo_app.app_context(), system_context("tests sign somebody in"):
        person = db.session.scalars(select(Person.id).where(Person.login == login)).one()
    site = Site.__new__(Site)
    site.app = demo_app
    return site.browser(person)


def test_every_figure_of_what_is_due_leads_to_what_adds_up_to_it(demo_app: Flask) -> None:
    client = browser(demo_app, "lin.hai")
    page = client.get("/projects/HB01/funds/due").text
    assert "column=open" in page  # rows without a contract lead to their documents
    assert astray(client, "/projects/HB01/funds/due") == []
    assert astray(client, "/cash") == []


def test_pay_that_is_due_is_asked_for_by_no_party(demo_app: Flask) -> None:
    boss, engineer = browser(demo_app, "lin.hai"), browser(demo_app, "zhou.min")
    place = "/projects/HB01/funds/due"
    told, hidden = (_open_ways(one.get(place).text) for one in (boss, engineer))
    assert any("party=pay" in one for one in hidden)
    for address in told - hidden:
        assert engineer.get(address).status_code == 404, address
    assert astray(engineer, place) == []


def _open_ways(page: str) -> set[str]:
    return {address for address, _amount in figures_of(page) if "column=open" in address}
