"""docs/features.md names tests that exist, and every feature names one."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, tables

PAGE = ROOT / "docs/features.md"
ROWS = list(tables(PAGE, "Feature", "Ids", "Shown by"))
_TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")


@cache
def names_in(path: Path) -> frozenset[str]:
    """The tests of a file: functions, classes, and state machines given a name."""
    if not path.exists():
        return frozenset()
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found.update(one.id for one in node.targets if isinstance(one, ast.Name))
    return frozenset(found)


def test_there_are_features() -> None:
    assert len(ROWS) > 60


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_feature_names_tests_that_exist(row: list[str]) -> None:
    shown = _TEST.findall(f"`{row[2]}`" if not row[2].startswith("`") else row[2])
    assert shown, "no test is named"
    missing = [
        f"{file}::{name}" for file, name in shown if name not in names_in(ROOT / "tests" / file)
    ]
    assert missing == []
