"""A company that has just begun: its pages say what comes first, and no figure leads astray."""

from io import BytesIO

import pytest
from flask import Flask
from python_calamine import load_workbook

from tests.accounts.stage import Stage
from tests.accounts.test_first_run import FACTS, token
from tests.funds.adding import figures_of
from tests.funds.test_pages import text_of
from tests.ledgers.fixtures import Cast, make_cast


@pytest.fixture
def bare(app: Flask) -> Cast:
    """P1 in the company's currency and P2 in USD; nothing was posted in either."""
    return make_cast(app, furnished=False)


def test_before_any_project_whoever_may_is_led_to_the_first(app: Flask) -> None:
    stage = Stage(app)
    made = stage.browser().post("/set-up", token=token(stage), modules=["funds_plan"], **FACTS)
    assert made.status_code == 303
    page = stage.browser("ada").get("/portfolio").text
    assert "Create the first project" in page
    assert 'href="/projects/new"' in page
    assert "Ask the manager" not in page


def test_every_figure_of_an_empty_project_leads_somewhere(bare: Cast) -> None:
    client = bare.browser("member")
    links = figures_of(client.get("/portfolio").text)
    assert any("/cost/parts" in address for address, _amount in links)
    for address, _amount in links:
        assert client.get(address).status_code == 200, address
    assert client.get("/projects/P2/cost/parts?column=at_completion&ccy=EUR").status_code == 404


def test_the_plan_of_an_empty_project_is_a_sheet_of_heads(bare: Cast) -> None:
    client = bare.browser("member")
    for table in ("", "?table=left_out", "?table=overdue", "?table=lines"):
        answer = client.get(f"/projects/P2/funds/plan.xlsx{table}")
        assert answer.status_code == 200, table
        rows = load_workbook(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
        assert rows[0][0] == "Currency"
    assert client.get("/projects/P2/funds/plan.xlsx?table=none").status_code == 404


def test_totals_without_money_need_no_rate_and_are_nothing(bare: Cast) -> None:
    page = bare.browser("member").get("/portfolio").text
    told = text_of(page)
    assert "In CNY: no rate is needed, there is nothing yet in any other currency." in told
    assert "by the rates of" not in told


@pytest.mark.parametrize("may", [True, False])
def test_unsigned_labor_is_nothing_or_private_in_rows_and_totals_alike(
    bare: Cast, monkeypatch: pytest.MonkeyPatch, *, may: bool
) -> None:
    monkeypatch.setattr("portal.portfolio.queries.may_see_pay", lambda *_who: may)
    page = bare.browser("member").get("/portfolio").text
    sums = page.split('<tr class="sum">')[1:]
    assert len(sums) == 3  # of two currencies, and all together
    for one in sums:
        assert ("–" in one.partition("</tr>")[0]) is not may
    assert ("Wages are private" in page) is not may
