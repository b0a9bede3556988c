"""Totals and what is fetched are chosen by label, not typed as keys."""

import json

import pytest

from portal.builder.option_picks import picks
from tests.accounts.stage import Browser
from tests.builder.conftest import EDITOR, Desk
from tests.builder.test_form_edits import design_of
from tests.builder.test_removal import pour

DESIGN = f"{EDITOR}/design"


def test_fields_are_offered_where_an_option_names_one_of_this_form() -> None:
    design = design_of(pour())
    left, right = picks(design, design.fields["reason"], "en")["fetch"]
    assert left == [("volume", "volume")]
    assert right is None
    left, _right = picks(design, design.fields["trucks[].qty"], "en")["fetch"]
    assert left == [("price", "price")]


@pytest.mark.parametrize(
    ("language", "label", "word"), [("en", "How many", "Average"), ("zh", "数量", "平均值")]
)
def test_a_total_is_chosen_by_the_label_of_its_column(
    desk: Desk, author: Browser, language: str, label: str, word: str
) -> None:
    author.post(f"{DESIGN}/new-field", kind="table", label_en="Tools", then="form")
    author.post(
        f"{DESIGN}/new-field", kind="number", table="tools", label_en="How many", label_zh="数量"
    )
    author.post("/language", language=language)
    page = author.get(f"{DESIGN}/fields/tools").text
    assert f'<option value="how_many">{label}</option>' in page
    assert f'<option value="avg">{word}</option>' in page
    assert '<option value="item">' not in page


def test_a_total_nobody_offers_stays_as_it_is(desk: Desk, author: Browser) -> None:
    author.post(f"{DESIGN}/new-field", kind="table", label_en="Tools", then="form")
    raw = json.loads(desk.text())
    raw["data"]["properties"]["tools"]["x-field"]["totals"] = {"item": "count"}
    desk.save(author, json.dumps(raw, indent=2))
    page = author.get(f"{DESIGN}/fields/tools").text
    assert '<option value="item" selected>item</option>' in page
    assert '<option value="count" selected>' in page
