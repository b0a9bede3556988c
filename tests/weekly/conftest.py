"""The harbor with its people and registers, and the furnished project of the ledgers' tests."""

from tests.health.conftest import Browsers, browsers, inspected, story, telling
from tests.ledgers.fixtures import cast

__all__ = ["Browsers", "browsers", "cast", "inspected", "story", "telling"]
