"""The portfolio, and the entries behind any figure of any center."""

from collections.abc import Iterator
from dataclasses import replace

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock, limits
from portal.errors import NotFound
from portal.health.shown import standings_of, worst_first
from portal.labor.columns import labor_days
from portal.ledgers.naming import names_asked_for, names_of
from portal.ledgers.pages import NO_FIGURE, around, project_for_figures, record_url
from portal.portfolio.choice import Choice, read_choice
from portal.portfolio.converted import in_one
from portal.portfolio.export import entry_table, on_paper, portfolio_table, together_words
from portal.portfolio.exports import exports_of, lists_of
from portal.portfolio.queries import last_decisions, portfolio, readings
from portal.portfolio.told import Told, told
from portal.printing.tables import FORMAT, TakenAlong
from portal.projects.services import may_create
from portal.web.access import signed_in, staff
from portal.web.answers import page_or_fragment
from portal.web.area import Area
from portal.web.inputs import whole
from portal.web.rendering import same_choice
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
    now, by_health = clock.now(), request.args.get("sort") == "health"
    found = portfolio(viewer, now, _page_number(), worst_first() if by_health else None)
    shown = {row.project.id: row.project for row in found.rows}
    return render_template(
        "portfolio/index.html",
        portfolio=found,
        standings=standings_of(list(shown.values()), now),
        together=in_one(found.totals, found.cost, now),
        may_create=may_create(viewer),
        by_health=by_health,
        sort="health" if by_health else None,
    )


@area.page(f"/portfolio.{FORMAT}", access=signed_in)
def index_file(kind: str) -> BaseResponse:
    """The whole portfolio to take along."""
    viewer = current_viewer()
    if viewer.is_external:
        raise NotFound
    now, by_health = clock.now(), request.args.get("sort") == "health"
    found = portfolio(viewer, now, None, worst_first() if by_health else None)
    standings = standings_of(
        list({row.project.id: row.project for row in found.rows}.values()), now
    )
    together = in_one(found.totals, found.cost, now)
    whole = portfolio_table(found, standings, together)
    tables = on_paper(whole, len(found.cost)) if kind == "pdf" else [whole]
    url, title = url_for("portfolio.index", _external=True), _("Portfolio")
    subject = _("Cost excludes tax, money paid and received includes it.")
    return TakenAlong(None, "portfolio", title, subject, tables, url).answer(kind)


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
    shown = told(project, choice, request.args, hide_canceled=hide, page=_page_number())
    found = shown.lines
    opened = {line.document.id for line in found.lines if line.document.id}
    return page_or_fragment(
        "portfolio/entries.html",
        "portfolio/_entries.html",
        **around(project),
        choice=choice,
        found=found,
        told=shown,
        hide=hide,
        decisions=last_decisions(opened),
        record_url=record_url,
        labor_days=labor_days,
        together_words=together_words,
        address=same_choice,
    )


@area.page(f"/projects/<code>/entries.{FORMAT}", access=signed_in)
def entries_file(code: str, kind: str) -> BaseResponse:
    """The entries behind a figure to take along; on paper the first of them."""
    project = project_for_figures(code)
    choice = read_choice(project, request.args)
    most = limits.PRINT_ROWS if kind == "pdf" else limits.EXPORT_ROWS
    table = entry_table(choice, _every_page(project, choice, most))
    if kind == "pdf" and len(table.rows) >= most:
        table = replace(table, note=_("Only the first %(num)s; the workbook has more.", num=most))
    page = f"{choice.center}-{choice.column.key}"
    url = same_choice("portfolio.entries", _external=True, kind=None)
    title = str(choice.column.label)
    return TakenAlong(project, page, title, "", [table], url).answer(kind)


def _every_page(project: ProjectBrief, choice: Choice, most: int) -> Iterator[Told]:
    page, pages = 1, 1
    hide = _hides_canceled()
    while page <= min(pages, most // limits.PAGE_ROWS_MOST):
        found = told(project, choice, request.args, hide_canceled=hide, page=page)
        yield found
        pages, page = found.lines.pages, page + 1


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
