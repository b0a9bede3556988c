"""How quickly a plan comes in, and how long it keeps others from writing: `python -m bench.bringing`.

A CSV of a plan is sent as a browser sends it: checked, brought in, and brought in again with every
duration changed. Beside the seconds of each request stands the longest time its writing
transactions were open, which is what others wait for on SQLite.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from random import Random

from flask import Flask
from flask_wtf.csrf import URLSafeTimedSerializer
from sqlalchemy import event, insert
from sqlalchemy.engine import Connection, Engine

from bench import company
from bench.browsers import RAW, cookie_of
from portal import clock
from portal.app import create_app
from portal.db import db, system_context, write_transaction
from portal.ids import new_id
from portal.migrations import runner
from portal.projects.models import Membership
from portal.serving import keep_what_is_loaded

SIZES = (1_000, 10_000)
PAGE = "/projects/P0/progress/exchange"
Figures = dict[str, float]


def plan_csv(tasks: int, *, days: int = 0) -> bytes:
    """A plan of so many tasks below a summary for each twenty, three links to two of them."""
    chance = Random(20)
    lines = ["code,name,type,summary,duration,predecessors"]
    codes: list[str] = []
    for at in range(tasks):
        top = f"{at // 20 + 1}"
        if at % 20 == 0:
            lines.append(f"{top},Part {top} of the bench,summary,,,")
        code = f"{top}.{at}"
        links = {codes[max(0, at - chance.randint(1, 40))] for _ in range(at % 2 + 1) if codes}
        after = "; ".join(sorted(links))
        long = chance.randint(1, 10) + days
        lines.append(f"{code},Work package {code} of the bench,task,{top},{long} d,{after}")
        codes.append(code)
    return "\n".join(lines).encode()


class Holding:
    """How long writing transactions of this process were open."""

    longest = 0.0
    _since: float | None = None

    def begun(self, connection: Connection) -> None:
        """A transaction begins; only writing ones count."""
        if connection.get_execution_options().get("write"):
            self._since = time.perf_counter()

    def ended(self, connection: Connection) -> None:
        """It is over, kept or not."""
        if self._since is not None:
            self.longest = max(self.longest, time.perf_counter() - self._since)
            self._since = None


@contextmanager
def holding() -> Iterator[Holding]:
    """The longest writing transaction within; timed from after its lock is taken."""
    found = Holding()
    listeners = (("begin", found.begun), ("commit", found.ended), ("rollback", found.ended))
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        yield found
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)


def figures(tasks: int) -> Figures:
    """Seconds for checking a plan of so many tasks, bringing it in, and bringing in a change."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(PORTAL_HOME=home, DATABASE_URL="", EMBEDDED_TICK="0")
        app = create_app()
        with app.app_context():
            runner.upgrade()
            with system_context("bench: a company"), write_transaction():
                cast, now = company.found(clock.now()), clock.now()
                plans = {"project_id": cast.projects[0], "person_id": cast.buyers[0]}
                role = {"role": "project_engineer", "created_at": now}
                db.session.execute(insert(Membership), [{**plans, **role}])
        browser = _Browser(app, cookie_of(app, cast.buyers[0]))
        keep_what_is_loaded()  # as a worker that serves does
        acts = (
            ("checking a plan", "check", plan_csv(tasks)),
            ("bringing in a plan", "import", plan_csv(tasks)),
            ("changing a plan by a file", "import", plan_csv(tasks, days=1)),
        )
        found: Figures = {}
        for name, act, content in acts:
            with holding() as held:
                taken = browser.send(act, content)
            found[f"{name} of {tasks:,} tasks"] = taken
            found[f"{name} of {tasks:,} tasks, others wait"] = held.longest
        with app.app_context():
            db.engine.dispose()
    return found


class _Browser:
    """Whoever plans the project, signed in."""

    def __init__(self, app: Flask, cookie: str) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Cookie": cookie}
        serializer = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")
        self.token = serializer.dumps(RAW)

    def send(self, act: str, content: bytes) -> float:
        """Send a file; the seconds until the answer."""
        data = {"csrf_token": self.token, "request_key": new_id(), "do": act}
        begun = time.perf_counter()
        answer = self.client.post(
            PAGE, headers=self.headers, data={**data, "file": (BytesIO(content), "plan.csv")}
        )
        taken = time.perf_counter() - begun
        assert answer.status_code == (303 if act == "import" else 200), answer.status
        return taken


if __name__ == "__main__":
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    print(json.dumps({name: taken for size in sizes for name, taken in figures(size).items()}))
