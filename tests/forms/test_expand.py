"""The short form of fields, and the plain JSON Schema it stands for."""

import copy

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from portal.forms.expand import canonical_json, content_hash, expand
from portal.forms.reading import read_form
from tests.forms.samples import CONTRACT, field, form, raw_forms, table


def test_a_field_given_by_its_kind_becomes_plain_json_schema() -> None:
    label, hint = {"en": "Unit price", "zh": "单价"}, {"en": "Without tax", "zh": "不含税"}
    price = field("money", label=label, hint=hint, required=True, default="1.00", currency="CNY")
    full = expand(form({"price": price}))
    assert full["data"] == {
        "type": "object",
        "additionalProperties": False,
        "required": ["price"],
        "properties": {
            "price": {
                "type": "string",
                "title": "Unit price",
                "description": "Without tax",
                "pattern": "^-?(0|[1-9][0-9]{0,13})\\.[0-9]{2}$",
                "default": "1.00",
                "x-field": {"kind": "money", "currency": "CNY"},
            }
        },
    }
    assert full["texts"] == {"zh": {"price": "单价", "price#hint": "不含税"}}


def test_choices_become_labeled_constants_and_their_translations_move_to_texts() -> None:
    options = [{"value": "a", "label": {"en": "First", "zh": "甲"}}]
    full = expand(form({"pick": field("choice", options=options)}))
    assert full["data"]["properties"]["pick"]["oneOf"] == [{"const": "a", "title": "First"}]
    assert full["texts"]["zh"]["pick=a"] == "甲"


def test_rows_of_a_table_are_closed_objects_with_an_id() -> None:
    lines = expand(form({"lines": table({"qty": field("quantity", required=True)}, required=True)}))
    node = lines["data"]["properties"]["lines"]
    assert (node["type"], node["minItems"], node["maxItems"]) == ("array", 1, 500)
    assert node["items"]["additionalProperties"] is False
    assert list(node["items"]["properties"]) == ["_id", "qty"]
    assert node["items"]["required"] == ["qty"]


def test_what_the_server_writes_is_read_only() -> None:
    raw = form(
        {
            "link": field("record", target="contract", fetch={"party": "party"}),
            "party": field("text"),
            "total": field("money"),
            "before": field("rollup", form="sample", op="sum", field="total"),
            "plain": field("text"),
        },
        computed={"total": "1"},
    )
    properties = expand(raw)["data"]["properties"]
    read_only = {key for key, node in properties.items() if node.get("readOnly")}
    assert read_only == {"party", "total", "before"}


def test_a_hand_written_full_form_means_the_same() -> None:
    handmade = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "reason": {"type": "string", "oneOf": [{"const": "x", "title": "X"}]},
            "day": {"type": "string", "format": "date"},
            "qty": {
                "type": "string",
                "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,4})?$",
                "x-field": {"kind": "quantity", "scale": 4},
            },
            "count": {"type": "integer", "maximum": 9},
            "ok": {"type": "boolean"},
            "lines": {
                "type": "array",
                "maxItems": 7,
                "items": {"type": "object", "properties": {"a": {"type": "string"}}},
            },
        },
    }
    full = expand({"form": "full", "title": "Full", "data": handmade})
    definition = read_form(full)
    kinds = {path: one.kind.name for path, one in definition.fields.items()}
    assert kinds == {
        "reason": "choice", "day": "date", "qty": "quantity", "count": "number", "ok": "yes_no",
        "lines": "table", "lines[].a": "text",
    }  # fmt: skip
    assert full["data"]["properties"]["qty"]["pattern"] == "^-?[0-9]{1,12}(\\.[0-9]{1,4})?$"
    assert definition.fields["lines"].options["max"] == 7


@given(raw_forms())
def test_expanding_twice_changes_nothing_and_leaves_the_source_alone(raw: dict) -> None:
    before = copy.deepcopy(raw)
    full = expand(raw)
    assert raw == before
    assert expand(full) == full
    assert content_hash(expand(full)) == content_hash(full)


@given(raw_forms())
def test_the_data_half_is_a_json_schema_any_validator_accepts(raw: dict) -> None:
    jsonschema.Draft202012Validator.check_schema(expand(raw)["data"])
    jsonschema.Draft7Validator.check_schema(expand(raw)["data"])


def test_the_hash_leaves_the_version_out_and_sees_everything_else() -> None:
    full = expand(CONTRACT)
    assert content_hash({**full, "version": 7}) == content_hash(full)
    assert content_hash({**full, "title": "Other"}) != content_hash(full)
    swapped = copy.deepcopy(full)
    swapped["data"]["properties"] = dict(reversed(swapped["data"]["properties"].items()))
    assert content_hash(swapped) != content_hash(full)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: (
    st.lists(inner) | st.dictionaries(st.text(), inner))))  # fmt: skip
def test_canonical_json_does_not_depend_on_the_order_of_members(value: object) -> None:
    def turned(one: object) -> object:
        if isinstance(one, dict):
            return {key: turned(inner) for key, inner in reversed(one.items())}
        return [turned(inner) for inner in one] if isinstance(one, list) else one

    assert canonical_json(turned(value)) == canonical_json(value)
