"""Tables of single sums of money: lines of plans, what is overdue, what is still expected."""

from collections.abc import Iterable, Mapping, Sequence

from portal.funds import columns as known
from portal.funds.left_out import left_out_cells, table_of_left_out
from portal.funds.money import NOTHING
from portal.funds.outlook import Outlook
from portal.funds.projection import Expected, left_out
from portal.funds.reading import PAY, Names
from portal.funds.tables import Cell, Head, Table
from portal.funds.words import category_titles, direction_title, kind_title
from portal.web.words import gettext as _


def lines_table(one: Outlook, names: Names) -> Table:
    """The lines of approved plans: planned, realised, remaining."""
    titles = category_titles()
    rows = []
    for each in one.projection.lines:
        line = each.line
        rows.append(
            [
                Cell(line.on),
                Cell(direction_title(line.key.direction)),
                Cell(_category(titles, line.key.category), sub=names.label(line.key.contract)),
                Cell(names.document(line.document), record=names.open_to_viewer(line.document)),
                Cell(line.amount),
                Cell(each.realised),
                Cell(
                    each.remaining,
                    badge=_("Overdue") if each.remaining > 0 and line.on < one.today else "",
                ),
            ]
        )
    heads = [
        Head(_("Day"), "day"),
        Head(_("In or out")),
        Head(_("Category and contract")),
        Head(_("Plan")),
        Head(_("Planned"), "money"),
        Head(_("Realised"), "money"),
        Head(_("Remaining"), "money"),
    ]
    note = _(
        "A line shrinks by what is owed and what has moved on the same contract in the same "
        "category, beginning with the month it was planned for."
    )
    empty = _("No plan is approved yet. File a funds plan, and its lines stand here.")
    return Table("lines", _("Plan lines"), one.currency, heads, rows, None, empty, note)


def left_out_table(one: Outlook, names: Names) -> Table:
    """What should have come in by now, by whether it is owed or was only planned."""
    titles, whole = category_titles(), one.projection.left_out
    every = [each for each in one.projection.overdue if each.key.direction == "in"]
    rows = [
        [*_expected_row(one, each, names, titles)[:-1], *left_out_cells(left_out(each), whole)]
        for each in every
    ]
    return table_of_left_out(whole, one.currency, _heads()[:-1], rows)


def overdue_table(one: Outlook, names: Names) -> Table:
    """What should have gone out by now."""
    return _expected_table(
        "overdue",
        _("Should have gone out"),
        one,
        [each for each in one.projection.overdue if each.key.direction == "out"],
        names,
        empty=_("Nothing is overdue."),
        note=_(
            "What we owe counts today; plan lines whose day has passed do not count until a plan "
            "expects them anew."
        ),
    )


def expected_table(
    one: Outlook, expected: Sequence[Expected], names: Names, *, opening: bool
) -> Table:
    """What is still expected, item by item; with the cash now before it where it is a balance."""
    made = _expected_table("expected", _("Still expected"), one, expected, names)
    total = sum((each.signed for each in expected), NOTHING)
    if not opening:
        return made
    first = [Cell(one.today), Cell(_("Cash now")), *[Cell("")] * 3]
    cash = one.projection.cash
    end = cash + total
    head = [*first, Cell(cash, one.ways.entries(known.BALANCE), is_alarming=cash < 0)]
    last = [Cell(_("Balance")), *[Cell("")] * 4, Cell(end, is_alarming=end < 0)]
    return Table(made.key, made.title, made.currency, made.heads, [head, *made.rows], last)


def _expected_table(
    key: str,
    title: str,
    one: Outlook,
    expected: Iterable[Expected],
    names: Names,
    *,
    empty: str = "",
    note: str = "",
) -> Table:
    titles = category_titles()
    every = list(expected)
    pay = [each for each in every if each.document in names.pay]
    rows = [
        _expected_row(one, each, names, titles) for each in every if each.document not in names.pay
    ]
    if pay:
        told = [Cell(""), Cell(names.label(PAY)), *[Cell("")] * 3]
        rows.append([*told, Cell(sum((each.signed for each in pay), NOTHING))])
    total = sum((each.signed for each in every), NOTHING)
    last = [Cell(_("Total")), *[Cell("")] * 4, Cell(total)]
    return Table(key, title, one.currency, _heads(), rows, last if rows else None, empty, note)


def _heads() -> list[Head]:
    return [
        Head(_("Day"), "day"),
        Head(_("What")),
        Head(_("Source document")),
        Head(_("Contract and party")),
        Head(_("Category")),
        Head(_("Amount, out below zero"), "money"),
    ]


def _expected_row(
    one: Outlook, each: Expected, names: Names, titles: Mapping[str, str]
) -> list[Cell]:
    late = (one.today - each.due).days
    return [
        Cell(each.due, badge=_("%(days)s days late", days=late) if late > 0 else ""),
        Cell(kind_title(each.kind, each.key.direction)),
        Cell(
            names.document(each.document),
            record=names.open_to_viewer(each.document),
            sub=names.subject(each.document),
        ),
        Cell(names.label(each.key.contract), sub=names.label(each.party)),
        Cell(_category(titles, each.key.category)),
        Cell(each.signed, is_alarming=False),
    ]


def _category(titles: Mapping[str, str], key: str | None) -> str:
    return titles.get(key or "", key or "")
