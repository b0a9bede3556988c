"""The pages of a sheet: paper, running header, footer with page x of y, document facts."""

from functools import partial
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, SimpleDocTemplate

from portal.reports import look
from portal.reports.sheet import RecordSheet
from portal.reports.text import TextStyle, measure, visible, write_line
from portal.reports.words import words

_LANGUAGES = {"zh": "zh-CN", "en": "en"}


def build(sheet: RecordSheet, story: list[Flowable], paper: tuple[float, float]) -> bytes:
    """Lay the story out on paper and return the PDF."""
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=paper,
        leftMargin=look.MARGIN - 6,  # a reportlab frame pads six points on every side
        rightMargin=look.MARGIN - 6,
        topMargin=look.TOP - 6,
        bottomMargin=look.BOTTOM - 6,
        title=visible(f"{sheet.number} {sheet.subject}".strip()),
        subject=visible(sheet.title),
        author=visible(sheet.company),
        creator="Engineering portal",
        lang=_LANGUAGES.get(sheet.language, "en"),
        invariant=1,
    )
    document.build(story, canvasmaker=partial(_Pages, sheet=sheet, paper=paper))
    return target.getvalue()


class _Pages(Canvas):
    """A canvas that keeps its pages until their number is known, then writes header and footer."""

    def __init__(
        self, *args: Any, sheet: RecordSheet, paper: tuple[float, float], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._sheet = sheet
        self._paper = paper
        self._kept: list[dict[str, Any]] = []
        self.setViewerPreference("DisplayDocTitle", "true")

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Keep the page as it is; it is written when the last one is known."""
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        """Write every page with its header and footer."""
        pages = self._kept
        for page, state in enumerate(pages, start=1):
            self.__dict__.update(state)
            if page > 1:
                self._header()
            self._footer(page, len(pages))
            super().showPage()
        super().save()

    def _header(self) -> None:
        sheet, (paper, height) = self._sheet, self._paper
        room = paper - 2 * look.MARGIN
        y = height - look.MARGIN + 12
        told = " · ".join(filter(None, (sheet.number, sheet.state, sheet.title)))
        self._line(told, look.FOOT, room * 0.66, y)
        right = TextStyle(look.FOOT.size, look.FOOT.leading, color=look.MUTED, align="right")
        self._line(sheet.company, right, room * 0.32, y, shift=room * 0.68)
        self._rule(y - 6)

    def _footer(self, page: int, pages: int) -> None:
        sheet, (paper, _) = self._sheet, self._paper
        fixed = words(sheet.language)
        room = paper - 2 * look.MARGIN
        y = look.BOTTOM - 28
        self._rule(y + 13)
        right = TextStyle(look.FOOT.size, look.FOOT.leading, color=look.MUTED, align="right")
        number = fixed.page.format(page=page, pages=pages)
        code = f"{fixed.code} {sheet.verification}"
        for_number, for_code = measure(number, look.FOOT) + 16, measure(code, look.FOOT) + 4
        for_print = max(room - for_number - for_code, 0)  # the name gives way, never the code
        printed = fixed.printed.format(by=sheet.printed_by, at=sheet.printed_at)
        self._line(printed, look.FOOT, for_print - 12, y)
        self._line(code, look.FOOT, for_code, y, shift=for_print)
        self._line(number, right, for_number, y, shift=room - for_number)

    def _line(
        self, text: str, style: TextStyle, width: float, y: float, *, shift: float = 0
    ) -> None:
        self.saveState()
        self.translate(look.MARGIN + shift, y)
        write_line(self, text, style, width, 0)
        self.restoreState()

    def _rule(self, y: float) -> None:
        self.setStrokeColor(HexColor(look.RULE))
        self.setLineWidth(0.5)
        self.line(look.MARGIN, y, self._paper[0] - look.MARGIN, y)
