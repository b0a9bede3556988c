"""Ready fields and minimal modules: what is offered passes every check as it is."""

import json
from typing import Any

import pytest

from portal import paths
from portal.builder.joining import joined
from portal.builder.snippets import KINDS, NOT_IN_TABLE, NewField, insert_field, tables_of
from portal.builder.starters import Blank, key_from, minimal_module, new_file, prefix_from
from portal.definitions.checking import Known, check_module
from portal.definitions.json_source import SourceError, read_source
from portal.errors import Invalid
from portal.forms.texts import Text

BLANK = Blank("site_visit", Text("Site visit", "现场巡查"), "site", "SV")
FORM = "site_visit.form.json"


def files() -> dict[str, str]:
    return minimal_module(BLANK)


def test_a_minimal_module_could_be_published_as_it_is() -> None:
    report = check_module(files(), known=Known())
    assert report.findings == []


def test_every_kind_can_be_inserted_into_the_record_and_into_a_table() -> None:
    made = files()
    text = insert_field(made[FORM], NewField("table", "rows", "Rows", "明细"))
    assert tables_of(text) == ["rows"]
    for kind in KINDS:
        text = insert_field(text, NewField(kind, f"f_{kind}", kind, "字段", target="site_visit"))
        if kind not in NOT_IN_TABLE:
            field = NewField(kind, f"c_{kind}", kind, "列", "rows", target="site_visit")
            text = insert_field(text, field)
    made[FORM] = text
    assert check_module(made, known=Known()).findings == []


@pytest.mark.parametrize(
    ("label", "choices", "column"),
    [
        (("Gate", ""), ["Option 1", "Option 2"], "Item"),
        (("", "大门"), [{"zh": "选项 1"}, {"zh": "选项 2"}], {"zh": "项目"}),
        (
            ("Gate", "大门"),
            [{"en": "Option 1", "zh": "选项 1"}, {"en": "Option 2", "zh": "选项 2"}],
            {"en": "Item", "zh": "项目"},
        ),
        (("", ""), ["Option 1", "Option 2"], "Item"),
    ],
)
def test_the_words_a_new_field_begins_with_are_in_the_languages_of_its_label(
    label: tuple[str, str], choices: list[Any], column: Any
) -> None:
    options = NewField("choice", "gate", *label).node("project")["x-field"]["options"]
    assert [one["value"] for one in options] == ["option_1", "option_2"]
    assert [one["label"] for one in options] == choices
    table = NewField("table", "gates", *label).node("project")
    assert table["items"]["properties"]["item"]["x-field"]["label"] == column


def test_a_field_stands_last_among_the_fields_and_last_in_the_last_section() -> None:
    text = insert_field(files()[FORM], NewField("date", "visited_on", "Visited on", "巡查日期"))
    raw = read_source(text).value
    assert list(raw["data"]["properties"]) == ["title", "amount", "visited_on"]
    assert raw["layout"][-1]["fields"] == ["title", "amount", "visited_on"]
    assert raw["data"]["properties"]["visited_on"]["x-field"]["label"]["zh"] == "巡查日期"


def test_a_field_stands_in_the_last_section_that_is_open() -> None:
    raw = read_source(files()[FORM]).value
    section = raw["layout"][-1]
    for collapsed, expected in (([False, True], 0), ([True, False, True, True], 1), ([True], 0)):
        raw["layout"] = [{**section, "fields": [], "collapsed": one} for one in collapsed]
        raw["layout"].append({"type": "note", "text": "Thank you"})
        text = insert_field(json.dumps(raw), NewField("text", "gate", "Gate", "大门"))
        fields = [block.get("fields") for block in read_source(text).value["layout"]]
        assert fields[expected] == ["gate"]
        assert sum(one == ["gate"] for one in fields) == 1


def test_a_field_of_the_shipped_payment_is_seen_at_once() -> None:
    text = (paths.DEFINITIONS / "payment" / "payment.form.json").read_text("utf-8")
    raw = read_source(insert_field(text, NewField("text", "site_note", "Site note"))).value
    [section] = [one for one in raw["layout"] if "site_note" in one.get("fields", ())]
    assert not section.get("collapsed")


def test_a_field_for_filling_in_can_be_required() -> None:
    field = NewField("text", "gate", "Gate", "大门", required=True)
    raw = read_source(insert_field(files()[FORM], field)).value
    assert raw["data"]["properties"]["gate"]["x-field"]["required"] is True


def test_money_of_a_company_form_has_a_currency_of_its_own() -> None:
    text = files()[FORM].replace('"subject"', '"scope": "company",\n  "subject"')
    raw = read_source(
        insert_field(text, NewField("money", "fee", "Fee", "费用", currency="EUR"))
    ).value
    assert raw["data"]["properties"]["fee"]["x-field"]["currency"] == "EUR"


@pytest.mark.parametrize(
    ("field", "path"),
    [
        (NewField("", "gate"), "kind"),
        (NewField("nothing", "gate"), "kind"),
        (NewField("text", "Gate 1"), "key"),
        (NewField("text", ""), "key"),
        (NewField("text", "amount"), "key"),
        (NewField("text", "gate", table="title"), "table"),
        (NewField("record", "gate"), "target"),
        (NewField("record", "gate", target='"}, "x": {'), "target"),
    ],
)
def test_a_field_that_cannot_be_is_refused_at_its_input(field: NewField, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        insert_field(files()[FORM], field)
    assert [error.path for error in refused.value.errors] == [path]


@pytest.mark.parametrize("text", ["[]", "{}", '{"data": {}}', '{"data": {"properties": {}}}'])
def test_a_text_without_a_place_for_fields_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        insert_field(text, NewField("text", "gate"))


def test_a_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(SourceError):
        insert_field("{", NewField("text", "gate"))


def test_hostile_labels_stay_text() -> None:
    label = '"}}, "form": "other", "x": {"<script>'
    raw = read_source(insert_field(files()[FORM], NewField("text", "gate", label, label))).value
    assert raw["data"]["properties"]["gate"]["x-field"]["label"]["en"] == label
    assert raw["form"] == "site_visit"


@pytest.mark.parametrize(
    ("title", "key"),
    [("Site visit", "site_visit"), ("3rd party!", "rd_party"), ("现场", ""), ("A" * 60, "a" * 41)],
)
def test_a_key_is_made_from_the_title(title: str, key: str) -> None:
    assert key_from(title) == key


def test_numbers_begin_with_initials() -> None:
    assert [prefix_from(key) for key in ("change_request", "payment")] == ["CR", "PAYM"]


def test_a_second_form_with_its_chain_and_example_is_sound() -> None:
    made = files()
    for kind in ("form", "workflow", "cases"):
        made[f"snag.{kind}.json"] = new_file(kind, "snag", "snag")
        made |= joined(made["module.json"], kind, "snag", "snag")
    report = check_module(made, known=Known())
    assert report.errors == []


def test_a_module_file_that_cannot_be_read_is_left_to_its_author() -> None:
    assert joined("{", "form", "snag", "") == {}
    assert joined('{"forms": []}', "workflow", "snag", "snag") == {}
