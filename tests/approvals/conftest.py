"""The stage of these tests."""

from tests.stage import billing, stage

__all__ = ["billing", "stage"]
