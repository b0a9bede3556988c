"""Guards over the documents: settings, commands, translations."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_documented() -> None:
    source = (ROOT / "portal/config.py").read_text("utf-8")
    used = set(re.findall(r'env(?:\.get\(|\[)"([A-Z_]+)"', source))
    documented = set(
        re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/administrators/settings.md").read_text(), re.M)
    )
    assert used
    assert used <= documented


def test_ci_runs_exactly_the_test_command_of_the_readme() -> None:
    ci = (ROOT / ".ci/run").read_text("utf-8").strip().splitlines()
    assert ci[-1] == "make test"
    assert "make test" in (ROOT / "README.md").read_text("utf-8")
    assert "make run" in (ROOT / "README.md").read_text("utf-8")


def test_lock_files_name_no_registry() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text("utf-8"), path.name
