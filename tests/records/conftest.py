"""The stage of these tests."""

from tests.stage import stage

__all__ = ["stage"]
