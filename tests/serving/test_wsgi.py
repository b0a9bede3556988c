"""Under a server of one's own: mail leaves there too, and no two processes share a connection."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from portal.db import db
from tests.conftest import ON_POSTGRES

ROOT = Path(__file__).parent.parent.parent

THREADS = (
    "import threading, wsgi; print([t.name for t in threading.enumerate() if t.name == 'tick'])"
)
FORKED = """
import os, wsgi
from portal.db import db
from sqlalchemy import literal, select
with wsgi.app.app_context():
    with db.engine.connect() as connection:
        connection.execute(select(literal(1)))
    before = db.engine.pool.checkedin()
    child = os.fork()
    if child == 0:
        os._exit(db.engine.pool.checkedin())
    print(before, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    with db.engine.connect() as connection:
        print(connection.execute(select(literal(2))).scalar())
"""


def run(app: Flask, program: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    given = {
        "PORTAL_HOME": str(app.extensions["settings"].home),
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"] if ON_POSTGRES else "",
        "SECRET_KEY": "x" * 40,
        **environ,
    }
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, **given}, check=False,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("environ", "ticks"),
    [
        ({"SMTP_URL": "smtp://localhost"}, "['tick']"),
        ({}, "['tick']"),
        ({"SMTP_URL": "smtp://localhost", "EMBEDDED_TICK": "0"}, "[]"),
    ],
)
def test_the_application_ticks_wherever_it_is_served(
    app: Flask, environ: dict[str, str], ticks: str
) -> None:
    done = run(app, THREADS, **environ)
    assert (done.returncode, done.stdout.strip()) == (0, ticks), done.stderr


def test_a_forked_worker_has_connections_of_its_own(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()
    done = run(app, FORKED)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["1", "0", "2"]


def test_a_demo_company_stops_a_production_server(app: Flask) -> None:
    from tests.serving.test_serving import make_demo

    make_demo(app)
    done = run(app, "import wsgi", PORTAL_ENV="production")
    assert done.returncode != 0
    assert "holds the demo company" in done.stderr


def test_a_weak_key_stops_the_start(app: Flask) -> None:
    done = run(app, "import wsgi", SECRET_KEY="short")
    assert done.returncode != 0
    assert "SECRET_KEY is too short" in done.stderr


def test_a_number_of_proxies_that_is_none_stops_the_start_in_words(app: Flask) -> None:
    done = run(app, "import wsgi", PROXIES="abc")
    assert done.returncode != 0
    assert "PROXIES is the number of reverse proxies" in done.stderr


def test_a_worker_starts_without_what_most_never_use(app: Flask) -> None:
    """What draws PDFs, reads pictures and reads or writes workbooks comes with the first of them."""
    heavy = "{'reportlab', 'PIL', 'xlsxwriter', 'python_calamine'}"
    done = run(app, f"import sys, wsgi; print({heavy} & set(sys.modules))")
    assert done.stdout.strip() == "set()", done.stdout + done.stderr
