"""The auditors' and the operators' pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal import clock
from portal.audit.models import AuditRow
from portal.db import db
from portal.outbox import services as outbox
from portal.outbox.models import OutboxRow
from tests.accounts.stage import Stage


def test_auditors_read_who_did_what_and_others_do_not(stage: Stage) -> None:
    stage.browser("mia").post(
        "/projects/P-1/members", person_id=stage.people["nora"], role="member"
    )
    page = stage.browser("vera").get("/admin/audit").text
    assert "added a member" in page
    rows = page.split("<tbody>")[1]
    assert rows.index("signed in") < rows.index("added a member")  # newest first
    for login in ("otto", "nora", "oskar", "rick"):
        assert stage.browser(login).get("/admin/audit").status_code == 403


def test_the_trail_is_narrowed_and_walked_page_by_page(stage: Stage) -> None:
    vera = stage.browser("vera")
    only = vera.get("/admin/audit?action=role.grant").text
    assert only.count("gave a role") > only.count("created a person")
    assert vera.get("/admin/audit?before=3").status_code == 200
    assert "No such act yet" in vera.get("/admin/audit?action=outbox.again").text
    for odd in ("before=x", "before=-1", "action=nonsense"):
        assert vera.get(f"/admin/audit?{odd}").status_code == 200


def test_the_details_of_an_act_are_told_in_the_readers_language(stage: Stage) -> None:
    vera = stage.browser("vera")
    assert "address: 127.0.0.1" in vera.get("/admin/audit?action=session.open").text
    vera.post("/language", language="zh")
    page = vera.get("/admin/audit?action=session.open").text
    assert "地址：127.0.0.1" in page
    assert "address" not in page.split("<tbody>")[1]


def test_a_tampered_row_is_found_from_the_page(stage: Stage) -> None:
    vera = stage.browser("vera")
    assert "The chain holds" in vera.get("/admin/audit?verify=1").text
    with stage.work():
        db.session.execute(update(AuditRow).where(AuditRow.seq == 4).values(action="x.y"))
    page = vera.get("/admin/audit?verify=1").text
    assert "The chain is broken" in page
    assert "Row 4:" in page


def test_operators_see_what_is_stuck_and_try_again(stage: Stage) -> None:
    now = clock.now()
    with stage.work():
        row_id = outbox.enqueue(
            kind="mail", body={"to": "a@example.com", "subject": "s", "text": "secret link"},
            now=now - timedelta(hours=1),
        )  # fmt: skip
        db.session.get_one(OutboxRow, row_id).state = "stuck"
    oskar = stage.browser("oskar")
    page = oskar.get("/admin/health").text
    assert "Stuck deliveries" in page
    assert "secret link" not in page
    assert oskar.post("/admin/health/again", row_id=row_id).status_code == 303
    with stage.look():
        assert db.session.get_one(OutboxRow, row_id).state == "waiting"
    assert oskar.post("/admin/health/again", row_id=row_id).status_code == 404


def test_operators_try_everything_again_after_the_mail_server_was_down(stage: Stage) -> None:
    with stage.work():
        for number in range(3):
            row_id = outbox.enqueue(kind="mail", body={"n": number}, now=clock.now())
            if number < 2:
                row = db.session.get_one(OutboxRow, row_id)
                row.state, row.tries, row.problem = "stuck", 8, "TimeoutError"
    oskar = stage.browser("oskar")
    page = oskar.get("/admin/health").text
    assert "The mail server does not answer in time." in page
    assert "TimeoutError" in page
    assert "Try all stuck deliveries again" in page
    answer = oskar.post("/admin/health/all-again")
    assert answer.status_code == 303
    page = oskar.get(answer.location).text
    assert "2 deliveries will be tried again in a moment." in page
    assert "Try all stuck deliveries again" not in page
    with stage.look():
        rows = db.session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
        assert [(row.state, row.tries, row.body["n"]) for row in rows] == [
            ("waiting", 0, 0), ("waiting", 0, 1), ("waiting", 0, 2),
        ]  # fmt: skip
    oskar.post("/admin/health/all-again")
    trail = stage.browser("vera").get("/admin/audit?action=outbox.again").text
    assert trail.split("<tbody>")[1].count("retried a delivery") == 1, "the second found nothing"


def test_deliveries_tried_in_vain_for_long_are_said(stage: Stage) -> None:
    now = clock.now()
    with stage.work():
        row_id = outbox.enqueue(kind="mail", body={}, now=now - timedelta(minutes=20))
        row = db.session.get_one(OutboxRow, row_id)
        row.tries, row.next_at = 5, now + timedelta(minutes=8)
    assert "wait for more than ten minutes" in stage.browser("oskar").get("/admin/health").text


def test_late_deliveries_are_said(stage: Stage) -> None:
    with stage.work():
        outbox.enqueue(kind="mail", body={}, now=clock.now() - timedelta(hours=1))
    assert "wait for more than ten minutes" in stage.browser("oskar").get("/admin/health").text


@pytest.mark.parametrize("login", ["otto", "nora", "vera", "rick"])
def test_only_operators_see_health(stage: Stage, login: str) -> None:
    browser = stage.browser(login)
    assert browser.get("/admin/health").status_code == 403
    assert browser.post("/admin/health/again", row_id="x").status_code == 403
    assert browser.post("/admin/health/all-again").status_code == 403


def test_an_error_without_words_of_its_own_is_shown_by_its_name(stage: Stage) -> None:
    with stage.work():
        row_id = outbox.enqueue(kind="pigeon", body={}, now=clock.now())
        row = db.session.get_one(OutboxRow, row_id)
        row.state, row.problem = "stuck", "OddError"
    page = stage.browser("oskar").get("/admin/health").text
    assert "pigeon" in page
    assert page.count("OddError") == 1
