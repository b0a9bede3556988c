"""Several processes deliver at once, and one is killed between sending and marking."""

import os
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from portal.db import db, system_context
from portal.outbox import delivery
from tests.outbox.conftest import Post


def begin(post: Post, letters: Path, start: int, die_after: int = 0) -> int:
    """A process that delivers into a file once it is told to start; its id.

    It may die (kill -9) after its n-th letter is out, before that is marked.
    """
    with post.app.app_context():
        db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            _deliver(post, letters, start, die_after)
        finally:
            os._exit(1)
    return child


def _deliver(post: Post, letters: Path, start: int, die_after: int) -> None:
    out = os.open(letters, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    count = 0

    def deliver(row_id: str, _body: Any) -> None:
        nonlocal count
        os.write(out, f"{row_id}\n".encode())
        count += 1
        if count == die_after:
            os.kill(os.getpid(), signal.SIGKILL)

    delivery.register_deliverer("test", deliver)
    os.read(start, 1)
    with post.app.app_context(), system_context("a test's tick"):
        while delivery.tick(post.now):
            pass
    os._exit(0)


def run(post: Post, letters: Path, *die_after: int) -> list[int]:
    """Start so many processes together; how each ended."""
    reading, writing = os.pipe()
    children = [begin(post, letters, reading, one) for one in die_after]
    os.write(writing, b"g" * len(children))
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    os.close(reading)
    os.close(writing)
    return ends


def test_processes_side_by_side_deliver_each_row_once(post: Post, tmp_path: Path) -> None:
    ids = [post.put(n=n) for n in range(60)]
    letters = tmp_path / "letters"
    assert run(post, letters, 0, 0, 0) == [0, 0, 0]
    assert sorted(letters.read_text().split()) == sorted(ids)
    assert set(post.states().values()) == {"done"}


def test_a_kill_between_sending_and_marking_loses_nothing(post: Post, tmp_path: Path) -> None:
    ids = [post.put(n=n) for n in range(12)]
    letters = tmp_path / "letters"
    assert run(post, letters, 5) == [-signal.SIGKILL]
    assert letters.read_text().split() == ids[:5]
    assert Counter(post.states().values()) == {"done": 4, "waiting": 8}
    assert post.tick() == 7, "the one that was out is held until its lease ends"
    post.at += delivery.LEASE + timedelta(seconds=1)
    assert post.tick() == 1
    assert set(post.states().values()) == {"done"}
    assert sorted(post.sent) == sorted(ids[4:]), "twice the one nobody marked, lost none"
