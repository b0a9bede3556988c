"""The demo company, loaded once for all tests of this folder; they only read it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import ON_POSTGRES, _create_database, _with_name, build_app


@pytest.fixture(scope="session")
def demo_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application whose database holds the demo company."""
    from portal.db import db
    from portal.demo import loading
    from portal.migrations import runner

    home = tmp_path_factory.mktemp("demo-home")
    url = _postgres(request) if ON_POSTGRES else ""
    app = build_app(home, url)
    with app.app_context():
        runner.upgrade()
    app.config["SAID"] = loading.load(app)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _postgres(request: pytest.FixtureRequest) -> str:
    server = str(request.getfixturevalue("server_url"))
    _create_database(server, "demo_company")
    return _with_name(server, "demo_company")


@pytest.fixture(scope="session")
def demo_home(demo_app: Flask) -> Path:
    """The home folder of the demo company."""
    return Path(demo_app.instance_path)
