"""Inbox and decide page: what is there, who may, repeated and late POSTs."""

import re
import threading
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.approvals.models import ApprovalEvent
from portal.approvals.signatures import comment_of
from portal.db import db
from tests.conftest import token_of
from tests.stage import Stage

HTMX = {"HX-Request": "true"}


def token(browser: FlaskClient) -> str:
    return token_of(browser, "/me")


def post(
    browser: FlaskClient, url: str, headers: dict[str, str] | None = None, **data: Any
) -> TestResponse:
    return browser.post(url, data={"csrf_token": token(browser), **data}, headers=headers)


@pytest.fixture
def record_id(stage: Stage) -> str:
    """A small purchase that waits for its checkers."""
    return stage.filed()


def address(stage: Stage, login: str, record_id: str) -> tuple[str, dict[str, Any]]:
    """The task's page and what its form carries."""
    task_id, seen = stage.task(login, record_id)
    return f"/inbox/{task_id}", {"epoch": seen.epoch, "version": seen.version}


def test_the_inbox_shows_what_waits_for_me_as_page_and_as_fragment(
    stage: Stage, record_id: str
) -> None:
    number = stage.record(record_id).number
    assert number is not None
    for login, waits in (("carl", True), ("mark", False), ("rita", False), ("olga", False)):
        browser = stage.browser(login)
        page, fragment = browser.get("/inbox"), browser.get("/inbox", headers=HTMX)
        assert (page.status_code, fragment.status_code) == (200, 200)
        assert (number in page.text, number in fragment.text) == (waits, waits)
        assert ("<html" in page.text, "<html" in fragment.text) == (True, False)


def test_a_row_is_read_beside_the_list_by_whom_it_waits_for(stage: Stage, record_id: str) -> None:
    where, _ = address(stage, "carl", record_id)
    beside = stage.browser("carl").get(f"{where}/preview", headers=HTMX)
    assert beside.status_code == 200
    assert "<html" not in beside.text
    assert all(
        text in beside.text for text in ("Concrete for the pit", "200.00", f'href="{where}"')
    )
    alone = stage.browser("carl").get(f"{where}/preview")
    assert (alone.status_code, alone.headers["Location"]) == (303, where)
    for login in ("chloe", "rita", "olga"):
        assert stage.browser(login).get(f"{where}/preview", headers=HTMX).status_code == 404
    assert stage.record(record_id).state == "submitted", "reading decides nothing"


@pytest.mark.parametrize("query", ["q=Concrete", "form=purchase", "project=P1", "q=%25", "q=_"])
def test_the_inbox_is_narrowed(stage: Stage, record_id: str, query: str) -> None:
    answer = stage.browser("carl").get(f"/inbox?{query}")
    assert answer.status_code == 200
    shown = str(stage.record(record_id).number) in answer.text
    assert shown == (query not in {"q=%25", "q=_"}), "signs of the search are letters"


@pytest.mark.parametrize(
    "query", ["q=' OR 1=1 --", "q=%00", "page=-1", "page=99999999999999999999", "form=%00", "q=" + "x" * 900]
)  # fmt: skip
def test_a_hostile_search_of_the_inbox_finds_nothing_and_breaks_nothing(
    stage: Stage, record_id: str, query: str
) -> None:
    answer = stage.browser("carl").get(f"/inbox?{query}")
    assert answer.status_code in {200, 400}


def test_the_decide_page_shows_the_record_the_chain_and_no_hidden_field(stage: Stage) -> None:
    record_id = stage.filed(stage.purchase(confidential="CANARY"))
    url, _ = address(stage, "carl", record_id)
    page = stage.browser("carl").get(url)
    assert page.status_code == 200
    for text in ("Concrete for the pit", "200.00", "Check", "Sign"):
        assert text in page.text
    assert "CANARY" not in page.text


def test_only_the_last_approval_is_said_to_move_the_figures(stage: Stage, record_id: str) -> None:
    first, seen = address(stage, "carl", record_id)
    page = stage.browser("carl").get(first).text
    assert "Once fully approved" in page
    assert "Your approval alone moves nothing yet" in page
    post(stage.browser("carl"), f"{first}/approve", **seen)
    last, _ = address(stage, "mark", record_id)
    page = stage.browser("mark").get(last).text
    assert "What this decision moves" in page
    assert "Your approval alone" not in page


@pytest.mark.parametrize("login", ["chloe", "mark", "rita", "olga", "audrey", "oskar"])
def test_the_decide_page_is_its_holders_alone(stage: Stage, record_id: str, login: str) -> None:
    url, seen = address(stage, "carl", record_id)
    browser = stage.browser(login)
    assert browser.get(url).status_code == 404
    for verb in ("approve", "reject", "return", "transfer"):
        answer = post(browser, f"{url}/{verb}", comment="x", to="start", **seen)
        assert answer.status_code == 404
    assert stage.open_tasks(record_id) == {"carl", "chloe"}


def test_an_approval_by_post_moves_on(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "carl", record_id)
    answer = post(stage.browser("carl"), f"{url}/approve", comment="fine", **seen)
    assert (answer.status_code, answer.location) == (303, f"/records/{record_id}")
    assert stage.open_tasks(record_id) == {"mark"}


def test_by_htmx_the_answer_is_a_redirect_header(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "carl", record_id)
    answer = post(stage.browser("carl"), f"{url}/approve", HTMX, **seen)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, f"/records/{record_id}")


def test_a_rejection_without_a_reason_keeps_the_page_open(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "carl", record_id)
    answer = post(stage.browser("carl"), f"{url}/reject", comment="  ", **seen)
    assert answer.status_code == 422
    assert stage.record(record_id).state == "submitted"


def test_a_reason_may_be_given_where_the_question_is_asked(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "carl", record_id)
    assert 'name="why" form="decision"' in stage.browser("carl").get(url).text
    answer = post(stage.browser("carl"), f"{url}/reject", comment="", why="No budget", **seen)
    assert answer.status_code == 303
    with stage.system():
        (event,) = db.session.scalars(
            select(ApprovalEvent).where(
                ApprovalEvent.record_id == record_id, ApprovalEvent.kind == "voted"
            )
        )
        assert comment_of(event) == "No budget"


def test_a_return_without_a_reason_keeps_its_place_open(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "carl", record_id)
    closed = stage.browser("carl").get(url).text
    assert re.search(r'<details class="more"><summary>Return it instead', closed)
    answer = post(stage.browser("carl"), f"{url}/return", comment="", to="start", **seen)
    assert answer.status_code == 422
    assert re.search(r'<details class="more" open><summary>Return it instead', answer.text)
    assert '<option value="start" selected>' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_who_gets_it_back_reads_why_where_it_is_changed(stage: Stage, record_id: str) -> None:
    assert "returned it" not in stage.browser("rita").get(f"/records/{record_id}").text
    stage.decide("send_back", "carl", record_id, comment="Which pit? <b>Say so.</b>", to="start")
    page = stage.browser("rita").get(f"/records/{record_id}/edit").text
    assert "Carl returned it to the requester" in re.sub(r"<[^>]+>", "", page)
    assert "Which pit? &lt;b&gt;Say so.&lt;/b&gt;" in page
    fresh = stage.browser("rita").get("/forms/purchase/new?project=P1").text
    assert "returned it" not in fresh


def test_a_reason_too_long_comes_back_to_be_shortened(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "carl", record_id)
    typed = "too much " * 500
    answer = post(stage.browser("carl"), f"{url}/reject", comment=typed, **seen)
    assert answer.status_code == 422
    assert typed.strip() in answer.text


def test_what_cannot_be_stored_is_a_bad_request_not_an_accident(
    stage: Stage, record_id: str
) -> None:
    url, seen = address(stage, "carl", record_id)
    browser = stage.browser("carl")
    for more in ({"comment": "a\0b"}, {"comment": "x", "to": "a\0b"}):
        for verb in ("approve", "reject", "return", "transfer"):
            answer = post(browser, f"{url}/{verb}", **seen, **more)
            assert answer.status_code in {303, 400, 409, 422}, verb
            if answer.status_code == 303:
                return


@pytest.mark.parametrize("missing", ["epoch", "version"])
def test_a_decision_that_does_not_say_what_was_seen_is_refused(
    stage: Stage, record_id: str, missing: str
) -> None:
    url, seen = address(stage, "carl", record_id)
    for value in (None, "x", ""):
        given = {k: v for k, v in seen.items() if k != missing}
        if value is not None:
            given[missing] = value
        answer = post(stage.browser("carl"), f"{url}/approve", **given)
        assert answer.status_code == 409
    assert stage.open_tasks(record_id) == {"carl", "chloe"}


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_comes_late_is_told_who_decided_when(
    stage: Stage, record_id: str, headers: dict[str, str]
) -> None:
    url, seen = address(stage, "chloe", record_id)
    stage.approve(record_id, "carl")
    answer = post(stage.browser("chloe"), f"{url}/approve", headers, comment="me too", **seen)
    assert answer.status_code == 409
    assert "Already approved by Carl" in answer.text
    assert ("<html" in answer.text) == (not headers)
    assert len(stage.rows(ApprovalEvent, kind="voted")) == 1


def test_who_opens_a_decided_task_sees_the_record(stage: Stage, record_id: str) -> None:
    url, _ = address(stage, "chloe", record_id)
    stage.approve(record_id, "carl")
    answer = stage.browser("chloe").get(url)
    assert (answer.status_code, answer.location) == (303, f"/records/{record_id}")


def test_the_same_post_again_gets_the_same_answer_and_does_nothing(
    stage: Stage, record_id: str
) -> None:
    url, seen = address(stage, "carl", record_id)
    browser = stage.browser("carl")
    key = str(uuid.uuid4())
    answers = [
        post(browser, f"{url}/approve", comment="once", request_key=key, **seen) for _ in range(3)
    ]
    assert {(one.status_code, one.location) for one in answers} == {(303, f"/records/{record_id}")}
    assert len(stage.rows(ApprovalEvent, kind="voted")) == 1
    assert stage.problems() == {}


def test_the_same_key_with_another_content_is_refused(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "carl", record_id)
    browser = stage.browser("carl")
    key = str(uuid.uuid4())
    assert post(browser, f"{url}/approve", request_key=key, **seen).status_code == 303
    for other in ({"comment": "changed my mind"}, {"version": 99}):
        answer = post(browser, f"{url}/approve", request_key=key, **{**seen, **other})
        assert answer.status_code == 422


def test_a_refused_post_does_not_use_up_its_key(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "carl", record_id)
    browser = stage.browser("carl")
    key = str(uuid.uuid4())
    assert post(browser, f"{url}/reject", request_key=key, comment="", **seen).status_code == 422
    again = post(browser, f"{url}/reject", request_key=key, comment="too dear", **seen)
    assert again.status_code == 303


def test_somebody_elses_key_is_another_key(stage: Stage, record_id: str) -> None:
    key = str(uuid.uuid4())
    url, seen = address(stage, "carl", record_id)
    assert post(stage.browser("carl"), f"{url}/approve", request_key=key, **seen).status_code == 303
    url, seen = address(stage, "mark", record_id)
    answer = post(stage.browser("mark"), f"{url}/reject", request_key=key, comment="no", **seen)
    assert answer.status_code == 303
    assert stage.record(record_id).state == "rejected"


def test_ten_times_at_once_is_once(stage: Stage, record_id: str) -> None:
    url, seen = address(stage, "carl", record_id)
    browser = stage.browser("carl")
    data = {
        "csrf_token": token(browser),
        "comment": "once",
        "request_key": str(uuid.uuid4()),
        **seen,
    }
    cookie = browser.get_cookie("portal")
    assert cookie is not None
    start = threading.Barrier(10)
    answers: list[tuple[int, str | None]] = []

    def send(place: Stage) -> None:
        own = place.app.test_client()
        own.set_cookie("portal", cookie.value)
        start.wait(30)
        answer = own.post(f"{url}/approve", data=data)
        answers.append((answer.status_code, answer.location))

    places = [stage, stage.beside()]
    threads = [threading.Thread(target=send, args=(places[n % 2],)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    from portal.db import db

    with places[1].app.app_context():
        db.engine.dispose()
    assert answers == [(303, f"/records/{record_id}")] * 10
    assert len(stage.rows(ApprovalEvent, kind="voted")) == 1
    assert stage.problems() == {}


def test_a_record_is_withdrawn_by_its_requester_alone(stage: Stage, record_id: str) -> None:
    for login, status in (("olga", 404), ("ron", 403), ("rita", 303)):
        answer = post(stage.browser(login), f"/records/{record_id}/withdraw", comment="")
        assert answer.status_code == status, login
    assert stage.record(record_id).state == "withdrawn"
    assert post(stage.browser("rita"), f"/records/{record_id}/withdraw").status_code == 409


@pytest.mark.parametrize(
    ("login", "status"), [("oskar", 200), ("paul", 403), ("rita", 403), ("audrey", 403)]
)
def test_stuck_approvals_are_the_operators_page(stage: Stage, login: str, status: int) -> None:
    own = stage.draft("mona", stage.purchase(), project="P2")
    stage.submit(own, "mona")
    browser = stage.browser(login)
    assert browser.get("/stuck").status_code == status
    if status != 200:
        for verb in ("assign", "refresh", "terminate"):
            assert post(browser, f"/stuck/{own}/{verb}", comment="x").status_code == 403
        return
    assert str(stage.record(own).number) in browser.get("/stuck").text
    page = browser.get(f"/stuck/{own}")
    assert page.status_code == 200
    assert "Concrete for the pit" not in page.text, "an operator frees it without reading it"
    assert post(browser, f"/stuck/{own}/terminate", comment="").status_code == 422
    answer = post(browser, f"/stuck/{own}/assign", comment="x", to=stage.people["mona"], epoch=1)
    assert answer.status_code == 422
    answer = post(browser, f"/stuck/{own}/assign", comment="x", to=stage.people["olga"], epoch=1)
    assert answer.status_code == 303
    assert stage.open_tasks(own) == {"olga"}


def test_why_it_was_returned_stands_under_decisions(stage: Stage, record_id: str) -> None:
    stage.decide("send_back", "carl", record_id, to="start", comment="Which pit?")
    page = stage.browser("rita").get(f"/records/{record_id}").text
    assert "Which pit?" in page.partition('id="_decisions"')[2]


def test_a_signature_that_was_removed_is_struck_through_where_decisions_stand(
    stage: Stage, record_id: str
) -> None:
    stage.approve(record_id, "carl")
    line = {**stage.record(record_id).data["lines"][0], "qty": "12"}
    data = {**stage.record(record_id).data, "lines": [line]}
    stage.decide("edit", "mark", record_id, data=data)
    stage.approve(record_id, "chloe")
    decisions = stage.browser("rita").get(f"/records/{record_id}").text.partition('id="_decisions"')
    struck = re.findall(r"<del>(.*?)</del>(.*?)<time", decisions[2], re.S)
    assert len(struck) == 1
    assert "Carl" in struck[0][0]
    assert "removed on 2 Mar 2026: Mark changed values" in struck[0][1]


def test_a_skipped_step_says_which_condition_decided(stage: Stage, record_id: str) -> None:
    for login in ("rita", "carl"):
        page = stage.browser(login).get(f"/records/{record_id}").text
        assert "Only needed if Total is at least 1,000." in page
    url, _ = address(stage, "carl", record_id)
    page = stage.browser("carl").get(url).text
    assert "Only needed if Total is at least 1,000." in page


def offered(page: str) -> set[str]:
    """The forms the inbox's filter offers."""
    found = re.search(r'<select[^>]*name="form".*?</select>', page, re.S)
    return set(re.findall(r'value="([a-z_]+)"', found[0])) if found else set()


def test_the_filter_of_the_inbox_offers_the_forms_of_which_something_waits(stage: Stage) -> None:
    record_id = stage.filed(stage.large())
    assert offered(stage.browser("eve").get("/inbox").text) == set()
    stage.approve(record_id, "carl")
    assert offered(stage.browser("eve").get("/inbox").text) == {"purchase"}
    assert "Crew" not in stage.browser("eve").get("/inbox?form=crew").text
