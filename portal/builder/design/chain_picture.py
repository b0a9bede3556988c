"""The picture of a chain: where its blocks, ways and the places between them are drawn; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.builder.design.lettering import UNITS, folded

BOX = 240
_LINE = 18
_GAP = 46
_SIDE = 16
_APART = 24
_EDGE = 2
_PILL = 34
_BAR = 22


@dataclass(frozen=True, slots=True)
class Way:
    """One way of a choice as it is to be drawn: its words, and the blocks on it."""

    at: str
    list_at: str
    text: str
    cards: tuple["Card", ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One block as it is to be drawn: its title, what stands below it, and its ways."""

    at: str
    kind: str
    title: str
    texts: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A rectangle with lines of text, the first `heads` of them bold.

    `kind`: step, cc, choose, unknown, way, start or end; `at` is the address of its block or way.
    """

    kind: str
    at: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...] = ()
    heads: int = 0

    @property
    def baselines(self) -> list[tuple[int, str, bool]]:
        """(y, text, whether bold) of every line."""
        return [
            (self.y + 23 + number * _LINE, text, number < self.heads)
            for number, text in enumerate(self.lines)
        ]


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a new block; `where` says which: (`behind`, `before` or `into`, address)."""

    x: int
    y: int
    where: tuple[str, str]


@dataclass(slots=True)
class Picture:
    """Everything that is drawn: the parts as they are read, and lines as (x1, y1, x2, y2)."""

    width: int = 0
    height: int = 0
    parts: list[Shape | Place] = field(default_factory=list)
    lines: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def shapes(self) -> list[Shape]:
        """The parts with words."""
        return [one for one in self.parts if isinstance(one, Shape)]

    @property
    def places(self) -> list[Place]:
        """The places for new blocks."""
        return [one for one in self.parts if isinstance(one, Place)]


def draw(cards: Sequence[Card], start: str, end: str) -> Picture:
    """The picture of a chain between its two ends."""
    drawing = _Drawing()
    found = drawing.picture
    found.width = _width(cards) + 2 * _EDGE
    middle = found.width // 2
    pill = folded(start, 1), folded(end, 1)
    found.parts.append(_pill("start", middle, _EDGE, pill[0]))
    below = drawing.run(cards, "blocks", middle, _EDGE + _PILL)
    found.parts.append(_pill("end", middle, below, pill[1]))
    found.height = below + _PILL + _EDGE
    return found


def _pill(kind: str, middle: int, y: int, lines: tuple[str, ...]) -> Shape:
    return Shape(kind, "", middle - BOX // 2, y, BOX, _PILL, lines)


class _Drawing:
    """Draws lists of blocks from top to bottom, and the ways of a choice beside each other."""

    def __init__(self) -> None:
        self.picture = Picture()

    def run(self, cards: Sequence[Card], list_at: str, middle: int, y: int) -> int:
        """Draw a list below y; answers where its last line ends."""
        first = ("before", cards[0].at) if cards else ("into", list_at)
        y = self._between(middle, y, first)
        for card in cards:
            y = self._between(middle, self._card(card, middle, y), ("behind", card.at))
        return y

    def _between(self, middle: int, y: int, where: tuple[str, str]) -> int:
        self.picture.lines.append((middle, y, middle, y + _GAP))
        self.picture.parts.append(Place(middle, y + _GAP // 2, where))
        return y + _GAP

    def _card(self, card: Card, middle: int, y: int) -> int:
        lines, heads = _written(card)
        width, height = _card_width(card), _box_height(lines)
        if card.ways:
            index = len(self.picture.parts)
            height += self._ways(card, middle - width // 2 + _SIDE, y + height, middle)
            shape = Shape(card.kind, card.at, middle - width // 2, y, width, height, lines, heads)
            self.picture.parts.insert(index, shape)  # before what stands in it
        else:
            shape = Shape(card.kind, card.at, middle - width // 2, y, width, height, lines, heads)
            self.picture.parts.append(shape)
        return y + height

    def _ways(self, card: Card, x: int, y: int, middle: int) -> int:
        """Draw the ways of a choice from a bar at y to a bar below; answers the height."""
        words = [folded(way.text, 3) for way in card.ways]
        tallest = max(_box_height(one) for one in words)
        ends: list[tuple[int, int]] = []
        for way, lines in zip(card.ways, words, strict=True):
            wide = _width(way.cards)
            at = x + wide // 2
            top = y + _BAR
            self.picture.lines.append((at, y, at, top))
            box = Shape("way", way.at, at - BOX // 2, top, BOX, tallest, lines)
            self.picture.parts.append(box)
            ends.append((at, self.run(way.cards, way.list_at, at, top + tallest)))
            x += wide + _APART
        below = max(end for _at, end in ends)
        self.picture.lines += [(at, end, at, below) for at, end in ends if end < below]
        for bar in (y, below):
            points = (*(at for at, _end in ends), middle)
            self.picture.lines.append((min(points), bar, max(points), bar))
        self.picture.lines.append((middle, below, middle, below + _BAR))
        return below + _BAR - y


def _width(cards: Sequence[Card]) -> int:
    return max((_card_width(card) for card in cards), default=BOX)


def _card_width(card: Card) -> int:
    if not card.ways:
        return BOX
    apart = _APART * (len(card.ways) - 1)
    return sum(_width(way.cards) for way in card.ways) + apart + 2 * _SIDE


def _written(card: Card) -> tuple[tuple[str, ...], int]:
    title = folded(card.title, 2, UNITS - 3)  # the corner has a link
    return (*title, *(line for text in card.texts for line in folded(text, 2))), len(title)


def _box_height(lines: Sequence[str]) -> int:
    return max(len(lines), 1) * _LINE + 18
