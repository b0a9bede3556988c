"""The stage of these tests."""

import pytest

from portal.definitions import services as definitions
from tests.stage import WORKS, Stage, built, stage

__all__ = ["built", "stage"]


@pytest.fixture
def billing(stage: Stage) -> Stage:
    """The stage with bills of a crew, shares and quotas of a project, and tickets."""
    folder = WORKS.parent / "billing"
    with stage.system(writing=True):
        definitions.publish_folder(path=folder, actor=None, now=stage.now())
    return stage
