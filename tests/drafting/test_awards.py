"""An award becomes a project: the approved opening creates it, with its manager and its contract."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal import paths
from portal.db import db
from portal.definitions import services as definitions
from portal.errors import Invalid
from portal.ledgers.models import Posting
from portal.projects.models import Membership, Project
from portal.records.models import Record
from tests.house import House, house, opening_data

__all__ = ["house"]


def opening(house: House, **more: Any) -> str:
    money = {"currency": "USD", "income": "1000000.00", "cost": "900000.00"}
    data = opening_data(house, **{**money, **more})
    record_id = house.draft("sara", data, "project_opening", None)
    house.submit(record_id, "sara")
    return house.pass_on(record_id, "carla", "fay")


def test_the_last_signature_creates_project_manager_and_contract_draft(house: House) -> None:
    record_id = opening(house, code="EB-01", advance="10.00")
    before = len(house.rows(Posting))
    assert not house.rows(Project, code="EB-01"), "not before the last signature"
    house.pass_on(record_id, "dora")
    with house.system():
        project = db.session.scalars(select(Project).where(Project.code == "EB-01")).one()
        assert (project.currency, project.name) == ("USD", "East berth")
        assert str(project.starts_on) == "2026-04-01"
        roles = {one.role for one in db.session.scalars(
            select(Membership).where(Membership.project_id == project.id)
        )}  # fmt: skip
        assert roles == {"project_manager", "member"}
        drafted = db.session.scalars(
            select(Record).where(Record.project_id == project.id, Record.form == "contract")
        ).one()
        assert (drafted.state, drafted.requester_id) == ("draft", house.people["max"])
        assert drafted.data["direction"] == "income"
        assert drafted.data["party"] == house.entries["owner"]
        assert drafted.data["amount"] == "1090000.00"  # with tax
        assert drafted.data["advance_amount"] == "109000.00"
    assert len(house.rows(Posting)) == before, "a draft posts nothing"
    page = house.browser("dora").get(f"/records/{record_id}").text
    assert "Opened as" in page
    assert "EB-01 East berth" in page


def test_a_code_that_is_taken_or_none_refuses_the_signature_and_makes_nothing(house: House) -> None:
    for code, told in (("P1", "Another project has this code"), ("what?", "capital letters")):
        record_id = opening(house, code=code)
        with pytest.raises(Invalid) as refused:
            house.pass_on(record_id, "dora")
        assert told in " ".join(str(one.message) for one in refused.value.errors)
        assert house.record(record_id).state == "submitted"
    assert len(house.rows(Project)) == 2


def test_without_a_code_it_moves_nothing(house: House) -> None:
    house.pass_on(opening(house), "dora")
    assert len(house.rows(Project)) == 2


def test_a_code_and_an_existing_project_exclude_each_other(house: House) -> None:
    with pytest.raises(Invalid):
        opening(house, code="EB-02", project=house.projects["P1"])


def test_what_a_contract_starts_with_is_what_its_form_says(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "contracts"
    shutil.copytree(paths.DEFINITIONS / "contracts", folder)
    file = folder / "contract.form.json"
    form = json.loads(file.read_text())
    fields = form["data"]["properties"]
    new = {"tax_percent": "13.00", "payment_days": 45, "retention_percent": "5.00"}
    new |= {"retention_cap_percent": "5.00", "retention_counts_changes": False}
    for key, value in new.items():
        fields[key]["x-field"]["default"] = value
    form["version"] += 1
    file.write_text(json.dumps(form))
    with house.system(writing=True):
        definitions.publish_folder(path=folder, actor=None, now=house.now())
    house.pass_on(opening(house, code="EB-03"), "dora")
    [drafted] = house.rows(Record, form="contract", state="draft")
    assert {key: drafted.data[key] for key in new} == new
    assert drafted.data["amount"] == "1130000.00"
    assert drafted.data["direction"] == "income", "what the award says goes before"
