"""A funds plan drafted from contracts, nodes and schedule: lines with reasons; nothing is posted."""

import re
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import SYSTEM, db, set_context
from portal.drafting.lines import Draft, draft
from portal.projects.models import Project
from portal.projects.queries import visible_projects
from portal.records.models import Record
from tests.conftest import Lending
from tests.funds.company import ENGINEER, Firm, P, found_firm, money
from tests.funds.test_pages import browser, text_of

JULY = date(2026, 7, 1)


@pytest.fixture
def firm(app: Flask, lending: Lending, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """A firm on its first day: no task is planned yet."""
    found = lending.once(found_firm, app)
    with found.at_work():
        (project,) = db.session.query(Project).filter_by(code=P)
        project.starts_on, project.ends_on = date(2026, 3, 2), date(2026, 12, 31)
    monkeypatch.setattr("portal.clock.now", lambda: found.story.now)
    return found


def drafted(firm: Firm, first: str = "2026-04-01", months: int = 12) -> Draft:
    with firm.app.test_request_context():
        set_context(db.session(), SYSTEM)
        (project,) = [one for one in visible_projects() if one.code == P]
        return draft(project, date.fromisoformat(first), months)


def task(firm: Firm, code: str, start: str, days: int, wbs: str | None = None) -> None:
    more = {"wbs": wbs} if wbs else {}
    firm.file(
        "song.ke", "task", code=code, name=code, type="task", duration=f"{days}.00",
        duration_unit="d", measure="physical", constraint="start_on", constraint_on=start, **more,
    )  # fmt: skip


def milestone(firm: Firm, code: str, planned: str) -> str:
    typed = {"code": code, "name": f"Milestone {code}", "planned_on": planned}
    return firm.file(
        "song.ke", "milestone", **typed, responsible=firm.story.ids["person:song.ke"]
    ).id


def test_work_by_the_schedule_less_retention_and_recovery_after_the_days_to_pay(firm: Firm) -> None:
    with firm.at_work():
        task(firm, "T1", "2026-04-01", 22)  # four weeks and two days: all of April
        task(firm, "T2", "2026-05-01", 21)
        agreed = {"advance_rule": "proportional", "advance_amount": "100000.00"}
        agreed |= {"advance_paid_on": firm.today, "recovery_percent": "20.00"}
        contract = firm.contract("E-1", **agreed)
    found = [one for one in drafted(firm).lines if one.contract == contract.id]
    assert [one.category for one in found] == ["progress"] * len(found)
    april, may = found[0], found[1]
    assert april.on == date(2026, 5, 30), "the end of April and 30 days"
    assert may.on == date(2026, 6, 30)
    assert "retention" in april.reason
    assert "advance" in april.reason
    # all of a million less 5 % retention and the advance that was paid
    assert sum(one.amount for one in found) == 1_000_000 - 50_000 - 100_000


def test_an_advance_still_to_pay_and_retention_by_its_days(firm: Firm) -> None:
    with firm.at_work():
        plan = [
            {"upon": "handover", "due_on": "2026-09-30", "share": "60.00"},
            {"upon": "defects_period", "due_on": "2027-02-28", "share": "40.00"},
        ]
        contract = firm.contract(
            "E-1", advance_rule="proportional", advance_amount="100000.00",
            recovery_percent="50.00", release_plan=plan,
        )  # fmt: skip
    found = [one for one in drafted(firm, "2026-03-01").lines if one.contract == contract.id]
    assert [(one.on, one.amount) for one in found if one.category == "advance"] == [
        (date(2026, 3, 2), Decimal(100_000))
    ]
    assert [(one.on, one.amount) for one in found if one.category == "retention"] == [
        (date(2026, 9, 30), Decimal(30_000)),
        (date(2027, 2, 28), Decimal(20_000)),
    ]


def test_nodes_are_paid_when_their_milestones_are_reached(firm: Firm) -> None:
    with firm.at_work():
        base, roof = milestone(firm, "M1", "2026-05-10"), milestone(firm, "M2", "2026-08-20")
        nodes = [
            {"node": "Base", "milestone": base, "share": "40.00"},
            {"node": "Roof", "milestone": roof, "share": "50.00"},
            {"node": "Papers", "planned_on": "2026-09-10", "share": "10.00"},
        ]
        more = {"retention_percent": "0.00", "retention_cap_percent": "0.00"}
        contract = firm.contract("E-1", payment_nodes=nodes, **more)
    found = [one for one in drafted(firm).lines if one.contract == contract.id]
    assert [(one.on, one.amount) for one in found] == [
        (date(2026, 6, 9), Decimal(400_000)),
        (date(2026, 9, 19), Decimal(500_000)),
        (date(2026, 10, 10), Decimal(100_000)),
    ]
    assert "Base" in found[0].reason


def test_what_is_certified_is_planned_once_and_what_is_planned_is_left_out(firm: Firm) -> None:
    with firm.at_work():
        contract = firm.contract("E-1")
        application = firm.application(contract, "100.000")  # 95,000 due 1 April
    found = drafted(firm)
    (owed,) = [one for one in found.lines if str(application.number) in one.reason]
    assert (owed.on, owed.amount) == (date(2026, 4, 1), Decimal(95_000))
    whole = sum(one.amount for one in found.lines if one.contract == contract.id)
    assert whole == 950_000
    # a draft that begins later contains it: its lines would shrink by it
    (before,) = [
        o for o in drafted(firm, "2026-05-01").lines if str(application.number) in o.reason
    ]
    assert (before.on, before.amount) == (date(2026, 5, 1), Decimal(95_000))
    with firm.at_work():
        line = {"on": "2026-04-10", "direction": "out", "category": "progress"}
        line |= {"contract": contract.id, "amount": "95000.00"}
        firm.signed(ENGINEER, "funds_plan", title="April", month="2026-04-01", lines=[line])
    again = drafted(firm)
    # the plan's line is realised by what is owed: the certificate counts, the draft stays
    assert sum(one.amount for one in again.lines if one.contract == contract.id) == 950_000
    with firm.at_work():
        line |= {"on": JULY.isoformat(), "amount": "200000.00"}
        firm.signed(ENGINEER, "funds_plan", title="July", month="2026-07-01", lines=[line])
    last = drafted(firm)
    assert last.known > 0
    left = sum(one.amount for one in last.lines if one.contract == contract.id)
    assert left + last.known == 950_000


def test_the_button_makes_a_draft_that_somebody_edits_and_sends(firm: Firm) -> None:
    with firm.at_work():
        contract = firm.contract("E-1")
    client = browser(firm, ENGINEER)
    assert "按合同与进度草拟" in client.get(f"/projects/{P}/funds/plan").text
    address = f"/projects/{P}/funds/plan/draft"
    page = client.get(f"{address}?first=2026-04-01&months=12")
    assert "E-1 Contract E-1" in text_of(page.text)
    with firm.app.app_context():
        set_context(db.session(), SYSTEM)
        assert plans() == [], "looking makes nothing"
    hidden = hidden_of(page.text)
    sent = client.post(address, data={**hidden, "first": "2026-04-01", "months": "12"})
    assert sent.status_code == 303, text_of(sent.text)
    with firm.at_work():
        (made,) = plans()
        assert made.state == "draft"
        assert made.data["total_out"] == "950000.00"
        assert all(row["note"] for row in made.data["lines"])
        assert money("plan", contract_id=contract.id) == 0, "nothing is posted by a draft"
        firm.story.send(made.id)
        while firm.story.turn(made.id) is not None:
            firm.wait(hours=1)
            firm.story.approve(made.id)
        assert money("plan", contract_id=contract.id) == 950_000


def hidden_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(csrf_token|_request_key)"[^>]*value="([^"]*)"', page))


def plans() -> list[Record]:
    return list(db.session.query(Record).filter_by(form="funds_plan"))


def test_who_may_not_file_a_plan_drafts_none(firm: Firm) -> None:
    client = browser(firm, "chen.li")
    assert "/funds/plan/draft" not in client.get(f"/projects/{P}/funds/plan").text
    address = f"/projects/{P}/funds/plan/draft"
    assert client.get(address).status_code == 403
    assert browser(firm, "p.nair").get(address).status_code == 404


def test_no_address_breaks_the_page(firm: Firm) -> None:
    client = browser(firm, ENGINEER)
    address = f"/projects/{P}/funds/plan/draft"
    for query in ("first=x", "months=999", "first=2026-02-30&months=<b>", "first=9999-12-31"):
        assert client.get(f"{address}?{query}").status_code == 200
    hidden = hidden_of(client.get(address).text)
    for first in ("9999-12-01", "0001-01-01", "x"):
        sent = client.post(address, data={**hidden, "first": first, "months": "3"})
        assert sent.status_code == 422, first
