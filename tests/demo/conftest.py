"""The demo company, loaded once for all tests of this folder; they only read it."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from portal.db import db
from portal.demo import loading
from portal.migrations import runner
from tests.conftest import ON_POSTGRES, _create_database, _with_name, build_app

COMPANY = "demo_company"


@pytest.fixture(scope="session")
def demo_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application whose database holds the demo company."""
    url = _postgres(request, COMPANY) if ON_POSTGRES else ""
    with loaded(tmp_path_factory.mktemp("demo-home"), url) as app:
        yield app


@contextmanager
def loaded(home: Path, url: str, end: datetime | None = None) -> Iterator[Flask]:
    """An application that has just loaded the demo company, whose history ends now or at `end`."""
    app = build_app(home, url)
    with app.app_context():
        runner.upgrade()
    app.config["SAID"] = loading.load(app, end)
    yield app
    _disconnect(app)


def _disconnect(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _postgres(request: pytest.FixtureRequest, name: str, template: str = "template0") -> str:
    server = str(request.getfixturevalue("server_url"))
    _create_database(server, name, template)
    return _with_name(server, name)


@pytest.fixture
def demo_copy(request: pytest.FixtureRequest, demo_app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """An application on a copy of the demo company, which the test may change."""
    _disconnect(demo_app)
    home, copy = Path(demo_app.instance_path), tmp_path / "home"
    shutil.copytree(home, copy)  # nobody is connected: the database is in its file
    name = f"demo_{uuid.uuid4().hex[:8]}"
    app = build_app(copy, _postgres(request, name, COMPANY) if ON_POSTGRES else "")
    yield app
    _disconnect(app)


@pytest.fixture
def app_on_a_day(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application whose demo was loaded at the moment the test is parametrized with."""
    url = _postgres(request, f"demo_{uuid.uuid4().hex[:8]}") if ON_POSTGRES else ""
    with loaded(tmp_path, url, request.param) as app:
        yield app


@pytest.fixture(scope="session")
def demo_home(demo_app: Flask) -> Path:
    """The home folder of the demo company."""
    return Path(demo_app.instance_path)
