"""The yard of these tests."""

from tests.labor.conftest import yard

__all__ = ["yard"]
