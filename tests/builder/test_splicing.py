"""Edits of a JSON text: what is meant changes, every other byte stays."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.builder.splicing import append_item, insert_member, replace_number, with_line_breaks
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
    new = append_item(text, ("x", 1), value)
    assert read_source(new).value == {"x": [items, [*items, value]], "y": 1}
    assert stays_around(text, new)


def test_the_new_member_stands_as_its_neighbours_do() -> None:
    text = '{\n    "a": {\n        "b": 1\n    }\n}\n'
    assert insert_member(text, ("a",), "c", 2) == (
        '{\n    "a": {\n        "b": 1,\n        "c": 2\n    }\n}\n'
    )


def test_a_number_is_exchanged_alone() -> None:
    assert replace_number('{"version" :  12 , "x": 12}', ("version",), 13) == (
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
