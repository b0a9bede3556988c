"""The bell: one's own notices, unread until one says so."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.db import db
from portal.notify import wording
from portal.notify.models import Notice
from tests.stage import MORNING, Stage

HTMX = {"HX-Request": "true"}


def token(browser: FlaskClient) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/me").text)
    assert found is not None
    return found[1]


def unread(page: str) -> int:
    """The number on the bell; none is nought."""
    link = re.search(r'<a[^>]*href="/notices"[^>]*>.*?</a>', page, re.S)
    assert link is not None
    found = re.search(r">\s*(\d+)\s*<", link[0])
    return int(found[1]) if found else 0


@pytest.fixture
def asked(stage: Stage) -> Stage:
    """Two purchases wait for Carl and Chloe; one of them Carl returned to Rita."""
    first, second = stage.filed(), stage.filed(stage.purchase(title="Sand & gravel"))
    stage.decide("send_back", "carl", second, to="start")
    stage.entries["first"], stage.entries["second"] = first, second
    return stage


def test_everybody_reads_their_own_notices_the_latest_first(asked: Stage) -> None:
    carl = asked.browser("carl").get("/notices").text
    assert carl.index("PU-P1-2026-0002 waits for your decision") < carl.index(
        "PU-P1-2026-0001 waits for your decision"
    )
    assert f"/records/{asked.entries['first']}" in carl
    assert "Sand &amp; gravel" in carl
    rita = asked.browser("rita").get("/notices").text
    assert "Carl returned PU-P1-2026-0002" in rita
    assert "waits for your decision" not in rita
    for login in ("ron", "olga", "audrey", "eve"):
        page = asked.browser(login).get("/notices").text
        assert "No notices yet" in page
        assert "PU-P1" not in page.partition("<main")[2]


def test_nobody_is_told_of_what_they_did_themselves(asked: Stage) -> None:
    assert [row.kind for row in asked.rows(Notice, person_id=asked.people["rita"])] == ["returned"]


def test_reading_leaves_notices_unread_until_all_are_marked(asked: Stage) -> None:
    browser = asked.browser("carl")
    for _ in range(2):
        assert unread(browser.get("/notices").text) == 2
    assert browser.get("/notices").text.count("Mark all read") == 1
    answer = browser.post("/notices/read", data={"csrf_token": token(browser)})
    assert (answer.status_code, answer.location) == (303, "/notices")
    page = browser.get("/notices").text
    assert unread(page) == 0
    assert "All notices are marked read." in page
    assert "Mark all read" not in page
    assert "PU-P1-2026-0001" in page, "read is not gone"


def test_marking_ones_own_read_leaves_everybody_elses(asked: Stage) -> None:
    browser = asked.browser("carl")
    browser.post("/notices/read", data={"csrf_token": token(browser)})
    left = {row.person_id for row in asked.rows(Notice, read_at=None)}
    assert asked.people["carl"] not in left
    assert {asked.people["chloe"], asked.people["rita"]} <= left
    assert unread(asked.browser("chloe").get("/").text) == 2


def test_a_second_mark_keeps_the_time_of_the_first(asked: Stage) -> None:
    browser = asked.browser("carl")
    times: list[Any] = []
    for _ in range(2):
        browser.post("/notices/read", data={"csrf_token": token(browser)}, headers=HTMX)
        times.append([row.read_at for row in asked.rows(Notice, person_id=asked.people["carl"])])
    assert times[0] == times[1]
    assert None not in times[0]


def test_without_token_or_by_get_nothing_is_marked(asked: Stage) -> None:
    browser = asked.browser("carl")
    assert browser.post("/notices/read").status_code == 400
    assert browser.get("/notices/read").status_code == 405
    assert all(row.read_at is None for row in asked.rows(Notice))


def test_the_bell_answers_as_page_and_to_scripts_alike(asked: Stage) -> None:
    browser = asked.browser("carl")
    page, fragment = browser.get("/notices"), browser.get("/notices", headers=HTMX)
    assert (page.status_code, fragment.status_code) == (200, 200)
    assert "PU-P1-2026-0001" in fragment.text
    assert "HX-Request" in page.headers["Vary"]
    marked = browser.post("/notices/read", data={"csrf_token": token(browser)}, headers=HTMX)
    assert (marked.status_code, marked.headers["HX-Redirect"]) == (200, "/notices")


def test_the_bell_speaks_the_readers_language_not_the_writers(asked: Stage) -> None:
    asked.speaks_chinese("carl")
    page = asked.browser("carl").get("/notices").text
    assert "PU-P1-2026-0001 等待您审批" in page
    assert "全部标为已读" in page
    asked.speaks_chinese("olga")
    assert "暂无通知" in asked.browser("olga").get("/notices").text


@pytest.mark.parametrize("kind", wording.TEXTS)
def test_every_kind_of_notice_has_words_in_both_languages(stage: Stage, kind: str) -> None:
    args = {"number": "PU-1", "subject": "<b>bold</b>", "actor": "<i>Eve</i>", "form": "purchase"}
    with stage.system(writing=True):
        person = stage.people["rita"]
        db.session.add(Notice(person_id=person, kind=kind, record_id=None, args=args, at=MORNING))
    english = shown(stage)
    assert "PU-1" in english
    assert "%(" not in english
    assert "<b>" not in english
    assert "<i>" not in english
    stage.speaks_chinese("rita")
    chinese = shown(stage)
    assert re.search(r"[\u4e00-\u9fff]", chinese.partition("<br>")[0])


def shown(stage: Stage) -> str:
    page = stage.browser("rita").get("/notices").text
    return page.partition('<ul class="plain-list">')[2].partition("</ul>")[0]


def test_a_notice_of_a_kind_nobody_knows_still_shows_its_record(stage: Stage) -> None:
    with stage.system(writing=True):
        args = {"subject": "Untitled & unnumbered"}
        row = Notice(
            person_id=stage.people["rita"], kind="later", record_id=None, args=args, at=MORNING
        )
        db.session.add(row)
    assert "Untitled &amp; unnumbered" in shown(stage)


def test_the_bell_shows_the_latest_hundred(stage: Stage) -> None:
    with stage.system(writing=True):
        for number in range(130):
            db.session.add(
                Notice(
                    person_id=stage.people["rita"], kind="copied", record_id=None,
                    args={"number": f"N-{number:03}"}, at=MORNING + timedelta(minutes=number),
                )
            )  # fmt: skip
    page = shown(stage)
    assert page.count("<li>") == 100
    assert page.index("N-129") < page.index("N-030")
    assert "N-029" not in page


def test_a_notice_opens_no_record_its_reader_may_no_longer_see(stage: Stage) -> None:
    record_id = stage.filed()
    with stage.system(writing=True):
        db.session.add(
            Notice(
                person_id=stage.people["olga"], kind="mentioned", record_id=record_id,
                args={"number": "PU-P1-2026-0001", "subject": "x", "actor": "Rita"}, at=MORNING,
            )
        )  # fmt: skip
    browser = stage.browser("olga")
    assert "Rita mentioned you" in browser.get("/notices").text
    assert browser.get(f"/records/{record_id}").status_code == 404


def test_who_is_not_signed_in_is_asked_to(stage: Stage) -> None:
    nobody = stage.app.test_client()
    assert nobody.get("/notices").location.startswith("/sign-in")
    assert nobody.get("/notices", headers=HTMX).status_code == 401
    assert nobody.post("/notices/read").status_code == 400


def test_opening_the_bell_writes_nothing(asked: Stage) -> None:
    browser = asked.browser("carl")
    browser.get("/")
    before = asked.fingerprint()
    for headers in ({}, HTMX):
        browser.get("/notices", headers=headers)
    assert asked.fingerprint() == before
