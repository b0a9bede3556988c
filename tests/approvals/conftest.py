"""The stage of these tests."""

from tests.stage import billing, built, stage

__all__ = ["billing", "built", "stage"]
