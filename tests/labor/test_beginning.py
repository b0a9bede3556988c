"""A new company accrues at once: its pay rules are there when the module is, and only then."""

import json
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from portal import clock, paths
from portal.accounts import queries as accounts
from portal.audit.models import AuditRow
from portal.builder.shipped import begin_registers
from portal.db import db, system_context
from portal.definitions.checking import check_module
from portal.definitions.folders import offers_of, read_folder
from portal.labor.runs import rules_of
from portal.records.models import Record
from portal.web.viewer import Viewer
from tests.accounts.stage import Stage
from tests.accounts.test_first_run import FACTS, token

MODULES = ["wages", "funds_plan", "project_control"]
DAY = date(2026, 3, 2)


@pytest.fixture
def begun(app: Flask) -> Stage:
    """A portal whose first administrator chose wages on the first page."""
    stage = Stage(app)
    answer = stage.browser().post("/set-up", token=token(stage), modules=MODULES, **FACTS)
    assert answer.status_code == 303, answer.text[:400]
    return stage


def entries(stage: Stage) -> dict[str, Record]:
    with stage.look(), system_context("test"):
        found = db.session.query(Record).filter_by(form="pay_rules").all()
        return {str(one.data["name"]): one for one in found}


def test_the_rules_of_china_and_the_united_states_are_there_to_choose(begun: Stage) -> None:
    found = entries(begun)
    assert sorted(found) == ["China, labor law 中国劳动法", "United States, federal 美国联邦"]
    assert {one.state for one in found.values()} == {"approved"}
    with begun.look(), system_context("test"):
        china, us = (rules_of(found[name].id).on(DAY) for name in sorted(found))
        factors = [china.factor(one) for one in ("normal", "weekday_ot", "rest_day", "holiday")]
        ada = accounts.people_by_login(["ada"])["ada"]
        noted = db.session.query(AuditRow).filter_by(action="record.file").all()
    assert factors == [1, Decimal("1.5"), 2, 3]
    assert (china.month_days, china.day_hours) == (Decimal("21.75"), 8)
    assert (us.per_week, us.over_factor, us.factor("rest_day")) == (40, Decimal("1.5"), 1)
    assert {one.requester_id for one in found.values()} == {ada}
    assert len(noted) == 2


def test_they_are_made_once_and_never_over_what_a_company_has(begun: Stage) -> None:
    before = set(entries(begun))
    with begun.work():
        ada = accounts.people_by_login(["ada"])["ada"]
        begin_registers(["wages"], actor=Viewer(ada, "ada", "Ada"), now=clock.now())
    assert set(entries(begun)) == before


def test_a_module_published_later_brings_its_entries_too(app: Flask) -> None:
    stage = Stage(app)
    browser = stage.browser()
    assert (
        browser.post("/set-up", token=token(stage), modules=["parties"], **FACTS).status_code == 303
    )
    assert entries(stage) == {}
    assert browser.post("/modules/shipped/wages").status_code == 303
    assert len(entries(stage)) == 2


def test_only_registers_of_the_company_begin_with_entries() -> None:
    folders = sorted(one.parent for one in paths.DEFINITIONS.glob("*/module.json"))
    files = read_folder(paths.DEFINITIONS / "risks")
    cases = json.loads(files["risk.cases.json"])
    cases["cases"][0]["begins"] = True
    files["risk.cases.json"] = json.dumps(cases)
    report = check_module(files, known=offers_of(folders).known("risks"))
    assert [str(one.message) for one in report.errors] == [
        "Only registers of the company begin with entries, and without links."
    ]
