"""What the demo's documents say of one thing agrees: plan and cost, plan and site, pay and work."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.accounts.models import Person
from portal.approvals.models import ApprovalEvent
from portal.costs.columns import sheet_in_force
from portal.costs.queries import code_values
from portal.db import db, system_context
from portal.labor.conflicts import conflicts
from portal.ledgers.models import FundsEntry
from portal.progress.baselines import baselines_of
from portal.progress.earned import Earned, earned_by
from portal.progress.plan import plan_of
from portal.progress.risk import simulations_of
from portal.projects.models import Project
from portal.projects.queries import brief_of, first_holder
from portal.records.models import Comment, Record
from portal.web.viewer import ProjectBrief

pytestmark = pytest.mark.xdist_group("demo")
PROJECTS = pytest.mark.parametrize("code", ["HB01", "RV02", "JB03"])


@pytest.fixture(autouse=True)
def reading(demo_app: Flask) -> Iterator[None]:
    """Everything here reads the whole demo."""
    with demo_app.app_context(), system_context("tests read the whole demo"):
        yield


def project(code: str) -> ProjectBrief:
    return brief_of(db.session.scalars(select(Project).where(Project.code == code)).one())


def earned(code: str) -> Earned:
    place = project(code)
    baseline = baselines_of(place)[-1]
    return earned_by(place, plan_of(place), baseline, clock.now().date(), "month")


@PROJECTS
def test_cost_grows_with_what_is_earned_and_both_foretell_about_the_same(code: str) -> None:
    found = earned(code)
    begun = found.value.bac / 10
    curve = [one for one in found.curve if one.spent and one.earned and one.earned > begun]
    assert len(curve) >= 4
    for point in curve:
        assert point.earned is not None
        assert point.spent is not None
        assert Decimal("0.8") < point.earned / point.spent < Decimal("1.25"), point.on
    place = project(code)
    codes = code_values(sheet_in_force(), [place.id])[place.id, place.currency]
    sheet = sum((values["at_completion"] for values in codes.values()), Decimal(0))
    assert isinstance(found.value.eac, Decimal)
    assert abs(found.value.eac / sheet - 1) < Decimal("0.08")


def test_progress_is_reported_week_by_week() -> None:
    counted = select(Project.code, func.count()).join(Record, Record.project_id == Project.id)
    statement = counted.where(Record.form == "progress_update", Record.state == "approved")
    rows = db.session.execute(statement.group_by(Project.code)).all()
    assert {code for code, number in rows if number >= 18} == {"HB01", "RV02", "JB03"}


def test_wages_leave_the_wage_account_and_no_money_is_without_one() -> None:
    paid = select(FundsEntry.account_id, func.sum(FundsEntry.amount)).where(
        FundsEntry.stage == "cash", FundsEntry.category == "labor"
    )
    rows = db.session.execute(paid.group_by(FundsEntry.account_id)).all()
    kinds = {
        one.id: one.data["kind"]
        for one in db.session.scalars(select(Record).where(Record.form == "bank_account"))
    }
    assert {kinds.get(account) for account, _amount in rows} == {"wages", "petty_cash"}


def test_deck_slabs_are_not_built_before_their_day() -> None:
    """The plan begins them in two weeks: no inspection, defect, log or certificate has them."""
    forms = ("inspection", "defect", "daily_log", "weekly_report", "day_labor")
    told = db.session.scalars(select(Record).where(Record.form.in_(forms)))
    assert [one.subject for one in told if "eck slab" in str(one.data)] == []
    for one in db.session.scalars(select(Record).where(Record.form == "payment")):
        assert [
            r for r in one.data["lines"] if r.get("item") == "C3" and Decimal(r["this_qty"])
        ] == []


def test_who_is_paid_by_the_piece_did_that_work() -> None:
    prices = {
        one.id: one.data["name"].split(",")[0].split(" ")[0]
        for one in db.session.scalars(select(Record).where(Record.form == "piece_price"))
    }
    by_piece = [
        (prices[row["piece"]], one.data["work"])
        for one in db.session.scalars(select(Record).where(Record.form == "day_labor"))
        for row in one.data["workers"]
        if row.get("piece")
    ]
    assert len(by_piece) >= 8
    pairs = {"Curved": "Curved", "Wall": "Tile", "Floor": "Paint"}
    assert [pair for pair in by_piece if not pair[1].startswith(pairs[pair[0]])] == []


def test_nobody_repeats_word_for_word_what_another_wrote_of_a_change_or_ticket() -> None:
    said = defaultdict(list)
    statement = (
        select(ApprovalEvent.approval_id, ApprovalEvent.comment)
        .join(Record, Record.id == ApprovalEvent.record_id)
        .where(Record.form.in_(("change_request", "day_labor")), ApprovalEvent.kind == "voted")
    )
    for approval, comment in db.session.execute(statement):
        if comment:
            said[approval].append(comment)
    assert len(said) > 40
    assert [one for one in said.values() if len(set(one)) < len(one)] == []


def test_a_man_on_two_sites_a_day_is_a_conflict_that_somebody_explains() -> None:
    (one,) = conflicts(project("HB01"), clock.now().date())
    assert one.clash.kind == "two_sites"
    assert {place.code for place, _ticket, _hours in one.tickets} == {"HB01", "RV02"}
    for _place, ticket, _hours in one.tickets:
        remarks = db.session.scalars(select(Comment.text).where(Comment.record_id == ticket.id))
        assert any("lent" in text for text in remarks)


def test_criticality_spreads_over_the_tasks_of_the_harbor() -> None:
    (found,) = simulations_of(project("HB01"))
    shares = [one.criticality for one in found.tasks if 0.02 < one.criticality < 0.98]
    assert len(shares) >= 6


def test_the_owner_is_asked_by_the_representative_not_by_the_supervisor() -> None:
    asked = db.session.get(Person, first_holder(project("HB01").id, "owner_rep"))
    assert asked is not None
    assert asked.login == "ye.qing"
