"""User text on paper: the only module that sets text.

reportlab's own Paragraph reads its text as markup (tags open files and links, `a<b & c` raises), so
nothing here uses it: text is broken into lines and drawn. What has no glyph is made visible.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Literal

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from portal.reports import fonts
from portal.reports.lines import break_lines

Align = Literal["left", "center", "right"]
MISSING = "〓"  # the printers' old mark for a character the type case does not hold

_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_INKLESS = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
_PLAIN = frozenset(map(chr, range(0x20, 0x7F))) | {"\n"}


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a piece of text looks: sizes in points, color as #rrggbb."""

    size: float = 9
    leading: float = 13
    bold: bool = False
    color: str = "#1b2430"
    align: Align = "left"
    after: float = 0


class Lines(Flowable):
    """Text already broken into lines. Nothing in it is markup: it is drawn as it is written."""

    def __init__(self, shown: str, style: TextStyle, lines: list[str] | None = None) -> None:
        super().__init__()
        self.style = style
        self.spaceAfter = style.after
        self._shown, self._lines, self._broken_for = shown, lines or [], -1.0
        self._done = lines is not None

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As wide as offered (alignment needs it), and as high as its lines."""
        if not self._done and self._broken_for != available_width:
            self._lines = break_lines(
                self._shown, available_width, partial(measure, style=self.style)
            )
            self._broken_for = available_width
        self.width, self.height = available_width, len(self._lines) * self.style.leading
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list["Lines"]:  # type: ignore[override]
        """The lines that fit into the height, and the others; nothing if not one line fits."""
        self.wrap(available_width, available_height)
        fitting = int(available_height / self.style.leading + 1e-6)
        if fitting < 1:
            return []
        parts = (self._lines[:fitting], self._lines[fitting:])
        return [Lines(self._shown, self.style, part) for part in parts if part]

    def draw(self) -> None:
        """Write the lines from the top."""
        y = self.height - self.style.size
        for line in self._lines:
            _write(self.canv, line, self.style, self.width, y)
            y -= self.style.leading


def P(text: str, style: TextStyle) -> Lines:  # noqa: N802 - the name every report knows it by
    """User text as a paragraph that wraps, in any script, with its line breaks kept."""
    return Lines(visible(text), style)


def measure(text: str, style: TextStyle) -> float:
    """How wide a line of text will be in this style, in points."""
    return fonts.width(visible(text), bold=style.bold, size=style.size)


def write_line(canvas: Any, text: str, style: TextStyle, width: float, y: float) -> None:
    """Draw text on a canvas between 0 and `width`, cut with an ellipsis where it is too long."""
    shown = " ".join(visible(text).split())
    if measure(shown, style) > width:
        while shown and measure(shown + "…", style) > width:
            shown = shown[:-1]
        shown += "…"
    _write(canvas, shown, style, width, y)


def _write(canvas: Any, line: str, style: TextStyle, width: float, y: float) -> None:
    canvas.setFillColor(HexColor(style.color))
    pieces = fonts.runs(line, bold=style.bold)
    free = 0.0 if style.align == "left" else width - measure(line, style)
    x = free / 2 if style.align == "center" else free
    for face, piece in pieces:
        canvas.setFont(face, style.size)
        canvas.drawString(x, y, piece)
        x += canvas.stringWidth(piece, face, style.size)


def visible(text: str) -> str:
    """The text as it can be printed: only line breaks, and characters the font can draw.

    Controls (bidirectional ones too) appear as [U+202E], missing characters as MISSING; characters
    without ink (joiners, soft hyphens, variation selectors) are left out.
    """
    if _PLAIN.issuperset(text):
        return text
    return "".join(_shown(char) for char in _settled(text))


def missing_glyphs(text: str) -> tuple[str, ...]:
    """The characters of the text that print as MISSING, each once, in order of appearance."""
    if _PLAIN.issuperset(text):
        return ()
    found = (char for char in _settled(text) if char != MISSING and _shown(char) == MISSING)
    return tuple(dict.fromkeys(found))


def _settled(text: str) -> str:
    text = _INKLESS.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))
    if any(map(unicodedata.combining, text)):
        return unicodedata.normalize("NFC", text)  # the font has é, not e with a loose accent
    return text


@lru_cache(maxsize=8192)
def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if char == "\n":
        return char
    if category in ("Cc", "Cf"):
        return f"[U+{ord(char):04X}]"
    if fonts.is_drawable(char):
        return char
    return " " if category == "Zs" else MISSING
