"""The plain builder's edits of forms: what is asked changes, every other part stays as written."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import paths
from portal.builder.design import form_edits as edits
from portal.builder.design import rules
from portal.builder.design.form import Design, read_design
from portal.builder.design.removal import remove_field
from portal.builder.field_page import stored, with_typed
from portal.builder.snippets import KINDS, NewField
from portal.definitions.json_source import read_source
from portal.errors import Invalid
from portal.forms.texts import Text
from tests.bounds import spread
from tests.forms import samples

FORMS = sorted(paths.DEFINITIONS.glob("*/*.form.json")) + sorted(
    (Path(__file__).parents[1] / "definitions_for_tests").glob("*/*.form.json")
)
IDS = [f"{one.parent.name}/{one.name}" for one in FORMS]


def design_of(text: str) -> Design:
    found = read_design(text)
    assert found is not None
    return found


def value(text: str) -> Any:
    return read_source(text).value


@pytest.mark.parametrize("file", FORMS, ids=IDS)
def test_saving_a_field_as_it_stands_changes_no_byte(file: Path) -> None:
    text = file.read_text("utf-8")
    design = design_of(text)
    assert design.fields
    for one in spread([*design.fields.values()], 6):
        for language in ("en", "zh"):
            given = stored(design, one, language)
            assert with_typed(text, one.path, given, language) == text, one.path


@pytest.mark.parametrize("file", FORMS, ids=IDS)
def test_a_label_changes_alone(file: Path) -> None:
    text = file.read_text("utf-8")
    for one in spread([*design_of(text).fields.values()], 8):
        new = edits.set_words(text, one.path, "label", Text("Another", "另一个"))
        assert design_of(new).fields[one.path].label == Text("Another", "另一个")
        expected = value(text)
        node = expected
        for part in one.place:
            node = node[part]
        if "title" not in node:
            node["x-field"]["label"] = {"en": "Another", "zh": "另一个"}
            assert value(new) == expected


@pytest.mark.parametrize("file", FORMS, ids=IDS)
def test_fields_move_and_come_back(file: Path) -> None:
    text = file.read_text("utf-8")
    design = design_of(text)
    for one in spread([*design.fields.values()], 8):
        siblings = (
            [each.path for each in design.fields.values() if each.table == one.table]
            if one.table
            else [each.path for s in design.sections for each in s.fields]
        )
        down = edits.move_field(text, one.path, down=True)
        if one.path == siblings[-1]:
            assert down == text
            continue
        assert sorted(map(str, design_of(down).fields)) == sorted(map(str, design.fields))
        assert value(edits.move_field(down, one.path, down=False)) == value(text)


@pytest.mark.parametrize("file", FORMS, ids=IDS)
def test_a_copy_stands_behind_its_field_and_taking_it_out_leaves_the_text(file: Path) -> None:
    text = file.read_text("utf-8")
    for one in spread([*design_of(text).fields.values()], 8):
        made, path = edits.duplicate_field(text, one.path)
        copy = design_of(made).fields[path]
        assert copy.kind == one.kind
        assert copy.label == Text(f"{one.label.en or one.label.zh} (copy)",
                                  f"{one.label.zh or one.label.en}（副本）")  # fmt: skip
        names = list(design_of(made).fields)
        assert path not in design_of(text).fields
        assert names.index(path) > names.index(one.path)
        assert remove_field(made, path) == text


def test_a_new_field_stands_in_the_section_it_was_added_to() -> None:
    text = FORMS[IDS.index("payment/payment.form.json")].read_text("utf-8")
    for at, section in enumerate(design_of(text).sections):
        if section.kind != "section":
            continue
        for kind in spread([*KINDS], 6):
            new = NewField(kind, "brand_new", "Brand new", "全新", target="contract")
            made = edits.add_field(text, new, section=at)
            assert [one.path for one in design_of(made).sections[at].fields][-1] == "brand_new"
            placed = [one for s in design_of(made).sections for one in s.fields]
            assert [one.path for one in placed].count("brand_new") == 1
            assert remove_field(made, "brand_new") == text


FORM = {
    "$schema": "../schema/form-1.json",
    "form": "trip",
    "version": 1,
    "title": "Trip",
    "subject": "title",
    "unknown here": [1, {"x": "kept"}],
    "data": {
        "properties": {
            "title": {"type": "string", "title": "Title", "maxLength": 80, "x-odd": True},
            "amount": {"x-field": {"kind": "money", "label": "Amount", "odd": "kept"}},
            "note": {"x-field": {"kind": "longtext", "label": {"en": "Note", "zh": "备注"}}},
        }
    },
    "rules": [
        {"id": "both", "when": "amount > 5", "show": ["note"], "require": ["note", "title"]},
        {"id": "late", "when": "amount > 9", "lock": ["title"], "at": ["check"]},
    ],
    "texts": {"zh": {"title": "标题"}},
    "layout": [
        {"type": "section", "title": "One", "fields": ["title", "amount"]},
        {"type": "note", "text": "Read this"},
        {"type": "section", "title": "Two", "fields": ["note"]},
    ],
}


def trip() -> str:
    return json.dumps(FORM, ensure_ascii=False, indent=4)


def test_the_label_of_a_full_form_is_its_title_and_its_translation() -> None:
    text = trip()
    assert design_of(text).fields["title"].label == Text("Title", "标题")
    new = value(edits.set_words(text, "title", "label", Text("Heading", "抬头")))
    assert new["data"]["properties"]["title"]["title"] == "Heading"
    assert new["texts"] == {"zh": {"title": "抬头"}}
    gone = value(edits.set_words(text, "title", "label", Text("Heading")))
    assert gone["texts"] == {"zh": {}}


def test_a_rule_of_several_fields_stays_theirs() -> None:
    new = rules.set_reaction(trip(), "note", "require", "amount > 7")
    kept, _late, own = value(new)["rules"]
    assert kept == {"id": "both", "when": "amount > 5", "show": ["note"], "require": ["title"]}
    assert own == {"id": "note_require", "when": "amount > 7", "require": ["note"]}
    changed = rules.set_reaction(new, "note", "require", "amount > 8")
    assert value(changed)["rules"][-1]["when"] == "amount > 8"
    assert rules.set_reaction(changed, "note", "require", "") == rules.set_reaction(
        trip(), "note", "require", ""
    )


def test_a_rule_of_some_steps_is_left_to_the_text() -> None:
    assert rules.set_reaction(trip(), "title", "lock", "amount > 1") == trip()


def test_checks_come_and_go() -> None:
    added = rules.add_check(trip(), "amount", "amount < 100", Text("Less", "少一点"))
    (found,) = rules.checks(design_of(added), "amount")
    assert (found.source, found.message) == ("amount < 100", Text("Less", "少一点"))
    other = rules.set_check(added, found.id, "amount < 50", Text("Less", "少一点"))
    assert rules.checks(design_of(other), "amount")[0].source == "amount < 50"
    assert rules.set_check(added, found.id, "", Text()) == trip()


def test_a_form_without_rules_gets_them_and_loses_them_again() -> None:
    bare = json.dumps({k: v for k, v in FORM.items() if k != "rules"}, indent=2)
    ruled = rules.set_reaction(bare, "note", "show", "amount > 1")
    assert value(ruled)["rules"] == [{"id": "note_show", "when": "amount > 1", "show": ["note"]}]
    assert rules.set_reaction(ruled, "note", "show", "") == bare


def test_sections_are_added_changed_moved_and_taken_out_only_when_empty() -> None:
    text = edits.add_section(trip(), Text("Three", "三"), 2)
    made = value(text)["layout"][-1]
    assert made == {
        "type": "section", "title": {"en": "Three", "zh": "三"}, "columns": 2, "fields": [],
    }  # fmt: skip
    filled = edits.place_field(text, "note", 3)
    assert [s.raw.get("fields") for s in design_of(filled).sections] == [
        ["title", "amount"], None, [], ["note"],
    ]  # fmt: skip
    with pytest.raises(Invalid):
        edits.remove_section(filled, 3)
    assert edits.remove_section(text, 3) == trip()
    assert edits.move_section(edits.move_section(text, 3, down=False), 2, down=True) == text
    changed = edits.set_section(text, 0, {"collapsed": True, "columns": None})
    assert value(changed)["layout"][0]["collapsed"] is True


def test_a_field_crosses_the_edge_of_its_section() -> None:
    down = edits.move_field(trip(), "amount", down=True)
    assert [s.raw.get("fields") for s in design_of(down).sections] == [
        ["title"], None, ["amount", "note"],
    ]  # fmt: skip
    assert edits.move_field(down, "amount", down=False) == trip()
    assert edits.move_field(trip(), "title", down=False) == trip()


def test_what_is_not_there_is_refused() -> None:
    for act in (edits.duplicate_field, remove_field):
        with pytest.raises(Invalid):
            act(trip(), "nothing")
    with pytest.raises(Invalid):
        edits.opened("[1]")
    with pytest.raises(Invalid):
        edits.place_field(trip(), "note", 1)


@st.composite
def written_forms(draw: st.DrawFn) -> str:
    """The text of any form, laid out in sections, with something in it the builder never heard of."""
    raw = draw(samples.raw_forms())
    header = list(raw["data"]["properties"])
    for key, node in raw["data"]["properties"].items():
        for name, one in [(key, node), *node.get("items", {}).get("properties", {}).items()]:
            one["x-field"].setdefault("label", name)
    cut = draw(st.integers(0, len(header)))
    sections = [header[:cut], header[cut:]]
    raw["layout"] = [{"type": "section", "title": "S", "fields": one} for one in sections]
    unknown = draw(st.dictionaries(st.text(max_size=5), st.lists(st.integers(-9, 9)), max_size=2))
    indent = draw(st.sampled_from([None, 2, "\t"]))
    return json.dumps({**raw, "unknown": unknown}, ensure_ascii=False, indent=indent)


@given(written_forms(), st.data())
def test_whatever_a_form_says_stays_where_the_builder_does_not_touch_it(
    text: str, data: st.DataObject
) -> None:
    design = design_of(text)
    one = data.draw(st.sampled_from(list(design.fields.values())))
    assert with_typed(text, one.path, stored(design, one, "en"), "en") == text
    made, path = edits.duplicate_field(text, one.path)
    assert remove_field(made, path) == text
    assert sorted(edits.move_field(text, one.path, down=True)) == sorted(text) or not one.table
    ruled = rules.set_reaction(text, one.path, "lock", "1 > 2")
    assert value(ruled)["unknown"] == value(text)["unknown"]
