"""Breaking text into lines: between words, between Chinese characters, never before a comma."""

import re
from collections.abc import Callable, Iterator

Measure = Callable[[str], float]

_WIDE = "\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
UNITS = re.compile(f" |[{_WIDE}]|[^ {_WIDE}]+")
_NEVER_FIRST = frozenset("，。、；：？！）】》〉」』〕〗％…—”’·～,.;:?!)]}%°")
_NEVER_LAST = frozenset("（【《〈「『〔〖“‘￥＄([{¥$€£")


def break_lines(text: str, width: float, measure: Measure) -> list[str]:
    """The lines of a text within a width; runs of spaces count as one, line breaks are kept."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        words = " ".join(filter(None, paragraph.split(" ")))
        if measure(words) <= width:
            lines.append(words)
        else:
            lines.extend(_fill(words, width, measure))
    return lines


def _fill(text: str, width: float, measure: Measure) -> Iterator[str]:
    line, used = "", 0.0
    for unit in _joined(text):
        wide = measure(unit)
        if used + wide <= width:
            line, used = line + unit, used + wide
            continue
        if wide > width:  # a word no line can hold goes on wherever the line stands
            *full, line = _cut(line + unit, width, measure)
            yield from full
        else:
            yield line.rstrip(" ")
            line = unit.lstrip(" ")
        used = measure(line)
    yield line.rstrip(" ")


def _cut(text: str, width: float, measure: Measure) -> list[str]:
    """Pieces of at most the width, at least one character each."""
    pieces, used = [""], 0.0
    for char in text:
        wide = measure(char)
        if pieces[-1] and used + wide > width:
            pieces.append("")
            used = 0.0
        pieces[-1] += char
        used += wide
    return pieces


def _joined(text: str) -> Iterator[str]:
    """What must stay together: words, and characters with the punctuation that clings to them."""
    held = ""
    for unit in UNITS.findall(text):
        if held and unit[0] not in _NEVER_FIRST and held[-1] not in _NEVER_LAST:
            yield held
            held = ""
        held += unit
    yield held
