"""Settings of a chain on its text: what was not changed stays byte by byte."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from portal.builder.design.chain_policy import PolicyValues, change_policy, read_policy
from portal.errors import Invalid

SHIPPED = sorted(Path("form_definitions").glob("*/*.workflow.json"))
EACH = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)


def _read(path: Path) -> tuple[str, PolicyValues]:
    text = path.read_text("utf-8")
    return text, read_policy(json.loads(text))


@EACH
def test_settings_saved_as_they_are_leave_the_text_alone(path: Path) -> None:
    text, values = _read(path)
    assert change_policy(text, values) == text
    shuffled = replace(
        values,
        protected=tuple(reversed(values.protected)),
        distinct=tuple(tuple(reversed(group)) for group in values.distinct),
    )
    assert change_policy(text, shuffled) == text  # a page sends them in the order of the form


@EACH
def test_a_change_and_its_contrary_lead_back(path: Path) -> None:
    text, values = _read(path)
    changed = change_policy(text, replace(values, max_returns="2", withdraw="never"))
    raw = json.loads(changed)
    assert raw["policy"]["max_returns"] == 2
    assert raw["start"]["withdraw"] == "never"
    assert {k: v for k, v in raw.items() if k not in ("policy", "start")} == {
        k: v for k, v in json.loads(text).items() if k not in ("policy", "start")
    }
    again = change_policy(changed, values)
    assert read_policy(json.loads(again)) == values
    assert json.loads(again)["blocks"] == json.loads(text)["blocks"]


def test_what_makes_no_sense_is_refused_by_its_input() -> None:
    text, values = _read(SHIPPED[0])
    wrong = replace(values, distinct=(("a",),), empty="perhaps", max_returns="21")
    with pytest.raises(Invalid) as refusal:
        change_policy(text, wrong)
    assert {one.path for one in refusal.value.errors} == {"distinct-0", "empty", "max_returns"}
