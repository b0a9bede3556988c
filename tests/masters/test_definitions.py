"""`retires` and `duplicates` of a form: what is judged before it is published, and how it is told."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from portal import paths
from portal.definitions.checking import check_module
from portal.definitions.diff import diff
from portal.definitions.folders import module_folders, offers_of, read_folder

OFFERS = offers_of(list(module_folders(paths.DEFINITIONS)))


def said(module: str, file: str, edit: Callable[[Any], object]) -> str:
    """What the checker says of a shipped module with one file changed."""
    files = read_folder(paths.DEFINITIONS / module)
    raw = json.loads(files[file])
    edit(raw)
    report = check_module({**files, file: json.dumps(raw)}, known=OFFERS.known(module))
    return " ".join(str(one) for one in report.errors)


@pytest.mark.parametrize("module", ["parties", "workforce", "structure", "machinery"])
def test_the_shipped_registers_are_sound(module: str) -> None:
    report = check_module(read_folder(paths.DEFINITIONS / module), known=OFFERS.known(module))
    assert report.errors == []


@pytest.mark.parametrize(
    ("module", "file", "members", "words"),
    [
        ("parties", "party.form.json", {"duplicates": ["nmae"]}, "nmae"),
        ("parties", "party.form.json", {"duplicates": ["kind"]}, "compared by texts"),
        ("parties", "party.form.json", {"duplicates": []}, "duplicates"),
        ("parties", "party.form.json", {"retires": False}, "retires"),
        ("structure", "cost_code.form.json", {"duplicates": ["name"]}, "two never become one"),
        ("contracts", "contract.form.json", {"retires": True}, "would still count"),
        ("payment", "payment.form.json", {"retires": True}, "only entries of registers retire"),
        ("wages", "pay_rules.form.json", {"duplicates": ["versions[].valid_from"]}, "by texts"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(
    module: str, file: str, members: dict[str, Any], words: str
) -> None:
    assert words in said(module, file, lambda raw: raw.update(members))


def test_what_a_release_changes_about_it_is_told() -> None:
    files = read_folder(paths.DEFINITIONS / "parties")
    raw = json.loads(files["party.form.json"])
    raw["duplicates"], raw["retires"] = ["name"], True
    found = diff(files, {**files, "party.form.json": json.dumps(raw)})
    told = " ".join(str(one.sentence) for one in found.changes)
    assert "look like one and the same by: Name" in told
    assert "can now be taken out of use" in told
