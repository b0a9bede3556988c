"""Invitations and forgotten passwords: once, dated, and mailed to the stored address only."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.accounts import services
from portal.accounts.models import Person
from portal.db import db
from portal.outbox.models import OutboxRow
from tests.accounts.stage import Browser, Stage

NEW = {"password": "a brand new sentence", "again": "a brand new sentence"}


def link_for(stage: Stage, login: str) -> str:
    with stage.work():
        token = services.invite(actor=None, person_id=stage.people[login], now=clock.now())
    return f"/welcome/{token}"


def with_mail(app: Flask) -> None:
    from dataclasses import replace

    app.extensions["settings"] = replace(
        app.extensions["settings"],
        smtp_url="smtp://localhost",
        public_base_url="https://portal.example",
    )


def mails(stage: Stage) -> list[dict[str, str]]:
    with stage.look():
        return list(db.session.scalars(select(OutboxRow.body).order_by(OutboxRow.created_at)))


def test_an_invited_person_chooses_a_password_and_is_in(stage: Stage) -> None:
    link, browser = link_for(stage, "rick"), stage.browser()
    page = browser.get(link)
    assert "Welcome, Rick" in page.text
    assert browser.post(link, **NEW).status_code == 303
    assert browser.is_signed_in
    assert stage.browser("rick", NEW["password"]).is_signed_in


def test_a_link_works_once_however_often_it_was_looked_at(stage: Stage) -> None:
    link, browser = link_for(stage, "rick"), stage.browser()
    assert [browser.get(link).status_code for _ in range(3)] == [200] * 3
    assert browser.client.head(link).status_code == 200
    assert browser.post(link, **NEW).status_code == 303
    assert stage.browser().get(link).status_code == 404
    assert stage.browser().post(link, **NEW).status_code == 404


def test_a_newer_link_ends_the_one_before(stage: Stage) -> None:
    old, new = link_for(stage, "rick"), link_for(stage, "rick")
    assert stage.browser().get(old).status_code == 404
    assert stage.browser().get(new).status_code == 200


def test_a_link_grows_too_old(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_for(stage, "rick")
    moment = clock.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert stage.browser().get(link).status_code == 404


def test_a_leavers_link_is_dead(stage: Stage) -> None:
    link = link_for(stage, "rick")
    with stage.work():
        services.deactivate_person(actor=None, person_id=stage.people["rick"], now=clock.now())
    assert stage.browser().get(link).status_code == 404


def test_a_weak_password_keeps_the_link(stage: Stage) -> None:
    link, browser = link_for(stage, "rick"), stage.browser()
    answer = browser.post(link, password="rick rick rick", again="rick rick rick")
    assert answer.status_code == 422
    assert "must not contain your sign-in name" in answer.text
    assert browser.post(link, **NEW).status_code == 303


def test_the_link_ends_sessions_opened_with_the_old_password(stage: Stage) -> None:
    before = stage.browser("rick")
    stage.browser().post(link_for(stage, "rick"), **NEW)
    assert not before.is_signed_in


def test_without_mail_a_forgotten_password_names_whom_to_ask(stage: Stage) -> None:
    page = stage.browser().get("/forgotten")
    assert "Ask a people administrator" in page.text
    assert stage.browser().post("/forgotten", login="rick").status_code == 200
    assert mails(stage) == []


def test_a_reset_is_mailed_to_the_stored_address_with_our_own_host(stage: Stage) -> None:
    with_mail(stage.app)
    browser = stage.browser()
    evil = {"base_url": "http://evil.example"}
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/forgotten", **evil).text)
    assert found is not None
    data = {"login": "RICK@example.com", "csrf_token": found[1]}
    assert browser.client.post("/forgotten", data=data, **evil).status_code == 200
    (mail,) = mails(stage)
    assert mail["to"] == "rick@example.com"
    assert "evil" not in mail["text"]
    (link,) = re.findall(r"https://portal\.example(/welcome/\S+)", mail["text"])
    assert browser.post(link, **NEW).status_code == 303


def test_known_and_unknown_people_get_the_same_answer(stage: Stage) -> None:
    with_mail(stage.app)

    def said(browser: Browser, login: str) -> str:
        text = browser.post("/forgotten", login=login).text
        return re.sub(r'value="[^"]*"|X-CSRFToken[^}]*', "", text)

    assert said(stage.browser(), "rick") == said(stage.browser(), "nobody")


def test_nobody_is_flooded_with_mail(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    with_mail(stage.app)
    moment = clock.now()  # all within one moment, however slow the machine
    monkeypatch.setattr(clock, "now", lambda: moment)
    browser = stage.browser()
    codes = [browser.post("/forgotten", login="rick").status_code for _ in range(30)]
    assert codes.count(200) == len(mails(stage)) == 3
    assert codes[-1] == 429


def test_a_look_alike_address_gets_nothing(stage: Stage) -> None:
    with_mail(stage.app)
    for login in ("rick@exämple.com", "rick@example.com,evil@example.org", "rick@example.com\n"):
        stage.browser().post("/forgotten", login=login)
    assert {mail["to"] for mail in mails(stage)} <= {"rick@example.com"}


def test_an_invitation_is_written_in_the_persons_language(stage: Stage) -> None:
    with_mail(stage.app)
    with stage.work():
        db.session.get_one(Person, stage.people["rick"]).language = "en"
    page = stage.browser("otto").post(f"/admin/people/{stage.people['rick']}/invite")
    assert "https://portal.example/welcome/" in page.text
    (mail,) = mails(stage)
    assert mail["subject"] == "Your access to Example Builders"


def reading_chinese(stage: Stage, login: str) -> None:
    with stage.work():
        services.edit_person(
            actor=None, person_id=stage.people[login], language="zh", now=clock.now()
        )


def test_an_invitation_speaks_the_invited_persons_language(stage: Stage) -> None:
    reading_chinese(stage, "rick")
    link, browser = link_for(stage, "rick"), stage.browser()
    for page in (browser.get(link), browser.post(link, password="x", again="y")):
        assert "设置密码并登录" in page.text
        assert '<html lang="zh-CN"' in page.text
        assert "Set the password" not in page.text
    answer = browser.post(link, **NEW)
    assert "密码已设置" in browser.get(answer.location).text


def test_a_language_chosen_in_the_browser_comes_before_the_invited_persons(stage: Stage) -> None:
    reading_chinese(stage, "rick")
    browser = stage.browser()
    browser.client.set_cookie("language", "en")
    assert "Set the password and sign in" in browser.get(link_for(stage, "rick")).text
