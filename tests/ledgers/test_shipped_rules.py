"""The shipped modules' example cases hold with the lines the ledgers really post."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import paths
from portal.definitions.cases import set_posting_preview
from portal.definitions.checking import check_module
from portal.definitions.folders import module_folders, offers_of, read_folder
from portal.definitions.posting_lines import posting_lines
from portal.ledgers.lines import lines

FOLDERS = module_folders(paths.DEFINITIONS)


@pytest.fixture
def as_posted() -> Iterator[None]:
    set_posting_preview(lines)
    yield
    set_posting_preview(posting_lines)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_examples_hold_with_the_lines_that_are_posted(folder: Path, as_posted: None) -> None:
    known = offers_of(FOLDERS).known(folder.name)
    assert check_module(read_folder(folder), known=known).errors == []
