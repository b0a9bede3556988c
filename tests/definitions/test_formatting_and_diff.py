"""One way to write a definition, and sentences for what changed."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.definitions.diff import diff
from portal.definitions.formatting import format_source

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=30,
)


@given(values)
def test_formatting_keeps_the_content_and_is_stable(value: Any) -> None:
    text = format_source(value)
    assert json.loads(text) == value
    assert format_source(json.loads(text)) == text


def test_the_sample_modules_are_formatted(modules: Path) -> None:
    for path in modules.glob("*/*.json"):
        text = path.read_text("utf-8")
        assert format_source(json.loads(text)) == text, path


def _changed(files: dict[str, str], name: str, change: Any) -> dict[str, str]:
    raw = json.loads(files[name])
    change(raw)
    return {**files, name: json.dumps(raw)}


def _sentences(old: dict[str, str], new: dict[str, str]) -> tuple[str, list[str]]:
    found = diff(old, new)
    return ", ".join(map(str, found.summary)), [str(one.sentence) for one in found.changes]


def test_equal_content_has_no_difference(changes: dict[str, str]) -> None:
    rewritten = {name: json.dumps(json.loads(text)) for name, text in changes.items()}
    assert _sentences(changes, rewritten) == ("", [])


def test_fields_rules_and_calculations_are_named(changes: dict[str, str]) -> None:
    def change(raw: Any) -> None:
        fields = raw["data"]["properties"]
        fields["due"] = {"x-field": {"kind": "date", "label": "Due"}}
        fields["note"]["x-field"]["kind"] = "text"
        fields["subject"]["x-field"].pop("required")
        del fields["before"]
        raw["rules"][0]["when"] = "reason == 'scope'"
        raw["computed"]["total"] = "sum(lines.amount)"

    summary, said = _sentences(changes, _changed(changes, "change.form.json", change))
    assert summary == (
        "1 field added, 1 field removed, 1 field retyped, 1 field changed, 1 rule changed, "
        "1 calculation changed"
    )
    assert "Field “Due” (due, Date) is new." in said
    assert "Field “Explanation” (note) was Long text and becomes Text." in said
    assert "Field “Subject” (subject) changed: required." in said
    assert "Rule “Explanation” (other_needs_note) changed: condition." in said


def test_blocks_of_a_workflow_are_named(changes: dict[str, str]) -> None:
    def change(raw: Any) -> None:
        raw["blocks"][0]["need"] = "all"
        raw["blocks"][2]["cc"] = "inform"

    summary, said = _sentences(changes, _changed(changes, "change.workflow.json", change))
    assert summary == "3 blocks of the workflow changed"
    assert said == [
        "Block “Check” (check) changed: how many must approve.",
        "Block inform is new.",
        "Block tell is gone.",
    ]


def test_files_that_come_go_or_break_are_said(changes: dict[str, str]) -> None:
    without = {k: v for k, v in changes.items() if k != "change.postings.json"}
    assert _sentences(changes, without)[1] == ["change.postings.json is gone."]
    broken = {**changes, "change.form.json": "{"}
    assert _sentences(changes, broken)[1] == ["change.form.json cannot be read and was changed."]
