"""Alerts come, change color and go with their figures; nothing is raised twice."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal import ticking
from portal.db import SYSTEM, db, set_context
from portal.errors import Conflict
from portal.health.models import Alert, AlertAct, AlertEvent
from portal.health.queries import alerts_of, judged
from portal.health.services import begin_act, stirred, watch
from portal.notify.models import Notice
from portal.projects.models import Project
from portal.projects.queries import visible_projects
from portal.records.transitions import Transition
from portal.web.viewer import Viewer
from tests.ledgers.site import Site
from tests.ledgers.world import NOW

LATER = NOW + timedelta(days=1)


@pytest.fixture
def site(app: Flask) -> Site:
    """An empty project."""
    with app.app_context(), app.test_request_context():
        set_context(db.session(), SYSTEM)
        yield Site(app)
        db.session.rollback()


def opened(site: Site) -> list[Alert]:
    found = alerts_of([site.world.project.id], is_open=True)
    return [one.alert for one in found]


def overrun(site: Site, amount: str) -> str:
    steel = site.entry("cost_code", "02", "Steel")
    site.cost(("budget_orig", steel, "1000"), ("actual", steel, amount))
    return steel


def test_a_cost_code_over_its_budget_raises_an_alert_with_the_figure(site: Site) -> None:
    manager = site.world.person("manager", "project_manager")
    steel = overrun(site, "1050")
    watch(NOW)
    codes = [one for one in opened(site) if one.rule == "code_over"]
    assert [(one.row, one.level, one.value) for one in codes] == [(steel, "amber", Decimal(-5))]
    assert codes[0].row_label == "02 Steel"
    assert codes[0].currency == "CNY"
    told = db.session.scalars(select(Notice).where(Notice.person_id == manager.id)).all()
    assert "alert_amber" in {one.kind for one in told}
    assert {one.args["page"] for one in told} == {"/projects/P1/health"}


def test_watching_again_changes_nothing(site: Site) -> None:
    overrun(site, "1050")
    assert watch(NOW) > 0
    before = [one.id for one in opened(site)]
    assert watch(LATER) == 0
    assert [one.id for one in opened(site)] == before


def test_it_gets_worse_better_and_closes_and_all_of_it_is_kept(site: Site) -> None:
    steel = overrun(site, "1050")
    watch(NOW)
    site.cost(("actual", steel, "200"))
    watch(NOW + timedelta(hours=1))
    (alert,) = [one for one in opened(site) if one.rule == "code_over"]
    assert (alert.level, alert.value) == ("red", Decimal(-25))
    site.cost(("budget_change", steel, "200"))
    watch(NOW + timedelta(hours=2))
    assert alert.level == "amber"
    site.cost(("budget_change", steel, "300"))
    watch(NOW + timedelta(hours=3))
    assert alert.closed_at == NOW + timedelta(hours=3)
    assert "code_over" not in {one.rule for one in opened(site)}
    statement = select(AlertEvent.kind).where(AlertEvent.alert_id == alert.id)
    kinds = db.session.scalars(statement.order_by(AlertEvent.at)).all()
    assert list(kinds) == ["raised", "worse", "better", "closed"]
    site.cost(("actual", steel, "1000"))
    watch(NOW + timedelta(hours=4))
    (again,) = [one for one in opened(site) if one.rule == "code_over"]
    assert again.id != alert.id, "what comes back is another alert"


def test_the_smallest_overrun_within_the_tolerance_raises_nothing(site: Site) -> None:
    overrun(site, "1010")
    watch(NOW)
    assert "code_over" not in {one.rule for one in opened(site)}, "one percent is still within"
    site.cost(("actual", site.world.named["cost_code-02"].id, "0.01"))
    watch(LATER)
    assert "code_over" in {one.rule for one in opened(site)}


def test_a_late_milestone_is_an_alert_of_its_own_until_it_is_reached(site: Site) -> None:
    roof = site.entry("milestone", "M1", "Roof")
    site.reading(date(2026, 1, 1), (roof, "planned", date(2026, 2, 28)))
    watch(NOW)
    (alert,) = [one for one in opened(site) if one.rule == "milestone_late"]
    assert (alert.row, alert.level, alert.value) == (roof, "amber", Decimal(10))
    site.reading(date(2026, 3, 10), (roof, "actual", date(2026, 3, 10)))
    watch(LATER)
    assert "milestone_late" not in {one.rule for one in opened(site)}
    statement = select(AlertEvent.kind, AlertEvent.value).where(AlertEvent.alert_id == alert.id)
    told = [tuple(row) for row in db.session.execute(statement.order_by(AlertEvent.at))]
    assert told[0] == ("raised", Decimal(10))
    assert told[-1] == ("closed", None), "a milestone reached is late no more: nothing to measure"


def test_currencies_are_judged_apart(site: Site) -> None:
    steel = overrun(site, "900")
    site.cost(("budget_orig", steel, "100"), ("actual", steel, "300"), currency="EUR")
    watch(NOW)
    found = {(one.rule, one.currency) for one in opened(site)}
    assert ("code_over", "EUR") in found
    assert ("code_over", "CNY") not in found


def test_a_paused_project_raises_nothing_and_keeps_what_is_open(site: Site) -> None:
    overrun(site, "1050")
    watch(NOW)
    before = len(opened(site))
    db.session.get_one(Project, site.world.project.id).status = "paused"
    db.session.flush()
    assert watch(LATER) == 0
    assert len(opened(site)) == before > 0


def test_what_is_not_measured_has_no_finding(site: Site) -> None:
    site.entry("cost_code", "02", "Steel")
    figures = {one.rule.figure for one in judged(visible_projects(), NOW)[site.world.project.id]}
    assert not {one for one in figures if one.startswith(("cost.", "funds.", "progress."))}


def test_nothing_is_begun_from_a_closed_alert(site: Site) -> None:
    steel = overrun(site, "1050")
    watch(NOW)
    (alert,) = [one for one in opened(site) if one.rule == "code_over"]
    actor = Viewer(person_id=site.world.requester.id)
    record_id = begin_act(actor=actor, alert=alert, now=NOW)
    assert db.session.scalars(select(AlertAct.record_id)).all() == [record_id]
    site.cost(("budget_change", steel, "500"))
    watch(LATER)
    with pytest.raises(Conflict, match="closed"):
        begin_act(actor=actor, alert=alert, now=LATER)


def test_the_tick_looks_at_once_when_a_record_of_a_project_changed(site: Site) -> None:
    stirred.take()
    assert not stirred.take()
    record = site.world.record("milestone", {"name": "Roof"})
    transition = Transition(record, "draft", "approved", 1, Viewer(), NOW)
    stirred.note(transition)
    assert stirred.take()
    assert not stirred.take(), "once for all that happened meanwhile"


def test_the_tick_raises_alerts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        set_context(db.session(), SYSTEM)
        made = Site(app)
        overrun(made, "1050")
        db.session.commit()
    stop = threading.Event()
    asked = iter([False, True])
    monkeypatch.setattr(stop, "wait", lambda _seconds: next(asked))
    ticking.run(app, stop)
    with app.app_context():
        set_context(db.session(), SYSTEM)
        assert "code_over" in set(db.session.scalars(select(Alert.rule)))
