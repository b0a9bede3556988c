"""The mail path against a real mail server: TLS, passwords, timeouts, and never inside a request."""

import dataclasses
import email
import email.policy
import ssl
import time
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock, mail, ticking
from portal.config import BadSetting
from portal.db import db, system_context, write_transaction
from portal.outbox import delivery
from portal.outbox import services as outbox
from portal.outbox.models import OutboxRow
from tests.accounts.stage import build
from tests.serving.mailserver import PEM, MailServer, mail_server

LOGIN = "li:p%40ss@"


def letter(**more: str) -> EmailMessage:
    given = {"sender": "portal@example.com", "to": "a@example.com", "subject": "PAY-1 已通过"}
    return mail.message(**{**given, "text": "内容\n.\nend", "message_id": "row-1", **more})


def heard(server: MailServer, number: int = 0) -> Any:
    return email.message_from_bytes(server.mails[number], policy=email.policy.default)


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test server's certificate is one of a known authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test server stands for one on another machine."""
    monkeypatch.setattr(mail, "LOOPBACK", frozenset())


def test_a_mail_arrives_as_it_was_written() -> None:
    with mail_server() as server:
        mail.send(f"smtp://127.0.0.1:{server.port}", letter())
        got = heard(server)
    assert (got["To"], got["From"]) == ("a@example.com", "portal@example.com")
    assert (got["Subject"], got["Message-ID"]) == ("PAY-1 已通过", "<row-1@portal>")
    assert got.get_content().split() == ["内容", ".", "end"]
    assert server.encrypted == [False]


@pytest.mark.usefixtures("trusted", "elsewhere")
def test_where_tls_is_offered_the_password_and_the_mail_are_encrypted() -> None:
    with mail_server(starttls=True) as server:
        mail.send(f"smtp://{LOGIN}localhost:{server.port}", letter())
    assert server.logins == [("li p@ss", True)]
    assert server.encrypted == [True]


@pytest.mark.usefixtures("trusted", "elsewhere")
def test_smtps_is_encrypted_from_the_first_byte() -> None:
    with mail_server(wrapped=True) as server:
        mail.send(f"smtps://{LOGIN}localhost:{server.port}", letter())
    assert (server.logins, server.encrypted) == ([("li p@ss", True)], [True])


@pytest.mark.parametrize("how", ["starttls", "wrapped"])
def test_a_certificate_nobody_vouches_for_is_refused(how: str) -> None:
    scheme = "smtps" if how == "wrapped" else "smtp"
    with mail_server(**{how: True}) as server, pytest.raises(ssl.SSLCertVerificationError):
        mail.send(f"{scheme}://{LOGIN}localhost:{server.port}", letter())
    assert (server.logins, server.mails) == ([], [])


@pytest.mark.usefixtures("elsewhere")
def test_no_password_travels_readable_unless_told_so() -> None:
    with mail_server() as server:
        with pytest.raises(mail.PasswordInTheOpen):
            mail.send(f"smtp://{LOGIN}localhost:{server.port}", letter())
        assert (server.logins, server.mails) == ([], [])
        mail.send(f"smtp://{LOGIN}localhost:{server.port}?tls=off", letter())
    assert server.logins == [("li p@ss", False)]
    assert len(server.mails) == 1


def test_tls_may_be_given_up_for_a_server_on_a_trusted_network() -> None:
    with mail_server(starttls=True) as server:
        mail.send(f"smtp://localhost:{server.port}?tls=off", letter())
    assert server.encrypted == [False]


def test_a_server_that_says_nothing_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT", 0.3)
    with mail_server(silent=True) as server:
        started = time.monotonic()
        with pytest.raises(OSError, match="timed out"):
            mail.send(f"smtp://127.0.0.1:{server.port}", letter())
    assert time.monotonic() - started < 5


def test_a_bad_good_bye_after_the_mail_was_taken_is_no_failure() -> None:
    with mail_server(bad_good_bye=True) as server:
        mail.send(f"smtp://127.0.0.1:{server.port}", letter())
    assert len(server.mails) == 1


def test_a_refused_recipient_is_a_failure() -> None:
    with mail_server(refuses=True) as server, pytest.raises(OSError):  # noqa: PT011
        mail.send(f"smtp://127.0.0.1:{server.port}", letter())
    assert server.mails == []


def test_line_breaks_in_names_make_no_headers() -> None:
    with mail_server() as server:
        subject = "PAY-1\r\nBcc: all@example.com\r\n\r\nbody"
        mail.send(f"smtp://127.0.0.1:{server.port}", letter(subject=subject))
        got = heard(server)
    assert got["Bcc"] is None
    assert len(got.get_all("Subject")) == 1


@pytest.mark.parametrize("url", ["mail.example.com:25", "http://mail", "smtp://", "smtp://h:x"])
def test_a_wrong_address_of_the_mail_server_stops_the_start(app: Flask, url: str) -> None:
    settings = dataclasses.replace(app.extensions["settings"], smtp_url=url)
    with pytest.raises(BadSetting):
        ticking.bind_mail(settings)


def set_mail(app: Flask, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(delivery, "_deliverers", {})
    settings = dataclasses.replace(
        app.extensions["settings"], smtp_url=url, public_base_url="http://localhost"
    )
    app.extensions["settings"] = settings
    ticking.bind_mail(settings)


def test_a_row_of_the_outbox_becomes_one_mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as server:
        set_mail(app, monkeypatch, f"smtp://127.0.0.1:{server.port}")
        with app.app_context(), system_context("test: a mail"):
            with write_transaction():
                body = {"to": "a@example.com", "subject": "s", "text": "t"}
                row_id = outbox.enqueue(kind="mail", body=body, now=clock.now())
            assert (delivery.tick(clock.now), delivery.tick(clock.now)) == (1, 0)
        assert [heard(server)["Message-ID"]] == [f"<{row_id}@portal>"]


def test_no_request_speaks_to_the_mail_server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = build(app)
    with mail_server(silent=True) as server:
        set_mail(app, monkeypatch, f"smtp://127.0.0.1:{server.port}")
        answer = stage.browser().post("/forgotten", login="nora")
        assert answer.status_code in {200, 303}
        with stage.look():
            [row] = db.session.scalars(select(OutboxRow)).all()
        assert (row.state, row.body["to"]) == ("waiting", "nora@example.com")
        assert server.connections == 0
