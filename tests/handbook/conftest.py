"""The stage of these tests: people without any role are enough to read."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.accounts.stage import Browser, Stage, build

Reader = Callable[[str], Browser]


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A company with people."""
    return build(app)


@pytest.fixture
def reader(stage: Stage) -> Reader:
    """A browser of somebody who reads in this language."""

    def read_in(language: str) -> Browser:
        browser = stage.browser("rick")
        assert browser.post("/language", language=language).status_code == 303
        return browser

    return read_in
