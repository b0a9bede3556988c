"""How quickly plans are dated, shown and simulated: `python -m bench.plans`."""

import json
import os
import tempfile
import time
from datetime import datetime
from random import Random

from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import insert

from bench import company
from bench.inside import median_ms
from portal import clock
from portal.app import create_app
from portal.calendars.working_time import IDLE, STANDARD_DAY, moment_of, week, working_time
from portal.db import db, system_context, write_transaction
from portal.definitions import queries as definitions
from portal.ids import new_id
from portal.migrations import runner
from portal.records.models import Record
from portal.schedule.critical_path import compute
from portal.schedule.monte_carlo import simulate
from portal.schedule.network import Activity, Link, Network
from portal.schedule.spread import Spread
from portal.serving import keep_what_is_loaded

OFFICE = working_time(week([STANDARD_DAY] * 5 + [IDLE] * 2))
STARTS = datetime(2026, 3, 2, 8)  # noqa: DTZ001 - in the project's own clock
TASKS, LINKS, SUMMARIES = 1_000, 1_500, 50


def network(activities: int, links: int) -> Network:
    """A plan whose links lead forward, in pieces as long as those of real plans."""
    chance = Random(20)
    made = {
        f"a{at}": Activity(f"a{at}", 480 * chance.randint(1, 10), OFFICE)
        for at in range(activities)
    }
    found = []
    for _ in range(links):
        at = chance.randrange(activities - 1)
        found.append(Link(f"a{at}", f"a{min(activities - 1, at + chance.randint(1, 40))}"))
    return Network(made, found, moment_of(STARTS))


def path_s() -> float:
    """The critical path of 10,000 activities and 30,000 links."""
    plan = network(10_000, 30_000)
    return median_ms(lambda: compute(plan), times=5) / 1000


def simulation_s() -> float:
    """A thousand runs of 500 activities, all of them uncertain."""
    plan = network(500, 1_200)
    spreads = {
        key: Spread("pert", one.duration * 0.8, one.duration, one.duration * 1.6)
        for key, one in plan.activities.items()
    }
    begun = time.perf_counter()
    simulate(plan, spreads, seed=1, runs=1_000)
    return time.perf_counter() - begun


def page_ms() -> float:
    """The server's time for the schedule page of 1,000 tasks, every one of them open."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(PORTAL_HOME=home, DATABASE_URL="", EMBEDDED_TICK="0")
        app = create_app()
        with app.app_context():
            runner.upgrade()
            now = clock.now()
            with system_context("bench: a plan"):
                with write_transaction():
                    cast = company.found(now)
                with write_transaction():
                    db.session.execute(insert(Record), _tasks(cast, now))
                    token = company.sign_in(cast.buyers[0], now)
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert serializer is not None
        kept = serializer.dumps({"_user_id": token, "_fresh": True})
        headers = {"Cookie": f"{app.config['SESSION_COOKIE_NAME']}={kept}"}
        client = app.test_client(use_cookies=False)

        def ask() -> None:
            answer = client.get("/projects/P0/progress/schedule?level=9", headers=headers)
            assert answer.status_code == 200
            assert answer.text.count("<tr id=") == TASKS + SUMMARIES

        keep_what_is_loaded()  # as a worker that serves does
        taken = median_ms(ask, times=11)
        with app.app_context():
            db.engine.dispose()
    return taken


def _tasks(cast: company.Cast, now: datetime) -> list[dict[str, object]]:
    """Task records as filing would have left them."""
    chance = Random(20)
    form = definitions.current_form("task")
    assert form is not None
    ids = [new_id() for _ in range(TASKS)]
    tops = [new_id() for _ in range(SUMMARIES)]
    rows = [
        _row(cast, form.release_id, now, key, {"code": f"{at + 1}", "type": "summary"})
        for at, key in enumerate(tops)
    ]
    after: dict[int, set[int]] = {}
    for _ in range(LINKS):
        at = chance.randrange(TASKS - 1)
        after.setdefault(min(TASKS - 1, at + chance.randint(1, 40)), set()).add(at)
    for at, key in enumerate(ids):
        top = at * SUMMARIES // TASKS
        data = {
            "code": f"{top + 1}.{at}",
            "type": "task",
            "parent_task": tops[top],
            "duration": f"{chance.randint(1, 10)}.00",
            "duration_unit": "d",
            "measure": "physical",
            "predecessors": [
                {"_id": f"p{other}", "task": ids[other], "link": "FS"}
                for other in sorted(after.get(at, ()))
                if other != at
            ],
        }
        rows.append(_row(cast, form.release_id, now, key, data))
    return rows


def _row(
    cast: company.Cast, release_id: str, now: datetime, key: str, data: dict[str, object]
) -> dict[str, object]:
    named = {"name": f"Work package {data['code']} of the bench", **data}
    return {
        "id": key, "module": "schedule", "form": "task", "release_id": release_id,
        "project_id": cast.projects[0], "requester_id": cast.buyers[0], "state": "approved",
        "subject": named["name"], "data": named, "sha256": "", "revision": 1, "transition_seq": 1,
        "created_at": now, "updated_at": now, "submitted_at": now,
    }  # fmt: skip


FIGURES = {
    "critical path of 10,000 activities, 30,000 links": path_s,
    "schedule page of 1,000 tasks": page_ms,
    "simulation, 1,000 runs of 500 activities": simulation_s,
}

if __name__ == "__main__":
    print(json.dumps({name: act() for name, act in FIGURES.items()}))
