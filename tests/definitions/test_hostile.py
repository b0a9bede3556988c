"""Definitions made to harm: refused with a reason, and quickly."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from portal.definitions.checking import Report

Check = Callable[..., Report]


def _fields(count: int) -> Callable[[Any], None]:
    def change(raw: Any) -> None:
        for number in range(count):
            raw["data"]["properties"][f"f{number}"] = {"x-field": {"kind": "text"}}

    return change


def _computed(source: str) -> Callable[[Any], None]:
    return lambda raw: raw["computed"].update(total=source)


HOSTILE: dict[str, Any] = {
    "brackets": "[" * 100_000,
    "objects": '{"a":' * 50_000,
    "5,000 fields": _fields(5_000),
    "a 100 kB expression": _computed("1 + " * 25_000 + "1"),
    "a deep expression": _computed("(" * 400 + "1" + ")" * 400),
    "a call of Python": _computed("__import__('os').system('true')"),
    "an attribute of Python": _computed("subject.__class__.__mro__"),
    "a huge power": _computed("9 ** 9 ** 9"),
    "a lambda": _computed("(lambda: 1)()"),
    "a foreign reference": lambda r: r["data"]["properties"].update(
        x={"$ref": "http://localhost/"}
    ),
    "a pattern bomb": lambda r: r["data"]["properties"].update(
        x={"type": "string", "pattern": "(?=a)(a+)+$"}
    ),
    "a key twice": '{"form": "change", "form": "other"}',
    "an empty file": "",
    "a number": "42",
    "a list": "[]",
    "null": "null",
    "a wrong everything": json.dumps({key: [] for key in ("form", "data", "rules", "layout")}),
    "10,000 unknown members": json.dumps({f"k{n}": n for n in range(10_000)}),
    "a key of 100 kB": json.dumps({"x" * 100_000: 1}),
    "bad bytes": '{"form": "\udcff"}',
    "an escaped half": '{"form": "\\ud800"}',
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("file", ["change.form.json", "module.json", "change.workflow.json"])
def test_a_hostile_file_is_refused_with_a_reason_and_fast(
    name: str, file: str, check_changed: Check
) -> None:
    change = HOSTILE[name]
    if callable(change) and file != "change.form.json":
        return
    start = time.process_time()
    report = check_changed(change, file)
    took = time.process_time() - start
    assert not report.ok
    assert all(len(str(one)) < 3_000 for one in report.findings)
    assert len(report.errors) <= 300
    assert took < 3, took
