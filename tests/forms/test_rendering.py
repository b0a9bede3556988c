"""A form on a page: cut once, joined with escaped values, the same pieces for page and answer."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.forms.definition import CompiledForm
from portal.forms.evaluation import evaluate
from portal.forms.rendering import parts, pieces
from portal.forms.rendering.fragments import fragments_of
from portal.forms.rendering.look import Choices, Look, Option
from portal.forms.rendering.page import error_links, sections_of
from portal.forms.rendering.parts import Html, Marks, join_all
from portal.forms.rendering.pieces import pieces_of
from portal.forms.rendering.reach import EVERYTHING, reach_of
from tests.forms.samples import CHOICES, FACTS, compiled, everything, field, table

pytestmark = pytest.mark.any_database

FEW = {"options": CHOICES}
WILD = "<b>{{ 7 * 7 }}</b>{% raw %}\"'"


@pytest.fixture
def page(app: Flask) -> Iterator[None]:
    """A request in which templates can be rendered."""
    with app.test_request_context("/"):
        yield


def look(form: CompiledForm, data: dict[str, Any] | None = None, **more: Any) -> Look:
    outcome = evaluate(form, data or {}, FACTS, mode="draft")
    access = more.pop("access", None) or everything(form.definition)
    return Look(form=form, language="en", outcome=outcome, access=access, **more)


def html(seen: Look) -> str:
    return "".join(str(section.body) for section in sections_of(seen))


def lines(**columns: Any) -> CompiledForm:
    given = {"item": field("text"), "qty": field("quantity"), "price": field("money"), **columns}
    return compiled(
        {
            "name": field("text", required=True),
            "lines": table({**given, "amount": field("money")}, totals={"amount": "sum"}),
            "total": field("money"),
        },
        computed={
            "lines[].amount": "row.qty * row.price",
            "total": "sum(lines, row, row.amount)",
        },
    )


ROWS = {
    "lines": [
        {"_id": "r1", "item": "A", "qty": "2.00", "price": "10.00"},
        {"_id": "r2", "item": "B", "qty": "3.00", "price": "1.50"},
    ]
}


def test_a_marker_is_cut_before_values_enter_so_none_can_be_forged() -> None:
    marks = Marks()
    cut = marks.cut(f"a{marks.value}b")
    forged = f"[{parts._WORD}:0]"
    assert str(cut.join({"value": forged})) == f"a{forged}b"


@given(st.text())
def test_every_value_is_escaped(text: str) -> None:
    marks = Marks()
    joined = str(marks.cut(f"<i>{marks.value}</i>").join({"value": text}))
    assert joined.startswith("<i>")
    assert not set("<>\"'") & set(joined[3:-4])


def test_switches_hold_marks_of_their_own() -> None:
    marks = Marks()
    inner = marks.when("a", f"[{marks.b}]")
    cut = marks.cut(f"x{inner}{marks.unless('a', 'none')}{marks.among('c', 'k', '!')}")
    assert str(cut.join({"a": True, "b": "<", "c": ["k"]})) == "x[&lt;]!"
    assert str(cut.join({})) == "xnone"
    assert str(join_all([Html("1"), Html("2")])) == "12"


@pytest.mark.usefixtures("page")
def test_texts_of_a_definition_are_never_a_template() -> None:
    form = compiled({"name": field("text", label=WILD, hint=WILD)})
    shown = html(look(form, {"name": WILD}))
    assert "<b>" not in shown
    assert "49" not in shown
    assert shown.count("{{ 7 * 7 }}") == 3


@pytest.mark.usefixtures("page")
def test_a_form_is_cut_once_per_version_and_language(monkeypatch: pytest.MonkeyPatch) -> None:
    form = lines()
    pieces_of(form.definition, "en")
    monkeypatch.setattr(pieces, "_cut", lambda *_a, **_k: pytest.fail("cut again"))
    html(look(form, ROWS))


@pytest.mark.usefixtures("page")
def test_the_store_of_cut_forms_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_MOST_KEPT", 3)
    for number in range(6):
        pieces_of(compiled({f"f{number}": field("text")}).definition, "en")
    assert len(pieces._pieces) <= 3


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("kind", "options", "stored", "wanted"),
    [
        ("text", {}, "x", 'name="f" value="x"'),
        ("longtext", {}, "a\nb", 'rows="3"[^>]*>\na\nb</textarea>'),
        ("money", {"currency": "CNY"}, "1200.00", 'value="1,200.00"'),
        ("money", {"currency": "CNY"}, "1200.00", 'id="u-f">CNY<'),
        ("quantity", {"unit": "h"}, "8.00", 'id="u-f">h<'),
        ("percent", {}, "5.00", 'id="u-f">%<'),
        ("date", {}, "2026-03-01", 'type="date"[^>]* value="2026-03-01"'),
        ("yes_no", {}, False, 'value="false" checked'),
        ("choice", {"options": CHOICES}, "b", '<option value="b" selected>B<'),
        ("choice", {**FEW, "required": True}, "b", 'type="radio"[^>]* value="b" checked'),
        ("choice", {**FEW, "many": True}, ["a"], 'type="checkbox"[^>]* value="a" checked'),
    ],
)  # fmt: skip
def test_each_kind_shows_what_is_stored(kind: str, options: Any, stored: Any, wanted: str) -> None:
    form = compiled({"f": field(kind, **options)})
    assert re.search(wanted, html(look(form, {"f": stored})))


@pytest.mark.usefixtures("page")
def test_a_reference_offers_its_entries_with_the_facts_that_tell_them_apart() -> None:
    form = compiled({"who": field("user")})
    offer = Choices([Option("p1", "Li", "Steel · Site"), Option("p2", "Li", "Office")])
    shown = html(look(form, {"who": "p2"}, choices=lambda *_: offer))
    assert 'data-facts="Steel · Site">Li · Steel · Site<' in shown
    assert 'value="p2" data-text="Li" data-facts="Office" selected' in shown
    assert "_find" not in shown
    asked = Choices(source="/o?x=1&y")
    seen = look(form, {"who": "p9"}, choices=lambda *_: asked, name_of=lambda *_: "Wu")
    many = html(seen)
    assert 'data-enhance="/o?x=1&amp;y"' in many
    assert 'name="_find-who"' in many, "found without scripts as well"
    assert ">Wu<" in many


@pytest.mark.usefixtures("page")
def test_what_may_be_read_but_not_written_is_text_and_what_is_withheld_is_not_there() -> None:
    form = compiled({"a": field("text"), "b": field("text"), "c": field("text")})
    access = {"a": "write", "b": "read", "c": "none"}
    shown = html(look(form, {"a": "1", "b": "22", "c": "333"}, access=access))
    assert 'name="a"' in shown
    assert 'name="b"' not in shown
    assert ">22<" in shown
    assert "333" not in shown
    assert "w-c" not in shown


@pytest.mark.usefixtures("page")
def test_rows_carry_their_ids_and_the_totals_stand_below() -> None:
    shown = html(look(lines(), ROWS))
    assert re.findall(r'name="lines-order" value="([^"]+)"', shown) == ["r1", "r2"]
    assert 'name="lines-r2-qty" value="3.00"' in shown
    assert re.search(r'id="s-lines-amount"[^>]*><output>24.50<', shown)
    assert 'name="lines-r1-amount"' not in shown, "nobody types what is computed"


@pytest.mark.usefixtures("page")
def test_errors_stand_at_their_fields_and_in_a_list_that_leads_there() -> None:
    seen = look(lines(), ROWS, errors={"name": "Missing.", "lines[r2].qty": "Too much <b>."})
    shown = html(seen)
    assert re.search(r'id="e-name" data-for="name"><svg.*?Missing\.', shown, re.S)
    assert 'href="#c-lines-r2-qty">Row 2, Qty:</a><span>Too much &lt;b&gt;.' in shown
    assert [one["id"] for one in error_links(seen)] == ["c-name", "c-lines-r2-qty"]
    assert [section.errors for section in sections_of(seen)] == [2]


@pytest.mark.usefixtures("page")
def test_an_answer_holds_the_same_pieces_as_the_page() -> None:
    form = lines()
    seen = look(form, ROWS)
    shown = html(seen)
    ids = {"lines": ["r1", "r2"]}
    found = 0
    for piece in fragments_of(seen, EVERYTHING, EVERYTHING, ids):
        text = str(piece).replace(' hx-swap-oob="true"', "").replace(" data-judged-all", "")
        text = re.sub(r' data-judged="[^"]*"', "", text)
        text = text.removeprefix("<template>").removesuffix("</template>")
        assert text in shown
        found += 1
    assert found > 5


@pytest.mark.usefixtures("page")
def test_an_answer_never_holds_a_control_that_is_already_there() -> None:
    form = lines()
    reach = reach_of(form, ["lines[r1].qty"])
    answer = "".join(
        map(str, fragments_of(look(form, ROWS), reach, reach, {"lines": ["r1", "r2"]}))
    )
    assert "<input" not in answer
    assert "c-lines-r1-amount" in answer
    assert "c-lines-r2-amount" not in answer
    assert "c-total" in answer


@pytest.mark.usefixtures("page")
def test_new_rows_come_alone_and_replaced_rows_come_as_a_whole() -> None:
    form = lines()
    reach = reach_of(form, ["lines"])
    added = "".join(map(str, fragments_of(look(form, ROWS), reach, reach, {"lines": ["r1"]})))
    assert 'hx-swap-oob="beforeend:#b-lines"' in added
    assert 'name="lines-r2-qty"' in added
    assert 'name="lines-r1-qty"' not in added
    other = "".join(map(str, fragments_of(look(form, ROWS), reach, reach, {"lines": ["x"]})))
    assert 'id="b-lines" hx-swap-oob="true"' in other


@pytest.mark.usefixtures("page")
def test_a_column_hidden_in_some_rows_is_empty_there_only() -> None:
    form = compiled(
        {"lines": table({"sort": field("choice", options=CHOICES), "age": field("number")})},
        rules=[{"id": "aged", "when": "row.sort == 'a'", "show": ["lines[].age"]}],
    )
    rows = [{"_id": "r1", "sort": "a"}, {"_id": "r2", "sort": "b"}, {"_id": "r3"}]
    shown = html(look(form, {"lines": rows}))
    assert re.findall(r'id="w-lines-(r\d)-age" data-state="(\w+)"', shown) == [
        ("r1", "write"),
        ("r2", "gone"),
        ("r3", "gone"),
    ]


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("title", "fields", "named"),
    [
        ({"en": "Lines", "zh": "明细"}, ["lines"], True),
        ({"en": "Lines", "zh": "明细"}, ["lines", "total"], True),
        ({"en": "Lines", "zh": "清单"}, ["lines"], False),
        ({"en": "Lines", "zh": "明细"}, ["lines", "photos"], False),
    ],
)
def test_a_section_called_like_its_one_table_says_so(
    title: dict[str, str], fields: list[str], named: bool
) -> None:
    """The page then says the name once; with two large fields each needs its own."""
    given = {
        "lines": table({"item": field("text")}, label={"en": "Lines", "zh": "明细"}),
        "total": field("money"),
        "photos": field("attachment"),
    }
    layout = [{"type": "section", "title": title, "fields": fields}]
    (section, *_) = sections_of(look(compiled(given, layout=layout)))
    assert section.names_its_field is named
