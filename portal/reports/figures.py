"""The PDF of a page of figures: its title, one table per currency, who printed it and when."""

from reportlab.platypus import Flowable

from portal.reports import look, pages
from portal.reports.record_sheet import section_story
from portal.reports.sheet import RecordSheet
from portal.reports.text import P
from portal.reports.words import words


def figures_pdf(sheet: RecordSheet) -> bytes:
    """Tables of figures on paper lying on its side; equal sheets give equal bytes.

    Of the sheet only company, title, subject, sections, notes and what the footer says are used.
    """
    fixed, paper = words(sheet.language), look.LANDSCAPE
    room = paper[0] - 2 * look.MARGIN
    story: list[Flowable] = [
        P(sheet.company, look.COMPANY),
        P(sheet.title, look.TITLE),
        P(sheet.subject, look.SUBJECT),
    ]
    for section in sheet.sections:
        story += section_story(section, fixed, room)
    story += [P(one, look.SMALL) for one in sheet.notes]
    return pages.build(sheet, story, paper)
