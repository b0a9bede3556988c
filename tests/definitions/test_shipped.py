"""Every module that ships passes its own check, and is written the way the others should be."""

import json
import re
from pathlib import Path

import pytest

from portal import paths
from portal.definitions.checking import check_module
from portal.definitions.folders import module_folders, offers_of, read_folder

FOLDERS = module_folders(paths.DEFINITIONS)
FILES = [path for folder in FOLDERS for path in sorted(folder.iterdir())]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_shipped_module_passes_its_own_check(folder: Path) -> None:
    known = offers_of(FOLDERS).known(folder.name)
    report = check_module(read_folder(folder), known=known)
    assert [str(one) for one in report.findings] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_shipped_file_holds_a_pattern(path: Path) -> None:
    """Numbers, dates and keys have kinds; nobody writes a regular expression for them."""
    assert not re.search(r'"pattern"|\[0-9\]|\\\\d', path.read_text("utf-8"))
    json.loads(path.read_text("utf-8"))
