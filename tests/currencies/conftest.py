"""A site in dollars of a company that counts in yuan, and the house."""

from collections.abc import Iterator

import pytest

from tests.conftest import Lending
from tests.house import house
from tests.labor.yard import Yard, build_yard

__all__ = ["house"]


@pytest.fixture
def yard(lending: Lending) -> Iterator[Yard]:
    """The site on a database of its own."""
    with lending.copy_of(build_yard) as made:
        yield made
