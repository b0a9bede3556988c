"""Definitions made to harm, on every way in: editor, package, folder. Refused with a reason, or plain text."""

import html
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from portal import clock, limits
from portal.builder import queries
from portal.builder.saving import mark_of
from portal.db import db, system_context
from portal.definitions import json_source, services
from portal.definitions.cli import definitions
from portal.definitions.packages import keys, trust
from portal.definitions.packages.archive import mark_of as file_mark
from portal.definitions.packages.archive import pack
from portal.definitions.packages.manifest import Manifest
from tests.accounts.stage import Browser, Stage, build
from tests.conftest import Lending
from tests.definitions.conftest import MODULES, changed
from tests.definitions.test_hostile import HOSTILE

FORM = "change.form.json"
DRAFT = "/modules/changes/draft"
BOMBS = {
    "brackets": "nested",
    "objects": "nested",
    "5,000 fields": "fields; 1000 are allowed",
    "a 100 kB expression": "computed",
    "a deep expression": "nested",
    "a pattern bomb": "pattern",
    "10,000 unknown members": "Unknown member",
    "a key of 100 kB": "Unknown member",
    "a wrong everything": "form",
}
TEXTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 'x'*7 }}{% raw %}",
    "%(name)s %s %d",
    "${7*7} #{x} \\u0000 \\\\",
    "javascript:alert(1)",
    "=HYPERLINK(1)",
)


@dataclass
class Company:
    """A portal on which the sample modules are published, its author, and the author's draft."""

    stage: Stage
    browser: Browser

    def files(self) -> dict[str, str]:
        with self.stage.look():
            return dict(queries.current_files("changes"))

    def current(self) -> int:
        with self.stage.look():
            release = queries.the_module("changes").release
            assert release is not None
            return release.number

    def publish(self) -> Any:
        with self.stage.look():
            revision = str(queries.the_draft("changes").revision)
        return self.browser.post(f"{DRAFT}/publish", revision=revision)


@pytest.fixture
def company(lending: Lending) -> Iterator[Company]:
    with lending.copy_of(build_changes) as stage:
        yield Company(stage, stage.browser("nora"))


def build_changes(app: Flask) -> Stage:
    stage = build(app)
    with stage.work():
        services.publish_folders(paths=sorted(MODULES.iterdir()), actor=None, now=clock.now())
    return stage


def hostile(company: Company, name: str) -> str:
    """The form, made hostile."""
    return changed(company.files(), HOSTILE[name], FORM)[FORM]


def package_of(company: Company, files: dict[str, str], home: Path) -> bytes:
    """These files as a package of a portal that is trusted."""
    key = keys.signing_key(home)
    with company.stage.work():
        trust.trust(
            name="Them", text=keys.pem_of(key.public_key()), actor=None, now=clock.now(),
            home=Path(company.stage.app.instance_path),
        )  # fmt: skip
    content = {name: text.encode() for name, text in files.items()}
    made = Manifest(
        module="changes", number=9, portal="0.1.0", made_at="2026-03-01T08:00:00+00:00",
        files={name: file_mark(raw) for name, raw in content.items()},
        key=keys.fingerprint_of(key.public_key()),
    )  # fmt: skip
    return pack(replace(made, signature=key.sign(made.signed)), content)


def in_folder(files: dict[str, str], folder: Path) -> Path:
    for name, text in files.items():
        (folder / "changes").mkdir(exist_ok=True)
        (folder / "changes" / name).write_text(text, "utf-8")
    return folder


def apply(company: Company, folder: Path) -> tuple[int, str]:
    app = company.stage.app
    args = ["apply", str(folder), "--yes"]
    result = CliRunner().invoke(definitions, args, obj=lambda: app)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.any_database
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_typed_into_the_editor_is_named_and_never_published(
    name: str, company: Company
) -> None:
    browser = company.browser
    assert browser.post(DRAFT).status_code == 303
    text = hostile(company, name)
    seen = mark_of(company.files()[FORM])
    look = browser.post(f"{DRAFT}/{FORM}/look", text=text, seen=seen)
    assert look.status_code == 200
    assert BOMBS[name] in html.unescape(look.text)
    assert browser.post(f"{DRAFT}/{FORM}", text=text, seen=seen).status_code == 303
    for page in (DRAFT, f"{DRAFT}/{FORM}", f"{DRAFT}/publish", f"{DRAFT}/{FORM}/design"):
        assert browser.get(page).status_code == 200, page
    asked = browser.post(f"{DRAFT}/{FORM}/complete", text=text, row="0", column="1")
    assert asked.status_code == 200
    refused = company.publish()
    assert refused.status_code == 422
    assert BOMBS[name] in html.unescape(refused.text)
    assert company.current() == 1


@pytest.mark.any_database
def test_a_file_is_not_read_again_for_each_thing_wrong_with_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.browser.post(DRAFT)
    text = hostile(company, "10,000 unknown members")
    seen = mark_of(company.files()[FORM])
    company.browser.post(f"{DRAFT}/{FORM}", text=text, seen=seen)
    read, reads = json_source._read, []
    monkeypatch.setattr(json_source, "_read", lambda text: reads.append(1) or read(text))
    page = company.browser.get(f"{DRAFT}/publish")
    assert page.text.count("Unknown member") >= 20
    assert len(reads) < 15  # one asks for the whole module, some for its steps


@pytest.mark.any_database
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_in_a_package_is_named_and_never_published(
    name: str, company: Company, tmp_path: Path
) -> None:
    files = {**company.files(), FORM: hostile(company, name)}
    content = package_of(company, files, tmp_path)
    answer = company.browser.post("/modules/import", file=(io.BytesIO(content), "x.portal"))
    if answer.status_code != 303:  # it would unpack to too much: nothing came in
        assert answer.status_code == 413
        assert "times its size" in answer.text
        assert company.browser.get(f"{DRAFT}/publish").status_code == 404
        return
    refused = company.publish()
    assert refused.status_code == 422
    assert BOMBS[name] in html.unescape(refused.text)
    assert company.current() == 1


@pytest.mark.any_database
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_in_a_folder_is_named_and_never_published(
    name: str, company: Company, tmp_path: Path
) -> None:
    files = {**company.files(), FORM: hostile(company, name)}
    code, said = apply(company, in_folder(files, tmp_path))
    assert code == 1
    assert BOMBS[name] in said
    assert len(said) < 1_000_000
    assert company.current() == 1


def test_a_file_too_large_is_refused_on_every_way(company: Company, tmp_path: Path) -> None:
    large = " " * (limits.DEFINITION_BYTES + 1)
    files = {**company.files(), FORM: large}
    company.browser.post(DRAFT)
    assert company.browser.post(f"{DRAFT}/{FORM}", text=large).status_code == 413
    company.browser.post(f"{DRAFT}/discard")
    content = package_of(company, files, tmp_path / "away")
    answer = company.browser.post("/modules/import", file=(io.BytesIO(content), "x.portal"))
    assert answer.status_code == 413
    assert company.browser.get(f"{DRAFT}/publish").status_code == 404
    code, said = apply(company, in_folder(files, tmp_path))
    assert code == 1
    assert "larger than 1000000 bytes" in said


def every_text(raw: Any, text: str) -> Any:
    """The same form with every text people read replaced."""
    if isinstance(raw, dict):
        return {
            key: text
            if key in ("label", "title", "hint", "message", "text", "meaning")
            else every_text(one, text)
            for key, one in raw.items()
        }
    return [every_text(one, text) for one in raw] if isinstance(raw, list) else raw


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_texts_are_only_texts_wherever_they_are_shown(
    text: str, company: Company, tmp_path: Path
) -> None:
    files = company.files()
    for name in files:
        if not name.endswith("cases.json"):
            files[name] = json.dumps(every_text(json.loads(files[name]), text), ensure_ascii=False)
    content = package_of(company, files, tmp_path / "away")
    browser = company.browser
    answer = browser.post("/modules/import", file=(io.BytesIO(content), "x.portal"))
    assert answer.status_code == 303, answer.text
    pages = [DRAFT, f"{DRAFT}/publish", f"{DRAFT}/module.json", f"{DRAFT}/translations"]
    for name in files:
        pages.append(f"{DRAFT}/{name}")
    pages += [f"{DRAFT}/{FORM}/design", f"{DRAFT}/{FORM}/design/fields/subject"]
    for page in pages:
        shown = browser.get(page)
        assert shown.status_code in (200, 404), page
        assert "<script>alert" not in shown.text, page
        assert "<img src=x" not in shown.text, page
        assert "xxxxxxx" not in shown.text, page
    code, said = apply(company, in_folder(files, tmp_path))
    assert (code, company.current()) == (1, 1), said  # the same version, other content
    assert "Write the next version number." in said


def test_the_texts_are_published_and_shown_as_they_are(company: Company, tmp_path: Path) -> None:
    files = company.files()
    raw = every_text(json.loads(files[FORM]), TEXTS[0])
    files[FORM] = json.dumps({**raw, "version": 2}, ensure_ascii=False)
    code, said = apply(company, in_folder(files, tmp_path))
    assert code == 0, said
    with company.stage.app.app_context(), system_context("test"):
        db.session.rollback()
    page = company.browser.get("/modules/changes").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
