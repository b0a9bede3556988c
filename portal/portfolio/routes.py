"""The portfolio, and the entries behind any figure of any center."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock, limits
from portal.errors import NotFound
from portal.health.shown import standings_of
from portal.labor.columns import labor_days
from portal.ledgers.naming import names_asked_for, names_of
from portal.ledgers.pages import around, download, project_for_figures, record_url
from portal.ledgers.queries import Lines, lines
from portal.portfolio.choice import (
    NO_FIGURE,
    Choice,
    hides_workers,
    read_choice,
    without_workers,
)
from portal.portfolio.export import entry_columns, entry_rows, portfolio_columns, portfolio_rows
from portal.portfolio.exports import exports_of, lists_of
from portal.portfolio.queries import last_decisions, portfolio, readings
from portal.reports.workbook import workbook_bytes
from portal.web.access import signed_in, staff
from portal.web.answers import page_or_fragment
from portal.web.area import Area
from portal.web.inputs import whole
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

area = Area("portfolio", __name__)
_READINGS = {
    "planned": ("planned",),
    "forecast": ("forecast",),
    "actual": ("actual",),
    "readings": ("planned", "forecast", "actual", "shift"),
}


@area.page("/portfolio", access=signed_in)
def index() -> str:
    """A row per project the viewer may see; currencies apart."""
    viewer = current_viewer()
    if viewer.is_external:
        raise NotFound
    now = clock.now()
    found = portfolio(viewer, now, _page_number())
    shown = {row.project.id: row.project for row in found.rows}
    standings = standings_of(list(shown.values()), now)
    return render_template("portfolio/index.html", portfolio=found, standings=standings)


@area.page("/portfolio.xlsx", access=signed_in)
def export() -> Response | BaseResponse:
    """The portfolio as a spreadsheet."""
    viewer = current_viewer()
    if viewer.is_external:
        raise NotFound
    found = portfolio(viewer, clock.now())
    title = _("Portfolio")
    return download(
        "portfolio", workbook_bytes(title, portfolio_columns(found), portfolio_rows(found))
    )


@area.page("/projects/<code>/exports", access=staff)
def exports(code: str) -> str:
    """Everything of a project that can be taken along."""
    project, viewer = project_for_figures(code), current_viewer()
    return render_template(
        "portfolio/exports.html",
        groups=exports_of(viewer, project),
        lists=lists_of(viewer, project),
        **around(project),
    )


@area.page("/projects/<code>/entries", access=signed_in)
def entries(code: str) -> str | Response:
    """The entries a figure is made of, with a running total that ends at the figure."""
    project = project_for_figures(code)
    if request.args.get("ledger") == "progress" and request.args.get("column") in _READINGS:
        return _reading_page(project)
    choice = read_choice(project, request.args)
    hide = _hides_canceled()
    found = lines(
        choice.column, [project.id], choice.where, hide_canceled=hide, page=_page_number()
    )
    if hides_workers(project, choice.column):
        found = without_workers(found)
    opened = {line.document.id for line in found.lines if line.document.id}
    return page_or_fragment(
        "portfolio/entries.html",
        "portfolio/_entries.html",
        **around(project),
        choice=choice,
        found=found,
        hide=hide,
        decisions=last_decisions(opened),
        record_url=record_url,
        labor_days=labor_days,
        address=_address,
    )


@area.page("/projects/<code>/entries.xlsx", access=signed_in)
def entries_export(code: str) -> Response | BaseResponse:
    """The entries behind a figure as a spreadsheet."""
    project = project_for_figures(code)
    choice = read_choice(project, request.args)
    title = f"{project.code} {choice.column.label}"
    name = f"{project.code}-{choice.center}-{choice.column.key}"
    rows = entry_rows(choice, _every_page(project, choice))
    language = current_viewer().language
    return download(name, workbook_bytes(title, entry_columns(choice), rows, language=language))


def _every_page(project: ProjectBrief, choice: Choice) -> Iterator[Lines]:
    page, pages = 1, 1
    while page <= min(pages, limits.EXPORT_ROWS // limits.PAGE_ROWS_MOST):
        found = lines(
            choice.column, [project.id], choice.where, hide_canceled=_hides_canceled(), page=page
        )
        yield without_workers(found) if hides_workers(project, choice.column) else found
        pages, page = found.pages, page + 1


def _reading_page(project: ProjectBrief) -> str:
    """Readings replace each other: the list shows which one counts."""
    key = request.args["column"]
    milestone = request.args.get("milestone")
    found = readings(project, milestone, _READINGS[key])
    named = names_of({line.entry.milestone_id or "" for line in found})
    named |= names_asked_for(project.id, {milestone or ""})
    if milestone is not None and milestone not in named:
        raise NotFound(NO_FIGURE)
    opened = {line.document.id for line in found if line.document.id}
    return render_template(
        "portfolio/readings.html",
        **around(project),
        column=key,
        lines=found,
        milestone=named.get(milestone or ""),
        names=named,
        decisions=last_decisions(opened),
        record_url=record_url,
    )


def _hides_canceled() -> bool:
    """Entries that were taken back, and those that take them back, are shown on demand."""
    return request.args.get("canceled") != "1"


def _page_number() -> int:
    asked = request.args.get("page", "1")
    return whole(asked) or 1


def _address(endpoint: str = "portfolio.entries", **changes: Any) -> str:
    """This page's address with some of its choices changed; None takes one out."""
    args = {**request.args.to_dict(), **(request.view_args or {}), **changes}
    return url_for(endpoint, **{key: value for key, value in args.items() if value is not None})
