"""What a release would drop is counted on the records that move along with it."""

import json
from typing import Any

from portal.definitions import queries as definitions
from portal.forms.expand import expand
from portal.forms.fields import FormDefinition
from portal.forms.reading import read_form
from portal.records.losses import losses
from tests.stage import WORKS, Stage


def without(form: str, *keys: str) -> FormDefinition:
    raw: dict[str, Any] = json.loads((WORKS / f"{form}.form.json").read_text())
    for key in keys:
        del raw["data"]["properties"][key]
    raw["version"] += 1
    return read_form(expand(raw))


def counted(stage: Stage, form: str, *keys: str) -> list[tuple[str, int, int]]:
    with stage.system():
        current = definitions.current_form(form)
        assert current is not None
        found = losses(current, without(form, *keys))
        return [(one.path, one.drafts, one.entries) for one in found]


def test_drafts_count_and_what_was_sent_for_approval_does_not(stage: Stage) -> None:
    stage.draft("rita", stage.purchase(code="A"))
    stage.draft("ron", stage.purchase(code="B", site_note="Wet"))
    stage.filed(stage.purchase(code="C"))
    assert counted(stage, "purchase", "code", "site_note") == [("code", 2, 0), ("site_note", 1, 0)]
    assert counted(stage, "purchase") == []
    assert counted(stage, "purchase", "total", "crew_rate") == [], "nobody typed those"


def test_entries_of_a_register_count_beside_their_drafts(stage: Stage) -> None:
    stage.draft("rita", {"code": "C2", "name": "Rebar crew"}, "crew")
    assert counted(stage, "crew", "code") == [("code", 1, 1)]
    assert counted(stage, "crew", "rate") == [("rate", 0, 1)]
