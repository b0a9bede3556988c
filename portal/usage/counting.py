"""Counting what happens on the pages of forms: in memory, and written down every half minute.

Who did it is not kept. What a worker has not written down when it is killed is lost: these are
habits, not money.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from time import perf_counter
from typing import Any, NamedTuple, cast

from flask import Flask, Response, g
from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from portal import clock
from portal.db import apart, db
from portal.usage.models import FormDay

OPEN, SEND, LIST, READ = "open", "send", "list", "read"
EVERY = timedelta(seconds=30)


class Key(NamedTuple):
    """What is counted together."""

    form: str
    release_id: str
    act: str
    day: date


@dataclass
class Count:
    """How often, how often refused, and the milliseconds it took the server."""

    times: int = 0
    refused: int = 0
    total_ms: int = 0
    most_ms: int = 0

    def add(self, ms: int, *, refused: bool) -> None:
        self.times += 1
        self.refused += refused
        self.total_ms += ms
        self.most_ms = max(self.most_ms, ms)


@dataclass
class _Memory:
    """What this process has counted and not written down yet."""

    lock: Lock = field(default_factory=Lock)
    counts: dict[Key, Count] = field(default_factory=dict)
    written_at: datetime | None = None

    def add(self, key: Key, ms: int, *, refused: bool) -> None:
        with self.lock:
            self.counts.setdefault(key, Count()).add(ms, refused=refused)

    def take(self, now: datetime) -> Mapping[Key, Count]:
        """What is due to be written down; nothing before the half minute is over."""
        with self.lock:
            if self.written_at is None:
                self.written_at = now
            if not self.counts or now - self.written_at < EVERY:
                return {}
            taken, self.counts, self.written_at = self.counts, {}, now
            return taken


def mark(form: str, release_id: str, act: str) -> None:
    """Say that this request is about a form; counted when it was answered."""
    g.form_act = (form, release_id, act)


def register(app: Flask) -> None:
    """Watch the requests of an application."""
    memory = _Memory()
    app.extensions["usage"] = memory
    app.before_request(_begin)
    app.after_request(lambda response: _count(memory, response))
    app.teardown_request(lambda _error: _write_due(memory, clock.now()))


def write(counts: Mapping[Key, Count]) -> None:
    """Add these counts to what is stored, in a transaction of its own."""
    with apart() as session:
        for key, count in sorted(counts.items()):
            _add(session, key, count)


def _begin() -> None:
    g.began = perf_counter()


def _count(memory: _Memory, response: Response) -> Response:
    found = g.pop("form_act", None)
    if found is not None:
        ms = round((perf_counter() - g.began) * 1000)
        form, release_id, act = found
        key = Key(form, release_id, act, clock.now().astimezone(UTC).date())
        memory.add(key, ms, refused=response.status_code >= 400)
    return response


def _write_due(memory: _Memory, now: datetime) -> None:
    due = memory.take(now)
    if not due:
        return
    db.session.rollback()  # whatever the request did is committed or refused by now
    try:
        write(due)
    except OperationalError:  # the database is busy: with the next half minute
        for key, count in due.items():
            memory.counts.setdefault(key, count)


def _add(session: Session, key: Key, count: Count) -> None:
    same = [getattr(FormDay, name) == value for name, value in key._asdict().items()]
    more = (
        update(FormDay)
        .where(*same)
        .values(
            times=FormDay.times + count.times,
            refused=FormDay.refused + count.refused,
            total_ms=FormDay.total_ms + count.total_ms,
        )
    )
    slower = update(FormDay).where(*same, FormDay.most_ms < count.most_ms)
    if not cast(CursorResult[Any], session.execute(more)).rowcount:
        try:
            with session.begin_nested():
                session.add(FormDay(**key._asdict(), **vars(count)))
                session.flush()
        except IntegrityError:  # another worker was first
            session.execute(more)
    session.execute(slower.values(most_ms=count.most_ms))
