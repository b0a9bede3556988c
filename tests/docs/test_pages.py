"""The documents hold together: links lead somewhere, pictures are small, words are the pages'."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal import paths
from tests.docs.blocks import PAGES, ROOT

USERS = sorted((ROOT / "docs/users").glob("*.md"))
WRITTEN = sorted((ROOT / "docs/administrators").glob("*.zh.md"))
TUTORIAL = "tutorial.zh.md"  # quotes what the reader types
MOST_BYTES = 250_000
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_PLACEHOLDER = re.compile(r"%\([a-z]+\)[sd]")
_PAIR = re.compile(r'^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)msgstr ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.M)
_PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"')


def anchors(page: Path) -> set[str]:
    """What a link may name behind # on a page."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in _LINK.findall(page.read_text("utf-8")):
        if "://" in target:
            continue
        path, _mark, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        assert place.exists(), target
        assert not anchor or anchor in anchors(place), target


def test_pictures_are_small_and_each_is_shown() -> None:
    shown = (ROOT / "README.md").read_text("utf-8")
    for picture in sorted((ROOT / "docs/pictures").glob("*.png")):
        assert picture.stat().st_size < MOST_BYTES, picture.name
        assert picture.name in shown


def words() -> tuple[list[str], list[str]]:
    """Every English text of the pages and of the shipped definitions, and its Chinese."""
    pairs = [
        pair
        for part in sorted((ROOT / "translations/zh_parts").glob("*.po"))
        for pair in _PAIR.findall(part.read_text("utf-8"))
    ]
    english, chinese = ([_joined(side) for side in sides] for sides in zip(*pairs, strict=True))
    for definition in sorted(paths.DEFINITIONS.glob("*/*.json")):
        for text in _texts(json.loads(definition.read_text("utf-8"))):
            english.append(text["en"])
            chinese.append(text["zh"])
    return english, chinese


def _texts(value: Any) -> Iterator[dict[str, str]]:
    """Every text of a definition that stands there in both languages."""
    if isinstance(value, dict) and value.keys() == {"en", "zh"}:
        if isinstance(value["en"], str):  # in a schema they are shapes
            yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _joined(quoted: str) -> str:
    return "".join(_PIECE.findall(quoted))


def _is_known(said: str, texts: list[str]) -> bool:
    """Whether a page says this; “…” stands for what a placeholder is filled with."""
    wanted = said.rstrip("…").strip()
    return any(_PLACEHOLDER.split(text)[0].strip() == wanted for text in texts)


@pytest.mark.parametrize("page", USERS, ids=lambda page: page.name)
def test_the_users_manual_names_things_as_the_pages_do(page: Path) -> None:
    english, chinese = words()
    text = page.read_text("utf-8")
    if page.name.endswith(".zh.md"):
        said, known = re.findall(r"“([^”]+)”", text), chinese
    else:
        said, known = [" ".join(s.split()) for s in re.findall(r"\*\*([^*]+)\*\*", text)], english
    assert said
    assert [one for one in said if not _is_known(one, known)] == []


@pytest.mark.parametrize(
    "page", [page for page in WRITTEN if page.name != TUTORIAL], ids=lambda page: page.name
)
def test_the_chinese_manual_of_administrators_names_things_as_the_pages_do(page: Path) -> None:
    _english, known = words()
    said = re.findall(r"“([^”]+)”", page.read_text("utf-8"))
    assert [one for one in said if not _is_known(one, known)] == []


def test_each_users_page_has_its_chinese_twin() -> None:
    names = {page.name for page in USERS}
    english = {name for name in names if not name.endswith(".zh.md")}
    assert names == english | {name.replace(".md", ".zh.md") for name in english}
