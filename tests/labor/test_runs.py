"""From hours to wages: runs price what is signed, are taken back and made again, and are paid once."""

from datetime import date
from decimal import Decimal

import pytest

from portal.errors import Conflict, Forbidden, Invalid
from portal.labor.services import begin_run, fill_again
from portal.ledgers.models import CostEntry, LaborEntry
from portal.projects.queries import project_brief
from portal.records.transitions import VOID
from tests.conftest import Lending
from tests.labor.yard import MARCH, Yard

DAYS = [date(2026, 3, day) for day in range(2, 7)]
SATURDAY = date(2026, 3, 7)


@pytest.fixture
def week(yard: Yard, lending: Lending) -> Yard:
    """Monday 9 March: the week of five signed tickets of eight hours lies behind."""
    return lending.once(_week_of_tickets, yard)


def _week_of_tickets(yard: Yard) -> Yard:
    for day in DAYS:
        yard.ticket(day)
    return yard


def test_forty_hours_at_6_accrue_240_and_the_run_alone_recognises_cost(week: Yard) -> None:
    assert week.figures() == {"hours": 40, "accrued": 0, "cost": 0}
    week.run()
    assert week.figures() == {"hours": 40, "accrued": 240, "cost": 240, "certified": 240}
    assert week.problems() == {}


def test_lab_1_six_more_hours_reversed_and_repeated_make_294_and_void_returns_to_240(
    week: Yard,
) -> None:
    first = week.run()
    before = week.figures()
    week.void(first, "cora")
    assert week.figures() == {"hours": 40, "accrued": 0, "cost": 0}
    extra = week.ticket(SATURDAY, hours={"anna": "6.00"})
    second = week.run()
    assert week.figures() == {"hours": 46, "accrued": 294, "cost": 294, "certified": 294}
    count = len(week.rows(LaborEntry))
    week.void(extra)
    assert week.figures() == before
    assert week.record(second).state == "approved"
    assert len(week.rows(LaborEntry)) > count, "nothing is deleted"
    assert sum(one.amount for one in week.rows(LaborEntry, record_id=extra)) == 0
    assert sum(one.amount for one in week.rows(LaborEntry, prices_id=extra)) == 0
    assert week.problems() == {}


def test_a_run_prices_what_no_other_has_priced_and_nothing_twice(week: Yard) -> None:
    week.run()
    with pytest.raises(Invalid, match="no signed hours"):
        week.run()
    week.ticket(SATURDAY, hours={"anna": "6.00"})
    late = week.run()
    assert [row["amount"] for row in week.record(late).data["lines"]] == ["54.00"]
    assert week.figures()["accrued"] == 294


def test_hours_nobody_signed_are_not_priced(week: Yard) -> None:
    week.ticket(SATURDAY, hours={"anna": "6.00"}, signed=False)
    week.run()
    assert week.figures()["accrued"] == 240


def test_a_run_is_not_sent_once_its_hours_changed(week: Yard) -> None:
    stale = week.run(approved=False)
    week.decide("send_back", "fred", stale, to="start")
    data = week.record(stale).data
    lines = [{**row, "amount": "9000.00"} for row in data["lines"]]
    with pytest.raises(Invalid, match="no longer those"):
        week.submit(stale, "lara", data={**data, "lines": lines})
    week.submit(stale, "lara")


def test_two_runs_never_price_the_same_ticket(week: Yard) -> None:
    drafts = []
    for _ in range(2):
        with week.acting("lara") as viewer:
            project = project_brief(week.projects["Y1"])
            assert project is not None
            made = begin_run(
                actor=viewer, project=project, team_id=week.ids["team"], span=MARCH,
                rules_id=week.ids["us"], now=week.now(),
            )  # fmt: skip
            drafts.append(made.id)
    week.submit(drafts[0], "lara")
    with pytest.raises(Invalid, match="5 of its lines differ"):
        week.submit(drafts[1], "lara")
    with week.acting("lara") as viewer, pytest.raises(Invalid, match="no signed hours"):
        fill_again(actor=viewer, record_id=drafts[1], now=week.now())


def test_only_the_labor_officer_begins_a_run(week: Yard) -> None:
    with week.acting("nora") as viewer, pytest.raises(Forbidden):
        project = project_brief(week.projects["Y1"])
        assert project is not None
        begin_run(
            actor=viewer, project=project, team_id=week.ids["team"], span=MARCH,
            rules_id=week.ids["us"], now=week.now(),
        )  # fmt: skip


def test_a_ticket_is_priced_at_the_rate_of_its_day_by_the_rules_of_its_day(week: Yard) -> None:
    week.ticket(date(2026, 3, 8), day_type="rest_day", hours={"ben": "8.00"})
    week.run(rules="china")
    (ben,) = [
        one for one in week.rows(LaborEntry, kind="accrued") if one.worker_id == week.ids["ben"]
    ]
    assert (ben.pay_class, ben.rate, ben.amount, ben.hours) == ("rest_day", 20, 160, 0)


def test_a_ticket_whose_run_prices_nothing_else_takes_the_run_with_it(yard: Yard) -> None:
    ticket = yard.ticket(date(2026, 3, 2))
    run = yard.run(approved=True)
    yard.void(ticket)
    assert yard.record(run).state == VOID
    assert yard.figures() == {"hours": 0, "accrued": 0, "cost": 0}


def test_a_ticket_in_a_run_under_way_stays_and_the_run_is_named(week: Yard) -> None:
    run = week.run(approved=False)
    ticket = week.record(run).data["lines"][0]["ticket"]
    with pytest.raises(Invalid) as refused:
        week.void(ticket)
    assert refused.value.message.args["number"] == week.record(run).number


def test_a_payment_sets_off_the_advance_and_pays_no_more_than_is_owed(week: Yard) -> None:
    week.advance("100.00")
    run = week.run()
    with pytest.raises(Invalid) as refused:
        week.payment(run, anna="140.01")
    assert refused.value.errors[0].path == "lines[w1].partial"
    week.payment(run, anna="40.00")
    assert week.figures()["advance_recovery"] == 100
    assert week.figures()["cash"] == 140
    week.payment(run)
    assert week.figures()["cash"] == 240
    assert week.figures()["advance_recovery"] == 100
    with pytest.raises(Invalid):
        week.payment(run)
    assert week.problems() == {}


def test_a_paid_run_and_its_tickets_stay_and_the_payment_is_named(week: Yard) -> None:
    run = week.run()
    payment = week.payment(run)
    number = week.record(payment).number
    ticket = week.record(run).data["lines"][0]["ticket"]
    with pytest.raises(Invalid) as refused:
        week.void(ticket)
    assert refused.value.message.args["number"] == number
    with pytest.raises(Invalid) as refused:
        week.void(run, "cora")
    assert refused.value.errors[0].message.args["number"] == number
    week.void(payment, "fin")
    week.void(ticket)
    assert week.figures()["accrued"] == Decimal(192)


def test_an_advance_that_was_set_off_stays(week: Yard) -> None:
    advance = week.advance("100.00")
    payment = week.payment(week.run())
    with pytest.raises(Invalid) as refused:
        week.void(advance, "fin")
    assert refused.value.message.args["number"] == week.record(payment).number
    week.void(payment, "fin")
    week.void(advance, "fin")
    assert "advance" not in week.figures()


def test_the_page_before_voiding_shows_what_is_priced_anew(week: Yard) -> None:
    week.run()
    ticket = week.rows(CostEntry) and week.record(week.runs("approved")[0].id).data["lines"][0]
    page = week.browser("lara").get(f"/records/{ticket['ticket']}/void").text
    assert "Worked out anew without it" in page
    assert "240.00" in page
    assert "192.00" in page


def test_voiding_needs_the_right(week: Yard) -> None:
    run = week.run()
    with pytest.raises(Forbidden):
        week.void(run, "lara")
    week.void(run, "cora")
    with pytest.raises(Conflict):
        week.void(run, "cora")
