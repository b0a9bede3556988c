"""The stage whose records are printed."""

from tests.stage import billing, stage

__all__ = ["billing", "stage"]
