"""Money of another currency is posted only where a rate holds on its day; what lacks one is named."""

from typing import Any

import pytest

from portal.accounts.models import Company, Person
from portal.db import db
from portal.errors import Invalid
from portal.ledgers.models import Posting
from portal.records.models import Record
from tests.house import House, opening_data
from tests.ledgers.test_traps import application, contract, void
from tests.masters.acts import retire
from tests.records.pages import open_page
from tests.records.test_importing import brought, sent

CNY = "There is no rate for CNY on %s. Enter one in “Currency” first."


@pytest.fixture
def abroad(house: House) -> House:
    """The house with its project in yuan, of a company that counts in dollars."""
    with house.system(writing=True):
        company = db.session.get(Company, 1)
        assert company is not None
        company.currency = "USD"
    return house


def rate(house: House, since: str, code: str = "CNY") -> str:
    row = {"_id": "r1", "from_date": since, "rate": "0.140000", "per": 1}
    return house.entry("carla", "currency", None, code=code, name=code, rates=[row])


def refused(call: Any, *args: Any, **more: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as found:
        call(*args, **more)
    assert {one.code for one in found.value.errors} == {"no_rate"}
    return {one.path: str(one.message) for one in found.value.errors}


def test_a_contract_before_the_first_rate_is_refused_at_its_day(abroad: House) -> None:
    rate(abroad, "2026-03-01")
    before = len(abroad.rows(Posting))
    said = refused(contract, abroad, signed_on="2026-02-28")
    assert said == {"signed_on": CNY % "2026-02-28"}
    assert len(abroad.rows(Posting)) == before, "nothing is half written"
    contract(abroad, signed_on="2026-03-01")
    assert len(abroad.rows(Posting)) > before
    assert abroad.problems() == {}


def test_a_currency_out_of_use_has_its_rates_still(abroad: House) -> None:
    retire(abroad, rate(abroad, "2026-03-01"))
    assert abroad.record(contract(abroad, signed_on="2026-03-01")).state == "approved"
    assert list(refused(contract, abroad, code="K-2", signed_on="2026-02-28")) == ["signed_on"]


def test_a_currency_that_is_not_in_the_register_is_refused(abroad: House) -> None:
    rate(abroad, "2020-01-01", "EUR")
    assert "There is no rate for CNY" in refused(contract, abroad)["signed_on"]


def test_a_company_without_a_register_is_asked_for_no_rate(abroad: House) -> None:
    assert abroad.record(contract(abroad)).state == "approved"


def test_the_own_currency_needs_none(house: House) -> None:
    rate(house, "2026-03-01", "EUR")
    assert house.record(contract(house)).state == "approved"


def test_each_row_is_named(abroad: House) -> None:
    rate(abroad, "2026-03-01")
    own = abroad.entries["cost_code"]
    lines = [
        {"_id": f"r{n}", "spent_on": day, "what": "Gloves", "cost_code": own, "amount": "10.00"}
        for n, day in enumerate(("2026-02-27", "2026-03-01", "2026-02-28"))
    ]
    said = refused(abroad.file, "bea", "expense_claim", purpose="Gloves", lines=lines)
    assert said == {
        "lines[r0].spent_on": CNY % "2026-02-27",
        "lines[r2].spent_on": CNY % "2026-02-28",
    }


def test_an_application_is_refused_when_it_is_sent_and_not_at_its_last_signature(
    abroad: House,
) -> None:
    of = contract(abroad)
    rate(abroad, "2099-01-01")
    said = refused(application, abroad, of, "1")
    assert list(said) == ["period_to", "net_due"]
    assert {one.state for one in abroad.rows(Record, form="payment")} == {"draft"}


def test_a_rate_that_went_meanwhile_refuses_the_signature_and_never_the_void(
    abroad: House,
) -> None:
    of, kept = contract(abroad), rate(abroad, "2026-01-01")
    done = abroad.pass_on(application(abroad, of, "1"), "sam", "carla", "max")
    waiting = abroad.pass_on(application(abroad, contract(abroad, code="K-2"), "1"), "sam", "carla")
    rate(abroad, "2026-01-01", "EUR")
    [row] = abroad.record(kept).data["rates"]
    later = [{**row, "from_date": "2099-01-01"}]
    abroad.submit(kept, "carla", data={**abroad.record(kept).data, "rates": later})
    refused(abroad.pass_on, waiting, "max")
    assert abroad.record(waiting).state == "submitted"
    abroad.decide("reject", "max", waiting, comment="No rate")
    void(abroad, done, "carla")
    assert abroad.problems() == {}


def test_the_page_says_it_at_the_field_in_both_languages(abroad: House) -> None:
    rate(abroad, "2026-03-02")
    made = abroad.record(abroad.entries["subcontract"])
    for language, words in (
        ("en", ("There is no rate for CNY on 1 Mar 2026.", "Enter one in “Currency” first.")),
        ("zh", ("CNY 在 2026-03-01 没有可用汇率", "请先在“币种”中录入")),
    ):
        with abroad.system(writing=True):
            db.session.get_one(Person, abroad.people["bea"]).language = language
        page = open_page(abroad.browser("bea"), f"/records/{made.id}/edit")
        answer = page.fill(signed_on="2026-03-01").post("submit")
        assert answer.status_code == 422
        assert [one for one in words if one not in answer.text] == []


def test_rates_come_from_a_list_row_by_row(abroad: House) -> None:
    browser = abroad.browser("carla")
    head = "Code,Name,Valid from,In the company's currency,For so many\n"
    wrong = sent(browser, head + "JPY,Yen,2026-01-01,TBD,100\n", form="currency")
    assert "refused" in wrong.text
    assert abroad.rows(Record, form="currency") == []
    text = head + "JPY,Yen,2026-01-01,0.63,100\n,,2026-03-01,0.64,100\nCNY,Yuan,2026-01-01,0.14,1\n"
    assert brought(browser, sent(browser, text, form="currency"), "currency").status_code == 303
    found = {
        one.data["code"]: [(row["from_date"], row["rate"]) for row in one.data["rates"]]
        for one in abroad.rows(Record, form="currency")
    }
    assert found == {
        "JPY": [("2026-01-01", "0.630000"), ("2026-03-01", "0.640000")],
        "CNY": [("2026-01-01", "0.140000")],
    }


def test_the_own_currency_has_no_rates(abroad: House) -> None:
    head = "Code,Name,Valid from,In the company's currency,For so many\n"
    text = head + "EUR,Euro,2026-01-01,1.1,1\nusd,Dollar,2026-01-01,1.1,1\n"
    browser = abroad.browser("carla")
    page = sent(browser, text, form="currency")
    assert "USD is the company&#39;s own currency, always worth one: it has no rates." in page.text
    assert 'name="carried"' not in page.text
    abroad.speaks_chinese("carla")
    assert "USD 为本位币，恒为 1，无需汇率。" in sent(browser, text, form="currency").text
    with pytest.raises(Invalid) as found:
        rate(abroad, "2026-01-01", "USD")
    assert [one.path for one in found.value.errors] == ["rates[r1].rate"]
    abroad.entry("carla", "currency", None, code="USD", name="US dollar")


def test_a_price_in_an_unknown_currency_is_refused_by_its_row(abroad: House) -> None:
    head = "Code,Name,Kind,Item,Unit,Price (incl. tax),Currency,Valid from\n"
    rows = ("M-1,t,5,USD", "M-2,t,5,ZZZ", "M-3,t,5,CNY")
    text = head + "".join(f"S9,Stone,Client,{one},2026-01-01\n" for one in rows)
    browser = abroad.browser("carla")
    assert 'name="carried"' in sent(browser, text, form="party").text, "no register, nothing known"
    rate(abroad, "2026-01-01")
    page = sent(browser, text, form="party").text
    assert "M-2: “ZZZ” is no currency of the company. Enter it in “Currency”." in page
    assert ("M-1:" in page, "M-3:" in page, 'name="carried"' in page) == (False, False, False)
    abroad.speaks_chinese("carla")
    told = sent(browser, text, form="party").text
    assert "M-2：“ZZZ”不在公司币种中，请先在“币种”中录入。" in told
    mended = sent(browser, text.replace("ZZZ", "CNY"), form="party")
    assert brought(browser, mended, "party").status_code == 303


def opened(house: House, currency: str) -> str:
    money = {"currency": currency, "income": "1000000.00", "cost": "900000.00"}
    record_id = house.draft("sara", opening_data(house, **money), "project_opening", None)
    house.submit(record_id, "sara")
    return record_id


def test_a_project_opens_in_a_currency_of_the_company(abroad: House) -> None:
    offers = abroad.browser("sara").get("/forms/project_opening/new")
    assert "ZZZ" not in offers.text
    opened(abroad, "ZZZ")  # no register, nothing known
    with pytest.raises(Invalid, match="three capital letters"):
        opened(abroad, "usd")
    rate(abroad, "2026-01-01")
    with pytest.raises(Invalid) as found:
        opened(abroad, "ZZZ")
    [error] = found.value.errors
    assert error.path == "currency"
    assert str(error.message) == "“ZZZ” is no currency of the company. Enter it in “Currency”."
    assert 'value="CNY"' in abroad.browser("sara").get("/forms/project_opening/new").text
    for currency in ("CNY", "USD"):
        assert abroad.record(opened(abroad, currency)).state == "submitted"
    entry = rate(abroad, "2026-01-01", "EUR")
    assert opened(abroad, "EUR")
    retire(abroad, entry)
    with pytest.raises(Invalid, match="no currency of the company"):
        opened(abroad, "EUR")
