"""The furnished project these tests look at, and the project that is planned with shipped forms."""

from tests.ledgers.fixtures import cast
from tests.progress.planning import planning

__all__ = ["cast", "planning"]
