"""The stage of these tests."""

import pytest
from flask import Flask

from tests.accounts.stage import Stage, build


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A small company on a fresh database."""
    return build(app)
