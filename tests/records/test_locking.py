"""What a rule locks stays as it is stored, whichever way a value comes in."""

from typing import Any

import pytest
from flask import Flask

from portal.demo.story import Story
from portal.errors import Invalid
from portal.records.models import Record
from tests.conversions.conftest import Works, works
from tests.health.conftest import story, telling
from tests.records.test_importing import sent
from tests.stage import stage

__all__ = ["stage", "story", "works"]


def risk(story: Story) -> Record:
    """A risk on file: its rule locks how it was raised."""
    data: dict[str, Any] = {
        "title": "Flood at the pier",
        "category": "external",
        "cause": "High water in June.",
        "effect": "The pier stands in water.",
        "probability": 3,
        "impact": 4,
        "raised_on": "2026-03-01",
        "owner": story.ids["person:wang.jianguo"],
        "response": "reduce",
        "status": "open",
    }
    return story.file("wang.jianguo", "risk", "HB01", data)


def test_a_service_refuses_a_locked_field_and_takes_the_others(story: Story, app: Flask) -> None:
    with telling(app):
        made = risk(story)
        kept = dict(made.data)
        with pytest.raises(Invalid) as refused:
            story.send(made.id, {**kept, "impact": 1, "title": "Other"})
        assert [(one.path, one.code) for one in refused.value.errors] == [
            ("impact", "locked"),
            ("title", "locked"),
        ]
        assert dict(story.look(made.id).data) == kept
        story.send(made.id, {**kept, "effect": "The work stops."})
        assert story.look(made.id).data["effect"] == "The work stops."


def locking(raw: dict[str, Any], when: str) -> None:
    raw["rules"] = [*raw.get("rules", ()), {"id": "shut", "when": when, "lock": ["rate"]}]


@pytest.mark.parametrize(
    ("when", "row", "refused"),
    [
        ("code == 'C1'", "C1,Crew,99", True),
        ("not is_empty(code) and code == 'C1'", "C5,Crew,99", False),
        ("record.state == 'draft'", "C5,Crew,99", True),
        ("record.state == 'draft'", "C1,Crew,99", False),
    ],
)
def test_an_import_changes_and_begins_nothing_locked(
    works: Works, when: str, row: str, refused: bool
) -> None:
    works.publish(lambda raw: locking(raw, when), "crew")
    answer = sent(works.stage.browser("rita"), f"Code,Name,Rate\n{row}\n")
    assert answer.status_code == 200
    assert ("This field cannot be changed now" in answer.text) is refused
