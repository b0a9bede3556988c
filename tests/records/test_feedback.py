"""Any page of a form leads to telling its owner about it; what was said stands at the form."""

from pathlib import Path

import pytest

from portal import paths
from portal.accounts import services as accounts
from portal.definitions import services as definitions
from portal.records import feedback
from tests.stage import Stage


@pytest.fixture
def listening(stage: Stage) -> Stage:
    """The module is published, and `paul` and `oskar` are authors."""
    folder: Path = paths.DEFINITIONS / "feedback"
    with stage.system(writing=True):
        definitions.publish_folder(path=folder, actor=None, now=stage.now())
        for login in ("paul", "oskar"):
            accounts.grant_role(
                actor=None, person_id=stage.people[login], kind="system", role="author",
                now=stage.now(),
            )  # fmt: skip
    return stage


def told(stage: Stage, part: str = "") -> str:
    """Rita tells about the purchase form; returns the record's id."""
    with stage.looking("rita") as rita:
        owner = feedback.owner_of("purchase", rita)
    data = {
        "about": "purchase", "part": part, "topic": "unclear", "owner": owner,
        "summary": "What is a cost code?",
    }  # fmt: skip
    record = stage.draft("rita", data, "form_feedback", None)
    stage.submit(record)
    return record


def test_the_pages_of_a_form_lead_to_its_owner(listening: Stage) -> None:
    browser = listening.browser("rita")
    for page in ("/forms/purchase", "/forms/purchase/new?project=P1"):
        assert "/forms/purchase/feedback" in browser.get(page).text
    answer = browser.get("/forms/purchase/feedback?part=lines")
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"]).text
    assert "purchase" in page
    assert "lines" in page
    assert any(listening.people[login] in page for login in ("paul", "oskar"))


def test_the_owner_is_asked_and_it_stands_at_the_field(listening: Stage) -> None:
    record = told(listening, "Lines")
    (login,) = listening.open_tasks(record)
    assert login in {"paul", "oskar"}
    listening.decide("approve", login, record)
    with listening.looking("paul"):
        (said,) = feedback.said_of("purchase", "lines", "Positions")
        assert said.summary == "What is a cost code?"
        assert feedback.said_of("purchase", "urgency") == []
        assert feedback.said_of("crew") == []
    page = listening.browser("paul").get("/modules/works")
    assert page.status_code == 200


def test_nobody_is_their_own_owner(listening: Stage) -> None:
    with listening.looking("paul") as paul:
        assert feedback.owner_of("purchase", paul) == listening.people["oskar"]


def test_nothing_is_offered_without_the_module_or_about_itself(stage: Stage) -> None:
    browser = stage.browser("rita")
    assert "/feedback" not in browser.get("/forms/purchase").text
    assert browser.get("/forms/purchase/feedback").status_code == 404


def test_feedback_on_feedback_is_not_offered(listening: Stage) -> None:
    browser = listening.browser("rita")
    assert browser.get("/forms/form_feedback/feedback").status_code == 404
    assert browser.get("/forms/nothing/feedback").status_code == 404
