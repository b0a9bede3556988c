"""A decision that cannot be carried out: why, what changed, what was typed, and the way on."""

from typing import Any

import pytest

from portal.approvals.models import ApprovalEvent
from tests.approvals.test_pages import HTMX, address, post
from tests.stage import Stage

TYPED = "Measured with the tape on Monday."


def with_quantity(stage: Stage, record_id: str, qty: str) -> dict[str, Any]:
    data = stage.record(record_id).data
    return {**data, "lines": [{**data["lines"][0], "qty": qty}]}


@pytest.fixture
def record_id(stage: Stage) -> str:
    """A small purchase that waits for its checkers."""
    return stage.filed()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("verb", ["approve", "reject", "return"])
def test_on_a_version_that_is_no_more_the_comment_is_kept_and_the_change_shown(
    stage: Stage, record_id: str, headers: dict[str, str], verb: str
) -> None:
    url, seen = address(stage, "chloe", record_id)
    data = {**stage.record(record_id).data, "site_note": "Mind the pit"}
    stage.decide("edit", "carl", record_id, data=data)
    more = {"comment": TYPED, "to": "start"}
    answer = post(stage.browser("chloe"), f"{url}/{verb}", headers, **seen, **more)
    assert answer.status_code == 409
    for text in (TYPED, "The record was changed since you opened it", "Site note", "Mind the pit"):
        assert text in answer.text
    assert f"/records/{record_id}" in answer.text
    assert (f'action="{url}/approve"' in answer.text) == (not headers)
    assert (f'href="{url}"' in answer.text) == bool(headers)
    assert ("<html" in answer.text) == (not headers)
    assert not stage.rows(ApprovalEvent, kind="voted")


def test_after_a_restart_the_decision_goes_on_at_the_new_task(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "chloe", record_id)
    stage.decide("edit", "carl", record_id, data=with_quantity(stage, record_id, "11"))
    again, _ = address(stage, "chloe", record_id)
    assert again != url
    answer = post(stage.browser("chloe"), f"{url}/approve", comment=TYPED, **seen)
    assert answer.status_code == 409
    assert f'action="{again}/approve"' in answer.text
    for text in (TYPED, "Carl changed the record", "10.000", "11.000"):
        assert text in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_whoever_it_no_longer_waits_for_keeps_the_comment_and_finds_the_record(
    stage: Stage, record_id: str, headers: dict[str, str]
) -> None:
    url, seen = address(stage, "chloe", record_id)
    stage.approve(record_id, "carl")
    answer = post(stage.browser("chloe"), f"{url}/approve", headers, comment=TYPED, **seen)
    assert answer.status_code == 409
    for text in (TYPED, "Already approved by Carl", f'href="/records/{record_id}"'):
        assert text in answer.text
    assert "/approve" not in answer.text


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("rita", "Not to the requester"),
        ("carl", "has already decided in the step Check"),
        ("mark", "already has a seat"),
    ],
)
def test_a_transfer_that_is_not_allowed_says_why_on_the_page(
    stage: Stage, record_id: str, to: str, told: str
) -> None:
    stage.approve(record_id, "carl")
    url, seen = address(stage, "mark", record_id)
    answer = post(
        stage.browser("mark"), f"{url}/transfer", to=stage.people[to], comment=TYPED, **seen
    )
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{TYPED}"' in answer.text, "where it was typed"
    assert "Somebody was faster" not in answer.text
    assert stage.open_tasks(record_id) == {"mark"}


def test_outside_the_rule_is_no_race_either(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "carl", record_id)
    answer = post(
        stage.browser("carl"), f"{url}/transfer", to=stage.people["ron"], comment="x", **seen
    )
    assert answer.status_code == 422
    assert "Ron does not fulfill the rule of this step" in answer.text


def test_a_visit_that_never_was_does_not_exist(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "carl", record_id)
    answer = post(stage.browser("carl"), f"{url}/approve", **{**seen, "epoch": 9})
    assert answer.status_code == 404
    assert "Your roles do not allow it" not in answer.text


def test_what_a_refused_decision_half_did_is_not_shown(
    stage: Stage, record_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.errors import Invalid
    from portal.records import transitions

    def refusing(transition: transitions.Transition) -> None:
        raise Invalid("The period is closed.")

    stage.approve(record_id, "carl")
    url, seen = address(stage, "mark", record_id)
    data = {**stage.record(record_id).data, "budget_line": "B"}
    stage.decide("edit", "mark", record_id, data=data)
    seen["version"] += 1
    monkeypatch.setattr(transitions, "_handlers", [refusing])
    answer = post(stage.browser("mark"), f"{url}/approve", comment=TYPED, **seen)
    assert answer.status_code == 422
    assert "The period is closed." in answer.text
    assert "In approval" in answer.text
    assert 'class="state state-approved"' not in answer.text


def test_whoever_it_was_taken_from_by_a_change_sees_the_change(stage: Stage) -> None:
    record_id = stage.filed()
    stage.approve(record_id, "carl")
    url, seen = address(stage, "mark", record_id)
    stage.decide("edit", "mark", record_id, data=with_quantity(stage, record_id, "11"))
    answer = post(stage.browser("mark"), f"{url}/approve", comment=TYPED, **seen)
    assert answer.status_code == 409
    for text in (TYPED, "Mark changed the record", "10.000", "11.000"):
        assert text in answer.text
    assert "/approve" not in answer.text
