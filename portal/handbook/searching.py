"""Search in sections: every word has to stand in them, headings weigh more than text; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.handbook.markdown import Section

LONGEST = 100  # characters of a query
_BEFORE, _AFTER = 40, 140  # characters of a snippet around the first word found
_OF_HEADING, _OF_TITLE, _OF_TEXT = 9, 3, 1

Piece = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Place:
    """A section and the page it stands on."""

    page: str
    language: str
    title: str
    section: Section


@dataclass(frozen=True, slots=True)
class Hit:
    """A place found: its heading and a snippet in pieces, those that were asked for marked."""

    place: Place
    heading: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query; upper and lower case are one."""
    return tuple(dict.fromkeys(query[:LONGEST].lower().split()))


def search(query: str, places: Iterable[Place], most: int) -> list[Hit]:
    """The best places for a query, best first; places that weigh the same keep their order."""
    words = words_of(query)
    if not words:
        return []
    weighed = [(_weight(place, words), place) for place in places]
    found = sorted((pair for pair in weighed if pair[0]), key=lambda pair: -pair[0])
    return [
        Hit(place, pieces(place.section.title, words), pieces(_around(place.section, words), words))
        for _weight_of_it, place in found[:most]
    ]


def pieces(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """A text cut where the words stand in it."""
    low = _low(text)
    hit = [False] * len(text)
    for word in words:
        at = low.find(word)
        while at >= 0:
            hit[at : at + len(word)] = [True] * len(word)
            at = low.find(word, at + 1)
    cuts = [at for at in range(1, len(text)) if hit[at] != hit[at - 1]]
    edges = [0, *cuts, len(text)]
    return tuple((text[a:b], hit[a]) for a, b in pairwise(edges) if a < b)


def _weight(place: Place, words: Sequence[str]) -> int:
    """Zero where a word is missing."""
    section = place.section
    heading, title, text = _low(section.title), _low(place.title), _low(section.text)
    total = 0
    for word in words:
        in_heading, in_text = word in heading, word in text
        if not (in_heading or in_text or word in title):
            return 0
        total += _OF_HEADING * in_heading + _OF_TITLE * (word in title) + _OF_TEXT * in_text
    is_of_section = any(word in heading or word in text for word in words)
    return total if is_of_section else 0


def _around(section: Section, words: Sequence[str]) -> str:
    """The part of the text around the first word found, or its beginning."""
    low = _low(section.text)
    at = min((low.find(word) for word in words if word in low), default=0)
    start = max(0, at - _BEFORE)
    end = min(len(section.text), at + _AFTER)
    cut = section.text[start:end]
    return f"{'…' if start else ''}{cut}{'…' if end < len(section.text) else ''}"


def _low(text: str) -> str:
    """In lower case, as long as the text itself: positions in one are those in the other."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
