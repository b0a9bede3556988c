"""Releases from a folder, by a command, are held to the second author's rule as the pages are."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from portal.accounts.models import Company
from portal.audit.models import AuditRow
from portal.db import db
from portal.definitions import queries
from portal.definitions.cli import definitions
from tests.builder.conftest import FORM, Desk


@pytest.fixture
def folder(desk: Desk, tmp_path: Path) -> Path:
    """The published module, taken out and given another title."""
    with desk.stage.work():
        db.session.get_one(Company, 1).second_author = True
    assert run(desk, "export", "--all", tmp_path).exit_code == 0
    file = tmp_path / "site_visit" / FORM
    text = file.read_text("utf-8").replace('"version": 1', '"version": 2')
    file.write_text(text.replace("Site visit", "Site walk"), "utf-8")
    return tmp_path


def run(desk: Desk, *args: object) -> Result:
    result = CliRunner().invoke(definitions, [str(one) for one in args], obj=lambda: desk.stage.app)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def apply(desk: Desk, folder: Path, *more: str, command: str = "apply") -> Result:
    answer = ["--yes"] if command == "apply" else []
    return run(desk, command, folder, *answer, *more)


@pytest.mark.parametrize("command", ["apply", "publish"])
def test_without_two_authors_nothing_is_published(desk: Desk, folder: Path, command: str) -> None:
    for named in ([], ["--by", "nora"]):
        refused = apply(desk, folder, *named, command=command)
        assert refused.exit_code == 2
        assert "wants a second author" in refused.stderr
        assert "--reviewed-by" in refused.stderr
    assert desk.current() == 1


@pytest.mark.parametrize(
    ("by", "reviewer", "says"),
    [
        ("nora", "nora", "cannot be the one who looked at it"),
        ("", "nora", "--by"),
        ("nora", "rick", "“rick” is no active author"),
        ("rick", "nora", "“rick” is no active author"),
        ("nora", "nobody", "“nobody” is no active author"),
    ],
)
def test_two_different_authors_are_named(
    desk: Desk, folder: Path, by: str, reviewer: str, says: str
) -> None:
    refused = apply(desk, folder, "--by", by, "--reviewed-by", reviewer)
    assert refused.exit_code == 2
    assert says in refused.stderr
    assert desk.current() == 1


@pytest.mark.parametrize("command", ["apply", "publish"])
def test_both_stand_in_the_history_and_the_audit_trail(
    desk: Desk, folder: Path, command: str
) -> None:
    done = apply(desk, folder, "--by", "nora", "--reviewed-by", "Ada", command=command)
    assert done.exit_code == 0, done.output
    people = desk.stage.people
    with desk.stage.look():
        assert queries.history("site_visit")[0].published_by == people["nora"]
        rows = db.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(2)).all()
    named = next(one for one in rows if one.action == "module.review_named")
    assert named.actor_id == people["nora"]
    assert named.detail == {"reviewer": people["ada"], "number": 2}
    assert apply(desk, folder, command=command).exit_code == 0  # nothing to do


def test_a_dry_run_asks_for_nobody_and_says_who_will_be_needed(desk: Desk, folder: Path) -> None:
    tried = run(desk, "apply", folder, "--dry-run")
    assert tried.exit_code == 0
    assert "name two authors" in tried.stderr
    assert desk.current() == 1


def test_a_company_without_the_rule_may_name_them(desk: Desk, folder: Path) -> None:
    with desk.stage.work():
        db.session.get_one(Company, 1).second_author = False
    assert apply(desk, folder, "--by", "nora").exit_code == 0
    with desk.stage.look():
        assert queries.history("site_visit")[0].published_by == desk.stage.people["nora"]
