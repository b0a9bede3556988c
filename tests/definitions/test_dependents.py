"""A release that would break another published module is refused, and everything goes on."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, system_context
from portal.definitions import dependents, queries, services
from portal.definitions.checking import Finding, Report
from portal.definitions.models import ModuleRelease
from portal.definitions.releases import Refused
from portal.errors import Message

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
FORM = {"contracts": "contract.form.json", "changes": "change.form.json"}
Change = Callable[[Any], object]


def read_party(raw: Any) -> None:
    """`change` offers contracts by the name of their party."""
    raw["data"]["properties"]["contract"]["x-field"]["filter"] = "target.party_name != subject"


def forget_party(raw: Any) -> None:
    raw["data"]["properties"]["contract"]["x-field"].pop("filter")


def drop_party(raw: Any) -> None:
    """`contract` does without the name of its party, and is sound by itself."""
    raw["data"]["properties"].pop("party_name")
    raw["data"]["properties"]["party"]["x-field"].pop("fetch")
    raw["facts"] = ["name"]
    raw["layout"][0]["fields"].remove("party_name")


def write(folder: Path, module: str, change: Change) -> None:
    """Change the form of a module on disk, as a new version."""
    path = folder / module / FORM[module]
    raw = json.loads(path.read_text())
    raw["version"] += 1
    change(raw)
    path.write_text(json.dumps(raw))


@pytest.fixture
def store(
    app: Flask, modules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Both sample modules are published, and `changes` reads a field of `contracts`."""
    monkeypatch.setattr(dependents, "_used", list)
    folder = tmp_path / "modules"
    for source in modules.glob("*/*.json"):
        if source.name == "contract.cases.json":
            continue  # its examples name the field that is taken away
        target = folder / source.parent.name / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text())
    write(folder, "changes", read_party)
    with app.app_context(), system_context("test"):
        services.publish_folders(paths=sorted(folder.iterdir()), actor=None, now=NOW)
        db.session.commit()
        yield folder


def publish(module: str, change: Change) -> services.Published:
    """Publish a module with its form changed, through a draft."""
    draft = services.open_draft(module=module, actor=None, now=NOW)
    raw = json.loads(queries.files_of(draft.id)[FORM[module]])
    raw["version"] += 1
    change(raw)
    services.save_draft_file(
        release_id=draft.id, name=FORM[module], text=json.dumps(raw),
        seen_revision=draft.revision, actor=None, now=NOW,
    )  # fmt: skip
    return services.publish(release_id=draft.id, actor=None, now=NOW)


def current() -> dict[str, int | None]:
    return {one.key: one.release.number for one in queries.modules() if one.release}


def test_a_field_another_module_reads_is_not_taken_away(store: Path) -> None:
    with pytest.raises(Refused) as refused:
        publish("contracts", drop_party)
    [error] = refused.value.report.errors
    assert "The published module “changes” would no longer work: change.form.json" in str(error)
    assert "contract.x-field.filter" in str(error)
    assert "party_name" in str(error)
    assert "Keep what it reads" in str(error.remedy)
    assert current() == {"changes": 1, "contracts": 1}
    form = queries.current_form("change")
    assert form is not None
    assert "contract" in form.form.filters


def test_a_check_of_the_draft_finds_it_already(store: Path) -> None:
    with pytest.raises(Refused):
        publish("contracts", drop_party)
    draft = services.open_draft(module="contracts", actor=None, now=NOW)
    assert not services.check_release(draft.id).ok


def test_a_form_another_module_links_to_is_not_taken_away(store: Path) -> None:
    folder = store / "contracts"
    raw = json.loads((folder / "module.json").read_text())
    raw["forms"] = [entry for entry in raw["forms"] if entry["form"] == "party"]
    (folder / "module.json").write_text(json.dumps(raw))
    for path in folder.iterdir():
        if path.name not in {"module.json", "party.form.json"}:
            path.unlink()
    with pytest.raises(Refused) as refused:
        services.publish_folder(path=folder, actor=None, now=NOW)
    assert "changes" in str(refused.value.report.errors[0])
    assert current() == {"changes": 1, "contracts": 1}


def test_what_nobody_reads_may_go(store: Path) -> None:
    publish("changes", forget_party)
    assert publish("contracts", drop_party).number == 2


def test_what_was_broken_before_is_not_laid_at_this_modules_door(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Finding("change.form.json", "x", 1, 1, "error", Message("old"), Message(""))
    monkeypatch.setattr(dependents, "check_module", lambda *_, **__: Report([old]))
    assert publish("contracts", drop_party).number == 2


def test_while_records_stand_under_a_release_what_it_reads_stays(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = db.session.scalars(
        select(ModuleRelease.id).where(ModuleRelease.module == "changes")
    ).one()
    publish("changes", forget_party)
    monkeypatch.setattr(dependents, "_used", lambda: [first])
    with pytest.raises(Refused) as refused:
        publish("contracts", drop_party)
    [error] = refused.value.report.errors
    assert "Records of release 1 of “changes” could no longer be opened: change" in str(error)
    assert current() == {"changes": 2, "contracts": 1}


def test_going_back_takes_nothing_away_either(store: Path) -> None:
    publish("changes", forget_party)
    publish("contracts", drop_party)
    services.roll_back(module="contracts", to_number=1, actor=None, now=NOW)
    publish("changes", read_party)
    with pytest.raises(Refused):
        services.roll_back(module="contracts", to_number=2, actor=None, now=NOW)
    assert current() == {"changes": 3, "contracts": 3}


def test_modules_published_together_are_judged_by_their_new_content(store: Path) -> None:
    write(store, "contracts", drop_party)
    with pytest.raises(Refused):
        services.publish_folder(path=store / "contracts", actor=None, now=NOW)
    write(store, "changes", forget_party)
    done = services.publish_folders(paths=sorted(store.iterdir()), actor=None, now=NOW)
    assert [(one.module, one.number) for one in done] == [("changes", 2), ("contracts", 2)]
