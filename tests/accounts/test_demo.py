"""Doors of the demo: open in a demo company, absent everywhere else."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import LoginSession
from portal.db import db
from tests.accounts.stage import Stage, build
from tests.conftest import Lending


def build_demo(app: Flask) -> Stage:
    return build(app, demo=True)


@pytest.fixture
def demo(lending: Lending) -> Iterator[Stage]:
    with lending.copy_of(build_demo) as stage:
        yield stage


def test_outside_the_demo_there_is_no_way_in_without_a_password(stage: Stage) -> None:
    browser = stage.browser()
    assert browser.post("/demo/sign-in", login="ada").status_code == 404
    assert not browser.is_signed_in
    assert "/demo/sign-in" not in browser.get("/sign-in").text


def test_outside_the_demo_nobody_acts_as_somebody_else(stage: Stage) -> None:
    browser = stage.browser("rick")
    assert browser.post("/demo/act-as", login="ada").status_code == 404
    assert browser.get("/admin").status_code == 403


def test_a_session_that_acted_in_a_demo_is_itself_again_outside_it(demo: Stage) -> None:
    browser = demo.browser("rick")
    browser.post("/demo/act-as", login="ada")
    with demo.work():
        from portal.accounts.queries import company

        one = company()
        assert one is not None
        one.demo = False
    assert browser.get("/admin").status_code == 403


def test_a_card_signs_in_with_one_click_in_the_language_of_the_page(demo: Stage) -> None:
    browser = demo.browser()
    page = browser.get("/sign-in")
    assert page.text.count("/demo/sign-in") == 8
    browser.post("/language", language="zh", next="/sign-in")
    answer = browser.post("/demo/sign-in", login="mia", next="/projects")
    assert answer.headers["Location"] == "/projects"
    assert 'lang="zh-CN"' in browser.get("/me").text


@pytest.mark.parametrize("address", ["192.0.2.7", ""])
def test_other_machines_find_no_door_into_a_demo(demo: Stage, address: str) -> None:
    browser = demo.browser("rick")
    browser.client.environ_base["REMOTE_ADDR"] = address
    assert "/demo/sign-in" not in browser.get("/sign-in").text
    assert browser.post("/demo/sign-in", login="ada").status_code == 404
    assert browser.post("/demo/act-as", login="ada").status_code == 404
    assert browser.get("/admin").status_code == 403, "still the person who signed in"


def test_an_address_of_other_machines_has_no_door_either(demo: Stage) -> None:
    """As behind a proxy on the same machine that nobody told the portal of."""
    client, there = demo.browser().client, "http://portal.example.com"
    page = client.get("/sign-in", base_url=there).text
    assert "/demo/sign-in" not in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    sent = {"csrf_token": token[1], "login": "ada"}
    assert client.post("/demo/sign-in", data=sent, base_url=there).status_code == 404


def test_a_card_of_nobody_is_refused(demo: Stage) -> None:
    assert demo.browser().post("/demo/sign-in", login="ghost").status_code == 404


def test_acting_as_changes_rights_but_not_language_and_goes_back(demo: Stage) -> None:
    browser = demo.browser("rick")
    assert browser.get("/admin").status_code == 403
    assert browser.post("/demo/act-as", login="ada", next="/me").status_code == 303
    assert browser.get("/admin").status_code == 200
    browser.post("/language", language="zh", next="/me")
    assert 'lang="zh-CN"' in browser.get("/me").text
    browser.post("/demo/act-as", login="rick")
    assert browser.get("/admin").status_code == 403
    with demo.look():
        assert db.session.scalars(select(LoginSession.acting_as_id)).all() == [None]


def test_acting_as_somebody_one_cannot_change_their_password(demo: Stage) -> None:
    browser = demo.browser("rick")
    browser.post("/demo/act-as", login="ada")
    answer = browser.post("/me/password", present="x", password="y" * 9, again="y" * 9)
    assert answer.status_code == 403
