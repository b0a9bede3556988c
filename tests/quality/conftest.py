"""The harbor with its people and registers; acts go through the services."""

from tests.health.conftest import Browsers, browsers, inspected, story, telling

__all__ = ["Browsers", "browsers", "inspected", "story", "telling"]
