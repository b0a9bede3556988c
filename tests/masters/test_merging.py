"""Two entries that are one: figures stand under the one that stays, documents keep their names."""

from decimal import Decimal
from typing import Any

import pytest

from portal.audit.models import AuditRow
from portal.errors import Conflict, Forbidden, Invalid
from portal.funds.invoice_numbers import used_twice
from portal.funds.queries import funds_sheets
from portal.ledgers.models import FundsEntry
from portal.masters import services
from portal.projects.queries import project_brief
from portal.records.models import Record, Retirement
from portal.records.transitions import APPROVED, RETIRED
from tests.approvals.racing import together
from tests.house import House
from tests.ledgers.test_traps import application, certified, contract, void
from tests.masters.acts import by_party, merge, party, take_back
from tests.masters.test_retiring import offered
from tests.records.test_importing import brought, sent
from tests.stage import Stage

TWIN = "Harbor Steel Trading Co., Ltd."


def twin(house: House, **more: Any) -> str:
    """The supplier once more, filed by somebody who did not look."""
    return party(house, "S2", TWIN, **more)


def two_contracts(house: House) -> tuple[str, str, str]:
    """(the twin, a contract with it, one with the supplier)."""
    other = twin(house)
    mine = contract(house, code="K-1")
    theirs = contract(house, code="K-2", party=other)
    return other, theirs, mine


def test_sums_stand_once_and_nothing_posted_changes(house: House) -> None:
    other, theirs, mine = two_contracts(house)
    supplier = house.entries["supplier"]
    paper = certified(house, theirs, "100")
    certified(house, mine, "200")
    assert by_party(house) == {other: 10_900, supplier: 21_800}
    entries = house.fingerprint()["funds_entry"]
    merge(house, other, supplier, reason="The same company")
    assert by_party(house) == {supplier: 32_700}
    for asked in (supplier, other):
        assert by_party(house, {"party_id": (asked,)}) == {supplier: 32_700}
    assert house.fingerprint()["funds_entry"] == entries
    assert house.record(paper).data["party"] == other
    page = house.browser("max").get(f"/records/{paper}")
    assert TWIN in page.text, "a signed document keeps the name it was signed with"
    [note] = house.rows(AuditRow, action="record.merge")
    assert (note.object_id, note.detail["into"], note.detail["reason"]) == (
        other,
        supplier,
        "The same company",
    )
    assert house.problems() == {}
    take_back(house, other)
    assert by_party(house) == {other: 10_900, supplier: 21_800}
    assert len(house.rows(AuditRow, action="record.unmerge")) == 1
    assert house.problems() == {}


def test_the_contract_ledger_names_the_one_that_stays(house: House) -> None:
    other, _theirs, _mine = two_contracts(house)
    merge(house, other, house.entries["supplier"])
    with house.looking("max"):
        project = project_brief(house.projects["P1"])
        assert project is not None
        parties = {row.party.name for one in funds_sheets(project) for row in one.rows if row.party}
    assert parties == {"Harbor Steel Trading", "Port Authority"}


def test_what_follows_a_contract_goes_on_under_the_one_that_stays(house: House) -> None:
    other, theirs, _mine = two_contracts(house)
    supplier = house.entries["supplier"]
    merge(house, other, supplier)
    paper = certified(house, theirs, "100")
    assert house.record(theirs).data["party"] == other
    assert house.record(paper).data["party"] == supplier
    assert {one.party_id for one in house.rows(FundsEntry, record_id=paper)} == {supplier}
    page = house.browser("max").get("/projects/P1/funds/checks")
    assert page.status_code == 200
    assert "Paid to another party" not in page.text
    assert house.problems() == {}


def test_what_was_on_its_way_is_decided_under_the_name_it_was_sent_with(house: House) -> None:
    other, theirs, _mine = two_contracts(house)
    paper = application(house, theirs, "100")
    merge(house, other, house.entries["supplier"])
    house.pass_on(paper, "sam", "carla", "max")
    assert house.record(paper).data["party"] == other
    assert by_party(house) == {house.entries["supplier"]: 10_900}
    void(house, paper, "carla")
    assert by_party(house) == {}
    assert house.problems() == {}


def test_the_merged_one_is_found_by_its_name_and_offered_no_more(house: House) -> None:
    other = twin(house)
    merge(house, other, house.entries["supplier"])
    assert other not in offered(house, "contract", "party")
    assert offered(house, "contract", "party", "Trading Co.") == [house.entries["supplier"]]


def test_a_draft_that_names_it_is_told_what_to_choose(house: House) -> None:
    other = twin(house)
    data = {"code": "J-1", "name": "Crane", "owned": "hired", "party": other}
    data |= {"rate_unit": "shift", "rate": "1.00", "cost_code": house.entries["machines"]}
    draft = house.draft("quin", data, "machine")
    merge(house, other, house.entries["supplier"])
    with pytest.raises(Invalid) as refused:
        house.submit(draft, "quin")
    [error] = refused.value.errors
    assert (error.path, error.code) == ("party", "out_of_use")
    assert "Harbor Steel Trading" in str(error.message).replace(TWIN, "")


def test_lists_and_pages_show_what_was_filed_under_both(house: House) -> None:
    other, theirs, mine = two_contracts(house)
    supplier = house.entries["supplier"]
    merge(house, other, supplier)
    browser = house.browser("max")
    page = browser.get(f"/records/{supplier}").text
    assert all(f"/records/{one}" in page for one in (theirs, mine, other))
    listed = browser.get(f"/forms/contract?f.party={supplier}").text
    assert all(f"/records/{one}" in listed for one in (theirs, mine))
    assert f'value="{other}"' not in browser.get("/forms/contract").text


def test_an_entry_of_the_ledger_is_listed_under_the_one_that_stays(house: House) -> None:
    other, theirs, _mine = two_contracts(house)
    certified(house, theirs, "100")
    merge(house, other, house.entries["supplier"])
    asked = "/projects/P1/entries?ledger=funds&column=certified&ccy=CNY&party="
    for one in (other, house.entries["supplier"]):
        page = house.browser("max").get(asked + one)
        assert page.status_code == 200
        assert "10,900.00" in page.text


def test_no_chain_and_no_circle(house: House) -> None:
    supplier, other = house.entries["supplier"], twin(house)
    third = party(house, "S3", "Harbor Steel")
    merge(house, other, supplier)
    for goes, stays in ((supplier, other), (supplier, third), (third, other), (other, third)):
        with pytest.raises(Conflict):
            merge(house, goes, stays)
    with pytest.raises(Invalid):
        merge(house, third, third)
    merge(house, third, supplier)
    assert house.record(supplier).state == APPROVED
    take_back(house, other)
    merge(house, other, supplier)


def test_two_entries_are_not_merged_into_each_other_at_once(house: House) -> None:
    supplier, other = house.entries["supplier"], twin(house)

    def one_way(stage: Stage) -> None:
        merge(stage, other, supplier)

    def the_other(stage: Stage) -> None:
        merge(stage, supplier, other)

    done = together(house, one_way, the_other)
    assert sorted(one.won for one in done) == [False, True]
    [kept] = house.rows(Retirement)
    assert {kept.record_id, kept.into_id} == {supplier, other}
    states = {house.record(one).state for one in (supplier, other)}
    assert states == {APPROVED, RETIRED}


def test_who_stays_is_not_voided_or_merged_meanwhile(house: House) -> None:
    supplier, other = twin(house), party(house, "S4", "Harbor Steel")

    def join(stage: Stage) -> None:
        merge(stage, other, supplier)

    def remove(stage: Stage) -> None:
        void(stage, supplier, "carla")  # type: ignore[arg-type]

    joined, removed = together(house, join, remove)
    assert [joined.won, removed.won].count(True) == 1
    if joined.won:
        with pytest.raises(Invalid) as refused:
            void(house, supplier, "carla")
        assert "Harbor Steel" in str(refused.value.errors[0].message)


@pytest.mark.parametrize("login", ["bea", "max", "dora"])
def test_only_who_keeps_the_register_merges(house: House, login: str) -> None:
    other = twin(house)
    with pytest.raises(Forbidden):
        merge(house, other, house.entries["supplier"], login)
    assert house.rows(Retirement) == []


def test_only_two_of_one_register_that_can_be_merged(house: House) -> None:
    with pytest.raises(Invalid):
        merge(house, house.entries["supplier"], house.entries["cost_code"])
    with pytest.raises(Conflict):
        merge(house, house.entries["other_code"], house.entries["cost_code"])


def test_an_entry_changed_meanwhile_is_looked_at_again(house: House) -> None:
    other = twin(house)
    seen = house.record(other)
    house.submit(other, "carla", data={**seen.data, "phone": "123"})
    revisions = seen.revision, house.record(house.entries["supplier"]).revision
    with pytest.raises(Conflict), house.acting("carla") as carla:
        services.merge(
            actor=carla, record_id=other, into_id=house.entries["supplier"],
            seen_revisions=revisions, reason="Twice", now=house.now(),
        )  # fmt: skip


def test_an_invoice_number_is_used_twice_whatever_name_it_came_under(house: House) -> None:
    other, theirs, mine = two_contracts(house)
    merge(house, other, house.entries["supplier"])
    certified(house, theirs, "100", invoice_no="F-77")
    certified(house, mine, "100", invoice_no="F-77")
    with house.looking("max"):
        project = project_brief(house.projects["P1"])
        assert project is not None
        found = used_twice(project)
    assert [one.number for one in found] == ["F-77", "F-77"]


def test_totals_keep_over_every_merge_and_back(house: House) -> None:
    other, theirs, mine = two_contracts(house)
    certified(house, theirs, "100")
    certified(house, mine, "200")

    def whole() -> Decimal:
        return sum(by_party(house).values(), Decimal(0))

    before = whole()
    for _ in range(3):
        merge(house, other, house.entries["supplier"])
        assert whole() == before
        take_back(house, other)
        assert whole() == before


def test_a_sheet_that_writes_the_old_name_reaches_the_one_that_stays(house: House) -> None:
    merge(house, twin(house), house.entries["supplier"])
    browser = house.browser("quin")
    sheet = (
        "Code,Name,Belongs to,Hired from,Counted in,Rate (excl. tax),Cost code\n"
        f'J-9,Crane,Hired,"{TWIN}",Shifts,1.00,04\n'
    )
    page = sent(browser, sheet, form="machine")
    assert brought(browser, page, form="machine").status_code == 303
    [made] = house.rows(Record, form="machine")
    assert made.data["party"] == house.entries["supplier"]
    refused = sent(house.browser("carla"), "Code,Name,Kind\nS2,Back again,Client\n", form="party")
    assert "It exists already and is out of use" in refused.text
