"""Two sample modules, and a way to change one member of one of their files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.definitions.checking import Report, check_module
from portal.definitions.folders import offers_of, read_folder
from tests.stage import stage

__all__ = ["stage"]

MODULES = Path(__file__).parent / "modules"
Change = Callable[[Any], object]


@pytest.fixture(scope="session")
def modules() -> Path:
    """The folder of the sample modules `contracts` and `changes`."""
    return MODULES


@pytest.fixture(scope="session")
def contracts() -> dict[str, str]:
    """The files of a module of registers with postings."""
    return read_folder(MODULES / "contracts")


@pytest.fixture(scope="session")
def changes() -> dict[str, str]:
    """The files of a module with a form, its chain and its cases."""
    return read_folder(MODULES / "changes")


@pytest.fixture(scope="session")
def offers() -> Any:
    """What the two modules offer to each other."""
    return offers_of([MODULES / "contracts", MODULES / "changes"])


@pytest.fixture
def check_changed(changes: dict[str, str], offers: Any) -> Callable[..., Report]:
    """Check `changes` with one file changed by a function, or replaced by a text."""

    def check(change: Change | str, file: str = "change.form.json", **kwargs: Any) -> Report:
        files = changed(changes, change, file)
        return check_module(files, known=offers.known("changes", **kwargs))

    return check


def changed(files: dict[str, str], change: Change | str, file: str) -> dict[str, str]:
    """A copy of the files with one of them changed."""
    if isinstance(change, str):
        return {**files, file: change}
    raw = json.loads(files[file])
    change(raw)
    return {**files, file: json.dumps(raw, ensure_ascii=False, indent=2)}
