"""Rules of health that could not work are refused, with place and remedy."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from portal import paths
from portal.definitions.checking import check_module
from portal.definitions.figure_keys import KEYS
from portal.definitions.folders import module_folders, offers_of, read_folder
from portal.definitions.measures import known_measures

FOLDERS = module_folders(paths.DEFINITIONS)
NAME = "project.health.json"


def findings(change: Callable[[Any], object]) -> list[str]:
    files = read_folder(paths.DEFINITIONS / "project_control")
    raw = json.loads(files[NAME])
    change(raw)
    files[NAME] = json.dumps(raw)
    known = offers_of(FOLDERS).known("project_control")
    return [f"{one.path}: {one.message}" for one in check_module(files, known=known).findings]


def test_the_shipped_rules_are_sound() -> None:
    assert findings(lambda raw: None) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw["rules"][0].update(figure="cost.varianc"), "There is no figure"),
        (lambda raw: raw["rules"][0].update(red="1"), "Red begins before amber"),
        (lambda raw: raw["rules"][1].update(id="cost_over"), "stands there twice"),
        (lambda raw: raw["rules"][0]["acts"][0].update(form="chang_request"), "There is no form"),
        (
            lambda raw: raw["rules"][0]["acts"][0]["values"].update(titel="x"),
            "The form has no field",
        ),
        (
            lambda raw: raw["rules"][0]["acts"].append({"label": "Go", "values": {}}),
            "opens nothing",
        ),
        (lambda raw: raw["counts"][0].update(form="defekt"), "There is no form"),
        (lambda raw: raw["counts"][0].update(where={"title": "x"}), "not filtered by"),
        (lambda raw: raw["counts"][0].update(where={"severity": "mino"}), "not one of the choices"),
        (
            lambda raw: raw["counts"][0].update(older={"field": "severity", "days": 1}),
            "is no date",
        ),
        (lambda raw: raw["counts"][0].update(states=["open"]), "states"),
    ],
)
def test_what_could_not_work_is_refused(change: Callable[[Any], object], said: str) -> None:
    found = findings(change)
    assert any(said in one for one in found), found


def test_a_rule_without_thresholds_judges_nothing() -> None:
    def bare(raw: Any) -> None:
        rule = raw["rules"][0]
        del rule["amber"], rule["red"]

    assert any("has no threshold" in one for one in findings(bare))


def test_every_figure_that_rules_may_name_is_measured(app: Any) -> None:
    assert set(known_measures()) == KEYS


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw["freezes"].update(named_in="title"), "no choice of several answers"),
        (lambda raw: raw["freezes"].update(named_in="register"), "has no field"),
        (lambda raw: raw["freezes"].update(through="change"), "There is no form"),
        (lambda raw: raw["freezes"]["forms"].pop("wbs"), "freezes nothing"),
        (
            lambda raw: raw["freezes"]["forms"]["milestone"]["fields"].append("planed_on"),
            "has no field",
        ),
        (
            lambda raw: raw["freezes"]["forms"]["milestone"].update(link="wbs"),
            "does not name entries of",
        ),
    ],
)
def test_a_form_that_could_freeze_nothing_is_refused(
    change: Callable[[Any], object], said: str
) -> None:
    files = read_folder(paths.DEFINITIONS / "project_control")
    raw = json.loads(files["baseline.form.json"])
    change(raw)
    files["baseline.form.json"] = json.dumps(raw)
    known = offers_of(FOLDERS).known("project_control")
    found = [str(one.message) for one in check_module(files, known=known).findings]
    assert any(said in one for one in found), found
