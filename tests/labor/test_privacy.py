"""What a single worker earns is told to those who accrue and pay wages: no other page tells it."""

import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from portal.db import db
from portal.ids import new_id
from portal.ledgers.models import CostEntry
from portal.records.models import Record
from tests.conftest import Lending
from tests.labor.yard import Yard

DAYS = [date(2026, 3, day) for day in range(2, 7)]
COST = "/projects/Y1/entries?ledger=cost&column=actual&ccy=USD"
ACCRUED = "/projects/Y1/entries?ledger=labor&column=accrued&ccy=USD"
PAID = "/projects/Y1/entries?ledger=funds&column=paid&ccy=USD&direction=out"
TOGETHER = "Pay of workers, entries told as one sum"


@pytest.fixture
def paid(yard: Yard, lending: Lending) -> Yard:
    """A week of 40 hours at 6.00, of which 70.00 were paid; one day that nobody signed yet.

    Anna works most of it; two others have two hours each, so that a sum is not that of one.
    """
    return lending.once(_week_partly_paid, yard)


def _week_partly_paid(yard: Yard) -> Yard:
    for name in ("carl", "dina"):
        yard.ids[name] = yard.worker(name.title())
    hours = [{"anna": "8.00"}] * 4 + [{"anna": "4.00", "carl": "2.00", "dina": "2.00"}]
    for day, worked in zip(DAYS, hours, strict=True):
        yard.ticket(day, hours=worked)
    yard.payment(yard.run(), anna="70.00")
    yard.ticket(date(2026, 3, 9), signed=False)
    return yard


@pytest.mark.parametrize("url", [COST, PAID])
def test_entries_of_pay_are_told_as_one_sum(paid: Yard, url: str) -> None:
    total = "240.00" if url == COST else "94.00"
    seen, kept = (paid.browser(who).get(url) for who in ("mark", "nora"))
    assert TOGETHER not in seen.text
    assert ("48.00" in seen.text) == (url == COST)
    assert kept.status_code == 200
    assert TOGETHER in kept.text
    assert total in seen.text
    assert total in kept.text
    assert "48.00" not in kept.text
    assert "Anna" not in kept.text


def test_the_spreadsheet_tells_no_more_than_the_page(paid: Yard) -> None:
    assert len(paid.rows(CostEntry)) == 7
    rows = {}
    for who in ("mark", "nora"):
        content = paid.browser(who).get(COST.replace("entries?", "entries.xlsx?")).data
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows[who] = sheet.to_python()[1:]
    assert sorted(Decimal(str(row[-3])) for row in rows["mark"]) == [12, 12, 24, 48, 48, 48, 48]
    ((*_rest, what, amount, running, currency),) = rows["nora"]
    assert (what, amount, running, currency) == (f"{TOGETHER}: 7", 240, 240, "USD")


@pytest.mark.parametrize(
    "narrow",
    [
        "record={run}",
        "until=2026-03-05",
        "since=2026-03-01&until=2026-03-31",
        "wbs=none",
        "until=2030-12-31&cost_code={code}",
    ],
)
def test_a_choice_that_may_leave_one_worker_tells_not_even_the_sum(paid: Yard, narrow: str) -> None:
    run = paid.rows(CostEntry)[0].record_id
    url = f"{COST}&{narrow.format(run=run, code=paid.ids['code'])}"
    shown = paid.browser("nora").get(url)
    assert shown.status_code == 200
    if "Nothing is behind this figure" not in shown.text:
        assert "Wages are private" in shown.text
    assert "240.00" not in shown.text
    assert TOGETHER not in shown.text


@pytest.mark.parametrize("kept", ["", "&until=2030-12-31", "&cost_code={code}"])
def test_sums_of_many_by_month_or_by_cost_code_are_told(paid: Yard, kept: str) -> None:
    url = COST + kept.format(code=paid.ids["code"])
    assert "240.00" in paid.browser("nora").get(url).text


def test_sums_of_labor_are_for_whoever_reads_the_rates_of_tickets(paid: Yard) -> None:
    accrues, reads, files = (paid.browser(who).get(ACCRUED).text for who in ("mark", "sam", "nora"))
    assert "48.00" in accrues
    assert "240.00" in reads
    assert "48.00" not in reads
    assert "Only the sum is shown to you" in reads
    assert "240.00" not in files
    assert "Wages are private" in files


def test_pages_tell_hours_and_days_where_pay_is_private(paid: Yard) -> None:
    mark, nora = paid.browser("mark"), paid.browser("nora")
    month = "/projects/Y1/labor?month=2026-03"
    assert "240.00" in mark.get(month).text
    shown = nora.get(month).text
    assert "240.00" not in shown
    assert "48.00" not in shown
    assert "40 h" in shown
    assert "48.00" in mark.get("/projects/Y1").text
    overview = nora.get("/projects/Y1")
    assert overview.status_code == 200
    assert "48.00" not in overview.text
    assert "column=unsigned_days" in overview.text, "its labor-days lead to its hours"
    for end in ("", ".xlsx", ".pdf"):
        summary = f"/projects/Y1/labor/summary{end}"
        assert nora.get(f"{summary}?measure=accrued").status_code == 404
        assert nora.get(f"{summary}?measure=days").status_code == 200
        assert nora.get(summary).status_code == 200
    assert "240.00" in mark.get("/projects/Y1/labor/summary").text
    assert "240.00" not in nora.get("/projects/Y1/labor/summary").text


def test_the_portfolio_leaves_out_what_unsigned_work_is_worth(paid: Yard) -> None:
    assert "48.00" in paid.browser("mark").get("/portfolio").text
    shown = paid.browser("nora").get("/portfolio")
    assert shown.status_code == 200
    assert "48.00" not in shown.text
    assert paid.browser("nora").get("/portfolio.xlsx").status_code == 200


def test_the_pay_of_fewer_than_three_tells_not_even_the_sum(yard: Yard) -> None:
    yard.ids["bert"] = yard.worker("Bert")
    yard.ticket(DAYS[0], hours={"anna": "8.00", "bert": "8.00"})
    yard.run()
    shown = yard.browser("nora").get(COST).text
    assert "Wages are private" in shown
    assert "96.00" not in shown
    assert "96.00" in yard.browser("mark").get(COST).text


@pytest.mark.parametrize("page", ["due", "plan"])
def test_what_is_owed_to_workers_is_one_sum_without_its_documents(paid: Yard, page: str) -> None:
    seen, kept = (
        paid.browser(who).get(f"/projects/Y1/funds/{page}").text for who in ("mark", "nora")
    )
    (run,) = paid.rows(Record, form="accrual_run")
    assert run.number
    assert run.number in seen
    assert run.number not in kept
    assert "Pay of workers, as one sum" in kept
    assert "Pay of workers, as one sum" not in seen
    assert "146.00" in seen
    assert "146.00" in kept


def test_a_weekly_report_tells_what_labor_is_worth_to_whom_pay_is_told(paid: Yard) -> None:
    week = "/projects/Y1/weekly?from=2026-03-01&to=2030-01-01"
    assert "Signed amount" in paid.browser("mark").get(week).text
    shown = paid.browser("nora").get(week)
    assert shown.status_code == 200
    assert "Signed amount" not in shown.text


def test_other_entries_stay_in_sight_beside_pay_that_is_not_told(yard: Yard) -> None:
    yard.ticket(DAYS[0])
    yard.run()
    with yard.system(writing=True):
        (entry,) = yard.rows(CostEntry)
        values = {one.key: getattr(entry, one.key) for one in CostEntry.__mapper__.column_attrs}
        other = yard.ids["code"]  # any record that prices no hours
        db.session.add(CostEntry(**values | {"id": new_id(), "record_id": other, "amount": 7}))
    shown = yard.browser("nora").get(COST).text
    assert "7.00" in shown
    assert "48.00" not in shown
    assert "55.00" not in shown
    assert "55.00" in yard.browser("mark").get(COST).text
