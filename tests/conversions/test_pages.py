"""The pages of moving stored records: choosing, the dry run, a job, taking it back."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts import services as accounts
from tests.approvals.test_pages import token
from tests.conversions.conftest import Works, renaming

AT = "/modules/works/conversions"


@pytest.fixture
def author(works: Works) -> FlaskClient:
    """Mark writes modules too."""
    with works.stage.system(writing=True):
        accounts.grant_role(
            actor=None, person_id=works.stage.people["mark"], kind="system", role="author",
            now=works.stage.now(),
        )  # fmt: skip
    return works.stage.browser("mark")


@pytest.fixture
def drafts(works: Works) -> dict[str, str]:
    """A draft of Mark's and one of Rita's, under release 1."""
    stage = works.stage
    return {
        "mark": stage.draft("mark", stage.purchase(code="X-1")),
        "rita": stage.draft("rita", stage.purchase(code="SECRET-2", title="Hidden title")),
    }


@pytest.fixture
def release(works: Works, drafts: dict[str, str]) -> int:
    works.publish(renaming("code", "mark"))
    return 2


def post(client: FlaskClient, url: str, **data: object) -> TestResponse:
    return client.post(url, data={"csrf_token": token(client), **data})


def test_the_dry_run_counts_shows_and_changes_nothing(
    works: Works, author: FlaskClient, drafts: dict[str, str], release: int
) -> None:
    stage, own = works.stage, drafts["mark"]
    before = stage.fingerprint()
    page = author.get(f"{AT}/new?form=purchase&release={release}&choices=drafts").text
    assert "2 of 2 records looked at" in page
    assert "X-1" in page
    assert "SECRET-2" not in page
    assert "Hidden title" not in page
    assert stage.fingerprint() == before
    assert stage.record(own).data["code"] == "X-1"


def test_a_job_is_started_watched_and_taken_back(
    works: Works, author: FlaskClient, drafts: dict[str, str], release: int
) -> None:
    stage, draft = works.stage, drafts["rita"]
    answer = post(author, AT, form="purchase", release=release, choices=["drafts"])
    assert answer.status_code == 303
    job = answer.location
    waiting = author.get(job, headers={"HX-Request": "true"})
    assert waiting.text.lstrip().startswith('<div id="_progress"')
    assert "every 2s" in waiting.text
    assert "stats" not in waiting.text, "nothing is counted before the first record"
    assert "HX-Refresh" not in waiting.headers
    works.run()
    over = author.get(job, headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true", "taking it back stands outside the fragment"
    page = author.get(job).text
    assert "2 of 2 looked at" in page
    assert "every 2s" not in page
    assert stage.record(draft).data["mark"] == "SECRET-2"
    assert post(author, f"{job}/undo").status_code == 303
    works.run()
    assert stage.record(draft).data["code"] == "SECRET-2"
    assert "moved back" in author.get(job).text
    post(author, "/language", language="zh")
    page = author.get(job).text
    assert "已撤销" in page
    assert "已恢复" in page
    post(author, "/language", language="en")
    again = post(author, f"{job}/undo")
    assert again.status_code == 409
    assert "once" in again.text


def test_what_is_missing_is_said_and_what_was_chosen_stays(
    works: Works, author: FlaskClient, release: int
) -> None:
    answer = post(author, AT, form="crew", release=release)
    assert answer.status_code == 422
    assert "Choose which records" in answer.text
    assert '<option value="crew" selected>' in answer.text
    none = post(author, AT, form="purchase", release=release, choices=["decided"])
    assert none.status_code == 422
    assert "no such records" in none.text
    assert author.get(f"{AT}/new?release=99").status_code == 404
    chosen = {"form": "purchase", "release": release, "choices": ["drafts"]}
    assert post(author, AT, **chosen).status_code == 303
    assert post(author, AT, **chosen).status_code == 409, "one job of a form at a time"


def test_a_record_left_is_named_only_to_who_may_read_it(works: Works, author: FlaskClient) -> None:
    stage = works.stage
    stage.draft("rita", stage.purchase(code="X-1", title="Secret pump"))
    own = stage.draft("mark", stage.purchase(code="X-2", title="My pump"))

    def gone(raw: dict[str, object]) -> None:
        properties = raw["data"]["properties"]  # type: ignore[index]
        del properties["code"]
        for section in raw["layout"]:  # type: ignore[attr-defined]
            section["fields"] = [one for one in section["fields"] if one != "code"]

    job = works.convert(works.publish(gone), "drafts")
    page = author.get(f"{AT}/{job}").text
    assert "My pump" in page
    assert own in page
    assert "Secret pump" not in page
    assert "a record you may not read" in page
    assert "would lose a value" in page


def test_auditors_read_and_nobody_else_comes_in(works: Works, release: int) -> None:
    auditor = works.stage.browser("audrey")
    assert auditor.get(AT).status_code == 200
    assert auditor.get(f"{AT}/new").status_code == 403
    assert post(auditor, AT, form="purchase", choices=["drafts"]).status_code == 403
    assert works.stage.browser("rita").get(AT).status_code == 403
