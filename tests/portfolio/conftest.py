"""The furnished project these tests look at, and a stage whose records are approved."""

from tests.ledgers.fixtures import cast
from tests.stage import stage

__all__ = ["cast", "stage"]
