"""The centers over a million entries of 200 projects: `python -m bench.centers [SQLite PostgreSQL]`.

The demo company is loaded, its largest project's entries are copied to 200 projects; pages are asked
of different projects in turn, in one process, whose garbage collector leaves alone what was loaded
before, as in a worker of the portal.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, literal, select, text
from sqlalchemy.engine import make_url

from bench import places, posting
from bench.browsers import cookie_of
from portal import clock
from portal.accounts.models import Person
from portal.app import create_app
from portal.config import read_settings
from portal.db import db, system_context, write_transaction
from portal.ids import new_id
from portal.ledgers import reconciliation
from portal.ledgers.models import LEDGERS, Posted, Posting
from portal.migrations import runner
from portal.projects.models import Membership, Project
from portal.serving import keep_what_is_loaded

PROJECTS, ENTRIES = 200, 1_000_000
SOURCE, READER = "HB01", "wang.jianguo"
ASKED = 40
PAGES = {
    "cost center": "/projects/{code}/cost",
    "funds center": "/projects/{code}/funds",
    "day-labor center": "/projects/{code}/labor",
    "progress center": "/projects/{code}/progress",
    "portfolio": "/portfolio",
    "months": "/projects/{code}/books",
}


def environment(home: Path, url: str) -> dict[str, str]:
    """What the measured portal is made with."""
    return {
        **os.environ,
        "PORTAL_HOME": str(home),
        "DATABASE_URL": url,
        "EMBEDDED_TICK": "0",
    }


def load(app: Flask) -> None:
    """The demo company."""
    from portal.demo import loading

    with app.app_context():
        runner.upgrade()
        loading.load(app)


def fill(app: Flask) -> None:
    """The demo's largest project, copied until there are enough entries."""
    with app.app_context():
        with system_context("bench: copies of a project"), write_transaction():
            _copy()
        db.session.execute(text("ANALYZE"))
        db.session.commit()


def _copy() -> None:
    source = db.session.scalars(select(Project).where(Project.code == SOURCE)).one()
    reader = db.session.scalars(select(Person.id).where(Person.login == READER)).one()
    plain = {c.key: getattr(source, c.key) for c in Project.__mapper__.column_attrs}
    made = [
        {**plain, "id": new_id(), "code": f"X{n:03}", "name": f"Copy {n}"} for n in range(PROJECTS)
    ]
    db.session.execute(insert(Project), made)
    members = [
        {"id": new_id(), "project_id": one["id"], "person_id": reader,
         "role": "project_manager", "created_at": one["created_at"]}
        for one in made
    ]  # fmt: skip
    db.session.execute(insert(Membership), members)
    db.session.execute(insert(Posted), [{"project_id": one["id"], "times": 1} for one in made])
    tables = list(LEDGERS.values())
    base = sum(
        db.session.scalar(select(func.count()).where(one.project_id == source.id)) or 0
        for one in tables
    )
    rounds = -(-ENTRIES // (PROJECTS * base))
    for number in range(rounds):
        for place, project in enumerate(made):
            copy = number * PROJECTS + place + 1
            _postings_copied(source.id, str(project["id"]), copy)
            for table in tables:
                _copied(table, source.id, str(project["id"]), copy)


def _marked(column: Any, copy: int) -> Any:
    """The id of the copy of a row: the same but for its end."""
    return func.substr(column, 1, 28) + literal(f"{copy:08x}")


def _postings_copied(source: str, target: str, copy: int) -> None:
    """Postings of the same documents, as if these had gone through the same steps once more."""
    _inserted(
        Posting,
        {
            "id": _marked(Posting.id, copy),
            "project_id": literal(target),
            "transition_seq": Posting.transition_seq + 1000 * copy,
            "reverses_id": _marked(Posting.reverses_id, copy),
        },
        source,
    )


def _copied(table: Any, source: str, target: str, copy: int) -> None:
    _inserted(
        table,
        {
            "id": _marked(table.id, copy),
            "project_id": literal(target),
            "posting_id": _marked(table.posting_id, copy),
        },
        source,
    )


def _inserted(table: Any, changed: Mapping[str, Any], source: str) -> None:
    names = [c.key for c in table.__table__.columns]
    chosen = select(*(changed.get(name, getattr(table, name)).label(name) for name in names)).where(
        table.project_id == source
    )
    db.session.execute(insert(table.__table__).from_select(names, chosen))


def measure(app: Flask) -> dict[str, float]:
    """p95 of the pages, of the drill-down from each, and what verifying does in a minute."""
    with app.app_context(), system_context("bench: find the reader"):
        reader = db.session.scalars(select(Person.id).where(Person.login == READER)).one()
    keep_what_is_loaded()
    headers = {"Cookie": cookie_of(app, str(reader))}
    client = app.test_client(use_cookies=False)
    found: dict[str, float] = {}
    drills: list[str] = []
    for name, pattern in PAGES.items():
        addresses = [pattern.format(code=f"X{n:03}") for n in range(ASKED + 2)]
        taken, pages = _asked(client, headers, addresses)
        found[f"{name}, first page, p95"] = _p95(taken[2:])
        drills += [
            link.replace("&amp;", "&")
            for page in pages[:8]
            for link in re.findall(r'href="(/projects/X[0-9]+/entries\?[^"]+)"', page)[:6]
        ]
    taken, _pages = _asked(client, headers, drills[: 2 * ASKED])
    found["drill-down, p95"] = _p95(taken[2:])
    return found


def _asked(
    client: Any, headers: Mapping[str, str], addresses: Sequence[str]
) -> tuple[list[float], list[str]]:
    taken, pages = [], []
    for address in addresses:
        begun = time.perf_counter()
        answer = client.get(address, headers=headers)
        taken.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
        pages.append(answer.text)
    return taken, pages


def _p95(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def verified_per_minute(app: Flask) -> float:
    """Entries of the demo's own records that are worked out anew in a minute."""
    with app.app_context(), system_context("bench: verify"):
        documents = select(func.count()).select_from(Posting)
        assert db.session.scalar(documents)
        begun = time.monotonic()
        own = db.session.scalars(select(Project.id)).all()
        entries = 0
        for project in own:
            for _problem in reconciliation.all_problems(clock.now(), project):
                pass
            for model in LEDGERS.values():
                count = select(func.count()).where(model.project_id == project)
                entries += db.session.scalar(count) or 0
        return entries / (time.monotonic() - begun) * 60


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "SQLite":
        yield ""
        return
    with places.database_server() as server:
        places._renew(server, "centers", "template0")
        yield make_url(server).set(database="centers").render_as_string(hide_password=False)


@contextmanager
def demo(kind: str) -> Iterator[Flask]:
    """The demo company on a database of its own, gone afterwards."""
    home = places.WORK / f"centers-{kind}"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    with _database(kind) as url:
        app = create_app(read_settings(environment(home, url)))
        load(app)
        yield app
        with app.app_context():
            db.engine.dispose()
    shutil.rmtree(home, ignore_errors=True)


def run(kind: str) -> dict[str, float]:
    """Everything on one database, made anew."""
    with demo(kind) as app:
        verified = 100_000 / verified_per_minute(app) * 60  # copies have no documents of their own
        added = posting.shares(app)
        fill(app)
        return {**measure(app), "ledger verify, 100,000 entries": verified, **added}


def measured(kind: str) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.centers", kind]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=places.HERE.parent
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    for one in sys.argv[1:] or ["SQLite"]:
        print(json.dumps(run(one)))
