"""A page of figures as a PDF to open: company, project, tables, and a code that is their hash.

What draws it is loaded with the first one: heavy, and most workers never print.
"""

from collections.abc import Sequence

from flask import Response

from portal import clock
from portal.accounts.models import Company
from portal.db import db
from portal.forms.canonical import content_hash
from portal.reports.sheet import RecordSheet, Section
from portal.web import downloads
from portal.web.filters import moment
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _


def figures_sheet(
    project: ProjectBrief | None,
    *,
    title: str,
    subject: str,
    shown: object,
    url: str,
    sections: Sequence[Section] = (),
    notes: Sequence[str] = (),
) -> RecordSheet:
    """A sheet of paper about a project, or the company: who prints what; its code is the hash of
    `shown`.
    """
    viewer, company = current_viewer(), db.session.get(Company, 1)
    about = project.name if project else ""
    return RecordSheet(
        language=viewer.language,
        company=company.name if company else "",
        title=f"{about} · {title}" if about else title,
        number=project.code if project else "",
        subject=subject,
        project=about,
        state="",
        requester="",
        submitted="",
        printed_by=viewer.name,
        printed_at=moment(clock.now()),
        url=url,
        verification=content_hash({"figures": shown})[:24],
        sections=tuple(sections),
        notes=tuple(notes),
    )


def figures_page(
    project: ProjectBrief | None,
    *,
    page: str,
    title: str,
    subject: str,
    sections: Sequence[Section],
    url: str,
    notes: Sequence[str] = (),
    together: bool = False,
) -> Response:
    """The PDF, `<project>-<page>.pdf`, or of the company `<page>.pdf`; `url` is the page.

    Equal figures give the same code. `together`: a section tells all currencies in
    one, or there is only one.
    """
    shown = [[table.rows, table.totals] for one in sections for table in one.tables]
    more = [_("Currencies are never added together.")] if len(sections) > 1 and not together else []
    sheet = figures_sheet(
        project,
        title=title,
        subject=subject,
        shown=shown,
        url=url,
        sections=sections,
        notes=[*notes, *more],
    )
    name = f"{project.code}-{page}.pdf" if project else f"{page}.pdf"
    return to_open(sheet, name)


def to_open(sheet: RecordSheet, name: str) -> Response:
    """The PDF of a sheet of figures, under the name of its file."""
    from portal.reports.figures import figures_pdf

    return downloads.download(figures_pdf(sheet), downloads.PDF, name, in_place=True)
