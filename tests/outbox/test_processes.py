"""Several processes deliver at once, and one is killed between sending and marking."""

import json
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from portal.outbox import delivery
from tests.conftest import ON_POSTGRES
from tests.outbox.conftest import Post

ROOT = Path(__file__).parent.parent.parent


def begin(post: Post, letters: Path, die_after: int = 0) -> "subprocess.Popen[str]":
    """A process that delivers at the post's time once it is told to go."""
    given = {
        "home": str(post.app.extensions["settings"].home),
        "url": post.app.config["SQLALCHEMY_DATABASE_URI"] if ON_POSTGRES else "",
        "letters": str(letters),
        "at": post.at.isoformat(),
        "die_after": die_after,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.outbox.deliverer", json.dumps(given)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def go(*processes: "subprocess.Popen[str]") -> list[int]:
    """Start them together when all are ready; how each ended."""
    for one in processes:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    for one in processes:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    ends = [one.wait(60) for one in processes]
    for one in processes:
        one.communicate()
    return ends


def test_processes_side_by_side_deliver_each_row_once(post: Post, tmp_path: Path) -> None:
    ids = [post.put(n=n) for n in range(40)]
    letters = tmp_path / "letters"
    assert go(begin(post, letters), begin(post, letters)) == [0, 0]
    assert sorted(letters.read_text().split()) == sorted(ids)
    assert set(post.states().values()) == {"done"}


def test_a_kill_between_sending_and_marking_loses_nothing(post: Post, tmp_path: Path) -> None:
    ids = [post.put(n=n) for n in range(12)]
    letters = tmp_path / "letters"
    assert go(begin(post, letters, die_after=5)) == [-signal.SIGKILL]
    assert letters.read_text().split() == ids[:5]
    assert Counter(post.states().values()) == {"done": 4, "waiting": 8}
    assert post.tick() == 7, "the one that was out is held until its lease ends"
    post.at += delivery.LEASE + timedelta(seconds=1)
    assert post.tick() == 1
    assert set(post.states().values()) == {"done"}
    assert sorted(post.sent) == sorted(ids[4:]), "twice the one nobody marked, lost none"
