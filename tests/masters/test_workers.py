"""A worker who stands on the roster twice: hours, wages and advances are one person's."""

from datetime import date
from decimal import Decimal

import pytest

from portal.errors import Invalid
from portal.labor.conflicts import conflicts
from portal.labor.ledger import wage_ledger
from portal.labor.queries import Month, grid
from portal.labor.wages import wages
from portal.projects.queries import project_brief
from portal.web.viewer import ProjectBrief
from tests.labor.yard import Yard
from tests.masters.acts import merge, take_back

DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)


def project(yard: Yard) -> ProjectBrief:
    found = project_brief(yard.projects["Y1"])
    assert found is not None
    return found


@pytest.fixture
def twice(yard: Yard) -> Yard:
    """Anna was filed again as “ANNA”, and both have worked."""
    yard.ids["again"] = yard.worker("ANNA")
    yard.ticket(DAY)
    yard.ticket(NEXT, hours={"again": "8.00"})
    return yard


def rows(yard: Yard) -> dict[str, Decimal]:
    """Hours of the month by worker."""
    with yard.looking("mark"):
        found = grid(project(yard), Month(date(2026, 3, 1)))
        return {
            row.worker.name: row.total.hours.value
            for block in found.blocks
            for row in block.rows
            if row.worker
        }


def test_hours_stand_in_one_row_and_come_apart_again(twice: Yard) -> None:
    assert rows(twice) == {"Anna": 8, "ANNA": 8}
    merge(twice, twice.ids["again"], twice.ids["anna"], "lara")
    assert rows(twice) == {"Anna": 16}
    take_back(twice, twice.ids["again"], "lara")
    assert rows(twice) == {"Anna": 8, "ANNA": 8}
    assert twice.problems() == {}


def test_what_is_earned_after_the_merge_is_one_workers(twice: Yard) -> None:
    merge(twice, twice.ids["again"], twice.ids["anna"], "lara")
    run = twice.run()
    data = twice.record(run).data
    assert {line["worker"] for line in data["lines"]} == {twice.ids["anna"]}
    assert [row["amount"] for row in data["workers"]] == ["96.00"]
    twice.payment(run)
    with twice.looking("lara"):
        found = wage_ledger(project(twice), Month(date(2026, 3, 1)), in_full=True)
        assert [(one.name, one.due, one.paid) for one in found.rows] == [("Anna", 96, 96)]
    assert twice.problems() == {}


def test_a_run_sent_before_the_merge_is_decided_and_paid_as_it_was_sent(twice: Yard) -> None:
    run = twice.run(approved=False)
    merge(twice, twice.ids["again"], twice.ids["anna"], "lara")
    twice.sign(run, "fred", "mark", "cora")
    twice.payment(run)
    with twice.looking("lara"):
        found = wage_ledger(project(twice), Month(date(2026, 3, 1)), in_full=True)
        assert [(one.name, one.due, one.left) for one in found.rows] == [("Anna", 96, 0)]
        (one,) = wages(project(twice), twice.now())
        [row] = one.teams[0].rows
        assert (row.figures["accrued"].value, row.figures["unpaid"].value) == (96, 0)
    assert twice.problems() == {}


def test_hours_of_a_week_count_together_towards_its_limit(yard: Yard) -> None:
    yard.ids["again"] = yard.worker("ANNA")
    for day in range(2, 6):
        yard.ticket(date(2026, 3, day))
    yard.ticket(date(2026, 3, 6), hours={"again": "14.00"})
    merge(yard, yard.ids["again"], yard.ids["anna"], "lara")
    yard.run()
    assert yard.figures()["accrued"] == 294, "46 hours at 6: 40 straight, 6 at one and a half"


def test_an_advance_under_the_other_name_is_set_off_once(twice: Yard) -> None:
    twice.advance("30.00", "again")
    merge(twice, twice.ids["again"], twice.ids["anna"], "lara")
    first = twice.payment(twice.run())
    [line] = twice.record(first).data["lines"]
    assert (line["advance_open"], line["offset"], line["paid"]) == ("30.00", "30.00", "66.00")
    twice.ticket(date(2026, 3, 4))
    second = twice.payment(twice.run())
    [line] = twice.record(second).data["lines"]
    assert (line["advance_open"], line["offset"], line["paid"]) == ("0.00", "0.00", "48.00")


def test_a_payment_that_names_both_sets_off_each_advance_with_its_own(twice: Yard) -> None:
    twice.advance("30.00", "again")
    run = twice.run()
    merge(twice, twice.ids["again"], twice.ids["anna"], "lara")
    payment = twice.payment(run)
    lines = {line["worker"]: line["offset"] for line in twice.record(payment).data["lines"]}
    assert lines == {twice.ids["anna"]: "0.00", twice.ids["again"]: "30.00"}
    with pytest.raises(Invalid):
        twice.payment(run)
    assert twice.problems() == {}


def test_two_names_on_one_day_are_over_a_day_of_one_person(twice: Yard) -> None:
    twice.ticket(NEXT, hours={"anna": "17.00"})
    with twice.looking("mark"):
        assert conflicts(project(twice), date(2026, 3, 9)) == []
    merge(twice, twice.ids["again"], twice.ids["anna"], "lara")
    with twice.looking("mark"):
        [clash] = conflicts(project(twice), date(2026, 3, 9))
        assert (clash.clash.kind, clash.clash.hours) == ("over_day", 25)
