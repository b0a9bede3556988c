"""The pages of the funds center: every figure is what it leads to; exports; who may not look."""

import re
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import SYSTEM, db, set_context, write_transaction
from portal.projects import services as projects
from tests.charted import charts_of, read_points
from tests.conftest import Lending
from tests.funds.adding import astray, figures_of
from tests.funds.company import ENGINEER, FINANCE, Firm, P, found_firm
from tests.ledgers.site import Site

READER = "t.becker"  # reads English
PAGES = ("funds", "funds/plan", "funds/due", "funds/checks", "funds/accounts")


@pytest.fixture
def firm(app: Flask, lending: Lending, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """A firm that certified, paid, received, planned; and the clock stands at its last day."""
    firm = lending.once(_busy_firm, app)
    now = firm.story.now
    monkeypatch.setattr("portal.clock.now", lambda: now)
    return firm


def _busy_firm(app: Flask) -> Firm:
    firm = found_firm(app)
    with firm.at_work():
        story = firm.story
        account = firm.account("Project account", "100000.00")
        story.ids["account"] = account
        out, into = firm.contract("E-1"), firm.contract("I-1", "income")
        lines = [
            {"on": "2026-03-20", "direction": "out", "category": "progress", "amount": "50000.00"}
            | {"contract": out.id},
            {"on": "2026-06-20", "direction": "out", "category": "progress", "amount": "900000.00"}
            | {"contract": out.id},
            {"on": "2026-06-25", "direction": "in", "category": "funding", "amount": "300000.00"},
        ]
        firm.signed(ENGINEER, "funds_plan", title="Plan", month="2026-03-01", lines=lines)
        application = firm.application(out, "100.000")  # 95,000 due after 30 days
        claim = firm.certificate(into, "200.000", cut="180.000")  # 171,000
        firm.wait(days=20)
        firm.voucher(application=application.id, account=account, partial_amount="60000.00")
        firm.receipt(certificate=claim.id, account=account, part="70000.00")
        row = {"number": "3100-77", "issued_on": firm.today, "total": "109000.00"}
        party = out.data["party"]
        invoice = {"contract": out.id, "party": party, "invoices": [row], "numbers_match": True}
        firm.file(FINANCE, "supplier_invoice", received_on=firm.today, **invoice)
        shares = [
            {"cost_code": story.ids["code:04.01"], "source": story.ids["party:C-001"], "share": s}
            for s in ("100.00",)
        ]
        firm.file(FINANCE, "funding", title="Funding", valid_from="2026-03-01", lines=shares)
        firm.wait(days=30)  # both rests are overdue
    return firm


def browser(firm: Firm, login: str) -> FlaskClient:
    site = Site.__new__(Site)
    site.app = firm.app
    return site.browser(firm.story.ids[f"person:{login}"])


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_the_plan_page_tells_the_lowest_point_and_what_is_overdue(firm: Firm) -> None:
    page = browser(firm, READER).get(f"/projects/{P}/funds/plan").text
    told = text_of(page)
    assert "110,000.00" in told  # 100,000 + 70,000 − 60,000
    # June: 900,000 − (60,000 paid + 35,000 owed − 50,000 of March) and 300,000 that come later;
    # what the owner is late with does not count: 110,000 − 35,000 − 855,000
    assert "-780,000.00 CNY" in told
    assert "Peak need 780,000.00 CNY" in told
    assert "on 20 Jun 2026" in told
    assert "days late" in told
    assert page.count("<svg") >= 2
    assert 'role="img"' in page


@pytest.mark.parametrize("path", [f"/projects/{P}/funds/plan", "/cash"])
def test_the_chart_tells_balances_that_lead_to_what_adds_up_to_them(firm: Firm, path: str) -> None:
    client = browser(firm, READER)
    (chart,) = charts_of(client.get(path).text)
    assert [one["key"] for one in chart["series"]] == ["below", "past", "future", "low"]
    past, future = read_points(chart, "past"), read_points(chart, "future")
    assert past[-1][:2] == ("21 Apr 2026", "110,000.00")
    ((_on, lowest, _href),) = read_points(chart, "low")
    assert lowest == "-780k, 20 Jun 2026"
    assert ("20 Jun 2026", "-780,000.00") in [one[:2] for one in future]
    for on, shown, address in [*past, *future]:
        if not address:  # before anything moved
            assert (path, shown) == ("/cash", "0.00")
            continue
        answer = client.get(address)
        assert answer.status_code == 200, address
        if path != "/cash":  # a day of the company leads to its month
            assert shown in text_of(answer.text), (on, address)


def figure_links(page: str) -> list[tuple[str, str]]:
    """(address, amount) of every linked amount of a page."""
    found = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>\s*(-?[\d,]+\.\d\d)\s*</a>', page)
    return [(unescape(address), amount) for address, amount in found]


@pytest.mark.parametrize("path", PAGES)
def test_every_figure_leads_to_entries_or_parts_that_add_up_to_it(firm: Firm, path: str) -> None:
    client = browser(firm, READER)
    links = figure_links(client.get(f"/projects/{P}/{path}").text)
    assert links
    for address, amount in dict.fromkeys(links):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert amount in text_of(answer.text) or amount == "0.00", (address, amount)


def test_what_is_due_and_overdue_leads_to_what_adds_up_to_it(firm: Firm) -> None:
    client = browser(firm, READER)
    page = client.get(f"/projects/{P}/funds/due").text
    assert ("#items_in-CNY", "101,000.00") in figures_of(page)
    assert ("#items_out-CNY", "35,000.00") in figures_of(page)
    assert astray(client, f"/projects/{P}/funds/due") == []
    assert astray(client, "/cash") == []


@pytest.mark.parametrize("path", PAGES)
def test_pages_print_and_export(firm: Firm, path: str) -> None:
    client = browser(firm, READER)
    printed = client.get(f"/projects/{P}/{path}.pdf")
    assert printed.mimetype == "application/pdf"
    assert printed.data.startswith(b"%PDF")
    page = client.get(f"/projects/{P}/{path}").text
    exports = [unescape(one) for one in re.findall(r'href="([^"]+\.xlsx[^"]*)"', page)]
    assert exports
    for address in exports:
        with ZipFile(BytesIO(client.get(address).data)) as book:
            assert "xl/worksheets/sheet1.xml" in book.namelist(), address


def test_due_and_checks_say_what_is_wrong(firm: Firm) -> None:
    client = browser(firm, READER)
    due = text_of(client.get(f"/projects/{P}/funds/due").text)
    assert "101,000.00" in due  # 171,000 less 70,000, overdue to us
    assert "35,000.00" in due
    checks = text_of(client.get(f"/projects/{P}/funds/checks").text)
    assert "Invoiced above what is certified" in checks
    assert "9,000.00" in checks
    assert "Certified and not invoiced" in checks  # nothing was invoiced to the owner


def test_addresses_that_mean_nothing_are_not_found(firm: Firm) -> None:
    client = browser(firm, READER)
    for path in (
        "funds/expected",
        "funds/expected?ccy=CNY",
        "funds/expected?ccy=CNY&until=soon",
        "funds/expected?ccy=CNY&month=2026-13&direction=in",
        "funds/expected?ccy=XXX&until=2026-06-01",
        "funds/parts?column=nothing&ccy=CNY",
        "funds/plan.xlsx?table=nothing",
        "funds/due.xlsx",
    ):
        assert client.get(f"/projects/{P}/{path}").status_code == 404, path


def test_strangers_and_people_from_outside_see_none_of_it(firm: Firm) -> None:
    for login in ("ye.qing", "o.haddad"):
        client = browser(firm, login)
        for path in (
            *PAGES,
            "funds/plan.xlsx",
            "funds/due.pdf",
            "funds/expected?ccy=CNY&until=2026-06-01",
        ):
            assert client.get(f"/projects/{P}/{path}").status_code == 404, (login, path)


def test_without_money_the_pages_say_what_to_do(firm: Firm) -> None:
    with firm.app.app_context():
        set_context(db.session(), SYSTEM)
        with write_transaction():
            admin = firm.story.become("an.ran")
            made = projects.create_project(
                actor=admin, code="EMPTY", name="Empty", currency="CNY", zone="Asia/Shanghai",
                department_id=None, starts_on=None, ends_on=None, now=firm.story.now,
            )  # fmt: skip
            projects.add_member(
                actor=admin,
                project_id=made.id,
                person_id=firm.story.ids[f"person:{READER}"],
                role="member",
                now=firm.story.now,
            )
    client = browser(firm, READER)
    for path in PAGES:
        assert "No money has been posted yet" in client.get(f"/projects/EMPTY/{path}").text, path


def test_an_invoice_number_on_two_applications_is_told(firm: Firm) -> None:
    with firm.at_work():
        contract = firm.contract("E-2")
        for number in ("FP 0099", "fp0099"):
            firm.wait(days=1)
            firm.application(contract, "10.000", invoice_no=number)
    checks = text_of(browser(firm, READER).get(f"/projects/{P}/funds/checks").text)
    assert "FP 0099" in checks
    assert "fp0099" in checks
