"""Definitions kept in a folder: taken out, formatted, compared, applied; drafts stay untouched."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal.db import db, system_context
from portal.definitions import queries, services
from portal.definitions.cli import definitions
from portal.definitions.metaschema import files as schemas

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
FORM = "change.form.json"


@pytest.fixture
def store(app: Flask, modules: Path) -> Iterator[Flask]:
    """Both sample modules published."""
    with app.app_context(), system_context("test"):
        services.publish_folders(paths=sorted(modules.iterdir()), actor=None, now=NOW)
        db.session.commit()
    return app


@pytest.fixture
def kept(store: Flask, tmp_path: Path) -> Path:
    """The folder they were taken out into."""
    folder = tmp_path / "definitions"
    assert run(store, "export", "--all", folder).exit_code == 0
    return folder


def run(app: Flask, *args: object, typed: str | None = None) -> Result:
    result = CliRunner().invoke(
        definitions, [str(one) for one in args], obj=lambda: app, input=typed
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def edit(folder: Path, old: str, new: str, file: str = FORM, module: str = "changes") -> Path:
    path = folder / module / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path


def following(folder: Path) -> None:
    """A change of the form that may be published."""
    edit(folder, '"version": 1', '"version": 2')
    edit(folder, "reason == 'other'", "reason in ['other']")


def number(app: Flask, module: str = "changes") -> int:
    with app.app_context(), system_context("test"):
        return max((one.number for one in queries.history(module)), default=0)


def test_all_modules_are_written_with_the_schemas_their_files_name(
    store: Flask, kept: Path, modules: Path
) -> None:
    for module in ("changes", "contracts"):
        for path in (modules / module).iterdir():
            assert (kept / module / path.name).read_bytes() == path.read_bytes()
    for path in kept.glob("*/*.json"):
        named = json.loads(path.read_text("utf-8")).get("$schema", "")
        if path.parent.name != "schema":
            assert (path.parent / named).resolve().is_file(), path
    written = {path.name for path in (kept / "schema").iterdir()}
    assert written == {name for name, _schema in schemas()}
    assert run(store, "diff", kept).exit_code == 0


def test_a_file_the_release_lost_goes_and_what_is_no_definition_stays(
    store: Flask, kept: Path
) -> None:
    (kept / "changes" / "gone.form.json").write_text("{}")
    (kept / "changes" / "README.md").write_text("ours")
    result = run(store, "export", "--all", kept)
    assert "changes/gone.form.json removed" in result.stdout
    assert not (kept / "changes" / "gone.form.json").exists()
    assert (kept / "changes" / "README.md").read_text() == "ours"


def test_one_module_has_its_schemas_beside_it(store: Flask, tmp_path: Path) -> None:
    assert run(store, "export", "changes", tmp_path / "changes").exit_code == 0
    assert (tmp_path / "schema" / "form-1.json").is_file()
    assert run(store, "export", "changes").exit_code == 2
    assert run(store, "export", "--all", "changes", tmp_path).exit_code == 2


def test_format_writes_one_way_and_says_nothing_the_second_time(store: Flask, kept: Path) -> None:
    path = kept / "changes" / FORM
    path.write_text(json.dumps(json.loads(path.read_text("utf-8"))), "utf-8")
    before = path.read_text("utf-8")
    asked = run(store, "format", kept, "--check")
    assert asked.exit_code == 1
    assert f"{path}: would be formatted" in asked.stdout
    assert path.read_text("utf-8") == before
    assert run(store, "format", kept).exit_code == 0
    assert path.read_text("utf-8") != before
    again = run(store, "format", kept, "--check")
    assert (again.exit_code, again.stdout) == (0, "")
    assert run(store, "diff", kept).exit_code == 0


def test_exporting_formatted_needs_no_formatting(store: Flask, tmp_path: Path) -> None:
    assert run(store, "export", "--all", tmp_path, "--format").exit_code == 0
    assert run(store, "format", tmp_path, "--check").exit_code == 0


def test_format_names_the_place_of_what_it_cannot_read(store: Flask, kept: Path) -> None:
    path = edit(kept, '"form":', '"form"')
    result = run(store, "format", kept)
    assert result.exit_code == 1
    assert f"{path}:" in result.stdout
    assert "'" not in result.stderr


def test_diff_of_a_folder_says_what_differs_and_exits_for_pipelines(
    store: Flask, kept: Path
) -> None:
    result = run(store, "diff", kept)
    assert (result.exit_code, result.stdout.splitlines()) == (
        0, ["changes: the same as release 1", "contracts: the same as release 1"],
    )  # fmt: skip
    following(kept)
    result = run(store, "diff", kept)
    assert (result.exit_code, result.stdout.splitlines()) == (
        1,
        [
            "changes: differs from release 1: 1 rule changed",
            "  change.form.json: Rule “Explanation” (other_needs_note) changed: condition.",
            "contracts: the same as release 1",
        ],
    )
    said = json.loads(run(store, "diff", kept, "--json").stdout)
    assert said["same"] is False
    assert [(one["module"], one["state"]) for one in said["modules"]] == [
        ("changes", "changed"), ("contracts", "same"),
    ]  # fmt: skip
    assert run(store, "diff", kept / "nowhere").exit_code == 2
    assert run(store, "diff", kept / "schema").exit_code == 2


def test_what_is_published_and_not_in_the_folder_is_named_and_no_difference(
    store: Flask, kept: Path
) -> None:
    for path in (kept / "changes").iterdir():
        path.unlink()
    result = run(store, "diff", kept)
    assert result.exit_code == 0
    assert result.stderr == "changes: published, and not in the folder; it stays as it is\n"


def test_apply_publishes_only_what_differs_and_only_once(store: Flask, kept: Path) -> None:
    following(kept)
    result = run(store, "apply", kept, "--yes", "--note", "from Git, a1b2c3")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "changes: published as release 2"
    assert (number(store), number(store, "contracts")) == (2, 1)
    with store.app_context(), system_context("test"):
        assert queries.history("changes")[0].note == "from Git, a1b2c3"
    again = run(store, "apply", kept, "--yes")
    assert (again.exit_code, again.stdout.splitlines()[-1]) == (0, "Nothing to do.")
    assert number(store) == 2


def test_apply_asks_and_takes_silence_for_no(store: Flask, kept: Path) -> None:
    following(kept)
    for typed, said in (("n\n", "Nothing was published."), ("", "add --yes")):
        result = run(store, "apply", kept, typed=typed)
        assert result.exit_code == 2
        assert said in result.stderr
    assert number(store) == 1
    assert run(store, "apply", kept, "--json").exit_code == 2
    assert run(store, "apply", kept, typed="y\n").exit_code == 0
    assert number(store) == 2


def test_a_dry_run_publishes_nothing_and_finds_what_publishing_would(
    store: Flask, kept: Path
) -> None:
    following(kept)
    result = run(store, "apply", kept, "--dry-run")
    assert result.exit_code == 0
    assert "changes: would be published as release 2" in result.stdout
    edit(kept, '"version": 2', '"version": 1')
    result = run(store, "apply", kept, "--dry-run", "--json")
    assert result.exit_code == 1
    assert "Write the next version number." in json.loads(result.stdout)["refused"][0]
    assert number(store) == 1


def test_one_refused_module_keeps_all_from_being_published(store: Flask, kept: Path) -> None:
    following(kept)
    edit(kept, '"format": 1', '"format": "x"', "module.json", "contracts")
    result = run(store, "apply", kept, "--yes")
    assert result.exit_code == 1
    assert "contracts/module.json:" in result.stdout
    assert "Nothing was published." in result.stdout
    assert number(store) == 1


def test_an_open_draft_is_named_and_stays_as_it_is(store: Flask, kept: Path) -> None:
    with store.app_context(), system_context("test"):
        draft = services.open_draft(module="changes", actor=None, now=NOW)
        services.save_draft_file(
            release_id=draft.id, name=FORM, text="mine", seen_revision=1, actor=None, now=NOW
        )
        db.session.commit()
    following(kept)
    result = run(store, "apply", kept, "--yes")
    assert result.exit_code == 0
    assert "A draft (revision 2) is open and stays as it is" in result.stderr
    with store.app_context(), system_context("test"):
        found = queries.draft_of("changes")
        assert found is not None
        assert queries.files_of(found.id)[FORM] == "mine"


def test_what_was_published_meanwhile_is_not_published_over(store: Flask, kept: Path) -> None:
    from portal.definitions import applying
    from portal.errors import Conflict

    following(kept)
    with store.app_context(), system_context("test"):
        planned = applying.plan([kept / "changes", kept / "contracts"])
        services.publish_folder(path=kept / "changes", actor=None, now=NOW)
        with pytest.raises(Conflict, match="meanwhile"):
            applying.apply(planned=planned, actor=None, now=NOW)


def test_check_prints_what_it_found_as_json(kept: Path, store: Flask) -> None:
    path = edit(kept, '"computed"', '"computd"')
    result = run(store, "check", kept, "--json")
    assert result.exit_code == 1
    found = {one["module"]: one for one in json.loads(result.stdout)["modules"]}
    assert found["contracts"]["ok"] is True
    finding = found["changes"]["findings"][0]
    assert finding["file"] == path.name
    assert finding["path"] == "computd"
    assert finding["remedy"] == "Did you mean “computed”?"
