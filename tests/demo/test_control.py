"""The demo's projects are under control: alerts with their history, one of them answered."""

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal.db import db, system_context
from portal.health.models import Alert, AlertAct, AlertEvent
from portal.projects.models import Project
from portal.records.models import Record


def rows(demo: Flask, statement: Any) -> list[Any]:
    with demo.app_context(), system_context("a test"):
        return list(db.session.execute(statement))


def test_every_register_of_control_is_in_use_in_every_project(demo_app: Flask) -> None:
    forms = ("defect", "hazard", "inspection", "risk", "decision", "daily_log")
    statement = (
        select(Record.form, func.count(func.distinct(Record.project_id)))
        .where(Record.form.in_(forms), Record.state != "draft")
        .group_by(Record.form)
    )
    assert dict(tuple(one) for one in rows(demo_app, statement)) == dict.fromkeys(forms, 3)


def test_a_late_project_an_overrun_code_a_cash_gap_and_unsigned_labor_raise_alerts(
    demo_app: Flask,
) -> None:
    opened = rows(demo_app, select(Alert.rule, Alert.row_label).where(Alert.closed_at.is_(None)))
    rules = {rule for rule, _label in opened}
    assert {"milestone_late", "code_over", "cash_short", "labor_unsigned"} <= rules
    assert "labor_at_risk" not in rules, "where the owner signs none, the project says so"
    closed = rows(demo_app, select(Alert.id).where(Alert.closed_at.is_not(None)))
    assert closed, "some figures came back"
    kinds = {kind for (kind,) in rows(demo_app, select(AlertEvent.kind))}
    assert {"raised", "closed"} <= kinds


def test_alerts_were_answered_by_changes_a_risk_and_a_question_to_the_owner(
    demo_app: Flask,
) -> None:
    statement = select(Project.code, Alert.rule, Record.form, Record.state).join(
        AlertAct, AlertAct.alert_id == Alert.id
    ).join(Record, Record.id == AlertAct.record_id).join(
        Project, Project.id == Record.project_id
    )  # fmt: skip
    found = [tuple(one) for one in rows(demo_app, statement)]
    assert {one[:3] for one in found} == {
        ("HB01", "milestone_late", "change_request"),
        ("HB01", "code_over", "risk"),
        ("HB01", "receivable_overdue", "decision"),
        ("RV02", "milestone_late", "change_request"),
    }
    assert {one[3] for one in found} <= {"submitted", "approved"}
