"""The look of printed sheets: paper, margins, colors and text styles, in points."""

from dataclasses import replace

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm

from portal.reports.sheet import Tone
from portal.reports.text import TextStyle

PORTRAIT: tuple[float, float] = A4
LANDSCAPE: tuple[float, float] = landscape(A4)
MARGIN = 20 * mm
TOP, BOTTOM = 24 * mm, 22 * mm

INK, MUTED, RULE, SHADE, ACCENT = "#1b2430", "#5a6573", "#cfd5dc", "#f3f5f8", "#1f4e8c"
NOTE_SHADE, NOTE_EDGE = "#fdf4e3", "#b7791f"
TONES: dict[Tone, str] = {
    "neutral": "#4b5563",
    "waiting": "#1f5fae",
    "warning": "#9a5b00",
    "good": "#1c6b3c",
    "bad": "#b42323",
}

VALUE = TextStyle()
LABEL = TextStyle(size=8, color=MUTED)
STRONG = replace(VALUE, bold=True)
SMALL = TextStyle(size=7.5, leading=11, color=MUTED)
COMPANY = TextStyle(size=9, leading=13, color=MUTED)
TITLE = TextStyle(size=19, leading=26, bold=True)
SUBJECT = TextStyle(size=11, leading=16)
SECTION = TextStyle(size=11, leading=16, bold=True, color=ACCENT, after=4)
CAPTION = TextStyle(size=9, leading=14, bold=True, after=3)
FOOT = TextStyle(size=7.5, leading=10, color=MUTED)
