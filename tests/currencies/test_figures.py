"""Figures of several currencies in the company's own: the rate and its day are named, or why not."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader
from python_calamine import load_workbook

from portal.accounts.models import Company
from portal.currencies.queries import current_rates
from portal.currencies.rates import NoRate
from portal.db import db
from tests.conftest import Lending
from tests.house import House
from tests.labor.yard import Yard
from tests.masters.acts import retire


def currency(yard: Yard, code: str = "USD", *rates: tuple[str, str, int]) -> str:
    rows = [
        {"_id": f"r{n}", "from_date": day, "rate": rate, "per": per}
        for n, (day, rate, per) in enumerate(rates)
    ]
    return yard.entry("fin", "currency", None, code=code, name=code, rates=rows)


@pytest.fixture
def paid(yard: Yard, lending: Lending) -> Yard:
    """Wages of 240 dollars are owed, 96 of them paid."""
    return lending.once(_wages_in_dollars, yard)


def _wages_in_dollars(yard: Yard) -> Yard:
    with yard.system(writing=True):
        company = db.session.get(Company, 1)
        assert company is not None
        company.currency = "CNY"
    yard.ticket(date(2026, 3, 2))
    yard.payment(yard.run(), anna="28.00")
    return yard


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_portfolio_tells_all_currencies_in_one_at_the_rate_of_the_day(paid: Yard) -> None:
    currency(paid, "USD", ("2026-01-01", "7.000000", 1), ("2026-03-01", "7.120000", 1))
    page = text(paid.browser("mark").get("/portfolio").text)
    assert "1 USD = 7.12 CNY since 1 Mar 2026" in page
    assert "199.36" in page, "28 dollars paid"
    assert "Currencies are never added together" not in page


def test_without_a_rate_the_sum_is_a_dash_that_says_what_to_do(paid: Yard) -> None:
    page = paid.browser("mark").get("/portfolio").text
    assert "Not defined: no rate for USD" in page
    assert 'href="/forms/currency"' in page
    assert "199.36" not in page
    currency(paid, "USD", ("2099-01-01", "7.000000", 1))
    assert "Not defined: no rate for USD" in paid.browser("mark").get("/portfolio").text


def test_the_funds_center_tells_it_beside_its_own_currency(paid: Yard) -> None:
    currency(paid, "USD", ("2026-01-01", "712.000000", 100))
    for place in ("funds", "funds/due", "funds/accounts"):
        page = text(paid.browser("mark").get(f"/projects/Y1/{place}").text)
        assert "In CNY" in page, place
        assert "1 USD = 7.12 CNY since 1 Jan 2026" in page, place
    assert "-199.36" in text(paid.browser("mark").get("/projects/Y1/funds").text)
    assert "-199.36" in text(paid.browser("mark").get("/cash").text)


def printed(page: bytes) -> str:
    return re.sub(
        r"\s+", " ", " ".join(one.extract_text() for one in PdfReader(BytesIO(page)).pages)
    )


def test_prints_tell_what_their_pages_tell(paid: Yard) -> None:
    for place in ("cash", "projects/Y1/funds", "projects/Y1/funds/due"):
        page = printed(paid.browser("mark").get(f"/{place}.pdf").data)
        assert "Not defined: no rate for USD" in page, place
    currency(paid, "USD", ("2026-01-01", "7.120000", 1))
    words = {
        "en": ("In CNY", "1 USD = 7.12 CNY since 1 Jan 2026"),
        "zh": ("折合 CNY", "1 USD = 7.12 CNY（2026-01-01 起）"),
    }
    for language, told in words.items():
        if language == "zh":
            paid.speaks_chinese("mark")
        for place in ("cash", "projects/Y1/funds", "projects/Y1/funds/plan"):
            page = printed(paid.browser("mark").get(f"/{place}.pdf").data)
            assert [one for one in (*told, "-199.36") if one not in page] == [], (place, page)
            assert "Currencies are never added together" not in page
            assert "不同币种从不相加" not in page


def test_the_portfolio_in_excel_ends_as_the_page_does(paid: Yard) -> None:
    def rows() -> list[list[object]]:
        content = paid.browser("mark").get("/portfolio.xlsx").data
        return load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()

    place = rows()[0].index("Paid (we pay)")
    assert [(one[0], one[4], one[place]) for one in rows()[1:]] == [
        ("Y1", "USD", 28),
        ("Total", "USD", 28),
        ("All together", "CNY", "–"),
    ]
    assert "no rate for USD" in str(rows()[-1][1])
    currency(paid, "USD", ("2026-01-01", "7.120000", 1))
    assert (rows()[-1][0], rows()[-1][place]) == ("All together", 199.36)
    assert "1 USD = 7.12 CNY since 1 Jan 2026" in str(rows()[-1][1])
    paid.speaks_chinese("mark")
    assert [one[0] for one in rows()[2:]] == ["合计", "折算合计"]


def test_the_cash_page_does_not_deny_what_it_tells(paid: Yard) -> None:
    currency(paid, "USD", ("2026-01-01", "7.120000", 1))
    page = text(paid.browser("mark").get("/cash").text)
    assert "Each currency stands by itself" in page
    assert "Currencies are never added together" not in page
    paid.speaks_chinese("mark")
    page = text(paid.browser("mark").get("/cash").text)
    assert "各币种分别列示" in page
    assert "不相加" not in page


def test_in_the_company_currency_alone_nothing_is_told_twice(house: House) -> None:
    house.budget("100.00")
    page = house.browser("max").get("/portfolio").text
    assert "All together" not in page
    assert "Currencies are never added together" in page


def test_a_later_rate_changes_no_earlier_day(yard: Yard) -> None:
    made = currency(yard, "USD", ("2026-01-01", "7.020000", 1))
    data = yard.record(made).data
    rows = [*data["rates"], {"_id": "x", "from_date": "2026-03-01", "rate": "8.000000", "per": 1}]
    yard.submit(made, "fin", data={**data, "rates": rows})
    with yard.system():
        known = current_rates()
        assert known.on("USD", date(2026, 2, 1)).value == Decimal("7.02")
        assert known.on("USD", date(2026, 3, 1)).value == 8


def test_rates_of_a_currency_out_of_use_go_on_counting(paid: Yard) -> None:
    made = currency(paid, "usd", ("2026-03-01", "7.120000", 1))
    retire(paid, made, "fin")
    for place in ("portfolio", "cash", "projects/Y1/funds"):
        page = text(paid.browser("mark").get(f"/{place}").text)
        assert "1 USD = 7.12 CNY since 1 Mar 2026" in page, place
        assert "Not defined" not in page, place
    paid.speaks_chinese("mark")
    assert "无法折算" not in paid.browser("mark").get("/portfolio").text
    with paid.system(), pytest.raises(NoRate):
        current_rates().on("USD", date(2026, 2, 28))
