"""The furnished project these tests look at."""

from tests.ledgers.fixtures import cast

__all__ = ["cast"]
