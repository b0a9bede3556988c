"""The page of the funds plan: cash curve, lowest point, and what every figure is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portal.definitions import queries as definitions
from portal.errors import NotFound
from portal.funds.charted import cash_chart
from portal.funds.drawing import PAPER, Curve, curves, draw
from portal.funds.due import open_table
from portal.funds.due_tables import OPEN
from portal.funds.expected_tables import (
    expected_table,
    left_out_table,
    lines_table,
    overdue_table,
)
from portal.funds.money import Direction
from portal.funds.outlook import Outlook, empty_outlook, expected_by, outlooks
from portal.funds.plan_tables import accuracy_table, months_table, stats_of
from portal.funds.printing import blocks_pdf, table_workbook
from portal.funds.projection import Expected
from portal.funds.ratios import ratios
from portal.funds.reading import Names, names_for
from portal.funds.routes.area import area
from portal.funds.routes.frame import asked_day, funds_page
from portal.funds.tables import Block, Table
from portal.funds.words import PLAN_FORM, direction_title
from portal.ledgers.pages import NO_FIGURE, asked_month, project_for_figures
from portal.printing.tables import FORMAT
from portal.web.access import signed_in
from portal.web.charts import Chart
from portal.web.filters import day, month
from portal.web.rendering import same_choice
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _


@area.page("/projects/<code>/funds/plan", access=signed_in)
def plan(code: str) -> str:
    """The cash curve, plan against actual by month, plan lines, what is overdue."""
    project = project_for_figures(code)
    found = outlooks(project)
    drawn = {one.currency: curves(one.history(), _ahead(one)) for one in found}
    charts = {one.currency: _chart(one, drawn[one.currency][0]) for one in found}
    return funds_page(
        "funds/plan.html",
        project,
        "funds.plan",
        blocks=_blocks(found),
        curves=drawn,
        charts=charts,
        may_draft=_may_draft(project),
    )


def _may_draft(project: ProjectBrief) -> bool:
    """Whether the viewer may file the plan of this project."""
    known = definitions.form_in(PLAN_FORM, project.id)
    return known is not None and definitions.may_file(current_viewer(), known, project.id)


@area.page("/projects/<code>/funds/plan.xlsx", access=signed_in)
def plan_export(code: str) -> BaseResponse:
    """A table of the page as a spreadsheet; without money its heads alone."""
    project = project_for_figures(code)
    found = outlooks(project) or [empty_outlook(project)]
    return table_workbook(project, _blocks(found), request.args.get("table", "months"))


@area.page("/projects/<code>/funds/plan.pdf", access=signed_in)
def plan_printed(code: str) -> Response:
    """The page on paper."""
    project = project_for_figures(code)
    found = outlooks(project)
    return blocks_pdf(
        project,
        _blocks(found),
        page="funds-plan",
        title=_("Funds plan"),
        endpoint="funds.plan",
        curves={one.currency: draw(one.history(), _ahead(one), PAPER) for one in found},
    )


@area.page("/projects/<code>/funds/expected", access=signed_in)
def expected(code: str) -> str:
    """What is still expected: in a month, or until a day with the balance it leads to."""
    project = project_for_figures(code)
    return _expected(project).page(project, "funds.expected_file")


@area.page(f"/projects/<code>/funds/expected.{FORMAT}", access=signed_in)
def expected_file(code: str, kind: str) -> BaseResponse:
    """The same to take along."""
    project = project_for_figures(code)
    return _expected(project).file(project, kind, "funds.expected")


def _expected(project: ProjectBrief) -> "_MadeOf":
    one = _asked(project)
    until, first = asked_day("until"), asked_month()
    direction = request.args.get("direction", "")
    if until is not None and direction in ("in", "out"):
        chosen = expected_by(one, until, direction)
        words = _(
            "Still expected %(direction)s by the end of %(day)s",
            direction=direction_title(direction).lower(),
            day=day(until),
        )
    elif until is not None:
        chosen = expected_by(one, until)
        words = _("Balance at the end of %(day)s", day=day(until))
    elif first is not None and direction in ("in", "out"):
        chosen = [
            each
            for each in one.projection.expected
            if each.on.replace(day=1) == first and each.key.direction == direction
        ]
        words = _(
            "Still expected %(direction)s, %(month)s",
            direction=direction_title(direction).lower(),
            month=month(first),
        )
    else:
        raise NotFound(NO_FIGURE)
    names = _names([one], chosen)
    table = expected_table(one, chosen, names, opening=until is not None and not direction)
    return _MadeOf(table, words)


@area.page("/projects/<code>/funds/parts", access=signed_in)
def parts(code: str) -> str:
    """What a ratio is made of, or an amount of the ageing."""
    project = project_for_figures(code)
    return _parts(project).page(project, "funds.parts_file")


@area.page(f"/projects/<code>/funds/parts.{FORMAT}", access=signed_in)
def parts_file(code: str, kind: str) -> BaseResponse:
    """The same to take along."""
    project = project_for_figures(code)
    return _parts(project).file(project, kind, "funds.parts")


def _parts(project: ProjectBrief) -> "_MadeOf":
    asked = request.args.get("column")
    if asked == "accuracy":
        meaning = _("1 − |plan − actual| ÷ plan, of the months that are over and were planned")
        return _MadeOf(accuracy_table(_asked(project)), _("Plan accuracy"), meaning)
    if asked == OPEN:
        return _MadeOf(_open(project), _("Open documents"))
    every = ratios(project, request.args.get("ccy", ""))
    found = next((each for each in every if each.key == asked), None)
    if found is None:
        raise NotFound(NO_FIGURE)
    return _MadeOf(found.table(), found.label, found.meaning)


@dataclass(frozen=True, slots=True)
class _MadeOf:
    """What a figure is made of: a table, what it is called, how the figure is reckoned."""

    table: Table
    title: str
    meaning: str = ""

    @property
    def blocks(self) -> list[Block]:
        return [Block(self.table.currency, (), (self.table,))]

    def page(self, project: ProjectBrief, file_endpoint: str) -> str:
        """The page, with the ways to its files."""
        return funds_page(
            "funds/parts.html", project, "", blocks=self.blocks, title=self.title,
            meaning=self.meaning, file_endpoint=file_endpoint, address=same_choice,
        )  # fmt: skip

    def file(self, project: ProjectBrief, kind: str, endpoint: str) -> BaseResponse:
        """The page as a workbook or on paper."""
        if kind == "xlsx":
            return table_workbook(project, self.blocks, self.table.key)
        url = same_choice(endpoint, _external=True, kind=None)
        page = f"funds-{self.table.key}"
        return blocks_pdf(
            project, self.blocks, page=page, title=self.title, endpoint=endpoint, url=url
        )


def _open(project: ProjectBrief) -> Table:
    """The documents behind an amount of the ageing. Raises NotFound."""
    direction = request.args.get("direction")
    table = None
    if direction in ("in", "out"):
        which: Direction = "in" if direction == "in" else "out"
        table = open_table(project, request.args.get("ccy", ""), which, request.args)
    if table is None:
        raise NotFound(NO_FIGURE)
    return table


def _chart(one: Outlook, drawn: Curve) -> Chart:
    return cash_chart(one.history(), _ahead(one), drawn, lambda on: one.ways.balance_at(on).url)


def _ahead(one: Outlook) -> list[tuple[date, Decimal]]:
    return [(point.on, point.balance) for point in one.projection.points]


def _asked(project: ProjectBrief) -> Outlook:
    """The outlook of the currency an address asks for. Raises NotFound."""
    currency = request.args.get("ccy", "")
    found = next((one for one in outlooks(project) if one.currency == currency), None)
    if found is None:
        raise NotFound(NO_FIGURE)
    return found


def _blocks(found: Sequence[Outlook]) -> list[Block]:
    names = _names(found, ())
    return [
        Block(
            one.currency,
            stats_of(one),
            (
                months_table(one),
                left_out_table(one, names),
                overdue_table(one, names),
                lines_table(one, names),
            ),
        )
        for one in found
    ]


def _names(found: Sequence[Outlook], also: Iterable[Expected]) -> Names:
    shown = [*also, *(each for one in found for each in one.projection.overdue)]
    lines = [each.line for one in found for each in one.projection.lines]
    documents = {one.document for one in shown} | {one.document for one in lines}
    keys = [*(one.key for one in shown), *(one.key for one in lines)]
    return names_for(documents, {key.contract for key in keys} | {one.party for one in shown})
