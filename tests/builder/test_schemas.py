"""Published JSON Schemas: by version and by release, for those who may read the form."""

import json

from jsonschema import Draft202012Validator

from tests.builder.conftest import Desk


def test_a_schema_judges_records(desk: Desk) -> None:
    schema = json.loads(desk.browser("rick").get("/schema/site_visit/1.json").text)
    validator = Draft202012Validator(schema)
    assert validator.is_valid({"title": "North", "amount": "10.00"})
    assert not validator.is_valid({"title": "North", "amount": 10})
    assert not validator.is_valid({"title": "North"})
    draft = json.loads(desk.browser("rick").get("/schema/site_visit/1/draft.json").text)
    assert Draft202012Validator(draft).is_valid({"title": "North"})


def test_it_is_found_by_version_by_release_and_as_current(desk: Desk) -> None:
    browser = desk.browser()
    desk.open_draft(browser)
    changed = desk.text().replace('"Title"', '"Subject"').replace('"version": 1', '"version": 2')
    desk.save(browser, changed)
    desk.publish(browser)
    found = {
        name: json.loads(browser.get(f"/schema/site_visit/{name}.json").text)["properties"]["title"]
        for name in ("1", "2", "release-1", "release-2", "current")
    }
    titles = {name: node["title"] for name, node in found.items()}
    assert titles == {
        "1": "Title", "2": "Subject", "release-1": "Title", "release-2": "Subject",
        "current": "Subject",
    }  # fmt: skip


def test_it_obeys_the_read_right_of_the_form(desk: Desk) -> None:
    for login, status in (
        ("rick", 200),
        ("vera", 200),
        ("nora", 200),
        ("oskar", 404),
        ("eve", 404),
    ):
        answer = desk.browser(login).get("/schema/site_visit/1.json")
        assert answer.status_code == status, login
    assert desk.browser("").get("/schema/site_visit/1.json").status_code == 302


def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    browser = desk.browser()
    for name in ("9.json", "release-9.json", "latest.json", "1.xml", "x", "1"):
        assert browser.get(f"/schema/site_visit/{name}").status_code == 404
    assert browser.get("/schema/nothing/1.json").status_code == 404
    assert browser.get("/schema/meta/other.json").status_code == 404


def test_meta_schemas_are_there_for_whoever_is_signed_in(desk: Desk) -> None:
    browser = desk.browser("rick")
    for kind in ("module", "form", "workflow", "postings", "cases"):
        for name in (f"{kind}-1.json", f"{kind}-1.draft07.json"):
            answer = browser.get(f"/schema/meta/{name}")
            assert answer.status_code == 200
            assert answer.mimetype == "application/schema+json"
            assert "$schema" in json.loads(answer.text)
    assert desk.browser("").get("/schema/meta/form-1.json").status_code == 302
