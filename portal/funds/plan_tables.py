"""The tables of the plan page: months, and how near the plan came to them."""

from datetime import date, timedelta

from portal.funds import columns as known
from portal.funds.accuracy import missed_by
from portal.funds.outlook import Outlook, Ways, last_day
from portal.funds.projection import Month
from portal.funds.tables import Cell, Head, Stat, Table
from portal.web.filters import day, month
from portal.web.words import gettext as _


def stats_of(one: Outlook) -> list[Stat]:
    """Cash now, the lowest balance ahead, the money missing then, how good the plan was."""
    found, lowest = one.projection, one.projection.lowest
    share = one.accuracy.share
    return [
        Stat(
            _("Cash now"),
            found.cash,
            one.ways.entries(known.BALANCE),
            unit=one.currency,
            is_alarming=found.cash < 0,
            adds=True,
        ),
        Stat(
            _("Lowest balance ahead"),
            lowest.balance,
            one.ways.balance_at(lowest.on),
            hint=_("on %(day)s", day=day(lowest.on)),
            unit=one.currency,
            is_alarming=lowest.balance < 0,
        ),
        Stat(
            _("Peak need"),
            found.peak_need,
            one.ways.balance_at(lowest.on),
            hint=_("What is missing at the lowest point"),
            unit=one.currency,
            is_alarming=found.peak_need > 0,
        ),
        Stat(
            _("Plan accuracy"),
            None if share is None else share * 100,
            one.ways.parts("accuracy"),
            hint=_("Months that are over: 1 − |plan − actual| ÷ plan")
            if share is not None
            else _("No planned month is over yet"),
            unit="%",
        ),
    ]


def month_heads(*, carries: bool) -> list[Head]:
    """What stands over the amounts of a month; opening balances only where one `carries` any."""
    heads = [Head(_("Opening"), "money")]
    if carries:
        heads.append(Head(str(known.CARRIED.label), "money"))
    return [
        *heads,
        Head(str(known.PLANNED_IN.label), "money"),
        Head(str(known.MOVED_IN.label), "money"),
        Head(_("Still expected in"), "money"),
        Head(str(known.PLANNED_OUT.label), "money"),
        Head(str(known.MOVED_OUT.label), "money"),
        Head(_("Still expected out"), "money"),
        Head(_("Closing"), "money"),
    ]


def months_table(one: Outlook) -> Table:
    """Month by month from opening to closing."""
    carries = any(each.carried for each in one.projection.months)
    heads = [Head(_("Month")), *month_heads(carries=carries)]
    return Table(
        "months",
        _("Plan and actual, month by month"),
        one.currency,
        heads,
        [
            [Cell(month(each.first)), *month_cells(one.ways, each, carries=carries)]
            for each in one.projection.months
            if each.is_busy or each.first == one.today.replace(day=1)
        ],
        note=_(
            "Closing = opening + received + still expected in − paid − still expected out. "
            "What is planned does not count by itself: its part that is not owed or moved yet does."
        ),
    )


def month_cells(ways: Ways, each: Month, *, carries: bool) -> list[Cell]:
    """The amounts of a month from opening to closing, with their ways."""
    chosen = {"month": each.first.isoformat()[:7]}
    opening = ways.balance_at(_day_before(each))
    row = [Cell(each.opening, opening, is_alarming=each.opening < 0)]
    if carries:
        row.append(Cell(each.carried, ways.entries(known.CARRIED, **chosen)))
    return [
        *row,
        Cell(each.planned_in, ways.entries(known.PLANNED_IN, **chosen)),
        Cell(each.actual_in, ways.entries(known.MOVED_IN, **chosen)),
        Cell(each.expected_in, ways.expected_in(each, "in")),
        Cell(each.planned_out, ways.entries(known.PLANNED_OUT, **chosen)),
        Cell(each.actual_out, ways.entries(known.MOVED_OUT, **chosen)),
        Cell(each.expected_out, ways.expected_in(each, "out")),
        Cell(each.closing, ways.balance_at(last_day(each.first)), is_alarming=each.closing < 0),
    ]


def _day_before(each: Month) -> date:
    return each.first - timedelta(days=1)


def accuracy_table(one: Outlook) -> Table:
    """The planned months that are over, and by how much each went beside its plan."""
    rows = []
    for each in one.accuracy.months:
        chosen = {"month": each.first.isoformat()[:7]}
        rows.append(
            [
                Cell(month(each.first)),
                Cell(each.planned_in, one.ways.entries(known.PLANNED_IN, **chosen)),
                Cell(each.actual_in, one.ways.entries(known.MOVED_IN, **chosen)),
                Cell(each.planned_out, one.ways.entries(known.PLANNED_OUT, **chosen)),
                Cell(each.actual_out, one.ways.entries(known.MOVED_OUT, **chosen)),
                Cell(missed_by(each)),
            ]
        )
    heads = [
        Head(_("Month")),
        *(
            Head(str(column.label), "money")
            for column in (known.PLANNED_IN, known.MOVED_IN, known.PLANNED_OUT, known.MOVED_OUT)
        ),
        Head(_("Difference, in and out"), "money"),
    ]
    total = [Cell(_("Total")), *[Cell(None)] * 4, Cell(one.accuracy.missed)]
    title = _("How near the plan came")
    return Table("accuracy", title, one.currency, heads, rows, total if rows else None)
