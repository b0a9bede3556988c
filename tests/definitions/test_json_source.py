"""The JSON reader: the same values as the standard reader, and a place for everything."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.definitions.json_reader import Reader
from portal.definitions.json_source import SourceError, read_source

TEXT = '{\n  "a": [1, {"b": "x"}],\n  "c": null\n}\n'

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@given(values, st.sampled_from([None, 1, 3]), st.booleans())
def test_it_reads_what_the_standard_reader_reads(
    value: Any, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    if any("\ud800" <= c <= "\udfff" for c in json.dumps(value, ensure_ascii=False)):
        return
    assert Reader(text).read() == value
    assert read_source(text).value == value


def test_it_knows_where_values_and_names_stand() -> None:
    source = read_source(TEXT)
    assert source.position(("a",)) == (2, 8)
    assert source.position(("a", 1, "b")) == (2, 18)
    assert source.key_position(("a", 1, "b")) == (2, 13)
    assert source.key_position(("c",)) == (3, 3)


def test_a_place_that_does_not_exist_is_that_of_its_nearest_ancestor() -> None:
    assert read_source(TEXT).position(("a", 1, "missing", 3)) == (2, 12)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ('{"a": 1,\n "a": 2}', (2, 2), "written twice"),
        ('{"a": NaN}', (1, 7), "not a JSON value"),
        ('{"a": -Infinity}', (1, 7), "not a JSON value"),
        ('{"a": 0.1}', (1, 7), "lose digits"),
        ('{"a": 1e400}', (1, 7), "lose digits"),
        ('{"a": 12345678901234567890}', (1, 7), "lose digits"),
        ('{"a": "\\ud800"}', (1, 7), "half of a character"),
        ('{"a": 1,}', (1, 8), "comma stands behind the last"),
        ('{"a" 1}', (1, 5), "colon"),
        ('{"a": 1 "b": 2}', (1, 8), "comma"),
        ('{"a": 1\n\n "b": 2}', (1, 8), "comma"),
        ("[1 2]", (1, 3), "comma"),
        ("[1,]", (1, 3), "comma stands behind the last"),
        ('{"a": 1 // why\n}', (1, 9), "no comments"),
        ('{"a": 1， "b": 2}', (1, 8), "comma is missing"),
        ("{“a”: 1}", (1, 2), "name of a member"),
        ("{a: 1}", (1, 2), "name of a member"),
        ('{"a": [1, 2', (1, 7), "not closed"),
        ('{"a": [1}', (1, 7), "not closed"),
        ('{\n  "a": {\n    "b": 1\n,\n  "c": 2\n}\n', (2, 8), "not closed"),
        ("{} {}", (1, 4), "after the end"),
        ("", (1, 1), "value is expected"),
        ('{"a": tru}', (1, 7), "not a JSON value"),
        ('{"a": "x\ny"}', (1, 9), "end of its line"),
        ('{"a": "x', (1, 7), "not closed"),
        ('{"a": "\\d"}', (1, 8), "no escape"),
        ('{"a": "\t"}', (1, 8), "control character"),
        ("{'a': 1}", (1, 2), "name of a member"),
        ('{"a": [01]}', (1, 8), "not a JSON value"),
    ],
)
def test_what_it_refuses_has_a_line_and_a_column(
    text: str, place: tuple[int, int], says: str
) -> None:
    with pytest.raises(SourceError, match=says) as refused:
        read_source(text)
    assert (refused.value.line, refused.value.column) == place


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("{'a': 1}", "Write straight double quotes around it."),
        ("{“a”: 1}", "Write straight double quotes around it."),
        ('{"a"：1}', "Write “:” instead of “：”."),
        ('{"a" = 1}', "Write “:” instead of “=”."),
        ('{"a": 1，"b": 2}', "Write “,” instead of “，”."),
        ('{"a": 1 "b": 2}', "Write “,” here."),
        ("{a: 1}", "Write it in double quotes: “a”."),
        ('{"a": 0.5}', 'Write it as text in quotes, such as "0.50".'),
    ],
)
def test_it_says_what_to_write_instead(text: str, remedy: str) -> None:
    with pytest.raises(SourceError) as refused:
        read_source(text)
    assert str(refused.value.remedy) == remedy


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 33 + "]" * 33])
def test_a_depth_bomb_is_refused_at_once(text: str) -> None:
    with pytest.raises(SourceError, match="nested deeper than 32"):
        read_source(text)


def test_thirty_two_levels_are_allowed() -> None:
    read_source("[" * 32 + "]" * 32)


def test_a_file_over_a_megabyte_is_refused() -> None:
    with pytest.raises(SourceError, match="larger than"):
        read_source(json.dumps({"a": "x" * 1_000_001}))
    with pytest.raises(SourceError, match="larger than"):
        read_source('"' + "界" * 400_000 + '"')


def test_whoever_reads_the_same_text_again_gets_values_of_their_own() -> None:
    text = '\ufeff{"a": [1, {"b": "x"}], "c": -0}'
    first = read_source(text)
    first.value["a"][1]["b"] = "changed"
    again = read_source(text)
    assert again.value == {"a": [1, {"b": "x"}], "c": 0}
    assert list(again.value) == ["a", "c"]
    assert again.span(("a", 1, "b")) == first.span(("a", 1, "b"))
