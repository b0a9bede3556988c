"""Drafts and releases: nothing typed is lost, nothing published ever changes."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit.models import AuditRow
from portal.db import db, system_context
from portal.definitions import queries, services
from portal.definitions.models import Definition, Module, ModuleRelease
from portal.definitions.releases import Refused
from portal.errors import Conflict, Invalid, NotFound, TooLarge
from portal.records.counts import open_by_release

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(app: Flask, modules: Path) -> Iterator[Path]:
    """A database in which both sample modules are published; answers their folder."""
    with app.app_context(), system_context("test"):
        services.publish_folders(paths=sorted(modules.iterdir()), actor=None, now=NOW)
        db.session.commit()
        yield modules


def draft(module: str = "changes") -> ModuleRelease:
    return services.open_draft(module=module, actor=None, now=NOW)


def edit(release: ModuleRelease, name: str, change: Callable[[Any], object] | str) -> int:
    text = change
    if not isinstance(change, str):
        raw = json.loads(queries.files_of(release.id)[name])
        change(raw)
        text = json.dumps(raw)
    return services.save_draft_file(
        release_id=release.id,
        name=name,
        text=str(text),
        seen_revision=release.revision,
        actor=None,
        now=NOW,
    )


def retitle(raw: Any) -> None:
    raw["version"] += 1
    raw["title"] = {"en": "Change order", "zh": "变更单"}


def publish(release: ModuleRelease) -> services.Published:
    return services.publish(release_id=release.id, actor=None, now=NOW)


def test_modules_that_refer_to_each_other_are_published_together(store: Path) -> None:
    assert {one.key: one.release.number for one in queries.modules() if one.release} == {
        "changes": 1,
        "contracts": 1,
    }
    form = queries.current_form("change")
    assert form is not None
    assert form.form.definition.title.zh == "变更单"
    assert form.workflow is not None
    assert [rule.id for rule in form.postings] == ["pending", "final"]


def test_publishing_equal_folders_again_does_nothing(store: Path) -> None:
    before = db.session.scalar(select(func.count()).select_from(ModuleRelease))
    done = services.publish_folders(paths=sorted(store.iterdir()), actor=None, now=NOW)
    assert [(one.number, one.changed) for one in done] == [(1, False), (1, False)]
    assert db.session.scalar(select(func.count()).select_from(ModuleRelease)) == before


def test_another_layout_of_the_same_content_is_no_new_release(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "contracts"
    folder.mkdir()
    for path in (store / "contracts").iterdir():
        (folder / path.name).write_text(json.dumps(json.loads(path.read_text("utf-8"))), "utf-8")
    done = services.publish_folder(path=folder, actor=None, now=NOW)
    assert not done.changed


def test_a_draft_keeps_any_text_and_counts_its_revisions(store: Path) -> None:
    made = draft()
    assert draft().id == made.id
    assert edit(made, "change.form.json", "{ this is not ") == 2
    assert queries.files_of(made.id)["change.form.json"] == "{ this is not "
    assert queries.current_form("change") is not None


def test_saving_over_somebody_elses_save_is_a_conflict(store: Path) -> None:
    made = draft()
    edit(made, "change.form.json", "mine")
    with pytest.raises(Conflict, match="revision 2, yours 1"):
        services.save_draft_file(
            release_id=made.id,
            name="change.form.json",
            text="theirs",
            seen_revision=1,
            actor=None,
            now=NOW,
        )
    assert queries.files_of(made.id)["change.form.json"] == "mine"


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("notes.txt", "x", Invalid),
        ("../change.form.json", "x", Invalid),
        ("change.form.json", "x" * 1_000_001, TooLarge),
        ("change.form.json", "a\x00b", Invalid),
        ("change.form.json", "\udcff", Invalid),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused(
    store: Path, name: str, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        edit(draft(), name, text)


def test_publishing_a_draft_makes_the_next_release(store: Path) -> None:
    services.set_open_records(lambda module: {1: 12} if module == "changes" else {})
    made = draft()
    edit(made, "change.form.json", retitle)
    done = publish(made)
    services.set_open_records(open_by_release)  # as the portal does: others count by it
    assert (done.number, done.changed, done.open_records_by_release) == (2, True, {1: 12})
    form = queries.current_form("change")
    assert form is not None
    assert (form.release_number, form.title.en) == (2, "Change order")
    old = next(one for one in queries.history("changes") if one.number == 1)
    assert queries.form_of(old.id, "change").title.en == "Change"


def test_a_failed_publish_changes_nothing(store: Path) -> None:
    made = draft()
    edit(made, "change.form.json", lambda raw: raw["computed"].update(total="subject"))
    db.session.commit()
    before = _everything()
    with pytest.raises(Refused, match="1 errors"):
        publish(made)
    db.session.rollback()
    assert _everything() == before
    form = queries.current_form("change")
    assert form is not None
    assert form.release_number == 1


def _everything() -> list[Any]:
    tables = (Module, ModuleRelease, Definition, AuditRow)
    return [
        [
            {column.key: getattr(row, column.key) for column in table.__mapper__.column_attrs}
            for row in db.session.scalars(select(table).order_by(*table.__mapper__.primary_key))
        ]
        for table in tables
    ]


def test_a_failing_module_keeps_the_others_from_being_published(
    app: Flask, modules: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "changes"
    broken.mkdir()
    for path in (modules / "changes").iterdir():
        (broken / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (broken / "change.form.json").write_text("{", "utf-8")
    with app.app_context(), system_context("test"):
        with pytest.raises(Refused):
            services.publish_folders(paths=[modules / "contracts", broken], actor=None, now=NOW)
        assert queries.modules() == []


def test_a_version_number_stands_for_one_content(store: Path) -> None:
    made = draft()
    edit(made, "change.form.json", lambda raw: raw.update(title={"en": "Order", "zh": "单"}))
    with pytest.raises(Refused) as refused:
        publish(made)
    (error,) = refused.value.report.errors
    assert "Version 1 of “change” is published with other content" in str(error.message)
    assert (error.file, error.path) == ("change.form.json", "version")
    assert (error.line, error.column) > (1, 1)


def test_a_draft_without_changes_publishes_nothing_and_goes(store: Path) -> None:
    made = draft()
    done = publish(made)
    assert (done.number, done.changed) == (1, False)
    assert queries.draft_of("changes") is None


def test_rolling_back_publishes_the_old_content_under_a_new_number(store: Path) -> None:
    made = draft()
    edit(made, "change.form.json", retitle)
    publish(made)
    done = services.roll_back(module="changes", to_number=1, actor=None, now=NOW)
    assert done.number == 3
    form = queries.current_form("change")
    assert form is not None
    assert form.title.en == "Change"
    assert [one.number for one in queries.history("changes")] == [3, 2, 1]
    again = draft()
    edit(again, "change.form.json", lambda raw: (retitle(raw), retitle(raw)))
    assert publish(again).number == 4


def test_a_published_release_cannot_be_changed_by_any_way(store: Path) -> None:
    release_id = next(one.release.id for one in queries.modules() if one.release)
    with pytest.raises(Conflict):
        services.save_draft_file(
            release_id=release_id,
            name="module.json",
            text="{}",
            seen_revision=1,
            actor=None,
            now=NOW,
        )
    with pytest.raises(Conflict):
        services.discard_draft(release_id=release_id, actor=None, now=NOW)
    for table, change in ((ModuleRelease, {"note": "x"}), (Definition, {"source": "x"})):
        row = db.session.scalars(select(table).limit(1)).one()
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(RuntimeError, match="never changed"):
            db.session.flush()
        db.session.rollback()
        db.session.delete(db.session.scalars(select(table).limit(1)).one())
        with pytest.raises(RuntimeError, match="never changed"):
            db.session.flush()
        db.session.rollback()


def test_a_new_module_starts_with_a_sound_module_json(store: Path) -> None:
    made = services.new_module(
        key="orders", title={"en": "Orders", "zh": "订单"}, actor=None, now=NOW
    )
    assert services.check_release(made.id).ok
    assert publish(made).number == 1
    for key in ("orders", "Bad Key", ""):
        with pytest.raises(Invalid):
            services.new_module(key=key, title="x", actor=None, now=NOW)


def test_discarding_the_draft_of_a_new_module_takes_the_module_along(store: Path) -> None:
    made = services.new_module(key="orders", title="Orders", actor=None, now=NOW)
    services.discard_draft(release_id=made.id, actor=None, now=NOW)
    assert "orders" not in {one.key for one in queries.modules()}
    with pytest.raises(NotFound):
        services.open_draft(module="orders", actor=None, now=NOW)


def test_a_module_that_is_off_takes_no_new_records(store: Path) -> None:
    services.disable(module="changes", actor=None, now=NOW)
    assert queries.current_form("change") is None
    assert queries.form_titles()["change"].en == "Change"
    services.enable(module="changes", actor=None, now=NOW)
    assert queries.current_form("change") is not None


def test_every_publish_is_audited(store: Path) -> None:
    rows = db.session.scalars(select(AuditRow).order_by(AuditRow.seq)).all()
    assert [(row.action, row.object_id) for row in rows] == [
        ("module.publish", "changes"),
        ("module.publish", "contracts"),
    ]


def test_a_rolled_back_publish_is_forgotten_by_the_catalog(store: Path) -> None:
    made = draft()
    edit(made, "change.form.json", retitle)
    db.session.commit()
    publish(made)
    db.session.rollback()
    form = queries.current_form("change")
    assert form is not None
    assert form.release_number == 1


def test_export_gives_the_files_as_written(store: Path) -> None:
    for path in (store / "changes").iterdir():
        assert queries.export("changes")[path.name] == path.read_text("utf-8")
