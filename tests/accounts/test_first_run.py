"""The first run of an empty portal: one link, one administrator."""

from flask import Flask

from portal import clock
from portal.accounts import queries, services, starters
from tests.accounts.stage import Stage

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
        lambda keys, now: published.extend(keys),
    )
    try:
        link, browser = token(stage), stage.browser()
        assert "Payments" in browser.get(f"/set-up?token={link}").text
        browser.post("/set-up", token=link, modules=["payment", "unknown"], **FACTS)
    finally:
        starters._offers[:], starters._publish[:] = before
    assert published == ["payment"]


def test_a_portal_in_use_needs_no_set_up(stage: Stage) -> None:
    page = stage.browser().get(f"/set-up?token={token(stage)}")
    assert "set up already" in page.text
