"""The steps that carry values: what each does, in which order, and that nothing goes unsaid."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.definitions.moving import moved
from portal.definitions.moving_losses import lost
from portal.definitions.moving_paths import arrivals, dropped, renamed
from portal.forms.expand import expand
from portal.forms.fields import FormDefinition
from portal.forms.reading import read_form

TEXT: dict[str, Any] = {"x-field": {"kind": "text"}}
NUMBER: dict[str, Any] = {"x-field": {"kind": "number", "scale": 2}}
WHOLE: dict[str, Any] = {"x-field": {"kind": "number", "scale": 0}}


def table(**columns: Any) -> dict[str, Any]:
    return {"x-field": {"kind": "table"}, "items": {"properties": columns}}


def form(
    version: int,
    steps: list[Any] | None = None,
    was: dict[str, Any] | None = None,
    **fields: Any,
) -> FormDefinition:
    raw: dict[str, Any] = {
        "form": "sample", "version": version, "title": "Sample", "layout": [],
        "data": {"properties": fields},
    }  # fmt: skip
    if steps:
        raw["migrations"] = [{"from": version - 1, "steps": steps, **({"was": was} if was else {})}]
    return read_form(expand(raw))


def test_a_text_is_cut_and_the_last_part_keeps_the_rest() -> None:
    step = {"split": {"field": "place", "by": "/", "into": ["city", "street"]}}
    new = form(2, [step], city=TEXT, street=TEXT)
    assert moved({"place": "Ulm / Ring 1/a"}, 1, new) == {"city": "Ulm", "street": "Ring 1/a"}
    assert moved({"place": "Ulm"}, 1, new) == {"city": "Ulm"}


def test_a_part_that_cannot_be_read_keeps_the_whole_text_together() -> None:
    step = {"split": {"field": "size", "by": "x", "into": ["width", "height"]}}
    old, new = form(1, size=TEXT), form(2, [step], width=WHOLE, height=WHOLE)
    assert moved({"size": "3x4"}, 1, new) == {"width": 3, "height": 4}
    assert lost({"size": "3x4"}, old, new) == []
    assert moved({"size": "3xwide"}, 1, new) == {}
    assert lost({"size": "3xwide"}, old, new) == ["size"], "not half of it without a word"


def test_fields_become_a_row_behind_those_there_are_and_back() -> None:
    step = {"into_table": {"table": "lines", "columns": {"item": "what", "qty": "count"}}}
    old = form(1, what=TEXT, count=WHOLE, lines=table(item=TEXT, qty=WHOLE))
    new = form(2, [step], lines=table(item=TEXT, qty=WHOLE))
    data = {"what": "Pump", "count": 2, "lines": [{"_id": "r1", "item": "Pipe"}]}
    assert moved(data, 1, new) == {
        "lines": [{"_id": "r1", "item": "Pipe"}, {"_id": "r2", "item": "Pump", "qty": 2}]
    }
    assert moved({}, 1, new) == {}
    assert lost(data, old, new) == []
    back = {"out_of_table": {"table": "lines", "fields": {"what": "item", "count": "qty"}}}
    again = form(3, [back], what=TEXT, count=WHOLE)
    one = {"lines": [{"_id": "r1", "item": "Pump", "qty": 2}]}
    assert moved(one, 2, again) == {"what": "Pump", "count": 2}
    assert lost(moved(data, 1, new), new, again) == ["lines"], "two rows are no one record"


def test_an_expression_sees_the_values_before_the_first_step() -> None:
    steps = [
        {"set": ["total", "net + tax"]}, {"set": ["net", "net * 2"]}, {"drop": "tax"},
        {"set": ["check", "net"]},
    ]  # fmt: skip
    new = form(2, steps, {"tax": NUMBER}, net=NUMBER, total=NUMBER, check=NUMBER)
    found = moved({"net": "10.00", "tax": "1.50"}, 1, new)
    assert found == {"net": "20.00", "total": "11.50", "check": "10.00"}


def test_an_expression_of_a_column_reads_its_row_and_the_record() -> None:
    new = form(
        2, [{"set": ["lines[].amount", "row.qty * rate"]}], {"rate": NUMBER},
        lines=table(qty=NUMBER, amount=NUMBER),
    )  # fmt: skip
    data = {"rate": "3.00", "lines": [{"_id": "a", "qty": "2.00"}, {"_id": "b"}]}
    assert moved(data, 1, new)["lines"] == [
        {"_id": "a", "qty": "2.00", "amount": "6.00"},
        {"_id": "b"},
    ]


def test_a_value_an_expression_carries_is_not_lost_and_one_it_hides_is() -> None:
    old = form(1, a=TEXT, b=TEXT)
    new = form(2, [{"set": ["c", "coalesce(a, b)"]}], {"a": TEXT, "b": TEXT}, c=TEXT)
    assert lost({"a": "x"}, old, new) == []
    assert lost({"a": "x", "b": "y"}, old, new) == ["b"]


def test_a_retyped_field_may_be_computed_from_what_it_was() -> None:
    new = form(2, [{"set": ["size", "len(size)"]}], {"size": TEXT}, size=WHOLE)
    assert moved({"size": "four"}, 1, new) == {"size": 4}


def test_where_values_arrive_and_which_go_is_known_without_data() -> None:
    steps: list[Any] = [{"rename": ["a", "b"]}, {"drop": "c"}, {"retype": "d"}]
    old = form(1, a=TEXT, c=TEXT, d=TEXT, e=TEXT, lines=table(x=TEXT))
    new = form(2, [*steps, {"rename": ["lines[].x", "lines[].y"]}], b=TEXT, d=WHOLE, e=TEXT,
               lines=table(y=TEXT))  # fmt: skip
    assert arrivals(old, new) == {
        "a": "b", "e": "e", "lines": "lines", "lines[].x": "lines[].y",
    }  # fmt: skip
    assert dropped(old, new) == {"c"}
    data = {"a": "1", "d": "2", "lines": [{"_id": "r", "x": "3"}]}
    assert renamed(data, old, new) == {"b": "1", "lines": [{"_id": "r", "y": "3"}]}


KEYS = ["a", "b", "c", "d", "e"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).map(lambda p: {"rename": list(p)}),
        st.sampled_from(KEYS).map(lambda key: {"drop": key}),
        st.sampled_from(KEYS).map(lambda key: {"set_default": [key, "default"]}),
        st.tuples(st.sampled_from(KEYS), st.permutations(KEYS)).map(
            lambda p: {"split": {"field": p[0], "by": "/", "into": list(p[1][:2])}}
        ),
        st.sampled_from(KEYS).map(
            lambda key: {"into_table": {"table": "rows", "columns": {"cell": key}}}
        ),
        st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).map(
            lambda p: {"set": [p[0], f"coalesce({p[1]}, {p[0]})"]}
        ),
    ),
    max_size=5,
)
DATA = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from([f"{key}1", f"{key}1/{key}2"]) for key in KEYS}
)


@given(DATA, STEPS, st.sets(st.sampled_from(KEYS)))
def test_a_value_arrives_or_its_field_is_named(
    data: dict[str, str], steps: list[Any], gone: set[str]
) -> None:
    fields = dict.fromkeys(KEYS, TEXT)
    old = form(1, rows=table(cell=TEXT), **fields)
    kept = {key: TEXT for key in KEYS if key not in gone}
    new = form(2, steps, fields, rows=table(cell=TEXT), **kept)
    before = dict(data)
    arrived = moved(data, 1, new)
    assert data == before
    everything = repr(arrived)
    missing = {key for key, value in data.items()
               if not all(part in everything for part in value.split("/"))}  # fmt: skip
    assert missing <= set(lost(data, old, new)), "half a value is a loss too"


@given(DATA)
def test_without_steps_and_with_the_same_fields_nothing_changes(data: dict[str, str]) -> None:
    same = form(2, **dict.fromkeys(KEYS, TEXT))
    assert moved(data, 1, same) == data


@given(DATA, STEPS, STEPS)
def test_migrations_run_in_the_order_of_versions(
    data: dict[str, str], first: list[Any], second: list[Any]
) -> None:
    fields = {**dict.fromkeys(KEYS, TEXT), "rows": table(cell=TEXT)}
    raw: dict[str, Any] = {"form": "sample", "version": 3, "title": "Sample", "layout": [],
                           "data": {"properties": fields}}  # fmt: skip
    both = [{"from": 2, "steps": second}, {"from": 1, "steps": first}]
    whole = read_form(expand({**raw, "migrations": [one for one in both if one["steps"]]}))
    half = form(2, first, **fields)
    rest = form(3, second, **fields)
    assert moved(data, 1, whole) == moved(moved(data, 1, half), 2, rest)


@pytest.mark.parametrize("value", ["", "no separator"])
def test_nothing_to_cut_stays_one_part(value: str) -> None:
    step = {"split": {"field": "place", "by": "/", "into": ["city", "street"]}}
    new = form(2, [step], city=TEXT, street=TEXT)
    assert moved({"place": value}, 1, new) == ({"city": value} if value else {})
