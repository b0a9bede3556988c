"""Whatever stands in a draft, every page of the builder opens and says what is wrong with it."""

import html
import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from portal.builder import queries
from portal.builder.saving import mark_of
from tests.accounts.stage import Browser, Stage
from tests.bounds import PROVE, spread
from tests.builder.json_places import places
from tests.builder.postings_stage import build_works
from tests.conftest import Lending

DRAFT = "/modules/works/draft"
ODD: tuple[Any, ...] = (
    None, True, 7, -1, "", "x", "a + ", [], {}, [[]], [{}], [None], {"en": 5}, {"x": None},
)  # fmt: skip
BROKEN = ("", "{", "[]", "null", '"text"', "{}", '{"$schema": 5}', '{"form": ["x"]}', "\ufeff{}")
ROUNDS, PAGES = (300, 60) if PROVE else (6, 12)
_linked: list[str] = []

pytestmark = pytest.mark.xdist_group("odd drafts")  # one process follows the links, once


class Author:
    """An author's browser, and the files of the draft set to whatever one likes."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.browser: Browser = stage.browser("nora")
        self.files = self.stored()

    def stored(self) -> dict[str, str]:
        with self.stage.look():
            return dict(queries.the_draft("works").files)

    def put(self, name: str, text: str) -> None:
        seen = mark_of(self.stored()[name])
        answer = self.browser.post(f"{DRAFT}/{name}", seen=seen, text=text)
        assert answer.status_code == 303, answer.text

    def links(self) -> list[str]:
        """Every page of the sound draft that one reaches by following links; asked once."""
        if not _linked:
            _linked.extend(sorted(self._followed()))
        return _linked

    def _followed(self) -> set[str]:
        found, ahead = {DRAFT}, [DRAFT]
        while ahead:
            page = self.browser.get(ahead.pop())
            assert page.status_code < 500
            text = page.text if page.mimetype == "text/html" else ""
            links = map(html.unescape, re.findall(r'(?:href|src|data-names)="([^"#]+)', text))
            new = {one for one in links if one.startswith(f"{DRAFT}/")} - found
            found |= new
            ahead += sorted(new)
        return found

    def failing(self, pages: list[str]) -> list[str]:
        return [page for page in pages if self.browser.get(page).status_code >= 500]


@pytest.fixture
def author(lending: Lending) -> Iterator[Author]:
    with lending.copy_of(build_works) as stage:
        stage.app.testing = False  # a fault is a page of 500 here, as it is for people
        stage.app.config["PROPAGATE_EXCEPTIONS"] = False
        yield Author(stage)


def made_odd(text: str, chance: random.Random) -> str:
    """The file with one of its values exchanged for something odd, or left out."""
    whole = {"root": json.loads(text)}
    path = ("root", *chance.choice(list(places(whole["root"]))))
    parent: Any = whole
    for part in path[:-1]:
        parent = parent[part]
    if chance.random() < 0.15 and len(path) > 1:
        del parent[path[-1]]
    else:
        parent[path[-1]] = chance.choice(ODD)
    return json.dumps(whole["root"], ensure_ascii=False, indent=2)


@pytest.mark.any_database
def test_an_odd_value_anywhere_never_breaks_a_page(author: Author) -> None:
    pages, chance = author.links(), random.Random(7)
    assert len(pages) > 150
    for number in range(ROUNDS):
        name = chance.choice(sorted(author.files))
        author.put(name, made_odd(author.files[name], chance))
        near = [one for one in pages if f"/{name}" in one]
        far = chance.sample([one for one in pages if one not in near], 4)
        chosen = chance.sample(near, min(PAGES, len(near)))
        assert author.failing([*chosen, *far]) == [], f"round {number}: {author.stored()[name]}"
        author.put(name, author.files[name])


@pytest.mark.any_database
@pytest.mark.parametrize("text", spread(BROKEN, 4))
def test_a_file_that_is_none_never_breaks_a_page(author: Author, text: str) -> None:
    pages = author.links()
    for name in sorted(author.files):
        author.put(name, text)
    assert author.failing(spread(pages, 30)) == []
