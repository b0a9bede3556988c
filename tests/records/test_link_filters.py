"""What a link offers is narrowed by its filter: over both forms, the row, and other links."""

import json
from pathlib import Path
from typing import Any

import pytest

from portal.definitions import services as definitions
from tests.records.pages import open_page
from tests.stage import Stage

RENTED = "target.crew == crew"
BY_ROW = "target.size == row.size"
THROUGH = "target.name == crew.name"


def text(label: str) -> dict[str, Any]:
    return {"x-field": {"kind": "text", "label": label, "required": label == "Name"}}


def link(target: str, condition: str = "") -> dict[str, Any]:
    narrowed = {"filter": condition} if condition else {}
    return {"x-field": {"kind": "record", "label": target, "target": target, **narrowed}}


def form(key: str, **properties: Any) -> dict[str, Any]:
    return {
        "$schema": "../schema/form-1.json",
        "form": key,
        "version": 1,
        "title": key,
        "subject": "name",
        "data": {"properties": {"name": text("Name"), **properties}},
        "layout": [{"type": "section", "title": key, "fields": ["name", *properties]}],
    }


MACHINE = form("machine", crew=link("crew"), size=text("Size"))
HIRE = form(
    "hire",
    crew=link("crew"),
    machine=link("machine", RENTED),
    twin=link("machine", THROUGH),
    rows={
        "x-field": {"kind": "table", "label": "Rows"},
        "items": {"properties": {"size": text("Size"), "machine": link("machine", BY_ROW)}},
    },
)
MODULE = {
    "$schema": "../schema/module-1.json",
    "module": "plant",
    "format": 1,
    "title": "Plant",
    "menu": {"group": "site", "order": 90},
    "requires": ["works"],
    "forms": [{"form": "machine"}, {"form": "hire"}],
}


@pytest.fixture
def plant(stage: Stage, tmp_path: Path) -> Stage:
    """Machines of two crews, and a form that hires them; one is named like its crew."""
    folder = tmp_path / "plant"
    folder.mkdir()
    for name, body in (("module", MODULE), ("machine.form", MACHINE), ("hire.form", HIRE)):
        (folder / f"{name}.json").write_text(json.dumps(body))
    with stage.system(writing=True):
        definitions.publish_folder(path=folder, actor=None, now=stage.now())
    stage.entries["other"] = stage.entry(
        "rita", "crew", "P1", code="C2", name="Rebar crew", rate="90"
    )
    for name, crew, size in (
        ("Crane", "crew", "big"), ("Saw", "other", "small"), ("Rebar crew", "crew", "small"),
    ):  # fmt: skip
        stage.entries[name] = stage.entry(
            "rita", "machine", "P1", name=name, crew=stage.entries[crew], size=size
        )
    return stage


def offered(stage: Stage, field: str, record_id: str, **more: str) -> set[str]:
    address = f"/forms/hire/options?field={field}&record={record_id}"
    for key, value in more.items():
        address += f"&{key}={value}"
    answer = stage.browser("rita").get(address)
    assert answer.status_code == 200, answer.text
    return {one["text"] for one in json.loads(answer.data)["items"]}


def hire(stage: Stage, crew: str, **more: Any) -> str:
    return stage.draft("rita", {"name": "H", "crew": stage.entries[crew], **more}, "hire")


def test_a_link_offers_what_its_filter_lets_pass(plant: Stage) -> None:
    assert offered(plant, "machine", hire(plant, "crew")) == {"Crane", "Rebar crew"}
    assert offered(plant, "machine", hire(plant, "other")) == {"Saw"}


def test_a_filter_may_read_what_another_link_leads_to(plant: Stage) -> None:
    assert offered(plant, "twin", hire(plant, "other")) == {"Rebar crew"}
    assert offered(plant, "twin", hire(plant, "crew")) == set()


def test_where_the_filter_knows_nothing_yet_nothing_is_offered(plant: Stage) -> None:
    assert offered(plant, "machine", plant.draft("rita", {"name": "H"}, "hire")) == set()


def test_a_column_is_narrowed_row_by_row(plant: Stage) -> None:
    rows = [{"_id": "r1", "size": "big"}, {"_id": "r2", "size": "small"}]
    record_id = hire(plant, "crew", rows=rows)
    assert offered(plant, "rows[].machine", record_id, row="r1") == {"Crane"}
    assert offered(plant, "rows[].machine", record_id, row="r2") == {"Saw", "Rebar crew"}


def test_what_the_filter_keeps_out_cannot_be_chosen_either(plant: Stage) -> None:
    page = open_page(plant.browser("rita"), f"/records/{hire(plant, 'crew')}/edit")
    answer = page.fill(machine=plant.entries["Saw"]).post("save")
    assert answer.status_code == 422
    assert "This entry cannot be chosen here" in answer.text
    page = open_page(plant.browser("rita"), f"/records/{page.record_id}/edit")
    assert page.fill(machine=plant.entries["Crane"]).post("save").status_code == 303
    assert plant.record(page.record_id).data["machine"] == plant.entries["Crane"]
