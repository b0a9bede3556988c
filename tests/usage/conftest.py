"""The stage of these tests."""

from tests.stage import built, stage

__all__ = ["built", "stage"]
