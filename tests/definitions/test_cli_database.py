"""`portal` commands on a database: published forms and releases, and what is said without one."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from portal.cli import main
from portal.db import db, system_context
from portal.definitions import queries, services
from portal.definitions.cli import definitions
from tests.conftest import make_settings

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
COMMANDS = (
    ["definitions", "export", "changes", "out"],
    ["definitions", "list"],
    ["definitions", "diff", "changes@1", "changes"],
    ["definitions", "publish", "{changes}"],
    ["doctor"],
    ["audit", "verify"],
)


@pytest.fixture
def store(app: Flask, modules: Path) -> Iterator[Path]:
    """Both sample modules published, `changes` twice; answers their folder."""
    with app.app_context(), system_context("test"):
        services.publish_folders(paths=sorted(modules.iterdir()), actor=None, now=NOW)
        draft = services.open_draft(module="changes", actor=None, now=NOW)
        source = queries.files_of(draft.id)["change.form.json"]
        services.save_draft_file(
            release_id=draft.id, name="change.form.json", seen_revision=1, actor=None, now=NOW,
            text=source.replace('"version": 1', '"version": 2')
            .replace("reason == 'other'", "reason in ['other']", 1),
        )  # fmt: skip
        services.publish(release_id=draft.id, actor=None, now=NOW)
        db.session.commit()
    return modules


def run(app: Flask, *args: object) -> Result:
    result = CliRunner().invoke(definitions, [str(one) for one in args], obj=lambda: app)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_show_prints_what_is_published_and_says_of_which_release(app: Flask, store: Path) -> None:
    result = run(app, "show", "change", "--expanded")
    with app.app_context(), system_context("test"):
        form = queries.current_form("change")
        assert form is not None
        assert json.loads(result.stdout) == form.expanded
        assert result.stderr == f"change: release 2 of changes, sha256 {form.sha256}.\n"
    assert "reason in ['other']" in run(app, "show", "change").stdout
    assert "reason == 'other'" in run(app, "show", "change", "--in", store).stdout


def test_show_falls_back_to_what_ships(app: Flask, store: Path) -> None:
    result = run(app, "show", "wbs", "--expanded")
    assert json.loads(result.stdout)["form"] == "wbs"
    assert result.stderr == "It is not published here; this is the form as it ships (structure).\n"


def test_diff_compares_releases_with_each_other_and_with_folders(app: Flask, store: Path) -> None:
    changed = [
        "1 rule changed",
        "change.form.json: Rule “Explanation” (other_needs_note) changed: condition.",
    ]
    folder = store / "changes"
    assert run(app, "diff", "changes@1", "changes@2").stdout.splitlines() == changed
    assert run(app, "diff", "changes@1", "changes").stdout.splitlines() == changed
    assert run(app, "diff", folder, "changes").stdout.splitlines() == changed
    assert run(app, "diff", "changes@1", folder).stdout == "no difference\n"


def test_what_is_not_there_is_one_line_that_says_what_is(
    app: Flask, store: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    lines = {
        ("export", "chagnes", out): "There is no module “chagnes” here. Did you mean “changes”?\n",
        ("export", "nope", out): (
            "There is no module “nope” here. Published are: changes, contracts.\n"
        ),
        ("diff", "changes@7", "changes"): (
            "The module “changes” has no such release. There is: 1, 2.\n"
        ),
    }
    for args, said in lines.items():
        result = run(app, *args)
        assert (result.exit_code, result.output) == (2, said)
    assert not out.exists()


def test_export_writes_the_current_release_or_says_why_not(
    app: Flask, store: Path, tmp_path: Path
) -> None:
    assert run(app, "export", "changes", tmp_path / "out").exit_code == 0
    assert "reason in ['other']" in (tmp_path / "out" / "change.form.json").read_text("utf-8")
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    result = run(app, "export", "changes", blocked / "inside")
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "Name a folder you may write to." in result.output


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_a_portal_a_command_says_so_and_leaves_nothing(
    command: list[str], modules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    args = [one.format(changes=modules / "changes") for one in command]
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    result = CliRunner().invoke(main, args)
    assert list(here.iterdir()) == []
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert f"There is no portal in {tmp_path / 'home'} yet: set PORTAL_HOME" in result.output
    assert not (tmp_path / "home").exists()


def test_show_needs_no_portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    result = CliRunner().invoke(main, ["definitions", "show", "wbs", "--expanded"])
    assert result.exit_code == 0
    assert result.stderr.startswith("There is no portal here; this is the form as it ships")
    assert not (tmp_path / "home").exists()


def test_a_database_behind_the_portal_is_named_with_the_remedy(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.migrations import runner

    with app.app_context():
        newest = runner.newest()
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        db.engine.dispose()
    monkeypatch.setenv("PORTAL_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    result = CliRunner().invoke(main, ["definitions", "list"])
    said = f"The database stands at 0000, this portal works on {newest}: "
    assert (result.exit_code, result.output) == (2, f"{said}run `portal db upgrade` first.\n")


@pytest.mark.parametrize(
    "address", ["postgresql://me:secret@127.0.0.1:1/x", "nonsense", "strange://x"]
)
def test_a_database_that_does_not_answer_is_one_line(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", address)
    result = CliRunner().invoke(main, ["definitions", "list"])
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "see DATABASE_URL" in result.output
    assert "secret" not in result.output
    assert not (tmp_path / "home").exists()


def test_settings_are_read_from_the_same_place_as_the_database(tmp_path: Path) -> None:
    assert make_settings(tmp_path).database_url == f"sqlite:///{tmp_path / 'portal.db'}"
