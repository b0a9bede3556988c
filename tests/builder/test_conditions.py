"""A condition edited as rows: read from a text, written as one, refused in clear words, shown."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, get_template_attribute
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.builder.design.conditions import (
    Condition,
    Line,
    Option,
    comparison_words,
    comparisons,
    from_form,
    parse,
    to_source,
)
from portal.errors import Invalid
from portal.expressions import Environment, ExpressionError, Scope, Type, compile_expression
from portal.web.answers import sentence

CHOICES = (("labor", "Labor"), ("works", "Works"), ("other", "Something else"))
OPTIONS = (
    Option("total", "Total", "money"),
    Option("n", "Number", "number"),
    Option("share", "Share", "percent"),
    Option("row.qty", "Quantity", "quantity"),
    Option("start", "Start", "date"),
    Option("note", "Note", "text"),
    Option("contract.days", "Contract · Days", "number"),
    Option("kind", "Kind", "choice", choices=CHOICES),
    Option("tags", "Tags", "choice", many=True, choices=CHOICES),
    Option("urgent", "Urgent", "yes_no"),
    Option("owner", "Owner", "user"),
    Option("site", "Site", "project"),
)
VALUES = tuple(value for value, _label in CHOICES)
SCOPE = Scope(
    {
        "total": Type("money", currency="project"),
        "n": Type("integer"),
        "share": Type("percent"),
        "start": Type("date"),
        "note": Type("text"),
        "contract": Type("record", target="contract", fields={"days": Type("integer")}),
        "kind": Type("choice", choices=VALUES),
        "tags": Type("choices", choices=VALUES),
        "urgent": Type("yes_no"),
        "owner": Type("person"),
        "site": Type("project"),
    },
    row={"qty": Type("quantity", unit="m")},
)
NUMBERS = st.one_of(
    st.integers(-(10**14), 10**14).map(str),
    st.decimals("-999999", "999999", places=2).map(lambda n: f"{n if n else abs(n):f}"),
)
TEXTS = st.text("aB'\"\\ ,，中0.%", min_size=1, max_size=8).map(str.strip).filter(bool)
NAMES = [one.path for one in OPTIONS]


def typed(option: Option, op: str) -> st.SearchStrategy[str]:
    """A value as the portal writes it for this field."""
    if op in ("is_empty", "is_not_empty"):
        return st.just("")
    if option.is_number:
        return NUMBERS
    if option.kind == "choice":
        most = 3 if op in ("in", "not in") else 1
        return st.lists(st.sampled_from(VALUES), min_size=1, max_size=most).map(", ".join)
    if option.kind == "date":
        return st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(date.isoformat)
    return st.sampled_from(["yes", "no"]) if option.kind == "yes_no" else TEXTS


@st.composite
def a_line(draw: st.DrawFn) -> Line:
    option = draw(st.sampled_from(OPTIONS))
    op = draw(st.sampled_from(comparisons(option.kind, option.many)))
    return Line(option.path, op, draw(typed(option, op)))


@st.composite
def a_condition(draw: st.DrawFn) -> Condition:
    lines = tuple(draw(st.lists(a_line(), max_size=10)))
    return Condition(draw(st.sampled_from(["all", "any"])) if len(lines) > 1 else "all", lines)


RECORDS = st.fixed_dictionaries(
    {
        "total": st.none() | st.sampled_from([Decimal(5), Decimal("-1.50"), Decimal(200000)]),
        "n": st.none() | st.integers(-2, 2),
        "share": st.none() | st.just(Decimal(5)),
        "start": st.none() | st.just(date(2026, 1, 31)),
        "note": st.none() | st.sampled_from(["a", "aB", "5"]),
        "contract": st.none() | st.fixed_dictionaries({"days": st.none() | st.integers(0, 2)}),
        "kind": st.none() | st.sampled_from(VALUES),
        "tags": st.none() | st.lists(st.sampled_from(VALUES), min_size=1, unique=True),
        "urgent": st.none() | st.booleans(),
        "owner": st.none() | st.just("u1"),
        "site": st.none() | st.just("p1"),
    }
)


def answer(source: str, record: dict[str, Any]) -> Any:
    """What a source text says of a record and the one row of its table."""
    compiled = compile_expression(source, SCOPE, expect=Type("yes_no"))
    return compiled.evaluate(Environment(record, row={"qty": Decimal(1)}))


@given(a_condition())
def test_what_rows_ask_comes_back_as_the_same_rows(condition: Condition) -> None:
    source = to_source(condition, OPTIONS, "if")
    assert parse(source, OPTIONS) == condition
    if condition.lines:
        compile_expression(source, SCOPE, expect=Type("yes_no"))


ATOMS = st.sampled_from(
    [
        "total > 5", "5.00 <= total", "-1.50 == total", "total != - 1", "0 < n <= 2", "n in [1, 2]",
        "n == contract.days", "abs(total) > 1", "start >= '2026-01-31'", "'2026-02-01' > start",
        "start == today()", "note == '5'", "note != \"a'b\"", "starts_with(note, 'a')", "urgent",
        "starts_with(note, kind)", "note == ' a'", "kind in ['labor', 'works']", "not is_empty(n)",
        "kind not in ('labor', 'other')", "'labor' in tags", "'labor' not in tags", "is_empty(tags)",
        "kind == 'works'", "urgent == True", "urgent != True", "not urgent", "is_empty(urgent)",
        "not (urgent != True)", "owner == site.id", "not is_empty(owner)", "row.qty >= 1",
        "total + n * 0 > 1", "note in ['a', '5']", "not ('labor' in tags)", "kind in ['labor']",
        "True == urgent", "contract.days > 1", "(urgent if n > 0 else True)", "share == 05",
    ]
)  # fmt: skip
SOURCES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" and ", " or ", "\nand "]), inner).map("".join),
        inner.map("({})".format),
        inner.map("not ({})".format),
    ),
    max_leaves=4,
)


@given(SOURCES, st.data())
def test_what_was_read_and_written_again_means_the_same(source: str, data: st.DataObject) -> None:
    condition = parse(source, OPTIONS)
    assert not (condition.source and condition.lines)
    assert condition.source in ("", source)
    record = data.draw(RECORDS)
    try:
        expected = answer(source, record)
    except ExpressionError:
        return
    again = to_source(condition, OPTIONS, "if")
    assert again == source or not condition.source
    assert answer(again, record) == expected


@given(st.text("abtolnkid _.()[]'=<>!,0123\n", max_size=40))
def test_any_text_is_kept_or_said_by_rows(source: str) -> None:
    condition = parse(source, OPTIONS)
    assert condition.source in ("", source)
    if condition.lines:
        assert parse(to_source(condition, OPTIONS, "if"), OPTIONS) == condition


@pytest.mark.parametrize(
    ("source", "join", "lines"),
    [
        ("total <= 200000", "all", [("total", "<=", "200000")]),
        ("total > 0 and kind != 'other'", "all", [("total", ">", "0"), ("kind", "!=", "other")]),
        ("urgent or not is_empty(note)", "any", [("urgent", "==", "yes"), ("note", "is_not_empty", "")]),
        ("0 < n < 9", "all", [("n", ">", "0"), ("n", "<", "9")]),
        ("kind in ['labor', 'works']", "all", [("kind", "in", "labor, works")]),
        ("'labor' in tags", "all", [("tags", "includes", "labor")]),
        ("'2026-01-01' > start", "all", [("start", "<", "2026-01-01")]),
        ("", "all", []),
    ],
)  # fmt: skip
def test_a_plain_text_becomes_rows(source: str, join: str, lines: list[Any]) -> None:
    assert parse(source, OPTIONS) == Condition(join, tuple(Line(*one) for one in lines))


@pytest.mark.parametrize(
    "source",
    [
        "unknown > 5", "total > n", "abs(total) > 5", "urgent and (n > 1 or n < 0)", "note == ' a'",
        "kind == 'strange'", "not (n > 1)", "note == 5", "total == '5'", "total >", "is_empty(urgent)",
        " and ".join(["urgent"] * 11), "start > '2026-02-30'",
    ],
)  # fmt: skip
def test_what_rows_cannot_say_stays_text(source: str) -> None:
    assert parse(source, OPTIONS) == Condition(source=source)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        (("total", ">", "200,000"), "total > 200000"),
        (("total", ">", "¥1.2万"), "total > 12000"),
        (("share", "==", "5%"), "share == 5"),
        (("start", ">=", "2026/3/1"), "start >= '2026-03-01'"),
        (("kind", "in", "Labor，other,"), "kind in ['labor', 'other']"),
        (("urgent", "==", "否"), "not urgent"),
        (("note", "==", "it's"), "note == 'it\\'s'"),
        (("", "==", "5"), ""),
    ],
)
def test_what_people_type_is_understood(line: tuple[str, str, str], source: str) -> None:
    assert to_source(Condition(lines=(Line(*line),)), OPTIONS, "if") == source


@pytest.mark.parametrize(
    ("line", "part", "says"),
    [
        (("gone", "==", "5"), "field", "There is no field “gone” here."),
        (("total", "includes", "5"), "op", "“Total” cannot be compared in this way"),
        (("total", "", "5"), "op", "choose another comparison"),
        (("total", ">", ""), "value", "Write the value to compare with."),
        (("kind", "in", " , "), "value", "Write the value to compare with."),
        (("total", ">", "much"), "value", "Write a number"),
        (("n", ">", "9" * 30), "value", "is not a value for this field"),
        (("start", ">", "soon"), "value", "Write the date as 2026-03-01."),
        (("start", ">", "2026-02-30"), "value", "There is no such day"),
        (
            ("kind", "==", "strange"),
            "value",
            "is not one of the choices: Labor, Works, Something else",
        ),
        (("kind", "in", "labor, strange"), "value", "“strange” is not one of the choices"),
        (("urgent", "==", "perhaps"), "value", "Answer yes or no."),
        (("note", "==", "a\nb"), "value", "holds a character it may not"),
    ],
)
def test_a_row_is_refused_at_its_input(
    line: tuple[str, str, str], part: str, says: str, app: Flask
) -> None:
    condition = Condition(lines=(Line("n", ">", "1"), Line(*line)))
    with pytest.raises(Invalid) as refusal, app.test_request_context():
        to_source(condition, OPTIONS, "if")
    (error,) = refusal.value.errors
    assert error.path == f"if-1-{part}"
    with app.test_request_context():
        assert says in sentence(error.message)


def test_all_wrong_rows_are_told_at_once_and_rows_too_long_together() -> None:
    with pytest.raises(Invalid) as refusal:
        to_source(Condition(lines=(Line("x", "=="), Line("n", "<", "a"))), OPTIONS, "if")
    assert [error.path for error in refusal.value.errors] == ["if-0-field", "if-1-value"]
    long = Line("note", "==", "a" * 600)
    with pytest.raises(Invalid) as refusal:
        to_source(Condition(lines=(long, long)), OPTIONS, "if")
    assert [error.path for error in refusal.value.errors] == ["if-source"]


def test_a_text_that_cannot_be_read_is_refused_with_its_place() -> None:
    with pytest.raises(Invalid) as refusal:
        to_source(Condition(source="total > 5 && n"), OPTIONS, "if")
    (error,) = refusal.value.errors
    assert error.path == "if-source"
    assert str(error.message).startswith("Line 1, character 11: “&&” is not part")


def test_every_comparison_has_its_word_and_every_kind_its_comparisons(app: Flask) -> None:
    with app.test_request_context():
        words = dict(comparison_words())
    offered = {op for one in OPTIONS for op in comparisons(one.kind, one.many)}
    assert offered == set(words)
    assert len(set(words.values())) == len(words)


def fields_of(page: str) -> MultiDict[str, str]:
    """What a browser would send of the inputs of a page."""
    sent: MultiDict[str, str] = MultiDict()
    for name, inside in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', inside)
        sent[name] = (chosen or re.findall(r'<option value="([^"]*)"', inside))[0]
    for name, value in re.findall(r'<input[^>]* name="([^"]*)" value="([^"]*)"', page):
        sent[name] = value
    for name, value in re.findall(
        r'<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.S
    ):
        sent[name] = value.replace("\n", "\r\n")
    return MultiDict({n.replace("&gt;", ">"): _plain(v) for n, v in sent.items()})


def _plain(text: str) -> str:
    for written, meant in (("&gt;", ">"), ("&lt;", "<"), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text


@pytest.mark.parametrize(
    "condition",
    [
        Condition(),
        parse("urgent or total > 5 or kind in ['labor', 'works']", OPTIONS),
        parse(" and ".join(f"n > {n}" for n in range(10)), OPTIONS),
        parse("abs(total) > 5\nand urgent", OPTIONS),
        Condition(lines=(Line("gone", "==", "5 < 6"),)),
    ],
)
def test_the_inputs_hold_what_is_read_from_them(condition: Condition, app: Flask) -> None:
    page = shown(app, condition, {})
    assert from_form(fields_of(page), "if") == condition
    assert ('<details class="condition-text" open' in page) == bool(condition.source)


def shown(app: Flask, condition: Condition, errors: dict[str, str]) -> str:
    with app.test_request_context():
        macro = get_template_attribute("builder/design/conditions.html", "condition_inputs")
        words = comparison_words()
        return str(macro("if", condition, OPTIONS, words, errors, "Only if", told="Total is 5"))


def test_an_error_stands_under_its_row_and_is_named_by_its_input(app: Flask) -> None:
    page = shown(app, Condition(lines=(Line("n", "<", "a"),)), {"if-0-value": "Write a <number>."})
    assert 'aria-invalid="true" aria-describedby="if-0-value-error"' in page
    assert 'class="field-error" id="if-0-value-error"' in page
    assert "Write a &lt;number&gt;." in page
    assert "Row 1: value" in page
    assert '<p class="condition-told">Total is 5</p>' in page


def test_rows_left_blank_are_dropped_and_texts_are_cleaned_and_bounded() -> None:
    sent = MultiDict(
        {"if-join": "some", "if-0-op": "==", "if-2-field": " n ", "if-2-op": ">",
         "if-2-value": " 5\x00 ", "if-3-op": "<", "if-3-value": "7", "if-source": "x" * 5000}
    )  # fmt: skip
    condition = from_form(sent, "if")
    assert condition.join == "all"
    assert condition.lines == (Line("n", ">", "5"), Line("", "<", "7"))
    with pytest.raises(Invalid, match="attention"):
        to_source(condition, OPTIONS, "if")
