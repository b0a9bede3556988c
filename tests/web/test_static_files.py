"""Styles and scripts have addresses with their version, and are kept accordingly."""

import re
from pathlib import Path

import pytest

from portal import paths
from portal.web import static_files
from tests.stage import Stage

NAMED = re.compile(r"static_file\('([^']+)'\)")
BARE = re.compile(r"url_for\(['\"]static['\"][^)]*\)")
LINK = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def test_every_file_a_page_names_has_its_version_and_is_kept_for_ever(stage: Stage) -> None:
    client = stage.app.test_client()
    links = LINK.findall(client.get("/sign-in").text)
    assert links
    for link in links:
        answer = client.get(link)
        assert re.fullmatch(r"/static/[^?]+\?v=[0-9a-f]{12}(#[a-z-]+)?", link)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        answer.close()


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789ab"])
def test_without_the_version_of_now_a_file_is_asked_for_anew(stage: Stage, query: str) -> None:
    client = stage.app.test_client()
    answer = client.get(f"/static/css/portal.css{query}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    same = {"If-None-Match": answer.headers["ETag"]}
    answer.close()
    again = client.get(f"/static/css/portal.css{query}", headers=same)
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "no-cache"
    again.close()


def test_what_is_not_there_is_not_kept(stage: Stage) -> None:
    for name in ("css/no.css", "../pyproject.toml", "css", "css/x%00.css"):
        answer = stage.app.test_client().get(f"/static/{name}?v=0123456789ab")
        assert answer.status_code == 404, name
        assert answer.headers["Cache-Control"] == "no-store"


def test_another_content_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "STATIC", tmp_path)
    file = tmp_path / "a.css"
    file.write_text("a {}")
    first = static_files.version_of("a.css")
    file.write_text("b { color: red }")
    second = static_files.version_of("a.css")
    assert first != second
    file.write_text("a {}")
    assert static_files.version_of("a.css") == first


def test_templates_name_files_that_are_there_by_the_one_function() -> None:
    named: set[str] = set()
    bare: set[str] = set()
    for template in paths.TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        named |= set(NAMED.findall(text))
        bare |= set(BARE.findall(text))
    assert named
    assert [name for name in named if not (paths.STATIC / name).is_file()] == []
    # Ace asks for a folder: what it would load from there is loaded by the page already.
    assert bare == {"url_for('static', filename='vendor/ace-1.45.2')"}
