"""A frozen register: its fields change only after a change that names the entry was approved."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask

from portal.demo.story import Story
from portal.errors import Invalid
from tests.health.conftest import Browsers, telling
from tests.records.pages import open_page, read


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
