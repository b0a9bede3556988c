"""Deliveries: tried again with growing pauses, given up visibly, never in each other's way."""

import smtplib
import threading
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from portal import doctor, ticking
from portal.db import db, system_context, write_transaction
from portal.outbox import delivery
from portal.outbox import services as outbox
from tests.outbox.conftest import Post

FAULTS: dict[str, Exception] = {
    "refused": ConnectionRefusedError("no"),
    "timeout": TimeoutError("slow"),
    "disconnected": smtplib.SMTPServerDisconnected("gone"),
    "recipient": smtplib.SMTPRecipientsRefused({"a@example.com": (550, b"no such user")}),
    "no utf-8": smtplib.SMTPNotSupportedError("SMTPUTF8"),
    "value": ValueError("secret"),
    "key": KeyError("to"),
    "encoding": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"),
    "anything": RuntimeError("secret"),
}


def test_what_is_delivered_is_marked_and_its_body_forgotten(post: Post) -> None:
    row_id = post.put(text="a secret link")
    assert post.tick() == 1
    row = post.row(row_id)
    assert (row.state, row.body, row.done_at, row.claimed_until) == ("done", {}, post.at, None)
    post.later(days=30)
    assert post.tick() == 0
    assert post.sent == [row_id]


def test_the_oldest_goes_first(post: Post) -> None:
    ids = [post.put(n=n) for n in range(5)]
    assert post.tick() == 5
    assert post.sent == ids


def test_what_was_rolled_back_is_never_delivered(post: Post) -> None:
    with (
        post.app.app_context(),
        system_context("test: a decision that fails"),
        pytest.raises(RuntimeError, match="refused"),
        write_transaction(),
    ):
        outbox.enqueue(kind="test", body={}, now=post.at)
        raise RuntimeError("refused")
    assert post.tick() == 0
    assert post.states() == {}


def test_the_pauses_double_and_nothing_is_tried_before_its_time(post: Post) -> None:
    row_id = post.put(how="down")
    post.errors["down"] = ConnectionRefusedError()
    pauses = []
    for tries in range(1, delivery.TRIES):
        assert post.tick() == 0
        row = post.row(row_id)
        assert (row.state, row.tries) == ("waiting", tries)
        pause = (row.next_at - post.at).total_seconds()
        pauses.append(pause)
        post.later(seconds=pause - 1)
        post.tick()
        assert post.row(row_id).tries == tries
        post.later(seconds=1)
    assert pauses == [30, 60, 120, 240, 480, 960, 1920]


def test_after_the_last_try_a_row_is_stuck_told_and_left_alone(post: Post) -> None:
    row_id = post.put(how="down", text="kept")
    post.errors["down"] = ConnectionRefusedError()
    for _ in range(delivery.TRIES):
        post.tick()
        post.later(hours=2)
    row = post.row(row_id)
    assert (row.state, row.tries, row.problem) == ("stuck", 8, "ConnectionRefusedError")
    assert row.body["text"] == "kept"
    with post.app.app_context(), system_context("test: doctor"):
        assert list(doctor.deliveries()) == ["1 deliveries are stuck in the outbox"]
    post.errors.clear()
    assert post.tick() == 0


def test_ten_minutes_without_mail_server_lose_and_repeat_nothing(post: Post) -> None:
    post.errors["down"] = ConnectionRefusedError()
    ids = [post.put(how="down") for _ in range(3)]
    for _ in range(60):
        post.tick()
        post.later(seconds=10)
    assert post.sent == []
    post.errors.clear()
    for _ in range(60):
        post.tick()
        post.later(seconds=10)
    assert sorted(post.sent) == sorted(ids)


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_goes_wrong_with_one_row_keeps_no_other_waiting(post: Post, name: str) -> None:
    post.errors["bad"] = FAULTS[name]
    bad, good = post.put(how="bad"), post.put()
    assert post.tick() == 1
    assert post.sent == [good]
    assert post.states() == {bad: "waiting", good: "done"}
    row = post.row(bad)
    assert (row.tries, row.problem, row.claimed_until) == (1, type(FAULTS[name]).__name__, None)


def test_a_kind_that_nothing_delivers_is_given_up_like_any_other(post: Post) -> None:
    strange, good = post.put(kind="pigeon"), post.put()
    for _ in range(delivery.TRIES):
        post.tick()
        post.later(hours=2)
    assert post.states() == {strange: "stuck", good: "done"}
    assert post.row(strange).problem == "NothingDelivers"


def test_no_transaction_is_open_while_something_is_delivered(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bool, int]] = []

    def deliver(_row_id: str, _body: Any) -> None:
        seen.append((db.session().in_transaction(), db.engine.pool.checkedout()))  # type: ignore[attr-defined]
        somebody_else_writes(post)

    monkeypatch.setitem(delivery._deliverers, "test", deliver)
    post.put()
    post.tick()
    assert seen == [(False, 0)]


def somebody_else_writes(post: Post) -> None:
    """A writer meanwhile; on SQLite it would wait for a lock held by the tick."""
    written: list[str] = []
    writer = threading.Thread(target=lambda: written.append(post.put(kind="later")), daemon=True)
    writer.start()
    writer.join(4)
    assert written, "a writer had to wait for the delivery"


def test_a_tick_that_lost_its_lease_undoes_nothing(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    row_id = post.put()
    slow: list[str] = []

    def deliver(given: str, _body: Any) -> None:
        if not slow:
            slow.append(given)
            post.later(seconds=delivery.LEASE.total_seconds() + 1)
            other = threading.Thread(target=post.tick)
            other.start()
            other.join(20)
            raise TimeoutError("too slow")
        post.sent.append(given)

    monkeypatch.setitem(delivery._deliverers, "test", deliver)
    assert post.tick() == 0
    row = post.row(row_id)
    assert (row.state, row.tries) == ("done", 0)
    assert (slow, post.sent) == ([row_id], [row_id])


def test_a_row_another_tick_works_on_is_left_to_it(post: Post) -> None:
    row_id = post.put()
    with post.app.app_context(), system_context("test: a tick elsewhere"):
        taken = delivery.claim(post.now())
        assert taken is not None
        assert taken.row_id == row_id
    post.later(seconds=delivery.LEASE.total_seconds() - 1)
    assert post.tick() == 0
    post.later(seconds=2)
    assert post.tick() == 1


def test_a_tick_that_fails_is_followed_by_the_next(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls, stop = [], threading.Event()

    def tick(_now: Any) -> int:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the database is away")
        stop.set()
        return 0

    settings = replace(app.extensions["settings"], smtp_url="smtp://127.0.0.1:1")
    monkeypatch.setitem(app.extensions, "settings", settings)
    monkeypatch.setattr(delivery, "tick", tick)
    monkeypatch.setattr(ticking, "SECONDS", 0.01)
    ticking.run(app, stop)
    assert len(calls) == 2
    assert "it goes on" in caplog.text
