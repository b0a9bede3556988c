"""Sweeping: what has done its work goes after its days; what waits, is stuck or may count stays."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock, limits, sweeping, ticking
from portal.accounts.models import Throttle
from portal.db import db, system_context, write_transaction
from portal.web.models import RequestKey
from tests.outbox.conftest import Post


def sweep(post: Post) -> int:
    with post.app.app_context(), system_context("test: sweep"):
        return sweeping.sweep(post.now())


def test_deliveries_that_went_out_go_and_those_that_did_not_stay(post: Post) -> None:
    out = post.put()
    assert post.tick() == 1
    stuck, waiting = post.put(how="down"), post.put(how="down")
    post.errors["down"] = ConnectionRefusedError()
    with post.app.app_context(), system_context("test: stuck"), write_transaction():
        post_row = db.session.get_one(type(post.row(stuck)), stuck)
        post_row.state = "stuck"
    post.later(days=limits.TRACE_DAYS - 1)
    assert sweep(post) == 0
    assert out in post.states()
    post.later(days=2)
    assert sweep(post) == 1
    assert post.states() == {stuck: "stuck", waiting: "waiting"}


def test_request_keys_and_counted_tries_go_after_their_days(post: Post) -> None:
    old, new = post.now() - timedelta(days=100), post.now()
    with post.app.app_context(), system_context("test: keys"), write_transaction():
        for name, at in (("old", old), ("new", new)):
            key = RequestKey(person_id="p", key=name, request_hash="0", created_at=at)
            db.session.add_all([key, Throttle(key=name, tries=3, first_at=at)])
    assert sweep(post) == 2
    with post.app.app_context(), system_context("test: look"):
        assert db.session.scalars(select(RequestKey.key)).all() == ["new"]
        assert db.session.scalars(select(Throttle.key)).all() == ["new"]


def test_the_tick_sweeps_where_no_mail_is_sent(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    swept, stop = [], threading.Event()

    def sweep_once(now: object) -> int:
        swept.append(now)
        stop.set()
        return 0

    monkeypatch.setattr(sweeping, "sweep", sweep_once)
    monkeypatch.setattr(ticking, "SECONDS", 0.01)
    monkeypatch.setattr(ticking, "FIRST_SWEEP", timedelta(0))
    ticking.run(app, stop)
    assert len(swept) == 1
    assert swept[0] <= clock.now()
