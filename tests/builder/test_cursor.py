"""Where a cursor stands in a text being written: right in sound texts, never lost in broken ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import limits, paths
from portal.builder.completion.cursor import read_cursor
from portal.builder.completion.expected import members_of, shapes_at
from portal.definitions.checking import file_kind
from portal.definitions.json_source import read_source
from portal.definitions.metaschema import schema
from tests.bounds import spread
from tests.builder.json_places import places

SHIPPED = sorted(
    path for path in paths.DEFINITIONS.glob("*/*.json") if path.parent.name != "schema"
)
TEXTS = {path.name: path.read_text("utf-8") for path in SHIPPED}


def at(marked: str) -> tuple[str, int]:
    """A text with | where the cursor stands."""
    return marked.replace("|", ""), marked.index("|")


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_in_a_shipped_file_every_value_is_found_where_it_stands(name: str) -> None:
    text = TEXTS[name]
    source = read_source(text)
    for path in spread([*places(source.value)], 10):
        start, _end = source.span(path)
        found = read_cursor(text, start + (text[start] == '"'))
        assert (found.path, found.is_name) == (path, False)
        assert found.value == source.value
        if path and isinstance(path[-1], str):
            named, _end = source.span(path, named=True)
            found = read_cursor(text, named + 1)
            assert (found.path, found.is_name) == (path[:-1], True)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_member_of_a_shipped_file_is_one_that_would_be_offered(name: str) -> None:
    value = read_source(TEXTS[name]).value
    kind = file_kind(name)
    assert kind is not None
    meta = schema(kind[0])
    for path in spread([*places(value)], 60):
        shapes, _here = shapes_at(meta, value, path)
        assert shapes or "expect" in path or "given" in path or "set" in path or "facts" in path, (
            path
        )
        if path and isinstance(path[-1], str):
            around, _here = shapes_at(meta, value, path[:-1])
            open_names = any(
                "additionalProperties" in one and one["additionalProperties"] is not False
                for one in around
            )
            is_free = open_names or all("properties" not in one for one in around)
            assert path[-1] in members_of(around) or is_free, path


@pytest.mark.parametrize(
    ("marked", "path", "is_name", "typed"),
    [
        ("|", (), False, ""),
        ("{|}", (), True, ""),
        ('{"a": {"kin|', ("a",), True, "kin"),
        ('{"a": {"kind": "mo|ney", "b": 1}}', ("a", "kind"), False, "mo"),
        ('{"a": [1, |', ("a", 1), False, ""),
        ('{"a": |\n "b": 2}', ("a",), False, ""),
        ('{"a": "x"\n "|"\n "b": 2}', (), True, ""),
        ('{"a": {"b": 1}\n  |"c": 2', (), True, ""),
        ('{"a": [{"x": 1}, {"y|": 2}]}', ("a", 1), True, "y"),
        ('{"a": tr|', ("a",), False, "tr"),
        ('{"a": {"k": 1, |}, "z": 3}', ("a",), True, ""),
        ('{"a": {"b": 1], "c|', ("a",), True, "c"),
        ('}}]] {"a|', (), True, "a"),
    ],
)  # fmt: skip
def test_a_text_being_written_is_understood_as_far_as_it_goes(
    marked: str, path: tuple[str | int, ...], is_name: bool, typed: str
) -> None:
    found = read_cursor(*at(marked))
    assert (found.path, found.is_name, found.typed) == (path, is_name, typed)


pieces = st.sampled_from(
    ["{", "}", "[", "]", ":", ",", '"', '"a"', '"kind"', "1", "tr", "\n", "\\", "中", " "]
)


@given(parts=st.lists(pieces, max_size=40), data=st.data())
def test_no_text_is_too_broken(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    where = data.draw(st.integers(0, len(text)))
    found = read_cursor(text, where)
    assert 0 <= found.start <= where <= found.end <= len(text)
    assert text[found.start : where] == found.typed
    shapes_at(schema("form"), found.value, found.path)


@given(data=st.data())
def test_a_shipped_file_cut_anywhere_keeps_its_path(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(sorted(TEXTS.values())))
    where = data.draw(st.integers(0, len(text)))
    assert read_cursor(text[:where], where).path == read_cursor(text, where).path


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, '"' * 10_000, '{"a' * 20_000])
def test_deep_and_long_texts_are_bounded(text: str) -> None:
    found = read_cursor(text, len(text))
    assert len(found.path) <= limits.JSON_DEPTH + 1
