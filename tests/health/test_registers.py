"""The registers of quality, safety, risks and decisions live as their definitions say."""

from typing import Any

import pytest
from flask import Flask

from portal.approvals import services as approvals
from portal.demo.story import Story
from portal.errors import Invalid
from tests.health.conftest import NOW, Browsers, defect, telling
from tests.records.pages import open_page

FIXED = {"fixed_on": "2026-03-10", "fix_note": "Cut out and grouted."}


def mend(story: Story, record_id: str) -> None:
    """The foreman mends it and shows it."""
    picture = story.photo("luo.gang", "fix_photos", "after")

    def fill(data: dict[str, Any]) -> None:
        data.update(FIXED, fix_photos=[picture])

    story.approve(record_id, login="luo.gang", edit=fill)


def step(story: Story, record_id: str) -> str:
    task = story.turn(record_id)
    return task.step if task else ""


def test_a_defect_goes_from_open_through_fixed_and_verified_to_closed(
    inspected: Story, app: Flask
) -> None:
    with telling(app):
        story = inspected
        record_id = defect(story)
        assert step(story, record_id) == "fix"
        mend(story, record_id)
        assert step(story, record_id) == "verify"
        story.approve(record_id, login="t.becker")
        assert step(story, record_id) == "close"
        story.approve(record_id, login="wang.jianguo")
        assert story.look(record_id).state == "approved"


def test_a_defect_is_not_mended_without_a_photo(inspected: Story, app: Flask) -> None:
    with telling(app):
        record_id = defect(inspected)
        with pytest.raises(Invalid):
            inspected.approve(record_id, login="luo.gang", edit=lambda data: data.update(FIXED))
        assert step(inspected, record_id) == "fix"


def test_a_defect_that_is_still_there_is_opened_again(inspected: Story, app: Flask) -> None:
    with telling(app):
        record_id = defect(inspected)
        mend(inspected, record_id)
        task = inspected.turn(record_id, "t.becker")
        assert task is not None
        seen = approvals.Seen(task.epoch, inspected.look(record_id).revision)
        actor, task_id = inspected.become("t.becker"), task.id
        approvals.send_back(
            actor=actor, task_id=task_id, seen=seen, to="fix", comment="Still hollow.", now=NOW
        )
        assert step(inspected, record_id) == "fix"


def test_three_people_sign_an_inspection(inspected: Story, app: Flask) -> None:
    item = {"item": "Spacing", "required_value": "200 mm", "measured": "203", "passed": True}
    data = {
        "work": "Bottom reinforcement",
        "place": "3/A",
        "inspected_on": "2026-03-10",
        "foreman": inspected.ids["person:deng.wei"],
        "next_foreman": inspected.ids["person:luo.gang"],
        "items": [item],
    }
    with telling(app):
        record_id = inspected.file("chen.li", "inspection", "HB01", data).id
        for at, login in (("self", "deng.wei"), ("mutual", "luo.gang"), ("dedicated", "t.becker")):
            assert step(inspected, record_id) == at
            inspected.approve(record_id, login=login)
        assert inspected.look(record_id).state == "approved"


def test_what_fails_is_not_passed_by_the_inspector(inspected: Story, app: Flask) -> None:
    item = {"item": "Cover", "required_value": "40 mm", "passed": False, "finding": "25 mm"}
    data = {
        "work": "Bottom reinforcement",
        "place": "3/A",
        "inspected_on": "2026-03-10",
        "foreman": inspected.ids["person:deng.wei"],
        "next_foreman": inspected.ids["person:luo.gang"],
        "items": [item],
    }
    with telling(app):
        record_id = inspected.file("chen.li", "inspection", "HB01", data).id
        inspected.approve(record_id, login="deng.wei")
        inspected.approve(record_id, login="luo.gang")

        def remark(given: dict[str, Any]) -> None:
            given["note"] = "Looks fine."

        with pytest.raises(Invalid):
            inspected.approve(record_id, login="t.becker", edit=remark)


def risk(story: Story, login: str = "sun.yue", **more: Any) -> str:
    data = {
        "title": "Piles meet boulders",
        "category": "time",
        "cause": "Two boreholes of nine met boulders.",
        "raised_on": "2026-03-10",
        "owner": story.ids["person:song.ke"],
        "probability": "3.26",
        "impact": "4.60",
        "status": "open",
        "reviewed_on": "2026-03-10",
    }
    return story.file(login, "risk", "HB01", {**data, **more}).id


def test_anyone_of_the_project_may_raise_a_risk(story: Story, app: Flask) -> None:
    with telling(app):
        record = story.look(risk(story))
        assert record.state == "approved"
        assert record.number
        assert (record.data["score"], record.data["level"]) == ("15.00", "medium"), "14.996 < 15"


def test_a_raised_risk_is_reviewed_and_closed_but_never_rewritten(
    story: Story, browsers: Browsers, app: Flask
) -> None:
    with telling(app):
        record_id = risk(story)
        kept = dict(story.look(record_id).data)
    browser = browsers.of("sun.yue")
    page = open_page(browser, f"/records/{record_id}/edit")
    assert not {"title", "cause", "probability", "impact"} & page.values.keys()
    page.values |= {"title": ["No problem at all"], "probability": ["1"]}
    page.fill(status="closed", closed_on="2026-03-10", outcome="Rock was blasted.")
    page.post("submit")
    with telling(app):
        after = story.look(record_id)
        assert after.data["title"] == kept["title"]
        assert after.data["probability"] == kept["probability"]
    page = open_page(browser, f"/records/{record_id}/edit")
    page.fill(status="closed", closed_on="2026-03-10", outcome="Rock was blasted.")
    assert page.post("submit").status_code == 303
    with telling(app):
        after = story.look(record_id)
        assert after.data["status"] == "closed"
        assert after.revision > 1, "and every version is kept"


def test_a_decision_says_what_supersedes_it(story: Story, browsers: Browsers, app: Flask) -> None:
    data = {
        "question": "Which piles?",
        "context": "Vibration at the old quay.",
        "options": [{"option": "Bored"}, {"option": "Driven"}],
        "chosen": "Bored",
        "reason": "No vibration.",
        "decided_on": "2026-03-10",
        "decider": story.ids["person:song.ke"],
    }
    with telling(app):
        first = story.file("chen.li", "decision", "HB01", data).id
        story.approve(first, login="song.ke")
        later = {**data, "question": "Which piles after all?", "supersedes": first}
        second = story.file("chen.li", "decision", "HB01", {**later, "chosen": "Driven"}).id
        story.approve(second, login="song.ke")
    page = browsers.of("chen.li").get(f"/records/{first}").text
    assert "Which piles after all?" in page


def test_a_milestone_that_missed_its_figures_is_reached_by_waiver_only(
    story: Story, app: Flask
) -> None:
    kpi = {
        "kpi": "Strength",
        "about": "technical",
        "unit": "MPa",
        "direction": "at_least",
        "target": "35.00",
        "actual": "34.99",
        "evidence": "Report 17",
    }
    data = {
        "code": "K1",
        "name": "Cap beam",
        "planned_on": "2026-04-01",
        "responsible": story.ids["person:wang.jianguo"],
        "kpis": [kpi],
        "actual_on": "2026-03-09",
    }
    with telling(app):
        with pytest.raises(Invalid) as refused:
            story.file("wang.jianguo", "milestone", "HB01", data)
        assert {one.path for one in refused.value.errors} == {"waiver"}
        record = story.file("wang.jianguo", "milestone", "HB01", {**data, "waiver": "Agreed."})
        assert story.look(record.id).data["kpis_met"] is False
