"""A frozen register: its fields change only after a change that names the entry was approved."""

import json
import re
import shutil
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import paths
from portal.approvals import voiding
from portal.conversions import reasons
from portal.conversions.judging import Judge
from portal.definitions import catalog
from portal.definitions import services as definitions
from portal.demo.story import Story
from portal.errors import Forbidden, Invalid
from portal.records import services as records
from portal.records.carrying import Carrier
from tests.health.conftest import Browsers, telling
from tests.records.pages import open_page, read
from tests.records.test_importing import sent


def minutes(story: Story, count: int) -> None:
    """Time passes."""
    story.now += timedelta(minutes=count)


def baseline(story: Story, *registers: str) -> str:
    data = {
        "title": "Contract programme",
        "registers": list(registers or ("milestone",)),
        "as_of": "2026-03-10",
        "reason": "Agreed with the owner.",
    }
    minutes(story, 5)
    record_id = story.file("song.ke", "baseline", "HB01", data).id
    while story.turn(record_id):
        story.approve(record_id)
    minutes(story, 5)
    return record_id


def move(story: Story, milestone: str, **more: Any) -> None:
    """The manager writes the milestone anew."""
    data = dict(story.look(milestone).data) | {"planned_on": "2026-12-24"} | more
    story.send(milestone, data)


def change(story: Story, milestone: str) -> str:
    data = {
        "title": "New date",
        "reason": "owner",
        "affected_scope": "All",
        "description": "The owner asks for it.",
        "scope": "budget_only",
        "lines": [
            {
                "cost_code": story.ids["code:02.01"],
                "description": "None",
                "qty": "1.000",
                "unit": "lot",
                "unit_price": "0.00",
            }
        ],
        "milestones": [{"milestone": milestone, "days": 10}],
        "probability_before": 2,
        "impact_before": 2,
        "probability_after": 2,
        "impact_after": 2,
    }
    record_id = story.file("chen.li", "change_request", "HB01", data).id
    while story.turn(record_id):
        minutes(story, 5)
        story.approve(record_id)
    assert story.look(record_id).state == "approved"
    minutes(story, 5)
    return record_id


def test_before_it_is_frozen_a_register_changes_freely(story: Story, app: Flask) -> None:
    with telling(app):
        move(story, story.ids["milestone:HB-M4"])


def test_a_frozen_field_is_refused_and_the_others_change(story: Story, app: Flask) -> None:
    milestone = story.ids["milestone:HB-M4"]
    with telling(app):
        baseline(story)
        before = dict(story.look(milestone).data)
        with pytest.raises(Invalid) as refused:
            move(story, milestone, name="Beams")
        assert {one.path for one in refused.value.errors} == {"name", "planned_on"}
        assert "BL-HB01-2026-01" in str(refused.value.errors[0].message)
        assert dict(story.look(milestone).data) == before
        free = {"forecast_on": "2026-12-30", "note": "Late."}
        story.send(milestone, {**before, **free})
        assert story.look(milestone).data["forecast_on"] == "2026-12-30"


def test_only_the_registers_it_names_are_frozen(story: Story, app: Flask) -> None:
    with telling(app):
        baseline(story, "wbs")
        move(story, story.ids["milestone:HB-M4"])
        element = story.ids["wbs:HB01:1"]
        with pytest.raises(Invalid):
            story.send(element, {**story.look(element).data, "name": "Other"})


def test_an_approved_change_that_names_the_entry_opens_it_once(story: Story, app: Flask) -> None:
    milestone, other = story.ids["milestone:HB-M4"], story.ids["milestone:HB-M5"]
    with telling(app):
        baseline(story)
        change(story, milestone)
        with pytest.raises(Invalid):
            move(story, other)
        move(story, milestone)
        assert story.look(milestone).data["planned_on"] == "2026-12-24"
        minutes(story, 5)
        with pytest.raises(Invalid):
            move(story, milestone, planned_on="2027-01-31")


def test_other_fields_may_be_written_before_an_opening_is_used(story: Story, app: Flask) -> None:
    milestone = story.ids["milestone:HB-M4"]
    with telling(app):
        baseline(story)
        change(story, milestone)
        story.send(milestone, {**story.look(milestone).data, "note": "Owner informed."})
        minutes(story, 5)
        move(story, milestone)
        assert story.look(milestone).data["planned_on"] == "2026-12-24"


def test_an_import_is_refused_row_by_row_and_leads_to_the_entry(
    story: Story, browsers: Browsers, app: Flask
) -> None:
    milestone = story.ids["milestone:HB-M4"]
    with telling(app):
        baseline(story)
        kept = dict(story.look(milestone).data)
    text = f"Code,Name,Planned\n{kept['code']},{kept['name']},2026-12-24\n"
    browser = browsers.of("wang.jianguo")
    answer = sent(browser, text, "milestone", project="HB01")
    assert answer.status_code == 200
    assert "BL-HB01-2026-01" in answer.text
    assert f'href="/records/{milestone}"' in answer.text
    with telling(app):
        assert dict(story.look(milestone).data) == kept


def test_no_service_writes_what_is_frozen(story: Story, app: Flask) -> None:
    """Beside the page: keeping it as a draft, a version from elsewhere, voiding."""
    milestone = story.ids["milestone:HB-M4"]
    with telling(app):
        actor = story.become("wang.jianguo")
        number = story.look(baseline(story)).number
        record = story.look(milestone)
        data = {**record.data, "planned_on": "2026-12-24"}
        actor = story.become("wang.jianguo")
        with pytest.raises(Forbidden):
            records.save_draft(actor=actor, record=record, data=data, now=story.now)
        with pytest.raises(Invalid):
            records.revise(record=record, data=data, reason="x", actor=actor, now=story.now)
        plan = voiding.plan(actor=actor, record=record)
        assert not plan.is_free
        assert str(number) in str(plan.obstacles[0].message)
        with pytest.raises(Invalid):
            voiding.void(
                actor=actor, record_id=milestone, seen_revision=record.revision, reason="Gone",
                now=story.now,
            )  # fmt: skip
        assert story.look(milestone).data["planned_on"] != "2026-12-24"


def test_a_migration_leaves_what_is_frozen(story: Story, app: Flask, tmp_path: Path) -> None:
    milestone = story.ids["milestone:HB-M4"]
    folder = tmp_path / "milestones"
    shutil.copytree(paths.DEFINITIONS / "milestones", folder)
    file = folder / "milestone.form.json"
    raw = json.loads(file.read_text("utf-8"))
    raw["version"] += 1
    steps = [{"set": ["planned_on", "planned_on + 7"]}]
    raw["migrations"] = [{"from": raw["version"] - 1, "steps": steps}]
    file.write_text(json.dumps(raw), "utf-8")
    with telling(app):
        baseline(story)
        definitions.publish_folder(path=folder, actor=None, now=story.now)
        target = catalog.current_catalog().forms["milestone"]
        actor = story.become("chen.li")
        judge = Judge(target, Carrier(actor, story.now), story.now)
        verdict = judge.verdict(story.look(milestone))
        assert verdict.outcome == reasons.FROZEN
        with pytest.raises(Invalid):  # nor by opening and saving it
            story.send(milestone, {**story.look(milestone).data, "planned_on": "2026-12-24"})


def test_what_was_added_later_is_not_part_of_what_was_frozen(story: Story, app: Flask) -> None:
    with telling(app):
        baseline(story)
        data = {
            "code": "HB-M9",
            "name": "Access road",
            "planned_on": "2026-10-01",
            "responsible": story.ids["person:wang.jianguo"],
        }
        made = story.file("wang.jianguo", "milestone", "HB01", data).id
        minutes(story, 5)
        move(story, made)


def test_the_page_says_what_is_frozen_and_leads_to_the_change_filled_in(
    story: Story, browsers: Browsers, app: Flask
) -> None:
    milestone = story.ids["milestone:HB-M4"]
    with telling(app):
        baseline(story)
        kept = story.look(milestone).data["planned_on"]
    browser = browsers.of("wang.jianguo")
    page = open_page(browser, f"/records/{milestone}/edit")
    assert "BL-HB01-2026-01" in page.html
    page.fill(planned_on="2026-12-24")
    refused = page.post("submit")
    assert refused.status_code == 422
    shown = read(browser, refused)
    assert shown.values["planned_on"] == ["2026-12-24"], "what was typed is still there"
    link = re.search(r'href="(/forms/change_request/new[^"]+)"', shown.html)
    assert link
    form = open_page(browser, unescape(link[1]))
    (row,) = form.rows("milestones")
    assert form.values[f"milestones-{row}-milestone"] == [milestone]
    with telling(app):
        assert story.look(milestone).data["planned_on"] == kept
