"""Signing in and out: who gets in, who waits, where one goes next."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from portal import clock
from portal.accounts import passwords
from portal.accounts.models import LoginSession, Person
from portal.audit import queries as audit
from portal.db import db
from tests.accounts.stage import PASSWORD, Stage


def test_the_right_password_signs_in_and_goes_where_one_wanted(stage: Stage) -> None:
    browser = stage.browser()
    answer = browser.post("/sign-in", login="Rick", password=PASSWORD, next="/projects")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/projects")
    assert browser.is_signed_in


def test_the_stored_e_mail_is_a_sign_in_name_too(stage: Stage) -> None:
    browser = stage.browser()
    assert browser.post("/sign-in", login="rick@example.com", password=PASSWORD).status_code == 303


def test_wrong_password_and_unknown_person_get_the_same_answer(stage: Stage) -> None:
    def said(login: str) -> str:
        answer = stage.browser().post("/sign-in", login=login, password="wrong password")
        assert answer.status_code == 422
        return re.sub(r'value="[^"]*"|X-CSRFToken[^}]*', "", answer.text)

    assert said("rick") == said("nobody")
    assert "The sign-in name or the password is wrong." in said("rick")


def test_somebody_who_left_gets_the_same_answer(stage: Stage) -> None:
    with stage.work():
        db.session.get_one(Person, stage.people["rick"]).active = False
    assert stage.browser().post("/sign-in", login="rick", password=PASSWORD).status_code == 422


def test_empty_fields_are_named(stage: Stage) -> None:
    answer = stage.browser().post("/sign-in", login="", password="")
    assert answer.status_code == 422
    assert answer.text.count("Please fill this in.") == 4  # at the field and in the summary


def test_guessing_is_slowed_even_for_the_right_password(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, start = stage.browser(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)
    answers = [browser.post("/sign-in", login="rick", password="wrong") for _ in range(20)]
    assert [a.status_code for a in answers[:5]] == [422] * 5
    assert {a.status_code for a in answers[5:]} == {429}
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert browser.post("/sign-in", login="rick", password=PASSWORD).status_code == 429
    assert browser.post("/sign-in", login="mia", password=PASSWORD).status_code == 303
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=2))
    assert stage.browser().post("/sign-in", login="rick", password=PASSWORD).status_code == 303


def test_tries_are_counted_for_people_who_do_not_exist(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, start = stage.browser(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)  # within one moment, however slow the machine
    codes = [browser.post("/sign-in", login="ghost", password="x").status_code for _ in range(7)]
    assert codes == [422] * 5 + [429] * 2


def test_one_address_cannot_try_everybody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, start = stage.browser(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)  # within one moment, however slow the machine
    codes = [
        browser.post("/sign-in", login=f"ghost{i}", password="x" * 200).status_code
        for i in range(52)
    ]
    assert 429 in codes


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie:x",
        "javascript:alert(1)",
        "///evil.example/projects",
        "/projects//evil.example",
        "/no/such/page",
        "/sign-out",
        "projects",
        "http:///evil.example",
        "/projects\u2028",
        "/" + "x" * 3000,
    ],
)
def test_next_leads_only_to_pages_of_the_portal(stage: Stage, target: str) -> None:
    answer = stage.browser().post("/sign-in", login="rick", password=PASSWORD, next=target)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_next_keeps_the_query_of_a_page(stage: Stage) -> None:
    answer = stage.browser().post(
        "/sign-in", login="rick", password=PASSWORD, next="/projects?q=a%2Fb&status=active"
    )
    assert answer.headers["Location"] == "/projects?q=a%2Fb&status=active"


def test_the_session_is_new_after_signing_in(stage: Stage) -> None:
    browser = stage.browser()
    browser.get("/sign-in")
    before = browser.client.get_cookie("portal")
    answer = browser.post("/sign-in", login="rick", password=PASSWORD)
    after = browser.client.get_cookie("portal")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    flags = answer.headers["Set-Cookie"]
    assert "HttpOnly" in flags
    assert "SameSite=Lax" in flags


def test_signing_in_again_ends_the_session_before(stage: Stage) -> None:
    browser = stage.browser("rick")
    browser.post("/sign-in", login="mia", password=PASSWORD)
    with stage.look():
        living = db.session.scalars(
            select(LoginSession.person_id).where(LoginSession.ended_at.is_(None))
        ).all()
    assert living == [stage.people["mia"]]


def test_signing_out_ends_the_session_on_the_server(stage: Stage) -> None:
    browser = stage.browser("rick")
    cookie = browser.client.get_cookie("portal")
    assert cookie is not None
    answer = browser.post("/sign-out")
    assert answer.headers["Location"] == "/sign-in"
    assert "cache" in answer.headers["Clear-Site-Data"]
    thief = stage.browser()
    thief.client.set_cookie("portal", cookie.value)
    assert not thief.is_signed_in


def test_a_post_without_the_token_is_refused(stage: Stage) -> None:
    answer = stage.browser().client.post("/sign-in", data={"login": "rick", "password": PASSWORD})
    assert answer.status_code == 400


def test_a_post_from_another_site_is_refused(stage: Stage) -> None:
    answer = stage.browser().post(
        "/sign-in", login="rick", password=PASSWORD, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_a_hash_of_lower_cost_is_renewed_at_sign_in(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", stated)
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with stage.work():
        db.session.get_one(Person, stage.people["rick"]).password_hash = cheap
    stage.browser("rick")
    with stage.look():
        stored = db.session.get_one(Person, stage.people["rick"]).password_hash
    assert stored is not None
    assert passwords.is_outdated(cheap)
    assert not passwords.is_outdated(stored)


def test_openings_and_refusals_stand_in_the_audit_chain(stage: Stage) -> None:
    stage.browser().post("/sign-in", login="rick", password="wrong")
    stage.browser("rick")
    with stage.look():
        rows = audit.of_object("person", stage.people["rick"])
        assert [row.action for row in rows][-2:] == ["session.refused", "session.open"]
        assert audit.verify().whole


def test_an_anonymous_visitor_is_led_to_sign_in_and_back(stage: Stage) -> None:
    answer = stage.browser().get("/projects?q=x")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=/projects?q%3Dx"


def test_under_https_the_cookie_is_bound_to_this_host(tmp_path: Path) -> None:
    from portal.app import create_app
    from portal.config import read_settings

    settings = read_settings(
        {
            "PORTAL_HOME": str(tmp_path),
            "SECRET_KEY": "k" * 40,
            "PUBLIC_BASE_URL": "https://portal.example",
        }
    )
    config = create_app(settings, TESTING=True).config
    assert config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert config["SESSION_COOKIE_SECURE"]
    assert config["SESSION_COOKIE_HTTPONLY"]
    assert config["TRUSTED_HOSTS"] == ["portal.example"]
