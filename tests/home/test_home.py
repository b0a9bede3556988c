"""Home: what waits for me first, then what I sent, my drafts, my projects, what was decided."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal import clock
from portal.db import db
from portal.records.models import Record
from tests.stage import Stage

HTMX = {"HX-Request": "true"}


def cards(stage: Stage, login: str) -> dict[str, str]:
    """The cards of somebody's Home by id."""
    answer = stage.browser(login).get("/")
    assert answer.status_code == 200, answer.text
    found = re.findall(r'<section class="panel[^"]*" id="(\w+)">(.*?)</section>', answer.text, re.S)
    return dict(found)


def decided_just_now(stage: Stage) -> None:
    """The stage's clock stands in the past; what it decided counts as decided now."""
    with stage.system(writing=True):
        now = clock.now()
        db.session.execute(
            update(Record)
            .where(Record.decided_at > Record.submitted_at)
            .values(decided_at=now, submitted_at=now - timedelta(hours=1))
        )


@pytest.fixture
def busy(stage: Stage) -> Stage:
    """Rita has a draft, one on its way, one returned, one approved; Olga works elsewhere."""
    stage.draft("rita", stage.purchase(title="Draft of Rita"))
    stage.filed(stage.purchase(title="On its way"))
    returned = stage.filed(stage.purchase(title="Came back"))
    stage.decide("send_back", "carl", returned, to="start")
    approved = stage.filed(stage.purchase(title="All agreed"))
    stage.approve(approved, "carl", "mark")
    decided_just_now(stage)
    return stage


def test_what_waits_for_me_stands_first_with_who_sent_it(busy: Stage) -> None:
    home = cards(busy, "carl")
    assert list(home)[0] == "waiting"
    assert "On its way" in home["waiting"]
    assert "Rita" in home["waiting"]
    assert "Open the inbox" in home["waiting"]
    for other in ("All agreed", "Came back", "Draft of Rita"):
        assert other not in home["waiting"]
    assert "Nothing waits for you" in cards(busy, "rita")["waiting"]


def test_what_i_sent_says_with_whom_it_is(busy: Stage) -> None:
    sent = cards(busy, "rita")["sent"]
    assert sent.index("On its way") < sent.index("All agreed"), "what runs stands first"
    row = sent[sent.index("On its way") :].partition("</tr>")[0]
    assert "Carl" in row
    assert "Chloe" in row
    assert "In approval" in row
    assert "Draft of Rita" not in sent
    assert "You have sent nothing yet" in cards(busy, "carl")["sent"]


def test_drafts_and_what_came_back_are_mine_alone(busy: Stage) -> None:
    drafts = cards(busy, "rita")["drafts"]
    assert "Draft of Rita" in drafts
    assert "Came back" in drafts
    assert "/edit" in drafts
    for login in ("ron", "carl", "mark", "audrey", "oskar"):
        home = busy.browser(login).get("/").text
        assert "Draft of Rita" not in home
        assert "drafts" not in cards(busy, login)


def test_decided_since_yesterday_is_what_one_may_see(busy: Stage) -> None:
    for login in ("rita", "carl", "mark", "audrey"):
        lately = cards(busy, login)["lately"]
        assert "All agreed" in lately
        assert "On its way" not in lately
    for login in ("olga", "nobody", "eve"):
        assert "No decisions since yesterday" in cards(busy, login)["lately"]


def test_what_was_decided_last_week_is_no_news(busy: Stage) -> None:
    with busy.system(writing=True):
        db.session.execute(
            update(Record)
            .where(Record.decided_at.is_not(None))
            .values(decided_at=clock.now() - timedelta(days=7))
        )
    assert "No decisions since yesterday" in cards(busy, "rita")["lately"]


def test_an_entry_of_a_register_was_decided_by_nobody(stage: Stage) -> None:
    with stage.system(writing=True):
        now = clock.now()
        db.session.execute(update(Record).values(submitted_at=now, decided_at=now))
    assert "Formwork crew" not in cards(stage, "rita")["lately"]


def test_projects_are_mine_alone(busy: Stage) -> None:
    assert "Project P1" in cards(busy, "rita")["projects"]
    assert "Project P2" not in cards(busy, "rita")["projects"]
    assert "Project P1" not in cards(busy, "olga")["projects"]
    assert "Project P1" in cards(busy, "eve")["projects"]


def test_somebody_in_no_project_is_told_what_will_happen_here(stage: Stage) -> None:
    home = cards(stage, "nobody")
    assert "Nothing waits for you" in home["waiting"]
    assert "You have sent nothing yet" in home["sent"]
    assert "/start" in home["sent"]
    assert "You are in no project yet" in home["projects"]
    assert "drafts" not in home


def test_an_administrator_in_no_project_is_led_to_all_of_them(stage: Stage) -> None:
    home = cards(stage, "paul")["projects"]
    assert "You are in no project yet" not in home
    assert "You are a member of no project" in home
    assert "all 2 projects of the company" in home
    assert 'href="/projects"' in home
    assert "Project P1" in stage.browser("paul").get("/projects").text


def test_home_speaks_both_languages(busy: Stage) -> None:
    for login in ("rita", "nobody"):
        busy.speaks_chinese(login)
    rita, nobody = (busy.browser(one).get("/").text for one in ("rita", "nobody"))
    for words in ("您好，Rita", "审批中", "我的项目", "暂无待办"):
        assert words in rita
    for words in ("您还没有发起过单据", "您还没有参与任何项目", "昨日以来没有审批结果。"):
        assert words in nobody


def test_titles_are_text_and_never_markup(stage: Stage) -> None:
    stage.filed(stage.purchase(title="<script>alert(1)</script>"))
    for login in ("rita", "carl"):
        page = stage.browser(login).get("/").text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page


def test_home_answers_as_page_and_to_scripts_alike(busy: Stage) -> None:
    browser = busy.browser("rita")
    for headers in ({}, HTMX, {**HTMX, "HX-Boosted": "true"}):
        answer = browser.get("/", headers=headers)
        assert answer.status_code == 200
        assert "On its way" in answer.text
        assert "HX-Request" in answer.headers["Vary"]


def test_who_is_not_signed_in_is_asked_to(busy: Stage) -> None:
    answer = busy.app.test_client().get("/")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location
    assert busy.app.test_client().get("/", headers=HTMX).status_code == 401


@pytest.mark.parametrize("query", ["?page=-1", "?q=%25", "?project=" + "x" * 3_000])
def test_what_home_is_not_asked_for_it_ignores(busy: Stage, query: str) -> None:
    assert busy.browser("rita").get(f"/{query}").status_code == 200


def test_opening_home_writes_nothing(busy: Stage) -> None:
    browser = busy.browser("carl")
    browser.get("/")
    before = busy.fingerprint()
    for headers in ({}, HTMX):
        browser.get("/", headers=headers)
    assert busy.fingerprint() == before
