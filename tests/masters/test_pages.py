"""The pages of keepers: look-alikes, the preview, the reason, and who finds them."""

import re

import pytest

from portal.audit.models import AuditRow
from portal.masters.models import ToldApart
from portal.records.transitions import APPROVED, RETIRED
from tests.approvals.test_pages import HTMX, post
from tests.house import House
from tests.labor.yard import Yard
from tests.ledgers.test_traps import certified, contract
from tests.masters.acts import merge, party, retire, take_back
from tests.masters.test_merging import TWIN, twin

PAGE = "/forms/party/duplicates"


def test_look_alikes_are_named_with_what_they_share_and_what_hangs_on_them(house: House) -> None:
    browser = house.browser("carla")
    assert PAGE in browser.get("/forms/party").text
    assert "No two entries look alike" in browser.get(PAGE).text
    other = twin(house, bank_account="31-00", tax_number="T 1")
    contract(house, code="K-2", party=other)
    page, fragment = browser.get(PAGE), browser.get(PAGE, headers=HTMX)
    assert (page.status_code, fragment.status_code) == (200, 200)
    for text in (TWIN, "Harbor Steel Trading", "Account number", f"/records/{other}/merge"):
        assert text in page.text
    assert "Port Authority" not in page.text


def test_what_was_told_apart_is_suspected_no_more(house: House) -> None:
    other, supplier = twin(house), house.entries["supplier"]
    browser = house.browser("carla")
    answer = post(browser, f"{PAGE}/apart", entry=[other, supplier])
    assert answer.status_code == 303
    assert f"/records/{other}/merge" not in browser.get(PAGE).text
    assert len(house.rows(ToldApart)) == 1
    post(browser, f"{PAGE}/apart", entry=[supplier, other])
    assert len(house.rows(ToldApart)) == 1
    assert "No other entry looks like this one" in browser.get(f"/records/{other}/merge").text


def test_a_merge_is_looked_at_decided_and_taken_back(house: House) -> None:
    other, supplier = twin(house, bank_account="9999 1"), house.entries["supplier"]
    theirs = contract(house, code="K-2", party=other)
    certified(house, theirs, "100")
    browser = house.browser("carla")
    assert f"into={supplier}" in browser.get(f"/records/{other}/merge").text
    found = browser.get(f"/records/{other}/merge?q=port").text
    assert f"into={house.entries['owner']}" in found
    place = f"/records/{other}/merge?into={supplier}"
    page = browser.get(place)
    for text in ("9999 1", "3100", "differs", "Ledger entries: Funds", "Contract", "Party"):
        assert text in page.text
    assert house.record(other).state == APPROVED, "looking changes nothing"
    seen = {"version": house.record(other).revision, "into": supplier}
    seen["into_version"] = house.record(supplier).revision
    refused = post(browser, f"/records/{other}/merge", reason=" ", **seen)
    assert (refused.status_code, "Say why" in refused.text) == (422, True)
    long = post(browser, f"/records/{other}/merge", reason="x" * 1001, **seen)
    assert (long.status_code, "At most 1000 characters" in long.text) == (422, True)
    done = post(browser, f"/records/{other}/merge", reason="One company", **seen)
    assert (done.status_code, done.headers["Location"]) == (303, f"/records/{supplier}")
    gone = browser.get(f"/records/{other}").text
    assert "One company" in gone
    assert f"/records/{supplier}" in gone
    assert f"/records/{other}" in browser.get(f"/records/{supplier}").text
    assert browser.get(place).status_code == 409
    back = browser.get(f"/records/{other}/take-back")
    assert back.status_code == 200
    assert post(browser, f"/records/{other}/take-back", reason="").status_code == 422
    assert post(browser, f"/records/{other}/take-back", reason="No").status_code == 303
    assert house.record(other).state == APPROVED


def test_an_entry_is_taken_out_of_use_and_back(house: House) -> None:
    supplier = house.entries["supplier"]
    browser = house.browser("carla")
    place = f"/records/{supplier}/retire"
    assert place in browser.get(f"/records/{supplier}").text
    page = browser.get(place)
    assert (page.status_code, "Contract" in page.text) == (200, True)
    version = house.record(supplier).revision
    assert post(browser, place, version=version, reason="").status_code == 422
    assert post(browser, place, version=version + 1, reason="Closed").status_code == 409
    assert post(browser, place, version=version, reason="Closed").status_code == 303
    assert house.record(supplier).state == RETIRED
    assert "Out of use" in browser.get("/forms/party?state=retired").text
    assert "Closed" in browser.get(f"/records/{supplier}").text


@pytest.mark.parametrize("login", ["bea", "max", "olga", "olaf"])
def test_who_does_not_keep_the_register_finds_none_of_it(house: House, login: str) -> None:
    other, supplier = twin(house), house.entries["supplier"]
    browser = house.browser(login)
    assert browser.get(PAGE).status_code == 404
    for path in ("retire", "merge", f"merge?into={supplier}"):
        assert browser.get(f"/records/{other}/{path}").status_code in {403, 404}
    assert post(browser, f"{PAGE}/apart", entry=[other, supplier]).status_code in {403, 404}
    assert post(browser, f"/records/{other}/retire", reason="x", version=1).status_code in {
        403,
        404,
    }
    assert "retire" not in browser.get(f"/records/{other}").text
    assert house.record(other).state == APPROVED


def test_forms_without_duplicates_have_no_such_page(house: House) -> None:
    browser = house.browser("carla")
    for form in ("cost_code", "payment", "nothing"):
        assert browser.get(f"/forms/{form}/duplicates").status_code == 404
    code = house.entries["cost_code"]
    assert browser.get(f"/records/{code}/merge").status_code == 404
    assert browser.get(f"/records/{house.entries['subcontract']}/retire").status_code == 404
    answer = post(browser, f"/records/{code}/merge", into=house.entries["other_code"], reason="x")
    assert answer.status_code == 409


@pytest.mark.parametrize("into", ["", "nothing", "../etc", "0" * 36])
def test_a_merge_into_nothing_is_refused(house: House, into: str) -> None:
    other = twin(house)
    browser = house.browser("carla")
    assert post(browser, f"/records/{other}/merge", into=into, reason="x").status_code in {404, 422}
    assert house.record(other).state == APPROVED


def test_private_fields_are_masked_on_the_preview_and_never_listed(yard: Yard) -> None:
    yard.ids["again"] = yard.worker("Anna")
    number = str(yard.record(yard.ids["again"]).data["id_number"])
    browser = yard.browser("lara")
    page = browser.get("/forms/worker/duplicates").text
    assert "Anna" in page
    assert number not in page
    preview = browser.get(f"/records/{yard.ids['again']}/merge?into={yard.ids['anna']}").text
    assert number in preview, "the labor officer reads the roster in full"
    merge(yard, yard.ids["again"], yard.ids["anna"], "lara")
    shown = yard.browser("mark").get(f"/records/{yard.ids['again']}").text
    assert number not in shown


def test_the_list_offers_the_state_where_entries_retire(house: House) -> None:
    browser = house.browser("carla")
    assert 'value="retired"' in browser.get("/forms/party").text
    assert 'value="retired"' not in browser.get("/forms/contract").text
    assert 'value="retired"' not in browser.get("/forms/payment").text


def test_the_pages_speak_chinese(house: House) -> None:
    other = twin(house)
    party(house, "S7", "港钢")
    house.speaks_chinese("carla")
    browser = house.browser("carla")
    for place in (PAGE, f"/records/{other}/merge?into={house.entries['supplier']}"):
        text = re.sub(r"<[^>]+>", " ", browser.get(place).text)
        assert "并入" in text
        assert "Merge" not in text


def test_only_what_would_be_done_is_offered(house: House) -> None:
    other, supplier = twin(house), house.entries["supplier"]
    third = party(house, "S3", "Harbor Steel Trading Ltd")
    merge(house, other, supplier)
    browser = house.browser("carla")
    said = f"“{TWIN}” was merged into this entry. Take that back first."
    page = browser.get(f"/records/{supplier}").text
    assert said in page
    for way in ("retire", "merge"):
        assert f"/records/{supplier}/{way}" not in page
        asked = browser.get(f"/records/{supplier}/{way}")
        assert (asked.status_code, said in asked.text) == (200, True)
        assert 'name="reason"' not in asked.text
    looked = browser.get(f"/records/{supplier}/merge?into={third}").text
    assert said in looked
    assert 'name="reason"' not in looked
    turned = browser.get(f"/records/{third}/merge?into={supplier}").text
    assert 'name="reason"' in turned
    assert "The other way round" not in turned
    listed = browser.get(PAGE).text
    assert said in listed
    assert f"/records/{supplier}/merge" not in listed


@pytest.mark.parametrize(
    ("into", "told"),
    [
        ("itself", "not merged into itself"),
        ("cost_code", "Only two entries of one register"),
        ("gone", "is not in use; nothing is merged into it"),
    ],
)
def test_a_pair_that_cannot_be_one_says_why_before_the_button(
    house: House, into: str, told: str
) -> None:
    other, supplier = twin(house), house.entries["supplier"]
    house.entries |= {"itself": supplier, "gone": other}
    merge(house, other, house.entries["owner"])
    browser = house.browser("carla")
    page = browser.get(f"/records/{supplier}/merge?into={house.entries[into]}")
    assert (page.status_code, told in page.text) == (200, True)
    assert 'name="reason"' not in page.text
    assert "The other way round" not in page.text


def test_a_refusal_by_rule_is_not_called_a_race(house: House) -> None:
    other, supplier = twin(house), house.entries["supplier"]
    merge(house, other, supplier)
    browser = house.browser("carla")
    seen = house.record(supplier).revision
    refused = post(browser, f"/records/{supplier}/retire", version=seen, reason="Closed")
    assert refused.status_code == 409
    assert "was merged into this entry" in refused.text
    assert "This cannot be done as things stand" in refused.text
    assert "Somebody was faster" not in refused.text
    third = party(house, "S3", "Quay Cranes")
    late = post(browser, f"/records/{third}/retire", version=99, reason="Closed")
    assert (late.status_code, "Somebody was faster" in late.text) == (409, True)


def test_why_an_entry_went_and_came_back_stands_on_its_page_and_in_its_history(
    house: House,
) -> None:
    other, supplier = twin(house), house.entries["supplier"]
    merge(house, other, supplier, reason="One company, two names")
    browser = house.browser("carla")
    for place in (f"/records/{supplier}", f"/records/{supplier}/history"):
        page = browser.get(place).text
        assert "One company, two names" in page
        assert f"merged “{TWIN} (S2)” into it" in page or f"merged “{TWIN}” into it" in page
    take_back(house, other, reason="They are two after all")
    for place in (f"/records/{other}", f"/records/{other}/history"):
        page = browser.get(place).text
        for text in ("One company, two names", "They are two after all", "Carla"):
            assert text in page
    retire(house, other, reason="Closed down")
    assert "Closed down" in browser.get(f"/records/{other}/history").text


def test_who_said_two_are_different_is_named_and_it_can_be_taken_back(house: House) -> None:
    other, supplier = twin(house), house.entries["supplier"]
    browser = house.browser("carla")
    post(browser, f"{PAGE}/apart", entry=[other, supplier])
    page = browser.get(PAGE).text
    for text in ("Said to be different", "Carla", TWIN):
        assert text in page
    done = post(browser, f"{PAGE}/again", entry=[supplier, other])
    assert (done.status_code, house.rows(ToldApart)) == (303, [])
    assert f"/records/{other}/merge" in browser.get(PAGE).text
    assert len(house.rows(AuditRow, action="record.suspected")) == 1
    for entries in ([supplier, other], [supplier], []):
        again = post(browser, f"{PAGE}/again", entry=entries)
        assert (again.status_code, "Nobody said" in again.text) == (422, True)
    assert post(house.browser("bea"), f"{PAGE}/again", entry=[supplier, other]).status_code == 403


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_are_not_noted_as_different(house: House, count: int) -> None:
    other = twin(house)
    browser = house.browser("carla")
    answer = post(browser, f"{PAGE}/apart", entry=[other, other][:count] * 2)
    assert (answer.status_code, "Name at least two entries" in answer.text) == (422, True)
    mixed = post(browser, f"{PAGE}/apart", entry=[other, house.entries["cost_code"]])
    assert mixed.status_code == 422
    assert house.rows(ToldApart) == []
