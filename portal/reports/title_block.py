"""The head of the first page: company, form, state, subject, who asked when, the way back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unicodedata import name as character_name

from reportlab.graphics.barcode.qr import QrCode
from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, Table

from portal.reports import look
from portal.reports.grid import Cell, Grid
from portal.reports.sheet import RecordSheet
from portal.reports.text import MISSING, P, TextStyle, measure
from portal.reports.words import Words

_CODE = 62.0  # points: side of the printed code
_LISTED = 20  # missing characters named one by one


def title_block(sheet: RecordSheet, fixed: Words, room: float) -> list[Flowable]:
    """Company and state, the form's title, the subject and the code; then four facts."""
    left = room - _CODE - 14
    words = [_top_line(sheet, left), P(sheet.title, look.TITLE), P(sheet.subject, look.SUBJECT)]
    head = Table(
        [[words, WayBack(sheet.url, _CODE)]],
        colWidths=[left + 14, _CODE],
        style=[("VALIGN", (0, 0), (-1, -1), "TOP"), *_no_padding()],
        spaceAfter=9,
        hAlign="LEFT",
    )
    return [head, _facts(sheet, fixed, room)]


class WayBack(QrCode):
    """A QR code that leads to an address; it can be clicked too, if that is a web address."""

    def __init__(self, url: str, side: float) -> None:
        super().__init__(url, width=side, height=side, qrBorder=0, qrLevel="M")

    def draw(self) -> None:
        """Draw the code and lay the link over it."""
        self.canv.setFillColor(HexColor("#000000"))
        super().draw()
        if self.value.startswith(("http://", "https://")):
            self.canv.linkURL(self.value, (0, 0, self.width, self.height), relative=1)


def _top_line(sheet: RecordSheet, room: float) -> Flowable:
    color = look.TONES[sheet.tone]
    style = TextStyle(size=9, leading=13, bold=True, color=color, align="center")
    box = min(measure(sheet.state, style) + 20, room / 2)
    return Table(
        [[P(sheet.company, look.COMPANY), P(sheet.state, style)]],
        colWidths=[room - box, box],
        style=[
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            *_no_padding(),
            ("BOX", (1, 0), (1, 0), 1, HexColor(color)),
            ("TOPPADDING", (0, 0), (-1, -1), 3.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ],
        spaceAfter=2,
        hAlign="LEFT",
    )


def _no_padding() -> list[tuple[Any, ...]]:
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [(side, (0, 0), (-1, -1), 0) for side in sides]


def _facts(sheet: RecordSheet, fixed: Words, room: float) -> Flowable:
    grid = Grid([room * part for part in (0.24, 0.30, 0.26, 0.20)], side=6)
    grid.edge(look.ACCENT, weight=1.6)
    labels = (fixed.number, fixed.project, fixed.requester, fixed.submitted)
    values = (sheet.number, sheet.project, sheet.requester, sheet.submitted)
    grid.add([Cell(label, look.LABEL) for label in labels], shade=look.SHADE, rule="")
    styles = (look.STRONG, look.VALUE, look.VALUE, look.VALUE)
    grid.add(list(map(Cell, values, styles)), shade=look.SHADE)
    return grid.table(after=5)


def verification(
    sheet: RecordSheet, fixed: Words, room: float, missing: Sequence[str]
) -> list[Flowable]:
    """What proves this print, on one line, and the address that leads back to the record."""
    code, head = replace(look.SMALL, bold=True), look.SMALL
    widths = [max(measure(sheet.verification, code), measure(fixed.code, head)) + 14]
    labels = [Cell(fixed.code, look.SMALL)]
    values = [Cell(sheet.verification, code)]
    if sheet.audit_head:
        widths.append(max(measure(sheet.audit_head, head), measure(fixed.audit_head, head)) + 14)
        labels.append(Cell(fixed.audit_head, look.SMALL))
        values.append(Cell(sheet.audit_head, head))
    grid = Grid([*widths, room - sum(widths)], side=6, above=1)
    grid.add([*labels, Cell(fixed.scan, look.SMALL)], rule="")
    grid.add([*values, Cell(sheet.url, replace(look.SMALL, color=look.ACCENT))], rule="")
    story: list[Flowable] = [grid.table(after=8)]
    if missing:
        story.append(P(_missing_line(missing, fixed), look.SMALL))
    return story


def _missing_line(missing: Sequence[str], fixed: Words) -> str:
    named = [f"U+{ord(c):04X} {character_name(c, '')}".strip() for c in missing[:_LISTED]]
    if len(missing) > _LISTED:
        named.append(f"… (+{len(missing) - _LISTED})")
    return fixed.missing.format(mark=MISSING, list=", ".join(named))
