"""The stage whose records are printed."""

from tests.stage import built, stage

__all__ = ["built", "stage"]
