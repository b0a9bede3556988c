"""The first run of an empty portal: one link, one administrator."""

import re

import pytest
from flask import Flask

from portal import clock
from portal.accounts import queries, services, starters
from tests.accounts.stage import Browser, Stage

FACTS = {
    "company": "First Builders",
    "currency": "CNY",
    "zone": "Asia/Shanghai",
    "language": "en",
    "name": "Ada",
    "login": "ada",
    "email": "",
    "password": "correct horse battery",
    "again": "correct horse battery",
}


def token(stage: Stage) -> str:
    with stage.work():
        return services.set_up_token(now=clock.now())


def test_an_empty_portal_says_where_the_link_is(app: Flask) -> None:
    browser = Stage(app).browser()
    for url in ("/set-up", "/set-up?token=guess", "/sign-in"):
        page = browser.get(url)
        assert page.status_code == 200
        assert "printed on the console" in page.text
    assert browser.post("/set-up", token="guess", **FACTS).status_code == 403


def test_the_link_sets_the_portal_up_once(app: Flask) -> None:
    stage = Stage(app)
    link, browser = token(stage), stage.browser()
    assert "First administrator" in browser.get(f"/set-up?token={link}").text
    assert browser.post("/set-up", token=link, **FACTS).status_code == 303
    assert browser.get("/admin/people").status_code == 200
    with stage.look():
        company = queries.company()
        assert company is not None
        assert (company.name, company.ready, company.demo) == ("First Builders", True, False)
        ada = queries.people_by_login(["ada"])["ada"]
        assert len(queries.roles_of(ada)["system"]) == 4
    again = stage.browser().post("/set-up", token=link, **{**FACTS, "login": "eve"})
    assert again.status_code == 403
    assert "set up already" in again.text


def test_wrong_entries_keep_the_link_and_what_was_typed(app: Flask) -> None:
    stage = Stage(app)
    link, browser = token(stage), stage.browser()
    for wrong in ({"login": "Ada Admin!"}, {"password": "x", "again": "x"}, {"company": ""}):
        answer = browser.post("/set-up", token=link, **{**FACTS, **wrong})
        assert answer.status_code == 422
        assert 'value="Ada"' in answer.text
    assert browser.post("/set-up", token=link, **FACTS).status_code == 303


def test_chosen_modules_are_published_with_the_set_up(app: Flask) -> None:
    stage, published = Stage(app), []
    before = (list(starters._offers), list(starters._publish))
    starters.register_starters(
        lambda: [("payment", {"en": "Payments", "zh": "付款"}), ("labor", "Day labor")],
        lambda keys, admin, now: published.extend(keys),
    )
    try:
        link, browser = token(stage), stage.browser()
        assert "Payments" in browser.get(f"/set-up?token={link}").text
        browser.post("/set-up", token=link, modules=["payment"], **FACTS)
    finally:
        starters._offers[:], starters._publish[:] = before
    assert published == ["payment"]


def test_a_portal_in_use_needs_no_set_up(stage: Stage) -> None:
    page = stage.browser().get(f"/set-up?token={token(stage)}")
    assert "set up already" in page.text


def test_a_module_nobody_offers_stops_the_set_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, published = Stage(app), list[str]()
    monkeypatch.setattr(starters, "_offers", [lambda: [("structure", {"en": "Structure"})]])
    monkeypatch.setattr(starters, "_publish", [lambda keys, _admin, _now: published.extend(keys)])
    link, browser = token(stage), stage.browser()
    answer = browser.post("/set-up", token=link, **FACTS, modules=["structure", "no_such_module"])
    assert answer.status_code == 422
    assert "There is no module “no_such_module” to begin with." in answer.text
    assert published == []
    assert browser.post("/set-up", token=link, **FACTS, modules=["structure"]).status_code == 303
    assert published == ["structure"]


def test_without_the_link_the_page_says_how_to_get_another(app: Flask) -> None:
    browser = Stage(app).browser()
    for url in ("/set-up", "/set-up?token=old", "/sign-in"):
        assert "“portal serve” prints a new link" in browser.get(url).text


def test_the_portal_is_ready_in_the_language_it_was_set_up_in(app: Flask) -> None:
    stage = Stage(app)
    link, browser = token(stage), stage.browser()
    answer = browser.post("/set-up", token=link, **{**FACTS, "language": "zh"})
    home = browser.get(answer.location).text
    assert "系统已就绪" in home
    assert "The portal is ready" not in home


def test_the_first_administrator_is_shown_what_comes_next(app: Flask) -> None:
    stage = Stage(app)
    browser = stage.browser()
    browser.post("/set-up", token=token(stage), **FACTS)
    ways = [
        ("Departments", "/admin/departments"),
        ("People", "/admin/people"),
        ("The first project", "/projects/new"),
        ("Roles", "/admin/roles"),
        ("Registers and the budget", "/start"),
    ]
    assert open_steps(browser) == ways
    for _title, address in ways:
        assert browser.get(address).status_code == 200
    with stage.work():
        services.create_department(actor=None, code="ENG", name="Engineering", now=clock.now())
        services.create_person(actor=None, login="rick", name="Rick", now=clock.now())
    assert open_steps(browser) == ways[2:]


def test_nobody_else_is_shown_the_steps(stage: Stage) -> None:
    assert open_steps(stage.browser("otto")) != []
    for login in ("nora", "rick", "eve"):
        assert "Next steps" not in stage.browser(login).get("/").text


def open_steps(browser: Browser) -> list[tuple[str, str]]:
    page = browser.get("/").text
    box = re.search(r'id="_next_steps".*?</section>', page, re.S)
    found = re.findall(r'class="checklist-title" href="([^"]+)">([^<]+)<', box[0] if box else "")
    return [(title, address) for address, title in found]
