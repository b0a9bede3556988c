"""Pilots, plans, second authors and replays on the author's pages."""

import json
from datetime import timedelta

import pytest

from portal import clock
from portal.accounts import services as accounts
from portal.builder import queries
from portal.db import db, system_context
from portal.definitions import plans
from portal.definitions import queries as definitions
from portal.definitions.models import Pilot, ReleasePlan
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, Desk

PUBLISH = f"{DRAFT}/publish"


@pytest.fixture
def second(desk: Desk) -> Browser:
    """Another author's browser: vera, an auditor until now."""
    with desk.stage.work():
        accounts.grant_role(
            actor=None, person_id=desk.stage.people["vera"], kind="system", role="author",
            now=clock.now(),
        )  # fmt: skip
    return desk.browser("vera")


def retitle(desk: Desk, author: Browser, title: str = "Site walk") -> None:
    form = json.loads(desk.text())
    form["version"], form["title"]["en"] = form["version"] + 1, title
    desk.save(author, json.dumps(form))


def send(desk: Desk, browser: Browser, **more: object) -> object:
    with desk.stage.look():
        revision = str(queries.the_draft("site_visit").revision)
    return browser.post(PUBLISH, revision=revision, **more)


def title_in(desk: Desk, code: str) -> str:
    with desk.stage.look():
        found = definitions.form_in("site_visit", desk.stage.projects[code])
        assert found is not None
        return found.title.en


def test_a_pilot_is_published_compared_and_let_out(desk: Desk, author: Browser) -> None:
    retitle(desk, author)
    project = desk.stage.projects["P-1"]
    done = send(desk, author, where="some", projects=[project])
    assert done.status_code == 303
    page = author.get("/modules/site_visit").text
    assert "New records of P-1 are filed under release 2; the others go on." in page
    assert "Release 2 is in pilot" in page
    assert title_in(desk, "P-1") == "Site walk"
    assert title_in(desk, "P-2") == "Site visit"
    desk.add_record()
    page = author.get("/modules/site_visit").text
    assert "All others" in page
    assert author.post("/modules/site_visit/pilot/promote").status_code == 303
    assert title_in(desk, "P-2") == "Site walk"
    assert "in pilot" not in author.get("/modules/site_visit").text


def test_a_pilot_is_taken_back(desk: Desk, author: Browser) -> None:
    retitle(desk, author)
    send(desk, author, where="some", projects=[desk.stage.projects["P-1"]])
    assert author.post("/modules/site_visit/pilot/end").status_code == 303
    assert title_in(desk, "P-1") == "Site visit"
    assert author.post("/modules/site_visit/pilot/end").status_code == 409


def test_a_pilot_needs_projects(desk: Desk, author: Browser) -> None:
    retitle(desk, author)
    answer = send(desk, author, where="some", note="First the north")
    assert answer.status_code == 422
    assert "Choose the projects that try it." in answer.text
    assert "First the north" in answer.text
    answer = send(desk, author, where="some", projects=["nowhere"])
    assert answer.status_code == 422
    with desk.stage.look():
        assert db.session.query(Pilot).count() == 0


def test_only_authors_end_pilots(desk: Desk, author: Browser) -> None:
    retitle(desk, author)
    send(desk, author, where="some", projects=[desk.stage.projects["P-1"]])
    for login in ("vera", "rick"):
        for act in ("promote", "end"):
            answer = desk.browser(login).post(f"/modules/site_visit/pilot/{act}")
            assert answer.status_code in (403, 404)
    assert title_in(desk, "P-1") == "Site walk"


def test_a_release_waits_for_its_time_in_the_readers_zone(desk: Desk, author: Browser) -> None:
    retitle(desk, author)
    answer = send(desk, author, when="at", at="2020-01-01T08:00")
    assert answer.status_code == 422
    assert "This time is past." in answer.text
    answer = send(desk, author, when="at", at="soon")
    assert answer.status_code == 422
    assert send(desk, author, when="at", at="2099-06-01T08:00").status_code == 303
    with desk.stage.look():
        (plan,) = db.session.query(ReleasePlan).all()
        assert plan.at.isoformat() == "2099-06-01T00:00:00+00:00"  # 8 o'clock in Shanghai
    page = author.get(PUBLISH).text
    assert "Goes out on" in page
    refused = desk.save(author, desk.text() + " ")
    assert refused.status_code == 409
    assert author.post(f"{DRAFT}/plan/cancel").status_code == 303
    assert desk.save(author, desk.text() + " ").status_code in (200, 303)


def test_a_failed_plan_stands_on_the_home_page(desk: Desk, author: Browser) -> None:
    retitle(desk, author)
    send(desk, author, when="at", at="2099-06-01T08:00")
    with desk.stage.work():
        accounts.revoke_role(
            actor=None, person_id=desk.stage.people["nora"], kind="system", role="author",
            now=clock.now(),
        )  # fmt: skip
    with desk.stage.app.app_context(), system_context("a test"):
        (at,) = db.session.query(ReleasePlan.at).one()
        plans.publish_due(at + timedelta(minutes=1))
    with desk.stage.work():
        accounts.grant_role(
            actor=None, person_id=desk.stage.people["nora"], kind="system", role="author",
            now=clock.now(),
        )  # fmt: skip
    again = desk.browser("nora")  # losing the role ended the session
    assert "did not go out as planned" in again.get("/").text
    assert "Whoever planned it is no author any more." in again.get(PUBLISH).text
    assert title_in(desk, "P-1") == "Site visit"


def test_a_second_author_is_asked_and_answers(desk: Desk, author: Browser, second: Browser) -> None:
    retitle(desk, author)
    assert author.post(f"{DRAFT}/review/ask", reviewer="nobody").status_code == 422
    vera = desk.stage.people["vera"]
    assert author.post(f"{DRAFT}/review/ask", reviewer=vera).status_code == 303
    assert "Drafts that wait for you" in second.get("/").text
    assert "Drafts that wait for you" not in author.get("/").text
    second.post("/language", language="zh")
    assert "待您处理的草稿" in second.get("/").text
    second.post("/language", language="en")
    for browser, first in ((second, "Second author"), (author, "Before it goes out")):
        page = browser.get(PUBLISH).text
        places = {one: page.index(f">{one}<") for one in ("Second author", "Before it goes out")}
        assert min(places, key=places.__getitem__) == first
    with desk.stage.look():
        revision = str(queries.the_draft("site_visit").revision)
    answer = second.post(f"{DRAFT}/review", revision=revision, verdict="changes")
    assert answer.status_code == 422
    assert "Say what is to be changed." in answer.text
    remark = "<script>alert(1)</script> Say why."
    second.post(f"{DRAFT}/review", revision=revision, verdict="changes", remark=remark)
    page = author.get(PUBLISH).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Say why." in page
    answer = second.post(f"{DRAFT}/review", revision="1", verdict="approved", remark="Fine by me")
    assert answer.status_code == 409
    assert "Fine by me" in answer.text
    second.post(f"{DRAFT}/review", revision=revision, verdict="approved")
    assert "May go out" in author.get(PUBLISH).text
    assert author.post(f"{DRAFT}/review", revision=revision, verdict="approved").status_code == 403


def test_the_company_may_want_a_second_author(desk: Desk, author: Browser, second: Browser) -> None:
    from portal.accounts.models import Company

    with desk.stage.work():
        db.session.get_one(Company, 1).second_author = True
    retitle(desk, author)
    answer = send(desk, author, note="In a hurry")
    assert answer.status_code == 403
    assert "Another author has to look at this draft" in answer.text
    assert "In a hurry" in answer.text
    with desk.stage.look():
        revision = str(queries.the_draft("site_visit").revision)
    second.post(f"{DRAFT}/review", revision=revision, verdict="approved")
    assert send(desk, author).status_code == 303


def test_a_module_is_off_in_one_project(desk: Desk, author: Browser) -> None:
    project = desk.stage.projects["P-1"]
    page = author.get("/modules/site_visit/projects").text
    assert "as in the company" in page
    saved = author.post("/modules/site_visit/projects", **{f"project-{project}": "off"})
    assert saved.status_code == 303
    assert "off in P-1" in author.get("/modules/site_visit").text
    with desk.stage.look():
        assert definitions.form_in("site_visit", project) is None
        assert definitions.form_in("site_visit", desk.stage.projects["P-2"]) is not None
    bad = author.post("/modules/site_visit/projects", **{f"project-{project}": "perhaps"})
    assert bad.status_code == 404
    denied = desk.browser("rick").post(
        "/modules/site_visit/projects", **{f"project-{project}": "on"}
    )
    assert denied.status_code in (403, 404)


def test_real_records_are_tried_on_the_draft(desk: Desk, author: Browser) -> None:
    for _ in range(3):
        desk.add_record()
    with desk.stage.work():
        from portal.records.models import Record

        for number, one in enumerate(db.session.query(Record).all(), start=1):
            one.number, one.submitted_at = f"SV-{number}", clock.now()
    assert "Nothing can go elsewhere" in author.get(f"{DRAFT}/replay").text
    chain = json.loads(desk.text(CHAIN))
    more = {**chain["blocks"][0], "step": "again", "title": "Once more"}
    chain["blocks"].append(more)
    desk.save(author, json.dumps(chain), CHAIN)
    cases = json.loads(desk.text("site_visit.cases.json"))
    for case in cases["cases"]:
        case.get("route", []).append("again")
    desk.save(author, json.dumps(cases), "site_visit.cases.json")
    page = author.get(f"{DRAFT}/replay").text
    assert "3 of 3 would go elsewhere" in page
    assert "SV-2" in page
    assert "North gate" not in page
