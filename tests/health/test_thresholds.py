"""A project's own thresholds: approved as a record, they stand in place of those of the rules."""

import json
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from portal import paths
from portal.approvals import voiding
from portal.clock import date_in
from portal.db import db
from portal.demo.story import Story
from portal.errors import Invalid
from portal.health.models import Alert
from portal.health.queries import judged
from portal.health.rules import Finding
from portal.health.services import watch
from portal.projects.queries import project_brief
from tests.health.conftest import NOW, Browsers, telling
from tests.health.test_pages import late_milestone

CODE = "HB01"
LATE = {"rule": "milestone_late", "amber": "60.00", "red": "90.00"}


def approve(story: Story, *lines: dict[str, str], as_of: str = "") -> str:
    """Thresholds of the harbor, approved by a director; their id."""
    data: dict[str, Any] = {"title": "Site handed over late", "reason": "Agreed with the owner"}
    data |= {"lines": [*lines]} | ({"valid_from": as_of} if as_of else {})
    made = story.file("wang.jianguo", "project_thresholds", CODE, data).id
    while story.turn(made) is not None:
        story.approve(made)
    story.become_nobody()
    return made


def found(story: Story, rule: str = "milestone_late", now: datetime = NOW) -> Finding:
    project = project_brief(story.ids[f"project:{CODE}"])
    assert project is not None
    return next(
        one
        for one in judged([project], now)[project.id]
        if one.rule.key == rule and (one.measured.row_label or "M9").startswith("M9")
    )


def test_an_approved_record_stands_in_place_of_the_rule_and_closes_its_alert(
    story: Story, app: Flask
) -> None:
    with telling(app):
        late_milestone(story)
        assert (found(story).level, found(story).limits.is_own) == ("red", False)
        made = approve(story, LATE)
        one = found(story)
        assert (one.level, one.limits.record_id) == ("green", made)
        assert one.limits.number.startswith("HT-HB01-")
        watch(NOW)
        statement = select(Alert).where(Alert.rule == "milestone_late", Alert.closed_at.is_(None))
        assert "M9" not in {alert.row_label[:2] for alert in db.session.scalars(statement)}


def test_the_newest_counts_alone_and_voiding_it_brings_back_the_one_before(
    story: Story, app: Flask
) -> None:
    with telling(app):
        late_milestone(story)
        approve(story, LATE)
        newest = approve(story, {"rule": "plan_late", "red": "50.00"})
        assert found(story).level == "red", "what the newest does not name is the rule's again"
        record = story.look(newest)
        voiding.void(
            actor=story.become("lin.hai"), record_id=newest, seen_revision=record.revision,
            reason="Wrong", now=NOW,
        )  # fmt: skip
        story.become_nobody()
        assert found(story).level == "green"


def test_thresholds_count_by_the_day_as_of_which_they_hold(story: Story, app: Flask) -> None:
    today, tomorrow = (
        date_in("Asia/Shanghai", NOW + timedelta(days=days)).isoformat() for days in (0, 1)
    )
    with telling(app):
        late_milestone(story)
        kept = approve(story, LATE, as_of=today)
        approve(story, {"rule": "milestone_late", "red": "1.00"}, as_of="1900-01-01")
        assert found(story).limits.record_id == kept, "an older one approved later replaces nothing"
        coming = approve(story, {"rule": "milestone_late", "red": "1.00"}, as_of=tomorrow)
        assert found(story).limits.record_id == kept, "its day has not come"
        midnight = NOW.astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=0, minute=0, second=0)
        last = midnight + timedelta(days=1, seconds=-1)
        assert found(story, now=last).limits.record_id == kept
        first = found(story, now=last + timedelta(seconds=2))
        assert (first.limits.record_id, first.level) == (coming, "red")
        again = approve(story, LATE, as_of=today)
        assert found(story).limits.record_id == again, "of one day the later approved"


def test_a_color_left_empty_is_never_reached(story: Story, app: Flask) -> None:
    with telling(app):
        late_milestone(story)
        approve(story, {"rule": "milestone_late", "amber": "1.00"})
        assert found(story).level == "amber"


def test_what_is_not_approved_yet_changes_nothing(story: Story, app: Flask) -> None:
    with telling(app):
        late_milestone(story)
        data = {"title": "Wish", "reason": "None", "lines": [LATE]}
        story.file("wang.jianguo", "project_thresholds", CODE, data)
        story.become_nobody()
        assert found(story).level == "red"


def test_each_color_names_the_threshold_and_where_it_comes_from(
    story: Story, browsers: Browsers, app: Flask
) -> None:
    with telling(app):
        late_milestone(story)
        made = approve(story, {**LATE, "amber": "10.00", "red": "9000.00"})
    page = unescape(browsers.of("wang.jianguo").get(f"/projects/{CODE}/health").text)
    row = next(one for one in re.findall(r"<tr>.*?</tr>", page, re.S) if "Access road" in one)
    assert "高于 10 天" in row
    assert f"/records/{made}" in row
    assert "HT-HB01-" in row
    other = next(one for one in re.findall(r"<tr>.*?</tr>", page, re.S) if "HT-" not in one)
    assert "/records/" not in other or "HT-" not in other
    assert "/forms/project_thresholds" in page


def test_thresholds_in_the_wrong_order_are_refused(story: Story, app: Flask) -> None:
    with telling(app), pytest.raises(Invalid):
        approve(story, {"rule": "milestone_late", "amber": "60.00", "red": "10.00"})


def test_the_form_knows_every_shipped_rule_and_which_way_it_looks() -> None:
    folder = paths.DEFINITIONS / "project_control"
    rules = json.loads((folder / "project.health.json").read_text("utf-8"))["rules"]
    form = json.loads((folder / "project_thresholds.form.json").read_text("utf-8"))
    column = form["data"]["properties"]["lines"]["items"]["properties"]["rule"]["x-field"]
    assert [one["value"] for one in column["options"]] == [one["id"] for one in rules]
    assert [one["label"] for one in column["options"]] == [one["title"] for one in rules]
    (check,) = [one["check"] for one in form["rules"] if one["id"] == "red_beyond_amber"]
    below = re.findall(r"'([a-z_]+)'", check)
    assert below == [one["id"] for one in rules if one["is"] == "below"]
