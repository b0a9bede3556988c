"""`portal definitions` without a database: what it prints and how it exits."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
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


def test_check_of_a_file_checks_its_module_once(modules: Path) -> None:
    form, chain = (modules / "changes" / f"change.{kind}.json" for kind in ("form", "workflow"))
    assert run("check", form, chain) == (0, "changes: 0 errors, 0 warnings\n")


def test_check_says_what_is_missing_where_there_is_no_module(tmp_path: Path) -> None:
    lonely = tmp_path / "change.form.json"
    lonely.write_text("{}")
    code, output = run("check", lonely)
    assert (code, output.count("\n")) == (2, 1)
    assert "there is no module.json beside it" in output
    code, output = run("check", tmp_path)
    assert (code, output.count("\n")) == (2, 1)
    assert "Name the folder of a module" in output


@pytest.mark.parametrize("spoiled", ['"form" "change"', '"form": "change", "zzz": 1'])
def test_check_loads_neither_the_database_nor_what_it_has_no_use_for(
    modules: Path, tmp_path: Path, spoiled: str
) -> None:
    copy(modules, tmp_path)
    path = tmp_path / "changes" / "change.form.json"
    path.write_text(path.read_text("utf-8").replace('"form": "change"', spoiled, 1), "utf-8")
    script = (
        "import sys\n"
        "from portal.cli import main\n"
        "try: main(['definitions', 'check', *sys.argv[1:]])\n"
        "except SystemExit: pass\n"
        "heavy = {'flask', 'sqlalchemy', 'gunicorn', 'alembic', 'lark', 'portal.db'}\n"
        "print(sorted(heavy & set(sys.modules)), 'jsonschema' in sys.modules)"
    )
    for folder, faulty in ((modules / "changes", False), (tmp_path / "changes", "zzz" in spoiled)):
        done = subprocess.run(
            [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == f"[] {faulty}", done.stdout + done.stderr


def test_show_prints_the_form_of_a_folder(modules: Path) -> None:
    code, output = run("show", "change", "--expanded", "--in", modules)
    assert code == 0
    assert '"additionalProperties": false' in output
    assert run("show", "change", "--in", modules / "changes")[0] == 0
    file = modules / "changes" / "change.form.json"
    result = CliRunner().invoke(definitions, ["show", str(file)])
    assert result.stdout == file.read_text("utf-8")
    assert result.stderr == "As written in the folder (changes).\n"


def test_show_says_what_it_cannot_show(modules: Path, tmp_path: Path) -> None:
    assert run("show", "chagne", "--in", modules) == (
        2, "There is no form 'chagne' there. Did you mean change?\n"
    )  # fmt: skip
    copy(modules, tmp_path)
    path = tmp_path / "changes" / "change.form.json"
    path.write_text(path.read_text("utf-8").replace('"version"', '"versoin"'), "utf-8")
    code, output = run("show", "change", "--expanded", "--in", tmp_path)
    assert (code, output.count("\n")) == (2, 1)
    assert "It has faults" in output


def test_diff_says_what_changed(modules: Path, tmp_path: Path) -> None:
    copy(modules, tmp_path)
    path = tmp_path / "changes" / "change.form.json"
    path.write_text(path.read_text("utf-8").replace("reason == 'other'", "is_empty(reason)"))
    code, output = run("diff", modules / "changes", tmp_path / "changes")
    assert code == 1
    assert output.splitlines() == [
        "1 rule changed",
        "change.form.json: Rule “Explanation” (other_needs_note) changed: condition.",
    ]


@pytest.mark.parametrize("wrong", ["no/such/folder", "changes@x", "changes@", "@2", "{modules}"])
def test_diff_says_in_one_line_what_it_does_not_understand(modules: Path, wrong: str) -> None:
    code, output = run("diff", wrong.format(modules=modules), modules / "changes")
    assert (code, output.count("\n")) == (2, 1)


def test_export_refuses_a_file_before_it_looks_anywhere(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("kept")
    code, output = run("export", "changes", file)
    assert (code, output) == (
        2,
        f"{file} is a file. Name a folder: it is made where there is none.\n",
    )
    assert file.read_text() == "kept"


def test_the_expanded_form_is_plain_json(modules: Path) -> None:
    result = CliRunner().invoke(definitions, ["show", "change", "--expanded", "--in", str(modules)])
    assert json.loads(result.stdout)["data"]["additionalProperties"] is False
