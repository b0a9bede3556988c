"""How wide the columns of a table should be: numbers never break, words hardly ever."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.reports import fonts
from portal.reports.lines import UNITS
from portal.reports.sheet import SheetTable
from portal.reports.text import visible

_WORD_MOST, _NUMBER_MOST = 90.0, 130.0  # points a column may claim for its longest word, number
_SLACK = 0.5  # points, so that rounding never breaks what just fits
_SAMPLE = 400  # rows looked at: more would not change the picture


@dataclass(frozen=True, slots=True)
class Claim:
    """What a column needs at least, and what it would like to have, in points."""

    least: float
    wish: float


def side(size: float) -> float:
    """The padding left and right of a cell's text, in points, at a font size."""
    return 0.45 * size


def claims(table: SheetTable, size: float) -> list[Claim]:
    """What each column of a table claims at a font size."""
    rows = [*table.rows[:_SAMPLE], *([table.totals] if table.totals else [])]
    found = []
    around = 2 * side(size) + _SLACK
    for place, column in enumerate(table.columns):
        texts = [row[place] for row in rows]
        cap = _WORD_MOST if column.align == "left" else _NUMBER_MOST
        least = max(_longest_word(column.label, size), *(_longest_word(t, size) for t in texts), 12)
        wish = max(_line(column.label, size), *(_line(text, size) for text in texts), 12)
        if column.align != "left":
            least = max(_longest_word(column.label, size), *(_line(t, size) for t in texts), 12)
        least = min(least, cap)
        found.append(Claim(least + around, max(least, wish) + around))
    return found


def share(wanted: Sequence[Claim], room: float) -> list[float]:
    """Divide the room (points) among columns: first what they need, then what they would like."""
    least = sum(claim.least for claim in wanted)
    if least >= room:
        return [claim.least * room / least for claim in wanted]
    wish = sum(claim.wish for claim in wanted)
    if wish <= room:
        return [claim.wish * room / wish for claim in wanted]
    part = (room - least) / (wish - least)
    return [claim.least + (claim.wish - claim.least) * part for claim in wanted]


def _line(text: str, size: float) -> float:
    return max(_measured(line, size) for line in text.split("\n"))


def _longest_word(text: str, size: float) -> float:
    longest = max((_measured(unit, size) for unit in UNITS.findall(text)), default=0.0)
    # Chinese may break after any character; keeping four together is easier to read.
    return longest if text.isascii() else max(longest, min(_line(text, size), 4 * size))


def _measured(text: str, size: float) -> float:
    return fonts.width(visible(text), bold=True, size=size)
