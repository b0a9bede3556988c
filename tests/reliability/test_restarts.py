"""What was acknowledged is there after a kill -9 of workers, of the portal, of the database.

A kill shows what a crash of a process leaves, not what a power failure does.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.db import db
from portal.records.models import Record
from tests.bounds import PROVE
from tests.browser import servers
from tests.browser.servers import Server
from tests.conftest import ON_POSTGRES
from tests.reliability import postgres
from tests.reliability.senders import Log, Senders, fill_in
from tests.stage import Stage, config_home

KILLS = 200 if PROVE else 12
CRASHES = (20 if PROVE else 3) if ON_POSTGRES else 1  # SQLite lives in the portal
SENDING = ("rita", "ron", "mark")


class Portal:
    """The stage, served by `portal serve` with two workers, and people who send records to it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.settings = {"SECRET_KEY": str(stage.app.config["SECRET_KEY"])}
        if ON_POSTGRES:
            self.settings["DATABASE_URL"] = stage.app.config["SQLALCHEMY_DATABASE_URI"]
            postgres.keep_commits(self.settings["DATABASE_URL"])
        pages = [fill_in(stage, login) for login in SENDING]
        with stage.app.app_context():
            db.engine.dispose()
        self.port = servers.free_port()
        self.senders = Senders(self.port, pages)
        self.server: Server
        self.serve()

    @property
    def log(self) -> Log:
        return self.senders.log

    def serve(self) -> None:
        home = config_home(self.stage.app)
        self.server = servers.start(home, demo=False, port=self.port, workers=2, **self.settings)

    @property
    def workers(self) -> list[int]:
        master = self.server.process.pid
        return [
            int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()
        ]

    def kill(self) -> None:
        """Kill -9 of everything: nothing is tidied up."""
        for pid in (self.server.process.pid, *self.workers):
            os.kill(pid, signal.SIGKILL)
        self.server.process.wait(10)

    def nothing_is_lost(self) -> None:
        """Each acknowledged record is stored once; the rest is all there or not at all."""
        filed = {row.id: row for row in self.stage.rows(Record, form="purchase")}
        for record_id, location in self.log.acknowledged.items():
            assert location == f"/records/{record_id}"
            assert filed[record_id].state == "submitted"
        numbers = sorted(str(row.number) for row in filed.values())
        year = numbers[0].split("-")[2]
        assert numbers == [f"PU-P1-{year}-{n:04}" for n in range(1, len(filed) + 1)]
        assert len(self.log.acknowledged) <= len(filed)
        assert len(filed) <= len(self.log.acknowledged) + len(SENDING), "sent again, filed once"
        assert self.stage.problems() == {}
        assert set(self.log.answers) <= {303, 503}, self.log.answers


@pytest.fixture
def portal(stage: Stage) -> Iterator[Portal]:
    served = Portal(stage)
    yield served
    served.senders.stop()
    if served.server.process.poll() is None:
        served.kill()


def test_what_was_acknowledged_survives_a_kill_of_any_worker(portal: Portal) -> None:
    chance = random.Random(20260302)
    portal.senders.start()
    portal.senders.until(3, seconds=30)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.05, 0.2))
        os.kill(chance.choice(portal.workers), signal.SIGKILL)
    portal.senders.until(len(portal.log.acknowledged) + 6, seconds=30)
    portal.kill()
    portal.senders.stop()
    assert portal.log.unknown > 0, "no kill met a request"
    portal.nothing_is_lost()


def test_a_restart_of_the_database_loses_nothing_acknowledged(portal: Portal) -> None:
    portal.senders.start()
    for _ in range(CRASHES):
        portal.senders.until(len(portal.log.acknowledged) + 4, seconds=30)
        restart(portal)
        back = time.monotonic()
        portal.senders.until(len(portal.log.acknowledged) + 1, seconds=10)
        assert time.monotonic() - back < 10
    portal.senders.until(len(portal.log.acknowledged) + 4, seconds=30)
    portal.senders.stop()
    portal.nothing_is_lost()


def restart(portal: Portal) -> None:
    """Crash the database and bring it back; SQLite lives in the portal, which is killed."""
    if ON_POSTGRES:
        postgres.crash(portal.settings["DATABASE_URL"])
    else:
        portal.kill()
        portal.serve()
