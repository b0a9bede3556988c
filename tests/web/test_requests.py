"""What every request is judged by: token, origin, headers, method, and what cannot be text."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.stage import Stage


def token(browser: FlaskClient) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/me").text)
    assert found is not None
    return found[1]


@pytest.fixture
def record_id(stage: Stage) -> str:
    return stage.filed()


def writes(stage: Stage) -> list[str]:
    """Every address that takes a POST, with made-up parts filled in."""
    return [
        re.sub(r"<(?:[^:>]+:)?[^>]+>", "1", rule.rule)
        for rule in stage.app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    ]


def test_no_post_passes_without_its_token(stage: Stage, record_id: str) -> None:
    browser = stage.browser("rita")
    browser.get("/")
    before = stage.fingerprint()
    addresses = writes(stage)
    assert len(addresses) > 30
    answers = {url: browser.post(url).status_code for url in addresses}
    assert {url: status for url, status in answers.items() if status != 400} == {}
    assert (
        browser.post(f"/records/{record_id}/withdraw", data={"csrf_token": "x"}).status_code == 400
    )
    assert stage.fingerprint() == before


def test_what_a_refused_request_is_told_depends_on_why(stage: Stage) -> None:
    browser = stage.browser("rita")
    without_token = browser.post("/me", data={})
    assert "You signed in anew since this page was opened" in without_token.text
    nonsense = browser.post("/theme", data={"csrf_token": token(browser), "theme": "mud"})
    assert nonsense.status_code == 400
    assert "Choose light, dark or as the device." in nonsense.text
    assert "Nothing was saved." in nonsense.text
    assert "signed in anew" not in nonsense.text
    cut_off = browser.post(
        "/records/01900000-0000-7000-8000-000000000000/save", data={"csrf_token": token(browser)}
    )
    assert cut_off.status_code == 400
    assert "copy what you typed before you open it anew" in cut_off.text
    address = browser.get("/search?q=a%00b")
    assert "The address asks for something this page does not know" in address.text


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://localhost:81"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "http://localhost"}, True),
        ({}, True),
    ],
)
def test_a_write_from_another_site_is_refused(
    stage: Stage, record_id: str, headers: dict[str, str], passes: bool
) -> None:
    browser = stage.browser("rita")
    data = {"csrf_token": token(browser), "text": "from where?"}
    answer = browser.post(f"/records/{record_id}/comments", data=data, headers=headers)
    assert answer.status_code == (303 if passes else 403)
    from portal.records.models import Comment

    assert len(stage.rows(Comment)) == passes


PAGES = ["/", "/inbox", "/me", "/sign-in", "/nowhere", "/stuck"]


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_carries_its_headers(stage: Stage, page: str) -> None:
    answer = stage.browser("rita").get(page)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("page", PAGES)
def test_no_page_holds_inline_script_style_or_handlers(stage: Stage, page: str) -> None:
    text = stage.browser("rita").get(page).text
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=\"|javascript:", text)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize("url", ["/records/1", "/inbox/1", "/files/1", "/nowhere", "/stuck/1"])
def test_what_is_not_there_says_so_and_nothing_else(
    stage: Stage, url: str, headers: dict[str, str]
) -> None:
    answer = stage.browser("oskar").get(url, headers=headers)
    assert answer.status_code == 404
    for telling in ("Traceback", "sqlalchemy", "site-packages", "psycopg", "sqlite"):
        assert telling not in answer.text


def test_an_invisible_record_and_none_at_all_look_the_same(stage: Stage, record_id: str) -> None:
    browser = stage.browser("olga")
    for page in ("", "/edit", "/history", "/print.pdf"):
        hidden = browser.get(f"/records/{record_id}{page}")
        missing = browser.get(f"/records/00000000-0000-7000-8000-000000000000{page}")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        wipe = re.compile(r"[0-9a-f-]{36}|\"[\w.-]{60,}\"")
        assert wipe.sub("", hidden.text) == wipe.sub("", missing.text)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_do_nothing(stage: Stage, record_id: str, method: str) -> None:
    browser = stage.browser("rita")
    act: Any = getattr(browser, method)
    assert act(f"/records/{record_id}").status_code in {400, 404, 405}
    assert stage.record(record_id).state == "submitted"


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "_method"])
def test_a_method_is_not_overridden(stage: Stage, record_id: str, name: str) -> None:
    browser = stage.browser("rita")
    url = f"/records/{record_id}/withdraw"
    browser.get(url, headers={name: "POST"})
    browser.get(f"{url}?{name}=POST&csrf_token={token(browser)}")
    assert stage.record(record_id).state == "submitted"


@pytest.mark.parametrize(
    "address",
    [
        "/inbox?q=%00", "/inbox?q=%ff%fe", "/records/%00", "/files/%00", "/inbox/%00",
        "/inbox?page=%00", "/inbox?form=%00&project=%00", "/forms/%00/new", "/forms/purchase/new?title=%00",
    ],
)  # fmt: skip
def test_what_no_text_can_be_is_no_accident(stage: Stage, address: str) -> None:
    assert stage.browser("rita").get(address).status_code < 500


def test_a_remark_with_a_zero_byte_is_no_accident(stage: Stage, record_id: str) -> None:
    browser = stage.browser("rita")
    data = {"csrf_token": token(browser), "text": "a\0b"}
    answer = browser.post(f"/records/{record_id}/comments", data=data)
    assert answer.status_code in {400, 422}


def test_a_revoked_session_is_nobody_at_once(stage: Stage, record_id: str) -> None:
    from portal.accounts.services import deactivate_person

    browser = stage.browser("ron")
    sent = token(browser)
    assert browser.get(f"/records/{record_id}").status_code == 200
    with stage.acting("paul") as paul:
        deactivate_person(actor=paul, person_id=stage.people["ron"], now=stage.now())
    for page in ("/", "/inbox", f"/records/{record_id}", f"/records/{record_id}/print.pdf"):
        assert "/sign-in" in str(browser.get(page).location)
    answer = browser.post(
        f"/records/{record_id}/comments", data={"csrf_token": sent, "text": "still here"}
    )
    assert "/sign-in" in str(answer.location) or answer.status_code == 400


def test_a_membership_taken_away_ends_at_the_next_request(stage: Stage, record_id: str) -> None:
    from portal.projects import services as projects

    browser = stage.browser("ron")
    assert browser.get(f"/records/{record_id}").status_code == 200
    with stage.system(writing=True):
        projects.remove_member(
            actor=None, project_id=stage.projects["P1"], person_id=stage.people["ron"],
            now=stage.now(),
        )  # fmt: skip
    assert browser.get(f"/records/{record_id}").status_code == 404
