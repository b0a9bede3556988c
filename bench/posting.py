"""What posting adds to a decision; measured with the centers.

Every decision that waits in the demo company and would post is sent as a browser sends it, and
rolled back instead of committed: in turn with and without what hangs on posting, which are closed
periods, entries and the control of budgets. The share is that of the medians; the commit, left out
on both sides, would make it smaller.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask_wtf.csrf import URLSafeTimedSerializer
from sqlalchemy import func, select

from bench.browsers import RAW, cookie_of
from portal import clock
from portal.accounts.sessions import viewer_of
from portal.approvals import services as approvals
from portal.approvals.models import Task
from portal.costs import control
from portal.db import begin_write, db, set_context, system_context
from portal.errors import PortalError
from portal.ledgers import periods
from portal.ledgers import services as ledgers
from portal.ledgers.models import Posting
from portal.records import transitions
from portal.records.models import Record
from portal.serving import keep_what_is_loaded

ROUNDS = 5
POSTING = (periods.on_transition, ledgers.on_transition, control.on_transition)


@contextmanager
def _posting(*, on: bool) -> Iterator[None]:
    known = transitions._handlers
    if not on:
        kept = {one: together for one, together in known.items() if one not in POSTING}
        transitions._handlers = kept
    try:
        yield
    finally:
        transitions._handlers = known


def _posts(task: Task, revision: int) -> bool:
    """Whether approving makes postings; rolled back."""
    begin_write()
    viewer = viewer_of(task.person_id)
    set_context(db.session(), viewer)
    count = select(func.count()).select_from(Posting)
    before, seen = db.session.scalar(count), approvals.Seen(task.epoch, revision)
    try:
        approvals.approve(actor=viewer, task_id=task.id, seen=seen, now=clock.now())
        return db.session.scalar(count) != before
    except PortalError:
        return False
    finally:
        db.session.rollback()


def _waiting(app: Flask) -> list[tuple[Task, int]]:
    """The decisions that wait and would post, with the revision each would see."""
    with app.app_context():
        with system_context("bench: decisions that wait"):
            chosen = select(Task, Record.revision).join(Record, Record.id == Task.record_id)
            open_tasks = chosen.where(Task.state == "open").order_by(Task.id)
            found = [(task, revision) for task, revision in db.session.execute(open_tasks)]
            db.session.expunge_all()
        return [one for one in found if _posts(*one)]


def shares(app: Flask) -> dict[str, float]:
    """Medians of decisions that post: with and without posting, in ms, and what it adds."""
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(RAW)
    waiting = _waiting(app)
    cookies = {task.person_id: cookie_of(app, task.person_id) for task, _ in waiting}
    keep_what_is_loaded()
    client = app.test_client(use_cookies=False)
    taken: dict[bool, list[float]] = {True: [], False: []}
    for task, revision in waiting:
        sent = {"csrf_token": token, "epoch": task.epoch, "version": revision}
        for turn in range(2 * ROUNDS):
            on = turn % 2 == 0
            with _posting(on=on), _flushing():
                begun = time.perf_counter()
                answer = client.post(
                    f"/inbox/{task.id}/approve",
                    data=sent,
                    headers={"Cookie": cookies[task.person_id]},
                )
                taken[on].append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 303, answer.status_code
    without, with_it = statistics.median(taken[False]), statistics.median(taken[True])
    return {
        "decisions that post": len(waiting),
        "a decision without posting, ms": without,
        "the same with posting, ms": with_it,
        "posting adds, %": (with_it / without - 1) * 100,
    }


@contextmanager
def _flushing() -> Iterator[None]:
    """Requests write all they have to, and commit nothing."""
    db.session.commit = db.session.flush  # type: ignore[method-assign]
    try:
        yield
    finally:
        del db.session.commit
