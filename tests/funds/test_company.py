"""The cash of the company: what it adds up, what causes its lowest point, who sees which projects."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import pytest
from flask import Flask
from pypdf import PdfReader
from python_calamine import load_workbook
from sqlalchemy import select

from portal.db import SYSTEM, db, set_context
from portal.funds.chain import claims
from portal.funds.company.blocks import company_cash
from portal.funds.company.together import together
from portal.funds.outlook import outlooks
from portal.funds.projection import LeftOut
from portal.funds.reading import read_book
from portal.projects.queries import visible_projects
from portal.records.models import Record
from tests.funds.adding import astray, figures_of
from tests.funds.company import CASHIER, ENGINEER, FINANCE, Firm, P
from tests.funds.test_pages import READER, browser, firm, text_of
from tests.ledgers.fixtures import Cast, cast

__all__ = ["cast", "firm"]


@pytest.fixture
def two(app: Flask, cast: Cast) -> Cast:
    """P1 in CNY, furnished; P2 with money in USD and in CNY, of which the member sees both."""
    with cast.site.app.app_context():
        set_context(db.session(), SYSTEM)
        cast.site.funds(cast.site.entry("contract", "K9", "Dredging"), certified="700.00")
        db.session.commit()
    return cast


def test_the_company_is_the_sum_of_its_projects_day_by_day(firm: Firm) -> None:
    with firm.app.app_context():
        set_context(db.session(), SYSTEM)
        (whole,) = company_cash(firm.story.now)
        of = [one for project in visible_projects() for one in outlooks(project)]
        days = [point.on for point in whole.points]
        assert days[0] == whole.today
        assert all(a < b for a, b in pairwise(days))
        for point in whole.points:
            parts = [
                one.projection.cash
                + sum((e.signed for e in one.projection.expected if e.on <= point.on), Decimal(0))
                for one in of
            ]
            assert point.balance == sum(parts)
        assert whole.cash == sum(one.projection.cash for one in of)
        assert whole.months[-1].closing == sum(one.projection.months[-1].closing for one in of)
        assert sum(sum(stand.accounts.values()) for stand in whole.stands) == whole.cash


def test_the_lowest_point_and_what_each_project_adds_to_it(firm: Firm) -> None:
    page = text_of(browser(firm, READER).get("/cash").text)
    assert "Lowest balance ahead -780,000.00 CNY on 20 Jun 2026" in page
    assert "Balance on 20 Jun 2026" in page
    with firm.app.app_context():
        set_context(db.session(), SYSTEM)
        (whole,) = company_cash(firm.story.now)
        assert whole.lowest.on == date(2026, 6, 20)
        assert sum(one.balance_on(whole.lowest.on) for one in whole.stands) == whole.lowest.balance


def test_what_is_posted_later_stands_there_at_once(firm: Firm) -> None:
    client = browser(firm, READER)
    before = text_of(client.get("/cash").text)
    assert text_of(client.get("/cash").text) == before
    assert "55,555.00" not in before
    with firm.at_work():
        firm.account("Second account", "55555.00")
    assert "55,555.00" in client.get("/cash").text


def test_every_table_prints_and_exports(firm: Firm) -> None:
    client = browser(firm, READER)
    printed = client.get("/cash.pdf")
    assert printed.mimetype == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(printed.data)).pages)
    assert "Which projects cause the lowest point?" in text
    assert "780,000.00" in text
    for key in ("causes", "accounts", "ageing_in", "ageing_out", "retention", "months"):
        book = ZipFile(BytesIO(client.get(f"/cash.xlsx?table={key}").data))
        assert "xl/worksheets/sheet1.xml" in book.namelist()
    assert client.get("/cash.xlsx?table=none").status_code == 404


def test_it_stands_beside_the_portfolio_for_staff_alone(two: Cast) -> None:
    page = two.browser("member").get("/portfolio").text
    assert 'href="/cash"' in page
    month = re.search(r'href="(/cash/month[^"]+)"', two.browser("member").get("/cash").text)
    assert month
    for path in ("/cash", "/cash.xlsx", "/cash.pdf", unescape(month[1])):
        assert two.browser("external").get(path).status_code == 404
        assert two.browser("member").get(path).status_code == 200
    assert 'href="/cash"' not in two.browser("external").get("/").text
    for asked in ("", "?ccy=CNY", "?ccy=XXX&month=2026-03", "?ccy=CNY&month=x", "?month=1900-01"):
        assert two.browser("member").get(f"/cash/month{asked}").status_code == 404


def test_a_stranger_sees_nothing_of_projects_of_others(two: Cast) -> None:
    page = two.browser("outsider").get("/cash").text
    assert "No money has been posted yet" in page
    assert "P1" in two.browser("member").get("/cash").text


def test_nothing_in_the_company_is_no_error(app: Flask) -> None:
    with app.app_context():
        set_context(db.session(), SYSTEM)
        from portal import clock

        assert company_cash(clock.now()) == []
        with pytest.raises(ValueError, match="empty"):
            together("CNY", [])


def test_the_chain_of_a_contract_leads_from_claim_to_invoice_to_payment(firm: Firm) -> None:
    with firm.app.app_context():
        set_context(db.session(), SYSTEM)
        (project,) = [one for one in visible_projects() if one.code == P]
        entries = read_book(project).of("CNY")
        contract = next(one.key.contract for one in entries if one.stage == "invoiced")
        assert contract is not None
        found = claims(entries, contract, "out")
        # the invoice names no application: it stands for none
        assert [(one.owed, one.paid, one.open) for one in found] == [
            (95000, 60000, 35000), (0, 0, 0),
        ]  # fmt: skip
        assert [[p.amount for p in one.payments] for one in found] == [[60000], []]
        assert [one.invoiced for one in found] == [0, 109000]
    client = browser(firm, READER)
    page = client.get(f"/projects/{P}/funds").text
    address = f"/projects/{P}/funds/contracts/{contract}"
    assert address in page
    chain = client.get(address)
    assert chain.status_code == 200
    told = text_of(chain.text)
    for words in ("Payment application", "Payment voucher", "Invoice received", "35,000.00"):
        assert words in told
    assert client.get(f"{address}.pdf").mimetype == "application/pdf"
    assert client.get(f"{address}.xlsx?table=chain_out").status_code == 200
    assert client.get(f"/projects/{P}/funds/contracts/none").status_code == 404


def test_who_may_not_see_a_project_sees_no_chain(firm: Firm) -> None:
    for login in (CASHIER, FINANCE):
        assert browser(firm, login).get("/cash").status_code == 200
    stranger = browser(firm, "p.nair")
    assert stranger.get(f"/projects/{P}/funds/contracts/x").status_code == 404


def test_the_paper_has_title_curve_and_notes_once(firm: Firm) -> None:
    client = browser(firm, READER)
    pages = [page.extract_text() for page in PdfReader(BytesIO(client.get("/cash.pdf").data)).pages]
    whole = " ".join(" ".join(pages).split())
    for told in (
        "When is the cash lowest?",
        "Solid: what moved. Dashed: what is expected.",
        "lowest -780,000.00 on 20 Jun 2026",
        "Balances on the day on which the cash of all of them is lowest",
        "Days since the due date.",
    ):
        assert told in whole, told
    assert len(pages) > 1
    for page in pages[1:]:
        assert page.count("Cash of the company") == 1
        assert not page.lstrip().startswith("·")
    plan = PdfReader(BytesIO(client.get(f"/projects/{P}/funds/plan.pdf").data)).pages
    told = " ".join(" ".join(page.extract_text() for page in plan).split())
    assert "When is the cash lowest?" in told
    assert "What we owe counts today" in told
    assert "Currencies are never added together" not in told, "there is only one"


def test_what_is_left_out_is_told_apart_by_whether_it_is_owed(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    with firm.at_work():
        line = {"on": firm.today, "direction": "in", "category": "funding", "amount": "20000.00"}
        month = f"{firm.today[:7]}-01"
        firm.signed(ENGINEER, "funds_plan", title="Loan", month=month, lines=[line])
        firm.wait(days=2)
    now = firm.story.now
    monkeypatch.setattr("portal.clock.now", lambda: now)
    with firm.app.app_context():
        set_context(db.session(), SYSTEM)
        (whole,) = company_cash(now)
        assert whole.left_out == LeftOut(Decimal(101000), Decimal(0), Decimal(20000))
        (project,) = [one for one in visible_projects() if one.code == P]
        (own,) = outlooks(project)
        assert not [one for one in own.projection.expected if one.signed > 0 and one.due < one.on]
    client = browser(firm, READER)
    told = text_of(client.get("/cash").text)
    assert "These balances leave out what should have come in by now" in told
    assert "101,000.00 CNY is overdue to us." in told
    assert "20,000.00 CNY was planned for days that have passed; nobody owes it yet." in told
    links = figures_of(client.get("/cash").text)
    assert ("#ageing_in-CNY", "101,000.00") in links
    place = f"/projects/{P}/funds/plan#left_out-CNY"
    assert {(place, "101,000.00"), (place, "20,000.00")} <= set(links)
    assert astray(client, "/cash") == []
    months = [place for place, _amount in links if place.startswith("/cash/month?")]
    assert len(set(months)) == 3
    assert all(astray(client, month) == [] for month in sorted(set(months)))
    sheet = client.get(sorted(set(months))[0].replace("/cash/month?", "/cash/month.xlsx?")).data
    assert load_workbook(BytesIO(sheet)).get_sheet_by_index(0).to_python()[0][1] == "Project"
    assert astray(client, f"/projects/{P}/funds/due") == []


def test_an_empty_company_exports_heads_alone(two: Cast) -> None:
    client = two.browser("outsider")
    assert client.get("/cash.pdf").status_code == 200
    for table in ("causes", "accounts", "months", "retention", "ageing_in"):
        answer = client.get(f"/cash.xlsx?table={table}")
        assert answer.status_code == 200
        rows = load_workbook(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
        assert rows[0][0] == "Currency"
        assert all(row[1] == "Total" for row in rows[1:])
    assert client.get("/cash.xlsx?table=none").status_code == 404


def test_an_issued_invoice_is_called_by_its_number(firm: Firm) -> None:
    client = browser(firm, READER)
    with firm.app.app_context():
        set_context(db.session(), SYSTEM)
        claim = db.session.scalars(select(Record).where(Record.form == "income_claim")).one()
        own = db.session.scalars(select(Record).where(Record.form == "supplier_invoice")).one()
        contract, record_id = claim.data["contract"], claim.id
        theirs, number = own.data["contract"], own.number
    with firm.at_work():
        data = {"contract": contract, "certificate": record_id, "number": "OUT-7788"}
        firm.file(FINANCE, "sales_invoice", issued_on=firm.today, total="1000.00", **data)
    told = text_of(client.get(f"/projects/{P}/funds/contracts/{contract}").text)
    assert "– OUT-7788" in told
    assert "OUT-7788" in " ".join(
        page.extract_text()
        for page in PdfReader(
            BytesIO(client.get(f"/projects/{P}/funds/contracts/{contract}.pdf").data)
        ).pages
    )
    page = text_of(client.get(f"/projects/{P}/funds/contracts/{theirs}").text)
    assert f"– {number}" in page
    assert "3100-77" in page
