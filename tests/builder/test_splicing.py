"""Edits of a JSON text: what is meant changes, every other byte stays."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.builder.splicing import (
    insert_item,
    insert_member,
    move,
    remove,
    replace_value,
    set_member,
    with_line_breaks,
)
from portal.definitions.json_source import SourceError, read_source
from portal.errors import Invalid

KEYS = st.text('abc_{}[]",:\\ 中', max_size=4)
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | KEYS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
LAYOUTS = st.sampled_from(
    [
        {"indent": None},
        {"indent": 2},
        {"indent": "\t"},
        {"indent": None, "separators": (",", ":")},
        {"indent": 0},
    ]
)


def stays_around(old: str, new: str) -> bool:
    """Whether the new text is the old one with something put in at one place."""
    start = 0
    while start < len(old) and old[start] == new[start]:
        start += 1
    tail = len(old) - start
    return tail == 0 or new.endswith(old[start:])


@given(st.dictionaries(KEYS, VALUES, max_size=4), VALUES, LAYOUTS, st.booleans())
def test_a_member_is_put_in_and_nothing_else_changes(
    rest: dict[str, Any], value: Any, layout: dict[str, Any], windows: bool
) -> None:
    whole = {**rest, "here": {"a": 1, **rest}, "after": rest}
    text = json.dumps(whole, ensure_ascii=False, **layout)
    text = text.replace("\n", "\r\n") if windows else text
    new = insert_member(text, ("here",), "new", value)
    expected = {**whole, "here": {**whole["here"], "new": value}}
    assert read_source(new).value == expected
    assert list(read_source(new).value["here"]) == [*whole["here"], "new"]
    assert stays_around(text, new)
    assert not windows or "\n" not in new.replace("\r\n", "")


@given(st.lists(VALUES, max_size=4), VALUES, LAYOUTS)
def test_an_item_is_put_last(items: list[Any], value: Any, layout: dict[str, Any]) -> None:
    text = json.dumps({"x": [items, items], "y": 1}, ensure_ascii=False, **layout)
    new = insert_item(text, ("x", 1), value)
    assert read_source(new).value == {"x": [items, [*items, value]], "y": 1}
    assert stays_around(text, new)


def written(value: Any, layout: dict[str, Any], *, windows: bool) -> str:
    text = json.dumps(value, ensure_ascii=False, **layout)
    return text.replace("\n", "\r\n") if windows else text


def same(one: Any, other: Any) -> bool:
    return json.dumps(one) == json.dumps(other)  # the order of members counts


def shared(old: str, new: str) -> int:
    """How many characters of the new text stand before and behind the one place that differs."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < min(len(old), len(new)) - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return start + tail


@given(st.lists(VALUES, max_size=4), VALUES, LAYOUTS, st.booleans(), st.data())
def test_an_item_is_put_anywhere(
    items: list[Any], value: Any, layout: dict[str, Any], windows: bool, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(items)))
    text = written({"x": items, "y": items}, layout, windows=windows)
    new = insert_item(text, ("x",), value, at=at)
    assert read_source(new).value == {"x": [*items[:at], value, *items[at:]], "y": items}
    assert shared(text, new) == len(text)


@given(st.lists(VALUES, min_size=1, max_size=4), LAYOUTS, st.booleans(), st.data())
def test_an_item_is_taken_out_and_moved(
    items: list[Any], layout: dict[str, Any], windows: bool, data: st.DataObject
) -> None:
    at, to = (data.draw(st.integers(0, len(items) - 1)) for _ in range(2))
    text = written({"x": items, "y": items}, layout, windows=windows)
    rest = [*items[:at], *items[at + 1 :]]
    gone = remove(text, ("x", at))
    assert same(read_source(gone).value, {"x": rest, "y": items})
    assert shared(text, gone) == len(gone)
    moved = move(text, ("x", at), to)
    assert same(read_source(moved).value, {"x": [*rest[:to], items[at], *rest[to:]], "y": items})
    assert sorted(moved) == sorted(text)
    assert move(moved, ("x", to), at) == text


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), LAYOUTS, st.booleans(), st.data())
def test_a_member_is_taken_out_moved_and_put_back(
    members: dict[str, Any], layout: dict[str, Any], windows: bool, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(list(members)))
    at = list(members).index(key)
    text = written({"x": members, "y": members}, layout, windows=windows)
    rest = {name: value for name, value in members.items() if name != key}
    gone = set_member(text, ("x",), key, None)
    assert same(read_source(gone).value, {"x": rest, "y": members})
    back = insert_member(gone, ("x",), key, members[key], at=at)
    assert read_source(back).value == {"x": members, "y": members}
    assert list(read_source(back).value["x"]) == list(members)
    first = move(text, ("x", key), 0)
    assert same(read_source(first).value, {"x": {key: members[key], **rest}, "y": members})
    assert move(first, ("x", key), at) == text


@given(VALUES, VALUES, LAYOUTS, st.booleans())
def test_a_value_is_exchanged_and_an_equal_one_changes_no_byte(
    old: Any, new: Any, layout: dict[str, Any], windows: bool
) -> None:
    text = written({"a": old, "x": {"here": old}, "y": [old]}, layout, windows=windows)
    changed = replace_value(text, ("x", "here"), new)
    assert read_source(changed).value == {"a": old, "x": {"here": new}, "y": [old]}
    assert replace_value(text, ("x", "here"), old) == text
    assert not windows or "\n" not in changed.replace("\r\n", "")


def test_a_value_of_another_kind_is_another_value() -> None:
    assert replace_value('{"a": 1}', ("a",), True) == '{"a": true}'


def test_the_new_member_stands_as_its_neighbours_do() -> None:
    text = '{\n    "a": {\n        "b": 1\n    }\n}\n'
    assert insert_member(text, ("a",), "c", 2) == (
        '{\n    "a": {\n        "b": 1,\n        "c": 2\n    }\n}\n'
    )


def test_a_number_is_exchanged_alone() -> None:
    assert replace_value('{"version" :  12 , "x": 12}', ("version",), 13) == (
        '{"version" :  13 , "x": 12}'
    )


@pytest.mark.parametrize(
    ("text", "path"), [('{"a": 1}', ("a",)), ('{"a": [1]}', ("b",)), ("[1]", ()), ("{}", ("a", 0))]
)
def test_a_place_that_is_not_there_is_refused(text: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(Invalid):
        insert_member(text, path, "x", 1)


def test_a_member_that_is_there_is_refused() -> None:
    with pytest.raises(Invalid):
        insert_member('{"a": 1}', (), "a", 1)


def test_broken_json_is_refused() -> None:
    with pytest.raises(SourceError):
        insert_member('{"a": ', (), "x", 1)


def test_a_browsers_line_breaks_become_those_of_the_stored_text() -> None:
    assert with_line_breaks("a\r\nb\r\n", "x\ny") == "a\nb\n"
    assert with_line_breaks("a\r\nb\r\n", "x\r\ny") == "a\r\nb\r\n"
