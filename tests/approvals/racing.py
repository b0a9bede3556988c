"""People acting at the same moment: from a common start, or one stopped in the middle of a step."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection

from portal.db import db
from portal.errors import PortalError
from tests.conftest import ON_POSTGRES
from tests.stage import Stage

Act = Callable[[Stage], Any]
PATIENCE = 60


@dataclass
class Done:
    """What became of one act: carried out, or refused with a sentence."""

    refused: PortalError | None = None
    broken: BaseException | None = None

    @property
    def won(self) -> bool:
        return self.refused is None and self.broken is None


def together(stage: Stage, *acts: Act) -> list[Done]:
    """Start all at once, every second one in another application on the same database."""
    places = [stage, stage.beside()]
    start = threading.Barrier(len(acts))
    done = [Done() for _ in acts]

    def run(number: int, act: Act) -> None:
        start.wait(PATIENCE)
        _carry_out(act, places[number % 2], done[number])

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    with places[1].app.app_context():
        db.engine.dispose()
    return _unbroken(done)


def _carry_out(act: Act, place: Stage, done: Done) -> None:
    try:
        act(place)
    except PortalError as error:
        done.refused = error
    except BaseException as error:
        done.broken = error


def _unbroken(done: Sequence[Done]) -> list[Done]:
    for one in done:
        if one.broken is not None:
            raise one.broken
        if one.refused is not None:
            assert one.refused.status in {403, 409, 422}, one.refused
            assert str(one.refused)
    return list(done)


@dataclass
class Stop:
    """Holds the thread that reaches its `at`-th statement until it may go on."""

    at: int
    thread: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    count: int = 0
    other: int = 0
    other_backend: int = 0

    def before(self, connection: Connection, *_: Any) -> None:
        me = threading.get_ident()
        if me == self.other and ON_POSTGRES:
            raw: Any = connection.connection.dbapi_connection
            self.other_backend = raw.info.backend_pid
        if me != self.thread:
            return
        self.count += 1
        if self.count == self.at:
            self.reached.set()
            self.go.wait(PATIENCE)


def in_between(stage: Stage, first: Act, second: Act, at: int) -> list[Done] | None:
    """Stop `first` before its statement `at`, let `second` go as far as it can, let `first` go on.

    None if `first` has fewer statements than that: then `second` did not act.
    """
    stop = Stop(at)
    done = [Done(), Done()]
    finished = [threading.Event(), threading.Event()]

    def run(number: int, act: Act) -> None:
        setattr(stop, ("thread", "other")[number], threading.get_ident())
        _carry_out(act, stage, done[number])
        finished[number].set()
        stop.reached.set()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate((first, second))]
    with _listening(stage, stop):
        threads[0].start()
        stop.reached.wait(PATIENCE)
        if finished[0].is_set():
            threads[0].join(PATIENCE)
            _unbroken(done[:1])
            return None
        threads[1].start()
        while not finished[1].wait(0.005) and not _is_waiting(stage, stop):
            pass
        stop.go.set()
        for thread in threads:
            thread.join(PATIENCE)
    return _unbroken(done)


def _is_waiting(stage: Stage, stop: Stop) -> bool:
    """Whether the other one waits for a lock that the stopped one holds."""
    if not ON_POSTGRES:
        return stop.at > 1  # past BEGIN IMMEDIATE nobody else writes
    import psycopg

    with stage.app.app_context():
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as watching:
        found = watching.execute(
            "SELECT cardinality(pg_blocking_pids(%s))", (stop.other_backend,)
        ).fetchone()
    return bool(found and found[0])


@contextmanager
def _listening(stage: Stage, stop: Stop) -> Iterator[None]:
    with stage.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", stop.before)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", stop.before)
