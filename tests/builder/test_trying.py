"""Formulas tried while they are written: names, errors, values; nothing is kept."""

import re

import pytest

from portal.builder import queries
from portal.builder.design.form_edits import opened
from portal.builder.trying import try_expression
from portal.web.answers import sentence
from tests.accounts.stage import Browser
from tests.builder.conftest import EDITOR, FORM, Desk

DESIGN = f"{EDITOR}/design"
TRY = f"{DESIGN}/fields/amount/try"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lines(desk: Desk, author: Browser) -> Browser:
    """The form with a table of quantities and prices, and an example with two rows."""
    author.post(f"{DESIGN}/new-field", kind="table", key="lines", label_en="Lines", section="0")
    for key in ("qty", "price", "cost"):
        author.post(
            f"{DESIGN}/new-field", kind="number", key=key, label_en=key.title(), table="lines"
        )
    text = desk.text("site_visit.cases.json").replace(
        '"given": {"title"',
        '"given": {"lines": [{"item": "a", "qty": 2, "price": 3}, {"item": "b", "qty": 4,'
        ' "price": 5}], "title"',
    )
    assert desk.save(author, text, "site_visit.cases.json").status_code == 303
    return author


def told(answer: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer).split())


def test_a_formula_is_worth_what_the_example_says(desk: Desk, author: Browser) -> None:
    before = desk.text()
    answer = author.post(
        TRY,
        headers=HTMX,
        **{"try": "show-source", "show-source": "amount > 10 and not is_empty(title)"},
    )
    assert "Yes in the example “A plain request”" in told(answer.text)
    answer = author.post(
        TRY, headers=HTMX, **{"try": "check-0-source", "check-0-source": "amount < 10"}
    )
    assert "No in the example" in told(answer.text)
    assert desk.text() == before


def test_a_column_is_worked_out_row_by_row(desk: Desk, lines: Browser) -> None:
    url = f"{DESIGN}/fields/lines.cost/try"
    answer = lines.post(url, headers=HTMX, **{"try": "computed", "computed": "row.qty * row.price"})
    assert "6 · 20" in told(answer.text)
    answer = lines.post(url, headers=HTMX, **{"try": "computed", "computed": "row.qty + 'x'"})
    assert "field-error" in answer.text


def test_what_is_wrong_is_said_where_one_types(desk: Desk, author: Browser) -> None:
    for source, said in (
        ("titel + 1", "titel"),
        ("amount +", ""),
        ("title * 2", ""),
        ("'<b>x</b>' + 1", ""),
    ):
        answer = author.post(TRY, headers=HTMX, **{"try": "computed", "computed": source})
        assert "field-error" in answer.text, source
        assert said in answer.text
        assert "<b>x</b>" not in answer.text
    answer = author.post(TRY, headers=HTMX, **{"try": "show-source", "show-source": "amount"})
    assert "field-error" in answer.text
    empty = author.post(TRY, headers=HTMX, **{"try": "computed", "computed": ""})
    assert told(empty.text) == ""
    broken = author.post(TRY, headers=HTMX, **{"try": "computed", "computed": "1 + " * 400})
    assert broken.status_code == 200


def test_other_errors_of_the_draft_are_not_the_formulas(desk: Desk, author: Browser) -> None:
    text = desk.text().replace('"subject": "title"', '"subject": "gone"')
    desk.save(author, text)
    answer = author.post(TRY, headers=HTMX, **{"try": "show-source", "show-source": "amount > 1"})
    assert "field-error" not in answer.text


def test_without_script_a_button_tries_it_and_keeps_what_was_typed(
    desk: Desk, author: Browser
) -> None:
    page = author.get(f"{DESIGN}/fields/title").text
    assert f'formaction="{DESIGN}/fields/title/try"' in page
    values = {"label_en": "A new name", "section": "0", "computed": "amount + 1", "try": "computed"}
    answer = author.post(f"{DESIGN}/fields/title/try", **values)
    assert answer.status_code == 200
    assert 'value="A new name"' in answer.text
    assert "amount + 1</textarea>" in answer.text
    assert "field-error" in answer.text
    assert "A new name" not in desk.text()


def test_return_saves_and_never_tries(author: Browser) -> None:
    """The first button of the form is the one the return key presses."""
    page = author.get(f"{DESIGN}/fields/title").text
    form = page[page.index('id="field-form"') :]
    first = re.search(r'<button type="submit"[^>]*>', form)
    assert first is not None
    assert "formaction" not in first[0]


def test_the_names_are_those_of_the_place(desk: Desk, lines: Browser) -> None:
    header = dict(lines.get(f"{DESIGN}/fields/amount/names?for=computed").get_json())
    assert header["title"] == "Title"
    assert "lines.qty" in header
    assert "row.qty" not in header
    column = dict(lines.get(f"{DESIGN}/fields/lines.cost/names?for=computed").get_json())
    assert column["row.qty"] == "Qty"
    assert "sum(" in column
    condition = dict(lines.get(f"{DESIGN}/fields/lines.cost/names?for=check-0-source").get_json())
    assert "row.qty" in condition


def test_a_link_offers_what_it_leads_to(desk: Desk, author: Browser) -> None:
    author.post(f"{DESIGN}/new-field", kind="record", key="before", label_en="Before",
                target="site_visit", section="0")  # fmt: skip
    names = dict(author.get(f"{DESIGN}/fields/before/names?for=o-filter").get_json())
    assert "target.amount" in names
    assert "before.amount" in names
    url = f"{DESIGN}/fields/before/try"
    fine = author.post(
        url, headers=HTMX, **{"try": "o-filter", "o-filter": "target.amount > amount"}
    )
    assert "field-error" not in fine.text
    wrong = author.post(url, headers=HTMX, **{"try": "o-filter", "o-filter": "target.nothing > 1"})
    assert "field-error" in wrong.text


def test_the_function_says_the_kind_and_the_values(desk: Desk, lines: Browser) -> None:
    with desk.stage.app.test_request_context(), desk.stage.look():
        draft = queries.the_draft("site_visit")
        one = opened(draft.files[FORM]).fields["lines[].cost"]
        trial = try_expression(draft, FORM, one, "computed", "row.qty * 2", "en")
        assert trial.values == ["4", "8"]
        assert trial.problems == []
        wrong = try_expression(draft, FORM, one, "computed", "row.qtty", "en")
        assert "qtty" in sentence(wrong.problems[0].message)


def test_who_may_not_and_what_is_no_formula(desk: Desk, author: Browser) -> None:
    for login in ("vera", "rick"):
        browser = desk.browser(login)
        assert browser.post(TRY, **{"try": "computed", "computed": "1"}).status_code == 403
        assert browser.get(f"{DESIGN}/fields/amount/names?for=computed").status_code == 403
    assert author.post(TRY, **{"try": "label_en"}).status_code == 404
    assert author.get(f"{DESIGN}/fields/amount/names?for=label_en").status_code == 404
    assert author.get(f"{DESIGN}/fields/nothing/names?for=computed").status_code == 404
    assert "data-formula" not in desk.browser("vera").get(f"{DESIGN}/fields/amount").text
