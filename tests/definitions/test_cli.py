"""`portal definitions`: what it prints and how it exits."""

import json
from pathlib import Path

from click.testing import CliRunner

from portal.definitions.cli import definitions


def run(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(definitions, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def copy(modules: Path, to: Path) -> Path:
    for path in modules.glob("*/*.json"):
        (to / path.parent.name).mkdir(exist_ok=True)
        (to / path.parent.name / path.name).write_text(path.read_text("utf-8"), "utf-8")
    return to


def test_check_accepts_the_sample_modules_without_a_database(modules: Path) -> None:
    code, output = run("check", modules)
    assert code == 0
    assert "changes: 0 errors, 0 warnings" in output


def test_check_names_file_line_path_message_and_remedy(modules: Path, tmp_path: Path) -> None:
    copy(modules, tmp_path)
    path = tmp_path / "changes" / "change.form.json"
    path.write_text(path.read_text("utf-8").replace('"computed"', '"computd"'), "utf-8")
    code, output = run("check", tmp_path / "changes")
    assert code == 1
    line = 1 + path.read_text("utf-8")[: path.read_text("utf-8").index('"computd"')].count("\n")
    assert output.splitlines()[0].startswith(f"changes/change.form.json:{line}:3 computd: ")
    assert "Unknown member “computd”. — Did you mean “computed”?" in output


def test_show_prints_the_full_form(modules: Path) -> None:
    code, output = run("show", "change", "--expanded", "--in", modules)
    assert code == 0
    assert json.loads(output)["data"]["additionalProperties"] is False
    assert run("show", "nothing", "--in", modules)[0] == 1


def test_diff_says_what_changed(modules: Path, tmp_path: Path) -> None:
    copy(modules, tmp_path)
    path = tmp_path / "changes" / "change.form.json"
    path.write_text(path.read_text("utf-8").replace("reason == 'other'", "is_empty(reason)"))
    code, output = run("diff", modules / "changes", tmp_path / "changes")
    assert code == 0
    assert output.splitlines() == [
        "1 rule changed",
        "change.form.json: Rule other_needs_note changed.",
    ]
