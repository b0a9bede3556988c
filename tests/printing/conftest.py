"""The stage whose records are printed."""

from tests.stage import billing, built, stage

__all__ = ["billing", "built", "stage"]
