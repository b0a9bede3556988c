"""Published JSON Schemas: by version and by release, for those who may read the form."""

import json

from jsonschema import Draft202012Validator

from portal.approvals.steps import step_fields
from portal.definitions import queries as definitions
from portal.forms.access import StepFields, field_access
from portal.forms.fieldpaths import split
from portal.forms.stepschema import step_schema
from portal.workflows.blocks import Step
from tests.builder.conftest import Desk
from tests.stage import Stage, stage

__all__ = ["stage"]


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


def test_a_step_has_a_schema_of_what_it_may_change_alone(stage: Stage) -> None:
    browser = stage.browser("rita")
    schema = json.loads(browser.get("/schema/purchase/1/step/check.json").text)
    assert set(schema["properties"]) == {"site_note", "budget_line", "lines"}
    assert "required" not in schema
    row = schema["properties"]["lines"]["items"]
    assert "amount" not in row["properties"]  # computed: the server alone writes it
    assert {"_id", "qty", "price"} <= set(row["properties"])
    validator = Draft202012Validator(schema)
    assert validator.is_valid({"site_note": "Seen", "budget_line": "B-1"})
    for wrong in ({"title": "Other"}, {"confidential": "x"}, {"total": "1.00"}, {"site_note": 1}):
        assert not validator.is_valid(wrong), wrong
    manager = json.loads(browser.get("/schema/purchase/release-1/step/sign.json").text)
    assert manager["required"] == ["budget_line"]


def test_what_a_step_may_change_is_what_its_page_may_write(stage: Stage) -> None:
    """The schema and the rights of a page come from one rule, for every step there is."""
    with stage.system():
        form = definitions.current_form("purchase")
        assert form is not None
        assert form.workflow is not None
        for step in ("check", "board", "sign"):
            block = form.workflow.block(step)
            assert isinstance(block, Step)
            fields = step_fields(block)
            access = field_access(
                form.form.definition, state="submitted", is_requester=False, step=fields
            )
            found = step_schema(form.form.definition, step, fields)["properties"]
            writable = {
                split(path)[0] or path for path, right in access.items() if right == "write"
            }
            assert set(found) == writable, step


def test_a_step_that_opens_one_column_takes_rows_that_are_there(stage: Stage) -> None:
    with stage.system():
        form = definitions.current_form("purchase")
        assert form is not None
        fields = StepFields(frozenset({"lines[].price"}), frozenset(), frozenset())
        schema = step_schema(form.form.definition, "check", fields)
    row = schema["properties"]["lines"]["items"]
    assert set(row["properties"]) == {"_id", "price"}
    assert row["required"] == ["_id", "price"]
    assert not Draft202012Validator(schema).is_valid({"lines": [{"price": "1.00"}]})


def test_the_schema_of_a_step_obeys_the_read_right_of_the_form(stage: Stage) -> None:
    address = "/schema/purchase/1/step/check.json"
    for login, status in (("rita", 200), ("audrey", 200), ("eve", 404), ("nobody", 404)):
        assert stage.browser(login).get(address).status_code == status, login
    browser = stage.browser("rita")
    for other in ("purchase/1/step/no_step.json", "purchase/1/step/large.json",
                  "purchase/9/step/check.json", "crew/1/step/check.json"):  # fmt: skip
        assert browser.get(f"/schema/{other}").status_code == 404, other
