"""What the bell says is mailed too, with the transaction it tells of, where mail can be sent."""

import dataclasses
import re

import pytest
from flask import Flask
from sqlalchemy import update

from portal.accounts.models import Company, Person
from portal.db import db
from portal.errors import PortalError
from portal.notify.models import Notice
from portal.outbox.models import OutboxRow
from tests.records.pages import open_page
from tests.stage import Stage

BASE = "https://portal.example.com"


def set_mail(app: Flask, url: str = "smtp://localhost", base: str = BASE) -> None:
    settings = dataclasses.replace(app.extensions["settings"], smtp_url=url, public_base_url=base)
    app.extensions["settings"] = settings


@pytest.fixture
def mailing(stage: Stage) -> Stage:
    set_mail(stage.app)
    return stage


def mails(stage: Stage) -> dict[str, str]:
    """Who gets mail, and its subject."""
    rows = stage.rows(OutboxRow, kind="mail")
    return {row.body["to"].partition("@")[0]: row.body["subject"] for row in rows}


def send(stage: Stage) -> str:
    """A purchase sent from its page; returns its id."""
    page = open_page(stage.browser("rita"), "/forms/purchase/new?project=P1")
    page.fill(title="Top secret crane", urgency="low", lines__0__item="x", lines__0__qty="1")
    page.fill(lines__0__price="20", lines__0__cost_code=stage.entries["cost_code"])
    answer = page.post("submit")
    assert answer.status_code == 303
    return page.record_id


def test_whoever_is_asked_gets_a_mail_that_leads_to_the_record(mailing: Stage) -> None:
    record_id = send(mailing)
    number = mailing.record(record_id).number
    asked = f"{number} waits for your decision"
    assert mails(mailing) == {"carl": asked, "chloe": asked}
    for row in mailing.rows(OutboxRow):
        assert f"{BASE}/records/{record_id}" in row.body["text"]
        assert "secret" not in str(row.body), "what the record says stays in the portal"
        assert re.findall(r"https?://[^/\s]+", row.body["text"]) == [BASE]
        assert row.state == "waiting"


def test_the_requester_is_mailed_what_became_of_it(mailing: Stage) -> None:
    record_id = mailing.filed()
    mailing.approve(record_id, "carl", "mark")
    assert mails(mailing)["rita"] == f"{mailing.record(record_id).number} is approved"


def test_a_mail_goes_with_every_notice_and_only_with_one(mailing: Stage) -> None:
    record_id = mailing.filed()
    mailing.decide("send_back", "carl", record_id, to="start")
    told = sorted(row.person_id for row in mailing.rows(Notice))
    people = {f"{login}@example.com": person for login, person in mailing.people.items()}
    mailed = sorted(people[row.body["to"]] for row in mailing.rows(OutboxRow))
    assert mailed == told


def test_what_is_refused_mails_nobody(mailing: Stage) -> None:
    record_id = mailing.draft(data=mailing.purchase(title=""))
    with pytest.raises(PortalError):
        mailing.submit(record_id)
    assert mailing.rows(OutboxRow) == []


@pytest.mark.parametrize(("url", "base"), [("", BASE), ("smtp://localhost", "")])
def test_nothing_is_written_where_no_mail_can_be_sent(stage: Stage, url: str, base: str) -> None:
    set_mail(stage.app, url, base)
    stage.filed()
    assert stage.rows(OutboxRow) == []


def test_the_made_up_people_of_a_demo_are_not_mailed(mailing: Stage) -> None:
    with mailing.system(writing=True):
        db.session.execute(update(Company).values(demo=True))
    mailing.filed()
    assert mailing.rows(OutboxRow) == []
    assert len(mailing.rows(Notice)) == 2


def test_who_has_no_address_is_not_mailed(mailing: Stage) -> None:
    with mailing.system(writing=True):
        db.session.get_one(Person, mailing.people["carl"]).email = ""
    send(mailing)
    assert set(mails(mailing)) == {"chloe"}
