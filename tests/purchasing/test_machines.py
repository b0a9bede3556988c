"""Machine tickets are cost of the days they were worked; opening a project is a decision on record."""

import pytest

from portal.errors import Invalid
from portal.ledgers.models import CostEntry, Posting
from tests.house import House, opening_data


def machine(house: House) -> str:
    return house.entry(
        "quin", "machine", "P1", code="J-07", name="Excavator", owned="hired",
        party=house.entries["supplier"], rate_unit="shift", rate="1800.00",
        cost_code=house.entries["machines"],
    )  # fmt: skip


def ticket(house: House, counted: str = "1.50", day: str = "2026-03-01") -> str:
    line = {
        "_id": "r1", "worked_on": day, "work": "Pit", "cost_code": house.entries["machines"],
        "counted": counted,
    }  # fmt: skip
    return house.file("sara", "machine_hire", machine=machine(house), lines=[line])


def test_a_ticket_is_direct_cost_of_the_day_worked(house: House) -> None:
    made = ticket(house)
    assert house.figures("machines") == {}
    house.pass_on(made, "sam", "max")
    figures = house.figures("machines")
    assert (figures["actual"], figures["direct"]) == (2700, 2700)
    (entry,) = house.rows(CostEntry, bucket="actual")
    assert (entry.effective_on.isoformat(), entry.party_id) == (
        "2026-03-01",
        house.entries["supplier"],
    )


def test_no_day_has_more_than_three_shifts(house: House) -> None:
    with pytest.raises(Invalid) as told:
        ticket(house, "3.5")
    assert "three shifts" in str(told.value.errors[0].message)


def test_a_project_is_opened_by_a_decision_that_moves_nothing(house: House) -> None:
    data = opening_data(house, currency="CNY", income="1000.00", cost="900.00")
    record_id = house.draft("sara", data, "project_opening", None)
    house.submit(record_id, "sara")
    before = len(house.rows(Posting))
    house.pass_on(record_id, "carla", "fay", "dora", data={"project": house.projects["P1"]})
    opened = house.record(record_id)
    assert (opened.state, opened.data["margin"], opened.data["margin_percent"]) == (
        "approved",
        "100.00",
        "10.00",
    )
    assert opened.data["project"] == house.projects["P1"]
    assert len(house.rows(Posting)) == before
