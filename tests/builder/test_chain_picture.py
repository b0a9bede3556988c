"""The picture of a chain: nothing overlaps, nothing is left out, whatever the chain."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.builder.design.chain import Node, read_chain
from portal.builder.design.chain_picture import Card, Picture, Place, Shape, Way, draw

SHIPPED = sorted(Path("form_definitions").glob("*/*.workflow.json"))
WORDS = st.text("ab 审批,", max_size=90)


def _cards(depth: int) -> st.SearchStrategy[list[Card]]:
    plain = st.builds(
        Card, st.just(""), st.sampled_from(["step", "cc"]), WORDS, st.lists(WORDS, max_size=3)
    )
    if depth == 0:
        return st.lists(plain, max_size=3)
    way = st.builds(Way, st.just(""), st.just(""), WORDS, _cards(depth - 1).map(tuple))
    choice = st.builds(
        Card,
        st.just(""),
        st.just("choose"),
        WORDS,
        st.just(()),
        st.lists(way, min_size=2, max_size=3).map(tuple),
    )
    return st.lists(plain | choice, max_size=3)


def _numbered(cards: list[Card], at: str = "blocks") -> list[Card]:
    """The same cards with the addresses they would have."""
    found = []
    for number, card in enumerate(cards):
        here = f"{at}.{number}"
        ways = tuple(
            Way(
                f"{here}.when.{n}",
                f"{here}.when.{n}.then",
                way.text,
                tuple(_numbered(list(way.cards), f"{here}.when.{n}.then")),
            )
            for n, way in enumerate(card.ways)
        )
        found.append(Card(here, card.kind, card.title, tuple(card.texts), ways))
    return found


def _all(cards: list[Card] | tuple[Card, ...]) -> list[Card]:
    found: list[Card] = []
    for card in cards:
        found.append(card)
        for way in card.ways:
            found += _all(way.cards)
    return found


def _box(part: Shape | Place) -> tuple[int, int, int, int]:
    if isinstance(part, Place):
        return part.x - 12, part.y - 12, part.x + 12, part.y + 12
    return part.x, part.y, part.x + part.width, part.y + part.height


def _apart(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def _within(inner: tuple[int, int, int, int], outer: tuple[int, int, int, int]) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and (
        inner[3] <= outer[3]
    )  # fmt: skip


def _holds(picture: Picture, cards: list[Card]) -> None:
    flat = [one for one in picture.parts if isinstance(one, Place) or one.kind != "choose"]
    for one, other in combinations(flat, 2):
        assert _apart(_box(one), _box(other)), (one, other)
    whole = (0, 0, picture.width, picture.height)
    shapes = {shape.at: shape for shape in picture.shapes if shape.at}
    for part in picture.parts:
        assert _within(_box(part), whole)
    for x1, y1, x2, y2 in picture.lines:
        assert _within((x1, y1, x2, y2), whole)
        assert x1 == x2 or y1 == y2
    blocks = _all(cards)
    assert {card.at for card in blocks} <= set(shapes)
    for card in blocks:
        for way in card.ways:
            assert _within(_box(shapes[way.at]), _box(shapes[card.at]))
            for inner in way.cards:
                assert _within(_box(shapes[inner.at]), _box(shapes[card.at]))
    lists = 1 + sum(len(card.ways) for card in blocks)
    assert len(picture.places) == len(blocks) + lists


@given(_cards(2))
def test_whatever_the_chain_nothing_overlaps(cards: list[Card]) -> None:
    numbered = _numbered(cards)
    _holds(draw(numbered, "Start", "End"), numbered)


def _of(node: Node) -> Card:
    ways = tuple(
        Way(way.at, way.list_at, way.condition or "otherwise", tuple(map(_of, way.blocks)))
        for way in node.ways
    )
    return Card(node.at, node.kind, node.id, (), ways)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_chains_are_drawn_whole(path: Path) -> None:
    cards = list(map(_of, read_chain(path.read_text(encoding="utf-8")).nodes))
    assert cards
    _holds(draw(cards, "Start", "End"), cards)


@given(WORDS)
def test_no_line_is_longer_than_its_box_and_none_is_lost_unsaid(text: str) -> None:
    card = Card("blocks.0", "step", text, (text,))
    shape = next(one for one in draw([card], "S", "E").shapes if one.kind == "step")
    wide = {"审", "批"}
    for line in shape.lines:
        assert sum(2 if char in wide else 1 for char in line) <= 32
    said = "".join(shape.lines[shape.heads :])
    whole = "".join(text.split())
    assert said.replace(" ", "") == whole or said.endswith("…")
