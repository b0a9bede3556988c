"""Texts broken into the lines of a box, by the width of their characters; pure."""

from collections.abc import Iterator
from unicodedata import east_asian_width

UNITS = 32  # a Latin letter counts one, a Chinese character two


def folded(text: str, most: int, units: int = UNITS) -> tuple[str, ...]:
    """A text in at most so many lines; the last ends in … where it goes on."""
    lines = list(_lines(" ".join(text.split()), units))
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while last and _units(last) > units - 2:
        last = last[:-1]
    return (*lines[: most - 1], last.rstrip() + "…")


def _lines(text: str, units: int) -> Iterator[str]:
    """Broken at blanks, and between characters where a word is too long or needs no blanks."""
    while text:
        end, used, blank = 0, 0, 0
        for end, char in enumerate(text):
            used += _unit(char)
            if used > units:
                break
            if char == " ":
                blank = end
        else:
            yield text
            return
        cut = blank if blank and _unit(text[end]) == 1 else max(end, 1)
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()


def _units(text: str) -> int:
    return sum(map(_unit, text))


def _unit(char: str) -> int:
    return 2 if east_asian_width(char) in "WF" else 1
