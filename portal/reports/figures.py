"""The PDF of a page of figures: its title, one table per currency, who printed it and when."""

from reportlab.platypus import Flowable

from portal.reports import look, pages
from portal.reports.blocks import heading
from portal.reports.record_sheet import table_story
from portal.reports.sheet import RecordSheet, Section
from portal.reports.text import P
from portal.reports.words import Words, words


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
        story += _section(section, fixed, room)
    story += [P(one, look.SMALL) for one in sheet.notes]
    return pages.build(sheet, story, paper)


def _section(section: Section, fixed: Words, room: float) -> list[Flowable]:
    story: list[Flowable] = heading(section.title) if section.title else []
    for table in section.tables:
        story += table_story(table, fixed, room, under=section.title)
    return story
