"""The stage of these tests: people without any role are enough to read."""

from collections.abc import Callable, Iterator

import pytest

from tests.accounts.stage import Browser, Stage, build
from tests.conftest import Lending

Reader = Callable[[str], Browser]


@pytest.fixture
def stage(lending: Lending) -> Iterator[Stage]:
    """A company with people."""
    with lending.copy_of(build) as stage:
        yield stage


@pytest.fixture
def reader(stage: Stage) -> Reader:
    """A browser of somebody who reads in this language."""

    def read_in(language: str) -> Browser:
        browser = stage.browser("rick")
        assert browser.post("/language", language=language).status_code == 303
        return browser

    return read_in
