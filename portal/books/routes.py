"""The pages of a project's books: its months, and whether ledgers and documents agree."""

from collections.abc import Sequence

from flask import render_template
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.books.checks import Checked, quick_checks, rebuilt
from portal.books.columns import EVERY
from portal.books.months import Months, months
from portal.definitions import catalog
from portal.definitions import queries as definitions
from portal.ledgers.pages import around, project_for_figures, record_url
from portal.ledgers.periods import closed_until, closings
from portal.printing.tables import FORMAT, Head, Table, TakenAlong
from portal.reports.workbook import Value
from portal.web.access import staff
from portal.web.area import Area
from portal.web.rendering import url_for
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

area = Area("books", __name__)


@area.page("/projects/<code>/books", access=staff)
def months_page(code: str) -> str:
    """What each month brought, which months are closed, and by what."""
    project = project_for_figures(code)
    return render_template(
        "books/months.html",
        sheets=months(project),
        columns=EVERY,
        closed=closed_until(project.id),
        closings=closings(project.id),
        close_url=_close_url(project),
        record_url=record_url,
        **around(project),
    )


@area.page(f"/projects/<code>/books.{FORMAT}", access=staff)
def months_file(code: str, kind: str) -> BaseResponse:
    """The months to take along."""
    project = project_for_figures(code)
    tables = [_table(sheet) for sheet in months(project)]
    url = url_for("books.months_page", code=project.code, _external=True)
    title, together = _("Months"), len(tables) < 2
    return TakenAlong(project, "months", title, "", tables, url, together).answer(kind)


@area.page("/projects/<code>/books/check", access=staff)
def checks_page(code: str) -> str:
    """Whether ledgers and documents agree: what the database says at once."""
    project = project_for_figures(code)
    return _checks(project, quick_checks(project.id, clock.now()))


@area.ask("/projects/<code>/books/check", access=staff)
def rebuild(code: str) -> str:
    """The same, and every entry worked out anew from its record."""
    project = project_for_figures(code)
    now = clock.now()
    return _checks(project, [*quick_checks(project.id, now), rebuilt(project.id, now)], whole=True)


def _checks(project: ProjectBrief, found: Sequence[Checked], *, whole: bool = False) -> str:
    return render_template(
        "books/checks.html", found=found, whole=whole, record_url=record_url, **around(project)
    )


def _close_url(project: ProjectBrief) -> str:
    """Where the viewer files what closes months; empty when there is nothing they may file."""
    viewer = current_viewer()
    for key, form in sorted(catalog.current_catalog().forms.items()):
        if form.form.definition.closes and definitions.may_file(viewer, form, project.id):
            return url_for("records.new", form_key=key, project=project.code)
    return ""


def _table(sheet: Months) -> Table:
    heads = [
        Head(_("Month"), width=12),
        Head(_("Closed"), width=10),
        *(Head(str(one.label), "money") for one in EVERY),
    ]
    rows: list[list[Value]] = [
        [
            row.first.isoformat()[:7],
            _("Closed") if row.is_closed else "",
            *(row.figures[one.key].value for one in EVERY),
        ]
        for row in sheet.rows
    ]
    rows.append([_("Total"), "", *(sheet.total[one.key].value for one in EVERY)])
    title = _("What did each month bring, in %(currency)s?", currency=sheet.currency)
    return Table(title, sheet.currency, heads, rows)
