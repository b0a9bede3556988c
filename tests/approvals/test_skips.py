"""Why a step is skipped: whichever condition decided, in words, and only to who may read it."""

from typing import Any

import pytest

from portal.approvals import skips
from portal.definitions.queries import current_form
from portal.forms.compiled import CompiledForm
from portal.workflows.definition import WorkflowDefinition, read_workflow
from portal.workflows.preview import ELSE, Entry
from tests.stage import Stage

STEP = {"title": "s", "who": {"role": "finance"}, "need": "any", "reject": "one"}
BLOCKS: list[dict[str, Any]] = [
    {
        "choose": "way",
        "when": [
            {"if": "urgency == 'high'", "then": [{"step": "fast", **STEP}]},
            {
                "if": "crew.rate > 90 or is_empty(site_note)",
                "then": [{"choose": "inner", "when": [{"if": "total > 1", "then": []}],
                          "else": [{"step": "deep", **STEP}]}],
                "signed_by_sending": True,
            },
        ],
        "else": [{"step": "plain", **STEP}],
    },
    {"step": "last", **STEP},
]  # fmt: skip


Way = tuple[WorkflowDefinition, CompiledForm]


@pytest.fixture
def way(stage: Stage) -> Way:
    """A purchase, and a workflow of it with a choice of three ways."""
    with stage.looking("rita"):
        found = current_form("purchase")
    assert found is not None
    raw = {"workflow": "w", "form": "purchase", "title": "W", "blocks": BLOCKS, "language": 1}
    return read_workflow(raw), found.form


def entry(step: str, case: int | None, block: str = "way") -> Entry:
    return Entry(step, "s", "skipped", why="condition", block=block, case=case)


@pytest.mark.parametrize(
    ("step", "case", "told"),
    [
        ("fast", ELSE, "Only needed if Urgency is “High”."),
        ("fast", 1, "Only needed if Urgency is “High”."),
        ("deep", 0, "Not needed here: Urgency is “High”."),
        ("deep", ELSE, "Only needed if Crew · Rate is more than 90 or Site note is empty."),
        ("plain", 0, "Not needed here: Urgency is “High”."),
        ("plain", 1, "Signed by sending it: Crew · Rate is more than 90 or Site note is empty."),
        ("plain", None, "Not needed here: the chain goes another way."),
    ],
)  # fmt: skip
def test_the_condition_that_decided_is_read_back(
    stage: Stage, way: Way, step: str, case: int | None, told: str
) -> None:
    with stage.looking("rita"), stage.app.test_request_context():
        assert skips.reason(entry(step, case), *way, {}, "en") == told


def test_what_was_chosen_in_the_past_is_taken_from_the_log(stage: Stage, way: Way) -> None:
    with stage.looking("rita"), stage.app.test_request_context():
        told = skips.reason(entry("plain", None), *way, {"way": 0}, "en")
    assert told == "Not needed here: Urgency is “High”."


def test_a_condition_on_a_hidden_field_is_not_told(stage: Stage, way: Way) -> None:
    with stage.looking("rita"), stage.app.test_request_context():
        seen = {"urgency": "read", "site_note": "read", "total": "read"}
        assert "High" in skips.reason(entry("plain", 0), *way, {}, "en", seen)  # type: ignore[arg-type]
        for case, hidden in ((0, {"total": "read"}), (1, seen)):
            told = skips.reason(entry("plain", case), *way, {}, "en", hidden)  # type: ignore[arg-type]
            assert told == "Not needed here."
