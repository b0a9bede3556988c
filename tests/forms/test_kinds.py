"""The kinds of field: what people may type, what is stored, what is shown."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.forms.kinds import Kind, KindError, Reader, kind_named, kinds, register
from portal.forms.kinds.base import COMMON_OPTIONS
from tests.forms.samples import CHOICES, SIMPLE, compiled, field, typed_values

FORM = compiled(
    {name: field(name, **options) for name, options in SIMPLE.items()}
    | {"many": field("choice", options=CHOICES, many=True), "whole": field("money", scale=0)}
).definition


def read(name: str, text: str) -> Any:
    known = FORM.fields[name]
    return known.kind.parse(text, known.options)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200", "1200.00"),
        ("1,200.00", "1200.00"),
        (" 1 200.5 ", "1200.50"),
        ("1.2万", "12000.00"),
        ("１２００．５", "1200.50"),
        ("￥1,200", "1200.00"),
        ("¥-3", "-3.00"),
        ("1,234,567.89", "1234567.89"),
        ("3亿", "300000000.00"),
        ("(12.5)", "-12.50"),
        ("−7", "-7.00"),
        ("12元", "12.00"),
        (".5", "0.50"),
        ("-0", "0.00"),
        ("0007", "7.00"),
        ("1.500", "1.50"),
        ("1，200", "1200.00"),
    ],
)
def test_money_is_read_as_people_type_it(text: str, number: str) -> None:
    typed = read("money", text)
    assert str(typed) == number
    assert FORM.fields["money"].kind.store(typed, FORM.fields["money"].options) == number


@pytest.mark.parametrize(
    "text",
    ["1,2", "12,34.5", "abc", "1e5", "NaN", "Infinity", "1.234", "--1", "1.2.3", "1_000", "٣",
     "9" * 15, "1" * 300, "1\x00", "$", "万", "0x10"],
)  # fmt: skip
def test_an_ambiguous_or_impossible_amount_is_refused_not_guessed(text: str) -> None:
    with pytest.raises(KindError):
        read("money", text)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01", "2026/3/1", "2026.3.1", "20260301", "2026年3月1日", "2026 年 3 月 1 日",
     "1 Mar 2026", "1 March 2026", "Mar 1, 2026", "March 1st 2026", "２０２６－０３－０１"],
)  # fmt: skip
def test_a_day_is_read_in_the_spellings_of_its_readers(text: str) -> None:
    assert read("date", text) == date(2026, 3, 1)


@pytest.mark.parametrize(
    "text", ["3/1/2026", "2026-02-30", "tomorrow", "2026-13-01", "0001-01-01", "1 Foo 2026"]
)
def test_a_day_that_is_ambiguous_or_absent_from_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(KindError):
        read("date", text)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\x7f", "a\x85b", "a\ud800", "a\tb", "a\nb"])
def test_control_characters_are_refused_in_a_line_of_text(text: str) -> None:
    with pytest.raises(KindError):
        read("text", text)


def test_several_lines_keep_their_breaks_as_one_kind_and_refuse_the_rest() -> None:
    assert read("longtext", " a\r\nb\rc\td ") == "a\nb\nc\td"
    with pytest.raises(KindError):
        read("longtext", "a\x00")


def test_text_loses_invisible_marks_and_is_composed() -> None:
    assert read("text", "\ufeff\u202aCafe\u0301 ") == "Café"
    assert read("text", "   ") is None


def test_ten_megabytes_of_text_are_refused_with_the_limit() -> None:
    with pytest.raises(KindError) as refused:
        read("text", "x" * 10_000_000)
    assert refused.value.message.args["most"] == 10_000


@pytest.mark.parametrize(("text", "value"), [("a", "a"), ("A", "a"), (" b ", "b"), ("", None)])
def test_a_choice_is_read_by_value_or_label(text: str, value: str | None) -> None:
    assert read("choice", text) == value


def test_several_choices_stand_in_the_order_of_the_list() -> None:
    many = FORM.fields["many"]
    assert many.kind.parse_list(["c", "", "a"], many.options) == ["a", "c"]
    with pytest.raises(KindError):
        many.kind.parse_list(["a", "z"], many.options)


def test_yes_and_no_are_read_in_both_languages_and_empty_is_neither() -> None:
    assert [read("yes_no", text) for text in ("yes", "是", "on", "1")] == [True] * 4
    assert [read("yes_no", text) for text in ("no", "否", "false", "0")] == [False] * 4
    assert read("yes_no", "") is None


def test_values_are_shown_in_the_language_of_the_reader() -> None:
    chinese, english = Reader("zh"), Reader("en", currency="CNY")
    day, money = FORM.fields["date"], FORM.fields["money"]
    assert day.kind.display(date(2026, 3, 1), day.options, chinese) == "2026-03-01"
    assert day.kind.display(date(2026, 3, 1), day.options, english) == "1 Mar 2026"
    assert money.kind.display(Decimal("1200.00"), money.options, english) == "1,200.00 CNY"
    named = Reader("en", name_of=lambda kind, key: f"{kind} {key}!")
    assert kind_named("user").display("li", {}, named) == "user li!"


@given(st.data())
def test_what_is_stored_comes_back_the_same(data: st.DataObject) -> None:
    one = FORM.fields[data.draw(st.sampled_from(sorted(FORM.fields)))]
    typed = data.draw(typed_values(one.kind.name, one.options))
    stored = one.kind.store(typed, one.options)
    assert one.kind.load(stored, one.options) == typed
    assert one.kind.recall(stored, one.options) == typed
    assert one.kind.store(one.kind.load(stored, one.options), one.options) == stored


@given(st.data())
def test_what_an_input_shows_is_read_as_the_same_value(data: st.DataObject) -> None:
    one = FORM.fields[data.draw(st.sampled_from(sorted(FORM.fields.keys() - {"many"})))]
    typed = data.draw(typed_values(one.kind.name, one.options))
    assert one.kind.parse(one.kind.input_text(typed, one.options), one.options) == typed


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.data(), anything)
def test_a_stored_value_of_another_shape_is_a_kind_error_and_nothing_else(
    data: st.DataObject, value: Any
) -> None:
    one = FORM.fields[data.draw(st.sampled_from(sorted(FORM.fields)))]
    try:
        typed = one.kind.load(value, one.options)
    except KindError:
        return
    assert typed is None or one.kind.load(one.kind.store(typed, one.options), one.options) == typed


@given(st.data(), st.text())
def test_any_text_is_read_or_refused(data: st.DataObject, text: str) -> None:
    one = FORM.fields[data.draw(st.sampled_from(sorted(FORM.fields)))]
    try:
        typed = one.kind.parse_list([text], one.options)
    except KindError:
        return
    assert typed is None or one.kind.store(typed, one.options) is not None


def test_a_second_kind_of_the_same_name_is_refused() -> None:
    class Second(Kind):
        name = "text"

    with pytest.raises(ValueError, match="registered twice"):
        register(Second)
    assert type(kind_named("text")) is not Second


def test_all_kinds_of_format_one_are_there_and_tell_their_options() -> None:
    assert set(kinds()) == {
        "text", "longtext", "number", "quantity", "money", "percent", "date", "choice", "yes_no",
        "user", "department", "project", "record", "reverse", "rollup", "table", "attachment",
    }  # fmt: skip
    for kind in kinds().values():
        assert kind.options >= COMMON_OPTIONS
        assert kind.needed_options <= kind.options


def test_attachments_are_a_list_of_keys_without_doubles() -> None:
    one = compiled({"files": field("attachment", max_files=2)}).definition.fields["files"]
    assert one.kind.parse_list(["", "a1", "b2", "a1"], one.options) == ["a1", "b2"]
    assert one.kind.check(["a", "b", "c"], one.options) is not None
    with pytest.raises(KindError):
        one.kind.parse_list(["../../etc/passwd"], one.options)
