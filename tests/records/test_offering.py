"""Plain fields that offer values of a register: what is in force on the day of the document."""

from typing import Any

import pytest

from portal.errors import Invalid
from portal.ledgers.models import Posting
from portal.records.models import Record, RecordRevision
from tests.house import House, house
from tests.ledgers.test_traps import contract
from tests.masters.acts import merge, retire
from tests.masters.test_definitions import said
from tests.records.pages import open_page
from tests.records.test_importing import brought, sent

__all__ = ["house"]


@pytest.fixture
def taxed(house: House) -> House:
    """A house with tax rates: 10 % until March 2019, 9 % since, 3 % always."""
    for code, percent, since, until in (
        ("T10", "10.00", "2018-05-01", "2019-03-31"),
        ("T9", "9.00", "2019-04-01", None),
        ("T3", "3.00", "2016-05-01", None),
    ):
        house.entries[code] = house.entry(
            "carla", "tax_rate", None, code=code, name=f"Tax {percent}", percent=percent,
            valid_from=since, **({"valid_until": until} if until else {}),
        )  # fmt: skip
    for code in ("m", "t"):
        house.entry("carla", "unit", None, code=code, name=f"Unit {code}", measure="count")
    return house


def offered(page: str, name: str) -> str:
    """The list of values a field offers."""
    return page.partition(f'<datalist id="o-{name}"')[2].partition("</datalist>")[0]


def test_a_form_offers_what_is_in_force(taxed: House) -> None:
    page = taxed.browser("bea").get("/forms/contract/new?project=P1").text
    rates = offered(page, "tax_percent")
    assert [one in rates for one in ('"9.00"', '"3.00"', '"10.00"')] == [True, True, False]
    assert "Tax 9.00" in rates
    assert 'list="o-tax_percent"' in page
    units = offered(page, "lines-unit")
    assert all(f'value="{one}"' in units for one in ("m", "t"))


def test_the_day_of_the_document_decides(taxed: House) -> None:
    draft = taxed.draft("bea", {"code": "K", "name": "Old", "signed_on": "2019-03-31"}, "contract")
    page = taxed.browser("bea").get(f"/records/{draft}/edit").text
    rates = offered(page, "tax_percent")
    assert ['"10.00"' in rates, '"9.00"' in rates] == [True, False]


def test_units_are_offered_and_any_other_is_taken(taxed: House) -> None:
    made = contract(taxed)
    line = {**taxed.record(made).data["lines"][0], "unit": "bundle"}
    taxed.submit(made, "bea", data={**taxed.record(made).data, "lines": [line]})
    assert taxed.record(made).data["lines"][0]["unit"] == "bundle"


def test_what_was_signed_stays_whatever_becomes_of_the_register(taxed: House) -> None:
    made = contract(taxed)
    retire(taxed, taxed.entries["T9"])
    page = taxed.browser("bea").get(f"/records/{made}/edit").text
    assert '"9.00"' not in offered(page, "tax_percent")
    data = taxed.record(made).data
    taxed.submit(made, "bea", data={**data, "name": "Piling, revised"})
    assert taxed.record(made).data["tax_percent"] == "9.00"


def refusal(call: Any, *args: Any, **more: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as found:
        call(*args, **more)
    return {one.path: str(one.message) for one in found.value.errors}


def test_only_a_tax_rate_in_force_on_the_document_s_day_is_taken(taxed: House) -> None:
    def kept() -> tuple[int, int]:
        return len(taxed.rows(Posting)), len(taxed.rows(RecordRevision))

    before = kept()
    said = refusal(contract, taxed, tax_percent="10.00", signed_on="2019-04-01")
    assert list(said) == ["tax_percent"]
    assert "“10.00” is not in “Tax rate” on 2019-04-01" in said["tax_percent"]
    assert "In force are: 3.00, 9.00." in said["tax_percent"]
    assert kept() == before, "nothing is half written"
    contract(taxed, tax_percent="10.00", signed_on="2019-03-31")
    made = contract(taxed, tax_percent="9", signed_on="2019-04-01", code="K2")
    earlier = {**taxed.record(made).data, "signed_on": "2019-03-31"}
    assert "9" in refusal(taxed.submit, made, "bea", data=earlier)["tax_percent"]


def test_a_refused_rate_is_told_at_its_field_in_both_languages(taxed: House) -> None:
    made = contract(taxed)
    data = {**taxed.record(made).data, "tax_percent": "7.50"}
    draft = taxed.draft("bea", {**data, "code": "K9"}, "contract")
    page = open_page(taxed.browser("bea"), f"/records/{draft}/edit")
    answer = page.post("submit").text
    assert "“7.50” is not in “Tax rate”" in answer
    assert "7.50" in answer, "what was typed stays"
    taxed.speaks_chinese("bea")
    assert (
        "“7.50”在" in open_page(taxed.browser("bea"), f"/records/{draft}/edit").post("submit").text
    )


def test_without_a_register_any_rate_is_taken(house: House) -> None:
    assert house.record(contract(house, tax_percent="7.50")).data["tax_percent"] == "7.50"


def test_without_a_register_nothing_is_offered(house: House) -> None:
    page = house.browser("bea").get("/forms/contract/new?project=P1").text
    assert "<option" not in offered(page, "tax_percent")


def test_a_new_day_brings_its_own_rates_to_the_page(taxed: House) -> None:
    page = open_page(taxed.browser("bea"), "/forms/contract/new?project=P1")
    page.fill(signed_on="2019-03-31")
    answer = page.post("recalculate", htmx=True, _changed=["signed_on"]).text
    rates = offered(answer, "tax_percent")
    assert ['"10.00"' in rates, '"9.00"' in rates] == [True, False]
    assert 'name="tax_percent"' not in answer, "what is being typed is never exchanged"


def test_tax_rates_come_from_a_list(house: House) -> None:
    browser = house.browser("carla")
    head = "Code,Name,Tax rate,Valid from\n"
    wrong = sent(browser, head + "T9,VAT,9,2019-04-31\n", form="tax_rate")
    assert "refused" in wrong.text
    good = sent(browser, head + "T9,VAT,9,2019-04-01\nT6,VAT,6,2016-05-01\n", form="tax_rate")
    assert brought(browser, good, "tax_rate").status_code == 303
    found = {one.data["code"]: one.data["percent"] for one in house.rows(Record, form="tax_rate")}
    assert found == {"T9": "9.00", "T6": "6.00"}


def test_units_that_look_alike_are_merged(taxed: House) -> None:
    twin = taxed.entry("carla", "unit", None, code="mtr", name="Unit  M", measure="count")
    assert "mtr" in taxed.browser("carla").get("/forms/unit/duplicates").text
    [stays] = [one for one in taxed.rows(Record, form="unit") if one.data["code"] == "m"]
    merge(taxed, twin, stays.id)
    units = offered(taxed.browser("bea").get("/forms/contract/new?project=P1").text, "lines-unit")
    assert ['value="m"' in units, 'value="mtr"' in units] == [True, False]


@pytest.mark.parametrize(
    ("offers", "words"),
    [
        ({"form": "unit", "value": "cod"}, "cod"),
        ({"form": "unit", "value": "code", "on": "name"}, "is no date"),
        ({"form": "tax_rate", "value": "percent"}, "percent"),
        ({"form": "party", "value": "tax_number", "never": True}, "never"),
    ],
)
def test_what_cannot_be_offered_is_refused_at_its_place(offers: Any, words: str) -> None:
    def edit(raw: Any) -> None:
        columns = raw["data"]["properties"]["lines"]["items"]["properties"]
        columns["unit"]["x-field"]["offers"] = offers

    assert words in said("contracts", "contract.form.json", edit)
