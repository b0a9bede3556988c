"""The furnished project these tests look at, and a site with the shipped modules."""

from collections.abc import Iterator

import pytest

from tests.conftest import Lending
from tests.labor.yard import Yard, build_yard
from tests.ledgers.fixtures import cast

__all__ = ["cast", "yard"]


@pytest.fixture
def yard(lending: Lending) -> Iterator[Yard]:
    """The site on a database of its own."""
    with lending.copy_of(build_yard) as yard:
        yield yard
