"""A project's overview: where it stands, what waits with whom, and only what one may see."""

import re
from html import unescape

from flask import Flask
from sqlalchemy import event

from portal.db import db
from tests.ledgers.fixtures import Cast
from tests.stage import Stage

SECRET = "CanaryO9"


def part(page: str, name: str) -> str:
    """A panel of the page as text, its links kept."""
    found = re.search(rf'<div id="{name}".*?(?=<div id="_|</main>)', page, re.S)
    assert found, f"no panel {name}"
    return unescape(found[0])


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_every_amount_leads_to_the_entries_it_is_made_of(cast: Cast) -> None:
    browser = cast.browser("member")
    money = part(browser.get("/projects/P1").text, "_money")
    figures = re.findall(r'<dd><a class="money[^"]*" href="([^"]+)"[^>]*>([-\d.,]+)', money)
    assert len(figures) == 6 * money.count("excluding tax") + 7 * money.count("including tax")
    assert ("Left", "1,270,000.00") in re.findall(r"<dt>([^<]+)</dt><dd><a[^>]*>([-\d.,]+)", money)
    for address, shown in figures:
        assert shown in browser.get(address).text, address


def test_currencies_stand_apart_and_the_projects_own_comes_first(cast: Cast) -> None:
    money = words(part(cast.browser("member").get("/projects/P1").text, "_money"))
    assert re.findall(r"([A-Z]{3}), (?:ex|in)cluding tax", money) == [
        "CNY", "CNY", "CNY", "EUR", "USD",
    ]  # fmt: skip


def test_the_next_milestones_say_how_late_they_are(cast: Cast) -> None:
    plan = words(part(cast.browser("member").get("/projects/P1").text, "_milestones"))
    assert "1 of 3 reached" in plan
    assert "Steel frame topped out" in plan
    assert "Foundation pit handed over" not in plan, "it is reached"
    assert re.search(r"Steel frame topped out 13 Jun 2026 20 Jun 2026 \d+ days late", plan)


def test_unsigned_tickets_show_their_age_and_worth(cast: Cast) -> None:
    tickets = words(part(cast.browser("member").get("/projects/P1").text, "_tickets"))
    assert "4 tickets wait for a signature" in tickets
    assert re.search(r"\d+ days 300\.00 CNY", tickets)
    assert "All unsigned tickets 1,380.00 CNY" in tickets


def test_people_from_outside_see_no_figure_of_the_project(cast: Cast) -> None:
    page = cast.browser("external").get("/projects/P1")
    assert page.status_code == 200
    for name in ("_money", "_milestones", "_tickets"):
        assert f'id="{name}"' not in page.text
    assert "1,270,000" not in page.text


def test_a_project_without_anything_says_what_to_do_next(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P2").text
    for name in ("_money", "_milestones", "_newest"):
        assert 'href="/start"' in part(page, name), name
    assert "Nothing waits for a decision" in part(page, "_waiting")


def test_what_waits_is_shown_with_whom_and_at_which_step(stage: Stage) -> None:
    record_id = stage.filed(stage.large(title="Pit slab"))
    waiting = part(stage.browser("mark").get("/projects/P1").text, "_waiting")
    assert f"/records/{record_id}" in waiting
    assert "1 record waits for a decision" in waiting
    assert "Pit slab" in words(waiting)
    assert "Carl, Chloe Check" in words(waiting)
    stage.approve(record_id, "carl")
    after = words(part(stage.browser("mark").get("/projects/P1").text, "_waiting"))
    assert "Beth, Bill and 2 more Board" in after


def test_records_one_may_not_see_stand_in_no_panel_and_count_nowhere(stage: Stage) -> None:
    hidden = stage.draft("rita", {"title": SECRET, "score": "3"}, form="appraisal")
    stage.submit(hidden)
    stage.draft("rita", stage.purchase(title=f"{SECRET} draft"))
    page = stage.browser("ron").get("/projects/P1").text
    assert SECRET not in page
    assert "Nothing waits for a decision" in page
    shown = stage.browser("mark").get("/projects/P1").text
    assert SECRET in part(shown, "_waiting")
    assert SECRET in part(shown, "_newest")
    assert f"{SECRET} draft" not in shown


def test_who_leads_the_project_stands_first(stage: Stage) -> None:
    page = stage.browser("rita").get("/projects/P1").text
    people = re.findall(r'class="person-name">([^<]+)<', page)
    assert people[0] == "Mark"


def test_the_overview_asks_a_fixed_number_of_questions(stage: Stage) -> None:
    few = asked(stage.app, stage, "mark")
    for number in range(9):
        stage.filed(stage.large(title=f"Slab {number}"))
    many = asked(stage.app, stage, "mark")
    assert few <= many <= few + 3  # seats, and the number of all that waits
    assert many <= 26


def asked(app: Flask, stage: Stage, login: str) -> int:
    """How many statements the page takes."""
    browser, count = stage.browser(login), 0

    def one_more(*_: object) -> None:
        nonlocal count
        count += 1

    browser.get("/projects/P1")
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", one_more)
    try:
        assert browser.get("/projects/P1").status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", one_more)
    return count
