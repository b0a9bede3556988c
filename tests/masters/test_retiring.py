"""An entry out of use: chosen by nobody any more, and everything that named it goes on."""

import pytest

from portal.audit.models import AuditRow
from portal.errors import Conflict, Forbidden, Invalid
from portal.records.models import Retirement
from portal.records.transitions import APPROVED, RETIRED
from tests.approvals.racing import together
from tests.house import House
from tests.ledgers.test_traps import application, certified, contract, void
from tests.masters.acts import merge, party, retire, take_back
from tests.stage import Stage


def offered(house: House, form: str, field: str, text: str = "") -> list[str]:
    """The keys a link offers to the contract engineer."""
    place = f"/forms/{form}/options?field={field}&project={house.projects['P1']}&q={text}"
    answer = house.browser("bea").get(place)
    assert answer.status_code == 200
    assert answer.json is not None
    return [one["value"] for one in answer.json["items"]]


def test_what_is_out_of_use_is_offered_no_more_and_comes_back(house: House) -> None:
    supplier = house.entries["supplier"]
    assert supplier in offered(house, "contract", "party")
    retire(house, supplier, reason="Gone out of business")
    assert house.record(supplier).state == RETIRED
    assert supplier not in offered(house, "contract", "party")
    [kept] = house.rows(Retirement)
    assert (kept.reason, kept.into_id, kept.ended_at) == ("Gone out of business", None, None)
    [note] = house.rows(AuditRow, action="record.retire")
    assert note.detail["reason"] == "Gone out of business"
    take_back(house, supplier)
    assert house.record(supplier).state == APPROVED
    assert supplier in offered(house, "contract", "party")
    [kept] = house.rows(Retirement)
    assert (kept.ended_reason, kept.ended_by) == ("Mistake", house.people["carla"])
    assert len(house.rows(AuditRow, action="record.reinstate")) == 1
    assert house.problems() == {}


def test_new_documents_that_name_it_are_refused_by_its_name(house: House) -> None:
    code = house.entries["other_code"]
    line = {"_id": "b1", "cost_code": code, "description": "Concrete", "amount": "5.00"}
    data = {"title": "Budget", "basis": "Drawings", "lines": [line]}
    record_id = house.draft("quin", data, "budget")
    retire(house, code)
    with pytest.raises(Invalid) as refused:
        house.submit(record_id, "quin")
    [error] = refused.value.errors
    assert (error.path, error.code) == ("lines[b1].cost_code", "out_of_use")
    assert "Concrete" in str(error.message)


def test_what_stands_on_it_goes_on(house: House) -> None:
    of = contract(house)
    on_its_way = application(house, of, "100", period_to="2026-03-01")
    retire(house, house.entries["cost_code"])
    retire(house, house.entries["supplier"])
    house.pass_on(on_its_way, "sam", "carla", "max")
    later = certified(house, of, "200")
    assert house.record(later).data["party"] == house.entries["supplier"]
    assert house.figures()["actual"] == 30_000
    page = house.browser("max").get("/projects/P1/cost")
    assert "Steel" in page.text, "a retired code keeps its place and its name on the sheet"
    void(house, later, "carla")
    assert house.problems() == {}


def test_a_retired_code_keeps_what_stands_below_it_in_its_place(house: House) -> None:
    top = house.entry("carla", "cost_code", None, code="05", name="Steelworks", type="material")
    below = house.entry(
        "carla", "cost_code", None, code="05.1", name="Girders", type="material", parent_code=top
    )
    house.entries["below"] = below
    house.budget("100.00", "below")
    retire(house, top)
    page = house.browser("max").get("/projects/P1/cost").text
    assert page.index("Steelworks") < page.index("Girders")


@pytest.mark.parametrize("login", ["bea", "max", "dora", "olga"])
def test_only_whoever_may_void_the_register_takes_out_of_use(house: House, login: str) -> None:
    with pytest.raises(Forbidden):
        retire(house, house.entries["supplier"], login)
    assert house.record(house.entries["supplier"]).state == APPROVED


def test_what_moves_figures_itself_is_voided_and_not_retired(house: House) -> None:
    with pytest.raises(Conflict):
        retire(house, house.entries["subcontract"], "dora")


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 4_001])
def test_a_reason_is_needed_each_way(house: House, reason: str) -> None:
    supplier = house.entries["supplier"]
    with pytest.raises(Invalid):
        retire(house, supplier, reason=reason)
    retire(house, supplier)
    with pytest.raises(Invalid):
        take_back(house, supplier, reason=reason)
    assert house.record(supplier).state == RETIRED


def test_once_is_enough(house: House) -> None:
    supplier = house.entries["supplier"]
    with pytest.raises(Conflict):
        take_back(house, supplier)
    retire(house, supplier)
    with pytest.raises(Conflict):
        retire(house, supplier)
    with pytest.raises(Forbidden):
        house.submit(supplier, "carla", data={**house.record(supplier).data, "phone": "1"})


def test_its_code_stays_taken_and_a_sheet_says_so(house: House) -> None:
    retire(house, house.entries["supplier"])
    with pytest.raises(Invalid) as refused:
        party(house, "s1", "Another")
    assert refused.value.errors[0].code == "unique"


def test_two_at_once_are_one(house: House) -> None:
    supplier = house.entries["supplier"]
    seen = house.record(supplier).revision

    def act(stage: Stage) -> None:
        retire(stage, supplier)

    done = together(house, act, act)
    assert sorted(one.won for one in done) == [False, True]
    assert house.record(supplier).revision == seen
    assert len(house.rows(Retirement)) == 1


def test_choosing_an_entry_and_retiring_it_never_both_miss_each_other(house: House) -> None:
    other = party(house, "S9", "Quay Cranes")
    house.entries["supplier"] = other
    line = {
        "_id": "c1", "item": "1", "description": "Piles", "unit": "m", "qty": "1",
        "unit_price": "1.00", "cost_code": house.entries["cost_code"],
    }  # fmt: skip
    data = {
        "code": "K9", "name": "Cranes", "direction": "expense", "signed_on": "2026-03-01",
        "party": other, "tax_percent": "9.00", "payment_days": 30, "lines": [line],
        "advance_rule": "none", "retention_percent": "0.00", "retention_cap_percent": "0.00",
    }  # fmt: skip
    draft = house.draft("bea", data, "contract")

    def file(stage: Stage) -> None:
        stage.submit(draft, "bea")

    def leave(stage: Stage) -> None:
        retire(stage, other)

    filed, left = together(house, file, leave)
    assert left.won
    assert (house.record(draft).state == APPROVED) is filed.won
    assert house.problems() == {}


def test_a_merge_is_not_mistaken_for_being_retired(house: House) -> None:
    twin = party(house, "S2", "Harbor Steel Trading Co., Ltd.")
    merge(house, twin, house.entries["supplier"])
    with pytest.raises(Conflict):
        retire(house, twin)
    with pytest.raises(Conflict) as refused:
        retire(house, house.entries["supplier"])
    assert "Harbor Steel Trading Co., Ltd." in str(refused.value)
