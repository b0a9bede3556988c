"""A page that is open while a release is published: what was typed in it is never lost."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from portal.definitions import services as definitions
from tests.records.pages import FormPage, open_page, read
from tests.stage import WORKS, Stage

NEW = "/forms/purchase/new?project=P1"
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def publish(stage: Stage, tmp_path: Path) -> Callable[[Change], None]:
    """Publish the works with another purchase form."""
    folder = tmp_path / "works"
    shutil.copytree(WORKS, folder)

    def go(change: Change) -> None:
        file = folder / "purchase.form.json"
        raw = json.loads(file.read_text())
        change(raw)
        raw["version"] += 1
        file.write_text(json.dumps(raw))
        with stage.system(writing=True):
            definitions.publish_folder(path=folder, actor=None, now=stage.now())

    return go


def without(*paths: str) -> Change:
    def change(raw: dict[str, Any]) -> None:
        for path in paths:
            table, _mark, key = path.rpartition("[].")
            properties = raw["data"]["properties"]
            if table:
                properties = properties[table]["items"]["properties"]
            del properties[key or path]
            for section in raw["layout"]:
                fields = section.get("fields", [])
                section["fields"] = [one for one in fields if one != path]

    return change


def renamed(raw: dict[str, Any]) -> None:
    properties = raw["data"]["properties"]
    properties["mark"] = properties.pop("code")
    raw["migrations"] = [{"from": 1, "steps": [{"rename": ["code", "mark"]}]}]
    text = json.dumps(raw["layout"]).replace('"code"', '"mark"')
    raw["layout"] = json.loads(text)


def typed(page: FormPage) -> FormPage:
    return page.fill(title="Sand", code="X-1", lines__0__item="Fine", lines__0__qty="3")


def test_a_page_of_an_earlier_release_comes_back_in_the_form_of_now(
    stage: Stage, publish: Callable[[Change], None]
) -> None:
    page = typed(open_page(stage.browser("rita"), NEW))
    publish(without("code"))
    answer = page.post("save")
    assert answer.status_code == 409
    shown = read(page.client, answer)
    assert "The form has changed" in shown.html
    assert '<th scope="row">Code</th><td class="user-text">X-1</td>' in shown.html
    assert shown.values["title"] == ["Sand"]
    assert shown.values[f"lines-{shown.rows()[0]}-qty"] == ["3.000"]
    assert "code" not in shown.values
    assert shown.record_id == page.record_id
    again = shown.post("save")
    assert again.status_code == 303, "looked through and saved"
    assert stage.record(page.record_id).data["title"] == "Sand"


def test_a_saved_draft_is_not_touched_until_its_page_is_saved_again(
    stage: Stage, publish: Callable[[Change], None]
) -> None:
    client = stage.browser("rita")
    record_id = stage.draft("rita", stage.purchase(code="X-1"))
    page = open_page(client, f"/records/{record_id}/edit").fill(title="Changed", code="X-2")
    publish(without("code"))
    for act in ("save", "submit"):
        answer = page.post(act)
        assert answer.status_code == 409
        shown = read(client, answer)
        assert "X-2" in shown.html
        assert shown.values["title"] == ["Changed"]
    assert stage.record(record_id).data["code"] == "X-1"
    assert stage.record(record_id).revision == 1
    assert shown.post("submit").status_code == 303
    assert stage.record(record_id).subject == "Changed"


def test_a_background_request_is_told_and_changes_nothing(
    stage: Stage, publish: Callable[[Change], None]
) -> None:
    page = typed(open_page(stage.browser("rita"), NEW))
    publish(without("code"))
    for act in ("save", "recalculate"):
        answer = page.post(act, htmx=True, _n="4")
        assert answer.status_code == 409
        assert answer.headers["X-Page-Number"] == "4"
        assert "A new release of this form was published" in answer.text
        assert 'form="entry"' in answer.text, "a way on that sends the whole page"


def test_what_a_release_renames_stands_in_its_new_place(
    stage: Stage, publish: Callable[[Change], None]
) -> None:
    page = typed(open_page(stage.browser("rita"), NEW))
    publish(renamed)
    shown = read(page.client, page.post("save"))
    assert shown.values["mark"] == ["X-1"]
    assert "no place" not in shown.html


def test_what_could_not_be_read_is_shown_as_it_was_typed(
    stage: Stage, publish: Callable[[Change], None]
) -> None:
    page = typed(open_page(stage.browser("rita"), NEW))
    page.fill(lines__0__price="a lot", lines__0__qty="ten")
    publish(without("code"))
    shown = read(page.client, page.post("save"))
    row = shown.rows()[0]
    assert shown.values[f"lines-{row}-price"] == ["a lot"]
    assert shown.values[f"lines-{row}-qty"] == ["ten"]
    assert any("Row 1, Quantity" in one for one in shown.problems)


def test_a_page_that_is_behind_in_both_ways_shows_both(
    stage: Stage, publish: Callable[[Change], None]
) -> None:
    client = stage.browser("rita")
    record_id = stage.draft("rita")
    page = open_page(client, f"/records/{record_id}/edit").fill(title="Mine", code="X-1")
    other = open_page(client, f"/records/{record_id}/edit").fill(title="Theirs")
    assert other.post("save").status_code == 303
    publish(without("code"))
    shown = read(client, page.post("save"))
    assert "<td>Theirs</td><td>Mine</td>" in shown.html
    assert "X-1" in shown.html
    assert shown.values["_revision"] == ["2"]
    assert shown.post("save").status_code == 303


def test_another_release_of_the_module_with_the_same_form_is_no_hindrance(
    stage: Stage, tmp_path: Path
) -> None:
    page = typed(open_page(stage.browser("rita"), NEW))
    folder = tmp_path / "again" / "works"
    shutil.copytree(WORKS, folder)
    file = folder / "module.json"
    file.write_text(file.read_text().replace('"Works"', '"Works of ours"'))
    with stage.system(writing=True):
        definitions.publish_folder(path=folder, actor=None, now=stage.now())
    assert page.post("save").status_code == 303


def test_a_file_is_added_once_the_page_is_of_now(
    stage: Stage, publish: Callable[[Change], None]
) -> None:
    page = open_page(stage.browser("rita"), NEW)
    publish(without("code"))
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    names = ("csrf_token", "_form", "_release", "_project", "_revision")
    body = {name: page.values[name] for name in names} | {
        "_upload": "photo",
        "_file-photo": (io.BytesIO(out.getvalue()), "a.png"),
    }
    address = f"/records/{page.record_id}/upload"
    answer = page.client.post(address, data=body, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Save the page, then add the file again." in answer.text


def test_a_release_made_up_by_hand_opens_nothing(stage: Stage) -> None:
    page = typed(open_page(stage.browser("rita"), NEW))
    page.values["_release"] = ["01900000-0000-7000-8000-000000000000"]
    page.values["nonsense"] = ["1"]
    answer = page.post("save")
    assert answer.status_code == 400
    shown = read(page.client, answer)
    assert shown.problems == ["This form has no field “nonsense”."]
    assert shown.values["title"] == ["Sand"]
    assert shown.values["code"] == ["X-1"]
    assert "nonsense" not in shown.values
    assert shown.post("save").status_code == 303
