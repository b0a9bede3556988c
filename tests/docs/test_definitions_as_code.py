"""The pipeline of the manual carries modules from a test portal to production."""

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Template

import pytest
from click.testing import CliRunner
from flask import Flask

from portal.db import db, system_context
from portal.definitions import queries, services
from portal.definitions.cli import definitions
from tests.conftest import build_app
from tests.docs.blocks import MANUAL, blocks

PAGE = [page for page in MANUAL if page.name == "definitions-as-code.md"]
MODULES = Path(__file__).parents[1] / "definitions" / "modules"
NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def lines(word: str) -> list[str]:
    """The commands of the block this word stands behind."""
    (block,) = [one for one in blocks(PAGE, "sh") if word in one.words]
    return block.text.splitlines()


def follow(app: Flask, word: str, commit: str = "") -> None:
    """Run the commands as a pipeline would: each must succeed."""
    for line in lines(word):
        portal, group, *args = shlex.split(Template(line).substitute(COMMIT=commit))
        assert (portal, group) == ("portal", "definitions")
        result = CliRunner().invoke(definitions, args, obj=lambda: app)
        assert result.exit_code == 0, f"{line}\n{result.output}"


@pytest.fixture
def production(tmp_path: Path, empty_sqlite: Path) -> Iterator[Flask]:
    """A second portal, with nothing published."""
    home = tmp_path / "production"
    home.mkdir()
    (home / "portal.db").write_bytes(empty_sqlite.read_bytes())
    app = build_app(home)
    yield app
    with app.app_context():
        db.engine.dispose()


def publish_next(app: Flask) -> None:
    """A next release of a form, as an author would make it on the test portal."""
    with app.app_context(), system_context("test"):
        draft = services.open_draft(module="changes", actor=None, now=NOW)
        text = queries.files_of(draft.id)["change.form.json"]
        text = text.replace('"version": 1', '"version": 2').replace("== 'other'", "in ['other']", 1)
        services.save_draft_file(
            release_id=draft.id, name="change.form.json", text=text, seen_revision=1, actor=None,
            now=NOW,
        )  # fmt: skip
        services.publish(release_id=draft.id, actor=None, now=NOW)
        db.session.commit()


def test_the_pipeline_of_the_manual_promotes_from_test_to_production(
    app: Flask, production: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with app.app_context(), system_context("test"):
        services.publish_folders(paths=sorted(MODULES.iterdir()), actor=None, now=NOW)
        db.session.commit()
    follow(app, "take-out")
    follow(production, "pipeline", "a1b2c3")
    publish_next(app)
    follow(app, "take-out")
    follow(production, "pipeline", "d4e5f6")
    with production.app_context(), system_context("test"):
        notes = [(one.number, one.note) for one in queries.history("changes")]
        assert notes == [(2, "commit d4e5f6"), (1, "commit a1b2c3")]
        assert [one.number for one in queries.history("contracts")] == [1]
