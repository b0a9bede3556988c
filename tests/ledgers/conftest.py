"""A world for tests that post, and a furnished site for tests of pages."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.db import db
from tests.ledgers.world import World, make_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A company with one project; nothing is committed."""
    with app.app_context():
        yield make_world()
        db.session.rollback()
