"""Who is served where: demo companies stay at home, plain http stays on the loopback address."""

import dataclasses
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal import clock, mailing, serving
from portal.accounts.models import Company, Person
from portal.config import BadSetting
from portal.db import db, system_context, write_transaction
from portal.notify.models import Notice
from portal.outbox.models import OutboxRow


def with_settings(app: Flask, **changes: Any) -> None:
    app.extensions["settings"] = dataclasses.replace(app.extensions["settings"], **changes)


def make_demo(app: Flask) -> None:
    with app.app_context(), system_context("test: mark the demo"), write_transaction():
        db.session.execute(update(Company).values(demo=True))


def test_a_demo_company_is_never_production(app: Flask) -> None:
    make_demo(app)
    with_settings(app, production=True)
    with pytest.raises(BadSetting, match="demo"):
        serving.refuse_demo_in_production(app)


def test_a_demo_company_is_never_served_to_other_machines(app: Flask) -> None:
    make_demo(app)
    with_settings(app, public_base_url="http://127.0.0.1:8000")
    serving.refuse_demo_in_production(app)
    with_settings(app, public_base_url="https://portal.example.com")
    with pytest.raises(BadSetting, match="leads to other machines"):
        serving.refuse_demo_in_production(app)


def test_a_real_company_is_served_in_production(app: Flask) -> None:
    with_settings(app, production=True)
    serving.refuse_demo_in_production(app)


def test_a_demo_company_stays_on_the_loopback_address(app: Flask) -> None:
    make_demo(app)
    serving.refuse_unsafe(app, "127.0.0.1")
    with_settings(app, allow_http=True)
    with pytest.raises(BadSetting, match="loopback"):
        serving.refuse_unsafe(app, "0.0.0.0")


def test_plain_http_reaches_other_machines_only_when_told_so(app: Flask) -> None:
    with pytest.raises(BadSetting, match="https"):
        serving.refuse_unsafe(app, "0.0.0.0")
    with_settings(app, allow_http=True)
    serving.refuse_unsafe(app, "0.0.0.0")


def test_a_notice_is_mailed_in_the_readers_language_when_mail_is_set(app: Flask) -> None:
    with_settings(app, smtp_url="smtp://localhost", public_base_url="https://portal.example")
    now = clock.now()
    with app.test_request_context(), system_context("test: a notice"), write_transaction():
        person = Person(
            login="li", name="李伟", email="li@example.org", language="zh", created_at=now
        )
        db.session.add(person)
        db.session.flush()
        args = {"number": "PAY-1", "subject": "x", "form": "payment", "actor": "A"}
        notice = Notice(person_id=person.id, kind="approved", record_id="r1", args=args, at=now)
        mailing.mail_notice(notice)
        row = db.session.scalars(select(OutboxRow)).one()
    assert row.body["to"] == "li@example.org"
    assert row.body["subject"] == "PAY-1 已通过"
    assert "https://portal.example/records/r1" in row.body["text"]


def test_no_mail_is_written_without_a_mail_server(app: Flask) -> None:
    with app.test_request_context(), system_context("test: a notice"), write_transaction():
        mailing.mail_notice(Notice(person_id="x", kind="approved", args={}, at=clock.now()))
        assert db.session.scalars(select(OutboxRow)).all() == []
