"""The expected margin: income without tax less the estimate at completion, or the reason why not."""

from dataclasses import replace
from decimal import Decimal

from portal.costs.margin import INCOME, Margin
from portal.db import db
from portal.ledgers.pages import Figure, Way
from tests.ledgers.fixtures import Cast
from tests.ledgers.reading import last_running_total, total


def figure(value: str) -> Figure:
    return Figure(Decimal(value), INCOME, "CNY", Way("P1", "cost", INCOME.key, {}))


def test_the_margin_is_what_is_left_of_the_income() -> None:
    margin = Margin(figure("1000"), figure("850"), 0)
    assert (margin.value, margin.share) == (150, 15)
    loss = replace(margin, cost=figure("1200"))
    assert (loss.value, loss.share) == (-200, -20)


def test_without_its_tax_or_without_income_it_is_not_defined() -> None:
    assert Margin(figure("1000"), figure("850"), 1).value is None
    assert Margin(figure("1000"), figure("850"), 1).share is None
    assert Margin(figure("0"), figure("850"), 0).share is None


def test_an_income_that_does_not_say_its_tax_is_told(cast: Cast) -> None:
    with cast.site.app.app_context():
        site = cast.site
        party = site.entry("party", "O-02", "Owner")
        contract = site.entry("contract", "M-009", "Hall", party=party)
        site.funds(contract, "in", contract="5000000.00")
        db.session.commit()
    page = cast.browser("member").get("/projects/P1/cost").text
    assert "1 contracts or changes do not say their tax." in page
    address = "/projects/P1/entries?ledger=cost&column=income&ccy=CNY"
    entries = cast.browser("member").get(address).text
    assert total(entries) == last_running_total(entries) == 5000000
