"""Filing again: a new form starts with what was typed into another record, and writes nothing."""

import json
import shutil
from pathlib import Path

import pytest

from portal.db import db
from portal.definitions import services as definitions
from portal.projects.models import Project
from portal.records.models import Record
from tests.records.pages import FormPage, open_page
from tests.records.test_editing import counted
from tests.stage import WORKS, Stage

SECRET = "CanaryZ3"
BUTTON = "File again as a copy"


def copy_of(stage: Stage, record_id: str, login: str = "rita", project: str = "") -> FormPage:
    where = f"&project={project}" if project else ""
    return open_page(stage.browser(login), f"/forms/purchase/new?copy={record_id}{where}")


def test_a_copy_holds_what_was_typed_and_nothing_the_portal_or_its_number_gave(
    stage: Stage,
) -> None:
    given = stage.purchase(code="U-1", crew=stage.entries["crew"], confidential="typed")
    source = stage.filed(given)
    before = counted(stage)
    page = copy_of(stage, source)
    assert page.values["title"] == ["Concrete for the pit"]
    assert page.values["confidential"] == ["typed"]
    assert page.values["crew"] == [stage.entries["crew"]]
    assert page.values["code"] == [""], "no two records may share it"
    assert len(page.rows()) == 1
    row = page.rows()[0]
    assert row != "r1", "its rows are its own"
    assert page.values[f"lines-{row}-qty"] == ["10.000"]
    assert page.shown("c-total") == "200.00 CNY"
    assert f"Copied from {stage.record(source).number}" in page.html
    assert counted(stage) == before, "opening it writes nothing"


def test_a_copy_is_sent_as_a_record_of_its_own(stage: Stage) -> None:
    source = stage.filed()
    page = copy_of(stage, source)
    assert page.record_id != source
    assert page.fill(title="Once more").post("submit").status_code == 303
    made, old = stage.record(page.record_id), stage.record(source)
    assert (made.state, made.subject, str(made.amount)) == ("submitted", "Once more", "200.0000")
    assert made.number
    assert made.number != old.number
    assert old.subject == "Concrete for the pit"


def test_a_copy_nobody_changed_is_kept_as_a_draft(stage: Stage) -> None:
    page = copy_of(stage, stage.filed())
    assert page.post("save").status_code == 303
    kept = stage.record(page.record_id)
    assert (kept.state, kept.subject, str(kept.amount)) == (
        "draft",
        "Concrete for the pit",
        "200.0000",
    )


def test_files_stay_with_the_record_they_were_attached_to(stage: Stage) -> None:
    source = stage.filed()
    with stage.system(writing=True):
        record = db.session.get_one(Record, source)
        record.data = {**record.data, "paper": ["0123456789abcdef"]}
    assert "0123456789abcdef" not in copy_of(stage, source).html


@pytest.mark.parametrize("login", ["olga", "ron", "nobody", "eve"])
def test_a_record_out_of_sight_cannot_be_copied(stage: Stage, login: str) -> None:
    draft = stage.draft("rita", stage.purchase(title=SECRET))
    answer = stage.browser(login).get(f"/forms/purchase/new?copy={draft}&project=P1")
    assert answer.status_code == 404
    assert SECRET not in answer.text


def test_a_record_of_another_form_cannot_be_copied(stage: Stage) -> None:
    answer = stage.browser("rita").get(f"/forms/purchase/new?copy={stage.entries['crew']}")
    assert answer.status_code == 404


def test_what_a_step_hides_from_its_people_does_not_reach_their_copy(stage: Stage) -> None:
    source = stage.filed(stage.purchase(confidential=SECRET))
    page = copy_of(stage, source, "carl")
    assert page.values["title"] == ["Concrete for the pit"]
    assert SECRET not in page.html


def test_only_who_may_file_here_is_offered_a_copy(stage: Stage) -> None:
    source = stage.filed()
    for login, offered in (("rita", True), ("carl", True), ("audrey", False)):
        page = stage.browser(login).get(f"/records/{source}").text
        assert (BUTTON in page) is offered, login
    refused = stage.browser("audrey").get(f"/forms/purchase/new?copy={source}").text
    assert 'id="entry"' not in refused, "no project to file it in"


def test_nothing_is_filed_again_in_a_closed_project(stage: Stage) -> None:
    source = stage.filed()
    with stage.system(writing=True):
        db.session.get_one(Project, stage.projects["P1"]).status = "closed"
    client = stage.browser("rita")
    assert BUTTON not in client.get(f"/records/{source}").text
    assert client.get(f"/forms/purchase/new?copy={source}").status_code == 403


def test_links_the_copier_may_not_choose_are_left_empty(stage: Stage) -> None:
    secret = stage.entry("olga", "crew", "P2", code="X", name=SECRET, rate="987.65")
    source = stage.filed()
    with stage.system(writing=True):  # as an older release let it be filed
        record = db.session.get_one(Record, source)
        line = {**record.data["lines"][0], "cost_code": secret}
        record.data = {**record.data, "crew": secret, "lines": [line]}
    page = copy_of(stage, source)
    assert page.values["crew"] == [""]
    assert page.values[f"lines-{page.rows()[0]}-cost_code"] == [""]
    assert SECRET not in page.html
    assert "987.65" not in page.html


def test_a_copy_follows_the_current_release(stage: Stage, tmp_path: Path) -> None:
    source = stage.filed(stage.purchase(site_note="Wet ground"))
    folder = tmp_path / "works"
    shutil.copytree(WORKS, folder)
    file = folder / "purchase.form.json"
    raw = json.loads(file.read_text())
    fields = raw["data"]["properties"]
    fields["ground_note"] = fields.pop("site_note")
    raw["version"] = 2
    raw["migrations"] = [{"from": 1, "steps": [{"rename": ["site_note", "ground_note"]}]}]
    text = json.dumps(raw).replace('"site_note"]}', '"ground_note"]}')
    file.write_text(text)
    chain = folder / "purchase.workflow.json"
    chain.write_text(chain.read_text().replace('"site_note"', '"ground_note"'))
    with stage.system(writing=True):
        definitions.publish_folder(path=folder, actor=None, now=stage.now())
    page = copy_of(stage, source)
    assert page.values["ground_note"] == ["Wet ground"]
    assert "site_note" not in page.values
