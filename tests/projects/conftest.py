"""The stage of these tests."""

from collections.abc import Iterator

import pytest

from tests.accounts.stage import Stage, build
from tests.conftest import Lending


@pytest.fixture
def stage(lending: Lending) -> Iterator[Stage]:
    """A small company on a fresh database."""
    with lending.copy_of(build) as stage:
        yield stage
