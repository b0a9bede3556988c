"""The page of bottlenecks as tables: for its spreadsheet and its print."""

from collections.abc import Sequence

from portal.foresight.capacity import Capacity
from portal.foresight.drivers import Drivers
from portal.foresight.materials import Site
from portal.foresight.page import Foresight
from portal.foresight.steps import StepWaits
from portal.foresight.words import verdicts
from portal.printing.tables import Head, Table, rounded
from portal.reports.workbook import Value
from portal.schedule.past_error import PastError
from portal.web.filters import day
from portal.web.words import gettext as _


def foresight_tables(found: Foresight, *, with_moves: bool) -> list[Table]:
    """The tables of the page; but for the first, those without rows are left out."""
    more = [_steps(found.steps), _capacities(found.capacities), _weeks(found.capacities)]
    if found.site is not None:
        more += [_stock(found.site), *([_moves(found.site)] if with_moves else [])]
    return [_drivers(found.drivers), *(one for one in more if one.rows)]


def _past_heads(unit: str) -> list[Head]:
    return [
        Head(_("Times foretold"), "number"),
        Head(_("Off, mean, %(unit)s", unit=unit), "number"),
        Head(_("Off, mean size, %(unit)s", unit=unit), "number"),
    ]


def _past(past: PastError | None) -> list[Value]:
    if past is None:
        return [0, None, None]
    return [past.count, rounded(past.mean), rounded(past.size)]


def _drivers(found: Drivers) -> Table:
    heads = [
        Head(_("Code"), width=12),
        Head(_("Task"), width=40),
        Head(_("Criticality, %"), "number"),
        Head(_("Sensitivity"), "number", places=2),
        Head(_("Left, working days"), "number"),
        Head(_("Float"), "number"),
        Head(_("Finish"), "date"),
        Head(_("Late, working days"), "number"),
    ]
    rows: list[list[Value]] = [
        [
            one.row.task.code, one.row.task.name,
            None if one.criticality is None else rounded(one.criticality * 100),
            rounded(one.sensitivity, 2), rounded(one.left), rounded(one.row.total_float),
            one.row.ends_on, rounded(one.late),
        ]
        for one in found.rows
    ]  # fmt: skip
    return Table(_("Which tasks will hold the end?"), _("Tasks"), heads, rows)


def _steps(found: Sequence[StepWaits]) -> Table:
    heads = [
        Head(_("Form"), width=24),
        Head(_("Step"), width=24),
        Head(_("Finished in 90 days"), "number"),
        Head(_("Median, days"), "number"),
        Head(_("Four of five within, days"), "number"),
        Head(_("Waiting now"), "number"),
        Head(_("Oldest, days"), "number"),
        *_past_heads(_("days")),
    ]
    rows: list[list[Value]] = [
        [
            one.form_title, one.step_title, len(one.waits.finished), rounded(one.waits.median),
            rounded(one.waits.within), len(one.waits.waiting), rounded(one.waits.oldest),
            *_past(one.waits.past),
        ]
        for one in found
    ]  # fmt: skip
    return Table(_("At which steps do documents wait longest?"), _("Approvals"), heads, rows)


def _capacities(found: Sequence[Capacity]) -> Table:
    heads = [
        Head(_("Resource"), width=30),
        Head(_("Available"), "number"),
        Head(_("Over-allocated from"), "date"),
        Head(_("Lacking"), "number"),
        Head(_("Tasks"), width=50),
        *_past_heads("%"),
    ]
    rows: list[list[Value]] = [
        [
            one.resource.label, one.units, one.over.first if one.over else None,
            one.lacks if one.over else None,
            ", ".join(row.task.label for row in one.over.rows) if one.over else None,
            *_past(one.past),
        ]
        for one in found
    ]  # fmt: skip
    return Table(_("Do the resources suffice?"), _("Capacity"), heads, rows)


def _weeks(found: Sequence[Capacity]) -> Table:
    heads = [
        Head(_("Resource"), width=30),
        Head(_("Week of"), "date"),
        Head(_("Asked for, hours"), "number"),
        Head(_("Available, hours"), "number"),
    ]
    rows: list[list[Value]] = [
        [one.resource.label, week.monday, rounded(week.needed), rounded(week.available)]
        for one in found
        for week in one.weeks
    ]
    return Table(_("What is asked for in the next weeks?"), _("Weeks"), heads, rows)


def _stock(site: Site) -> Table:
    words = verdicts()
    heads = [
        Head(_("Material"), width=36),
        Head(_("Unit"), width=8),
        Head(_("Received"), "number"),
        Head(_("Issued"), "number"),
        Head(_("On hand"), "number"),
        Head(_("A week, last 4"), "number"),
        Head(_("A week, last 8"), "number"),
        Head(_("Weeks left"), "number"),
        Head(_("Runs out"), "date"),
        Head(_("On order"), "number"),
        Head(_("Promised for"), "date"),
        Head(_("Requested, not ordered"), "number"),
        Head(_("Standing"), width=16),
        *_past_heads("%"),
    ]
    rows: list[list[Value]] = [
        [
            one.label, one.unit, one.stock.received, one.stock.issued, one.stock.on_hand,
            rounded(one.stock.by_month, 2), rounded(one.stock.by_two_months, 2),
            rounded(one.stock.weeks_left), one.stock.runs_out,
            one.stock.ordered if one.stock.orders else None, one.stock.arrives,
            one.stock.requested if one.stock.requests else None,
            words[one.stock.verdict], *_past(one.stock.past),
        ]
        for one in site.materials
    ]  # fmt: skip
    return Table(_("Which material runs out before more of it comes?"), _("Stock"), heads, rows)


def _moves(site: Site) -> Table:
    heads = [
        Head(_("Material"), width=36),
        Head(_("Date"), "date"),
        Head(_("Document"), width=20),
        Head(_("Came in"), "number", places=3),
        Head(_("Went out"), "number", places=3),
        Head(_("Unit"), width=8),
    ]
    rows: list[list[Value]] = [
        [
            one.label, move.on, site.papers[move.record].number,
            move.qty if move.is_receipt else None, None if move.is_receipt else move.qty, one.unit,
        ]
        for one in site.materials
        for move in one.moves
    ]  # fmt: skip
    return Table(_("What came and went?"), _("Movements"), heads, rows)


def subject_of(found: Foresight) -> str:
    """What the print says under its title."""
    said = [_("As of %(day)s", day=day(found.today))]
    if found.plan.until:
        said.append(_("Data date %(day)s", day=day(found.plan.until)))
    return " · ".join(said)
