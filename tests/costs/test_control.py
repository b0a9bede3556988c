"""Budget control: what goes beyond a budget is stopped, warned of, or passed by who may."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRow
from portal.costs import control
from portal.costs.columns import sheet_in_force
from portal.costs.queries import code_values
from portal.costs.sheet import Sheet
from portal.db import SYSTEM, db, set_context
from portal.errors import Invalid
from portal.portfolio.moves import moves_of
from portal.projects.models import Project
from portal.records.models import Record
from portal.web.viewer import Viewer
from tests.costs.deciding import decided_together
from tests.ledgers.site import Site

BEYOND = re.compile("would stand 50.00 CNY beyond its budget")


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context(), app.test_request_context():
        yield Site(app)
        db.session.rollback()


def approve(
    site: Site, record: Record, roles: frozenset[str] = frozenset(), comment: str = "Agreed"
) -> None:
    """A record is approved, with its posting and then the control, as the engine does it."""
    transition = site.world.move(record, "approved")
    actor = replace(transition.actor, roles=roles)
    control.on_transition(replace(transition, actor=actor, comment=comment))


def document(site: Site, *lines: tuple[str, str, str], **more: Any) -> Record:
    """A cost document in approval."""
    rows = [
        {"_id": f"r{at}", "bucket": bucket, "code": code, "amount": amount, **more}
        for at, (bucket, code, amount) in enumerate(lines)
    ]
    data = {"reason": "x", "currency": "CNY", "lines": rows}
    return site.world.record("cost_document", data, state="submitted")


def available(site: Site, code: str) -> Decimal:
    project = site.world.project.id
    return code_values(sheet_in_force(), [project])[project, "CNY"][code]["available"]


@pytest.fixture
def steel(site: Site) -> str:
    return site.entry("cost_code", "02", "Steel")


def test_bud_1_to_3_leave_700_700_and_650(site: Site, steel: str) -> None:
    contract = site.entry("contract", "K1", "Order", party=site.entry("party", "S", "Works"))
    approve(site, document(site, ("budget_orig", steel, "1000")))
    approve(site, document(site, ("commit_request", steel, "300")))
    assert available(site, steel) == 700
    order = document(
        site, ("commit", steel, "200"), ("commit_request", steel, "-200"), contract=contract
    )
    approve(site, order)
    assert available(site, steel) == 700
    approve(site, document(site, ("actual", steel, "200"), contract=contract))
    approve(site, document(site, ("commit_request", steel, "50")))
    assert available(site, steel) == 650


def test_a_request_beyond_the_budget_is_refused_with_what_to_do(site: Site, steel: str) -> None:
    approve(site, document(site, ("budget_orig", steel, "1000")))
    approve(site, document(site, ("commit_request", steel, "1000")))
    with pytest.raises(Invalid, match="would stand") as refused:
        approve(site, document(site, ("commit_request", steel, "50")))
    said = str(refused.value.message)
    assert BEYOND.search(said)
    assert "“02 Steel”" in said
    assert "role “" in said


def test_without_a_budget_nothing_can_be_requested(site: Site, steel: str) -> None:
    with pytest.raises(Invalid, match=BEYOND.pattern):
        approve(site, document(site, ("commit_request", steel, "50")))


def test_the_role_of_the_exception_passes_and_the_trail_says_so(site: Site, steel: str) -> None:
    approve(site, document(site, ("commit_request", steel, "50")), frozenset({"director"}))
    db.session.flush()
    assert available(site, steel) == -50
    db.session.commit()
    noted = db.session.scalars(
        select(AuditRow).where(AuditRow.action == "record.budget_passed")
    ).one()
    assert noted.detail["codes"] == [{"code": "02 Steel", "over": "50.00", "currency": "CNY"}]
    assert noted.detail["reason"] == "Agreed"


def test_who_may_pass_a_stop_says_why(site: Site, steel: str) -> None:
    record = document(site, ("commit_request", steel, "50"))
    with pytest.raises(Invalid, match="say why in the comment"):
        approve(site, record, frozenset({"director"}), comment="  ")


def test_what_makes_it_no_worse_is_never_refused(site: Site, steel: str) -> None:
    approve(site, document(site, ("commit_request", steel, "80")), frozenset({"director"}))
    approve(site, document(site, ("commit_request", steel, "-30")))
    swapped = document(site, ("commit_request", steel, "20"), ("commit_request", steel, "-20"))
    approve(site, swapped)
    budget_too = document(site, ("commit_request", steel, "40"), ("budget_orig", steel, "40"))
    approve(site, budget_too)
    assert available(site, steel) == -50


def test_commitments_and_costs_are_warned_of_before_the_decision(site: Site, steel: str) -> None:
    approve(site, document(site, ("budget_orig", steel, "100")))
    record = document(site, ("actual", steel, "150"))
    project = site.world.project.id
    viewer = Viewer(person_id="x", project_roles={project: frozenset({"member"})})
    told = {str(one.label): one for one in moves_of(record, viewer)}
    one = told["02 Steel · Available"]
    assert (one.before, one.after, one.warns) == (100, -50, True)
    approve(site, record)
    assert available(site, steel) == -50


def stopping(monkeypatch: pytest.MonkeyPatch, **stages: str) -> None:
    """The shipped sheet with other stages, and nobody who may pass."""
    sheet = sheet_in_force()
    assert sheet.control is not None
    own: Sheet = replace(sheet, control=replace(sheet.control, stages=stages, exception=""))
    monkeypatch.setattr(control, "sheet_in_force", lambda: own)


def test_an_administrator_decides_what_is_stopped(
    site: Site, steel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping(monkeypatch, actual="stop")
    approve(site, document(site, ("commit_request", steel, "50")))
    with pytest.raises(Invalid, match="or ask for less.$"):
        approve(site, document(site, ("actual", steel, "50")))
    with pytest.raises(Invalid):
        approve(site, document(site, ("commit_request", steel, "1"), ("actual", steel, "1")))


def test_relief_of_a_commitment_needs_no_budget(
    site: Site, steel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = site.entry("contract", "K1", "Order", party=site.entry("party", "S", "Works"))
    approve(site, document(site, ("commit", steel, "200"), contract=contract))
    stopping(monkeypatch, actual="stop")
    approve(site, document(site, ("actual", steel, "200"), contract=contract))
    with pytest.raises(Invalid):
        approve(site, document(site, ("actual", steel, "1"), contract=contract))


def test_two_requests_at_the_same_moment_do_not_both_pass(app: Flask) -> None:
    with app.app_context():
        site = Site(app)
        steel = site.entry("cost_code", "02", "Steel")
        site.cost(("budget_orig", steel, "650"))
        ids = [document(site, ("commit_request", steel, "400")).id for _ in range(2)]
        project = site.world.project.id
        db.session.commit()
    assert decided_together(app, ids) == ["passed", "stopped"]
    with app.app_context():
        set_context(db.session(), SYSTEM)
        assert db.session.get_one(Project, project).currency == "CNY"
        values = code_values(sheet_in_force(), [project])[project, "CNY"][steel]
        assert values["available"] == 250


def test_a_transfer_may_be_kept_from_taking_what_is_bound(
    site: Site, steel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    piles = site.entry("cost_code", "01", "Piles")
    approve(site, document(site, ("budget_orig", steel, "100"), ("actual", steel, "70")))
    stopping(monkeypatch, budget_transfer="stop")
    move = (("budget_transfer", steel, "-30"), ("budget_transfer", piles, "30"))
    approve(site, document(site, *move))
    with pytest.raises(Invalid, match="“02 Steel” would stand 30.00 CNY beyond"):
        approve(site, document(site, *move))
