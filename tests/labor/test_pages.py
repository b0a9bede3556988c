"""The pages of day labor: wages, summaries, conflicts, the wage ledger, the bank's file."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from portal.audit.models import AuditRow
from portal.db import db
from portal.labor.conflicts import Booked, clashes
from portal.labor.pivots import pivots
from portal.labor.wages import wages
from portal.ledgers.models import LaborEntry
from portal.projects.queries import project_brief
from portal.records.models import Record
from tests.approvals.test_pages import post as posted
from tests.conftest import Lending
from tests.funds.adding import astray, figures_of
from tests.labor.yard import Yard

DAYS = [date(2026, 3, day) for day in range(2, 7)]


@pytest.fixture
def paid(yard: Yard, lending: Lending) -> Yard:
    """A week of 40 hours, an advance of 100, and half of what is left paid."""
    return lending.once(_week_half_paid, yard)


def _week_half_paid(yard: Yard) -> Yard:
    for day in DAYS:
        yard.ticket(day)
    yard.advance("100.00")
    yard.payment(yard.run(), method="bank", anna="70.00")
    return yard


def figures(yard: Yard) -> dict[str, Decimal]:
    with yard.looking("mark"):
        project = project_brief(yard.projects["Y1"])
        assert project is not None
        (sheet,) = wages(project, yard.now())
        return {key: one.value for key, one in sheet.total.items()}


def test_what_is_owed_is_accrued_less_advances_less_paid(paid: Yard) -> None:
    assert figures(paid) == {
        "days": 40,
        "accrued": 240,
        "advances": 100,
        "paid": 70,
        "unpaid": 70,
        "recoverable": 0,
        "at_risk": 240,
    }


def test_what_the_owner_signed_for_a_change_is_recoverable_and_the_rest_at_risk(
    yard: Yard,
) -> None:
    yard.ticket(DAYS[0])
    yard.run()
    with yard.system(writing=True):
        for one in db.session.query(LaborEntry).filter_by(kind="accrued"):
            one.billable = True
    found = figures(yard)
    assert (found["recoverable"], found["at_risk"]) == (48, 0)


def test_every_figure_of_the_page_leads_to_entries_that_add_up_to_it(paid: Yard) -> None:
    browser = paid.browser("mark")
    page = browser.get("/projects/Y1/labor/wages").text
    with paid.looking("mark"), paid.app.test_request_context():
        project = project_brief(paid.projects["Y1"])
        assert project is not None
        (sheet,) = wages(project, paid.now())
        cells = list(sheet.total.values())
        cells += [
            cell for team in sheet.teams for row in team.rows for cell in row.figures.values()
        ]
        ways = [(one.url, one.value, one.unit) for one in cells]
        assert sum(one.figure.value for one in sheet.ages) == sheet.total["at_risk"].value
    assert len(ways) == 14
    for url, value, unit in ways:
        shown = browser.get(url)
        assert shown.status_code == 200, url
        wanted = value / 8 if unit == "labor_days" else value
        assert f"{wanted:,.2f}" in shown.text or str(wanted.normalize()) in shown.text, url
        assert url.replace("&", "&amp;") in page or not value


def test_the_summaries_lead_to_their_entries(paid: Yard) -> None:
    browser = paid.browser("mark")
    with paid.looking("mark"), paid.app.test_request_context():
        project = project_brief(paid.projects["Y1"])
        assert project is not None
        ways = [
            (cell.url, cell.value)
            for by in ("team", "trade", "subcontractor")
            for measure in ("accrued", "days")
            for table in pivots(project, by, measure)  # type: ignore[arg-type]
            for row in table.rows
            for cell in (*row.cells, row.total)
            if cell is not None
        ]
    assert len(ways) == 12
    for url, value in ways:
        text = browser.get(url).text
        assert ("240.00" if value == 240 else "5") in text, url


@pytest.mark.parametrize("page", ["summary?by=x", "summary?measure=x", "ledger?month=2026-13"])
def test_what_no_page_links_to_is_not_found(yard: Yard, page: str) -> None:
    assert yard.browser("mark").get(f"/projects/Y1/labor/{page}").status_code == 404


@pytest.mark.parametrize("page", ["wages", "ledger", "wages.xlsx", "ledger.xlsx", "ledger.pdf"])
def test_wages_are_private(paid: Yard, page: str) -> None:
    assert paid.browser("mark").get(f"/projects/Y1/labor/{page}").status_code == 200
    assert paid.browser("nora").get(f"/projects/Y1/labor/{page}").status_code == 404
    assert paid.browser("nobody").get(f"/projects/Y1/labor/{page}").status_code == 404


def test_amounts_are_not_told_by_worker_to_whom_wages_are_private(paid: Yard) -> None:
    anna = paid.ids["anna"]
    url = "/projects/Y1/entries?ledger=labor&column=accrued&ccy=USD"
    assert "Anna" in paid.browser("mark").get(url).text
    seen = paid.browser("nora").get(url)
    assert seen.status_code == 200
    assert "Anna" not in seen.text
    assert paid.browser("nora").get(f"{url}&worker={anna}").status_code == 404
    hours = f"/projects/Y1/entries?ledger=labor&column=hours&worker={anna}"
    assert "Anna" in paid.browser("nora").get(hours).text


def test_what_the_wage_ledger_says_of_a_worker_leads_to_entries_that_add_up_to_it(
    paid: Yard,
) -> None:
    browser = paid.browser("mark")
    page = browser.get("/projects/Y1/labor/ledger?month=2026-03").text
    told = [amount for _place, amount in figures_of(page)]
    assert len(told) >= 3
    assert astray(browser, "/projects/Y1/labor/ledger?month=2026-03") == []


def test_the_wage_ledger_masks_id_numbers_but_for_whoever_keeps_the_roster(paid: Yard) -> None:
    number = "31010119800101"
    mine = paid.browser("lara").get("/projects/Y1/labor/ledger?month=2026-03").text
    theirs = paid.browser("mark").get("/projects/Y1/labor/ledger?month=2026-03").text
    assert number in mine
    assert number not in theirs
    assert "**************0" in theirs
    content = paid.browser("mark").get("/projects/Y1/labor/ledger.xlsx?month=2026-03").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][1:3] == ["Worker's name", "ID number"]
    assert rows[0][-1] == "Own signature"
    assert rows[1][1] == "Anna"
    assert rows[1][2].startswith("****")
    assert [float(one) for one in rows[1][7:11]] == [240, 100, 70, 70]


def test_the_ledger_on_paper_is_a_pdf(paid: Yard) -> None:
    answer = paid.browser("lara").get("/projects/Y1/labor/ledger.pdf?month=2026-03")
    assert answer.data.startswith(b"%PDF")


def test_private_fields_of_the_roster_are_shortened_for_others(yard: Yard) -> None:
    anna = yard.ids["anna"]
    mine = yard.browser("lara").get(f"/records/{anna}").text
    theirs = yard.browser("nora").get(f"/records/{anna}").text
    assert "31010119800101" in mine
    assert "31010119800101" not in theirs
    assert "**************" in theirs
    assert "6222" not in theirs
    history = yard.browser("nora").get(f"/records/{anna}/history").text
    assert "31010119800101" not in history
    printed = yard.browser("nora").get(f"/records/{anna}/print.pdf")
    assert printed.status_code == 200


def test_the_bank_file_names_accounts_and_is_noted(paid: Yard) -> None:
    (payment,) = paid.rows(Record, form="wage_payment")
    assert "Download the bank file" in paid.browser("lara").get(f"/records/{payment.id}").text
    assert "Download the bank file" not in paid.browser("mark").get(f"/records/{payment.id}").text
    refused = post(paid, "mark", f"/records/{payment.id}/bank-file")
    assert refused.status_code == 403
    answer = post(paid, "lara", f"/records/{payment.id}/bank-file")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[1][:4] == [
        "Anna",
        "ICBC",
        paid.record(paid.ids["anna"]).data["bank_account"],
        "70.00",
    ]
    assert [one.action for one in paid.rows(AuditRow, action="wages.bank_file")] == [
        "wages.bank_file"
    ]


def test_a_name_that_looks_a_formula_is_text_in_the_bank_file(yard: Yard) -> None:
    yard.ids["evil"] = yard.worker('=HYPERLINK("x")')
    yard.ticket(DAYS[0], hours={"evil": "8.00"})
    payment = yard.payment(yard.run(), method="bank")
    text = post(yard, "lara", f"/records/{payment}/bank-file").data.decode("utf-8-sig")
    assert "\"'=HYPERLINK" in text


def post(yard: Yard, login: str, url: str, **fields: str):  # type: ignore[no-untyped-def]
    return posted(yard.browser(login), url, **fields)


def test_an_accrual_is_begun_on_the_page_and_filled_in_again(yard: Yard) -> None:
    yard.ticket(DAYS[0])
    page = yard.browser("lara").get("/projects/Y1/labor/wages").text
    assert "Begin an accrual" in page
    assert "Begin an accrual" not in yard.browser("mark").get("/projects/Y1/labor/wages").text
    fields = {
        "team": yard.ids["team"],
        "rules": yard.ids["us"],
        "first": "2026-03-02",
        "last": "2026-03-08",
    }
    made = post(yard, "lara", "/projects/Y1/labor/runs", **fields)
    assert made.status_code == 303
    (run,) = yard.rows(Record, form="accrual_run")
    assert run.data["workers"][0]["amount"] == "48.00"
    assert yard.browser("lara").get(made.location).status_code == 200
    yard.ticket(DAYS[1])
    assert "Fill in again" in yard.browser("lara").get(f"/records/{run.id}").text
    again = post(yard, "lara", f"/records/{run.id}/accrual/fill")
    assert again.status_code == 303
    assert yard.record(run.id).data["workers"][0]["amount"] == "96.00"


def test_an_accrual_of_wrong_days_is_refused_with_what_was_typed(yard: Yard) -> None:
    yard.ticket(DAYS[0])
    fields = {"team": yard.ids["team"], "rules": yard.ids["us"]}
    wrong = post(
        yard, "lara", "/projects/Y1/labor/runs", first="2026-03-08", last="2026-03-02", **fields
    )
    assert wrong.status_code == 422
    assert "lies before the first" in wrong.text
    empty = post(
        yard, "lara", "/projects/Y1/labor/runs", first="2026-03-04", last="2026-03-05", **fields
    )
    assert empty.status_code == 422
    assert "no signed hours" in empty.text


def booked(person: str, project: str, hours: str, overtime: str = "0", record: str = "r") -> Booked:
    return Booked(
        person,
        person,
        project,
        DAYS[0],
        f"{record}{project}{hours}",
        Decimal(hours),
        Decimal(overtime),
    )


def test_a_day_on_two_sites_over_24_hours_or_over_the_cap_is_a_conflict() -> None:
    day = [booked("a", "P1", "8"), booked("a", "P2", "4")]
    assert [one.kind for one in clashes(day, None)] == ["two_sites"]
    assert clashes([booked("a", "P1", "8"), booked("b", "P2", "8")], None) == []
    long_day = [booked("a", "P1", "14"), booked("a", "P1", "11")]
    assert [(one.kind, one.hours) for one in clashes(long_day, None)] == [("over_day", 25)]
    late = [booked("a", "P1", "12", "4")]
    assert [(one.kind, one.overtime) for one in clashes(late, Decimal(3))] == [("over_cap", 4)]
    assert clashes([booked("a", "P1", "12", "3")], Decimal(3)) == []
    taken_back = [booked("a", "P1", "8"), booked("a", "P2", "0")]
    assert clashes(taken_back, None) == []


def test_conflicts_stand_on_their_page_with_their_tickets(yard: Yard) -> None:
    first = yard.ticket(DAYS[0], hours={"anna": "14.00"})
    yard.ticket(DAYS[0], hours={"anna": "11.00"}, signed=False)
    page = yard.browser("nora").get("/projects/Y1/labor/conflicts").text
    assert "More than 24 hours" in page
    assert str(yard.record(first).number) in page
    for ending in ("xlsx", "pdf"):
        answer = yard.browser("nora").get(f"/projects/Y1/labor/conflicts.{ending}")
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "page",
    ["summary.xlsx?by=team", "summary.pdf?by=subcontractor", "wages.xlsx", "wages.pdf"],
)
def test_pages_can_be_taken_along(paid: Yard, page: str) -> None:
    answer = paid.browser("mark").get(f"/projects/Y1/labor/{page}")
    assert answer.status_code == 200
    assert answer.data[:4] in (b"%PDF", b"PK\x03\x04")


def test_the_month_is_printed(paid: Yard) -> None:
    answer = paid.browser("mark").get("/projects/Y1/labor.pdf?month=2026-03")
    assert answer.data.startswith(b"%PDF")


def test_the_pages_read_in_chinese(paid: Yard) -> None:
    paid.speaks_chinese("mark")
    page = paid.browser("mark").get("/projects/Y1/labor/wages").text
    assert "未发余额" in page
