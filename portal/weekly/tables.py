"""What moved in a period as tables: for their spreadsheet and print."""

from collections.abc import Iterable

from portal.printing.tables import Head, Table
from portal.web.words import gettext as _
from portal.weekly.shown import Account, Block, Deviation


def moved_tables(
    accounts: Iterable[Account], blocks: Iterable[Block], deviation: Deviation | None
) -> list[Table]:
    """The work against its plan, a table per center and currency, then the records; one that says
    nothing moved where none did.
    """
    figures = [
        Head(_("Figure"), width=32),
        Head(_("At the start"), "money"),
        Head(_("Moved in the period"), "money"),
        Head(_("At the end"), "money"),
    ]
    records = [
        Head(_("Number"), width=18),
        Head(_("Subject"), width=36),
        Head(_("What"), width=36),
        Head(_("Amount"), width=18),
    ]
    made = [_deviation(deviation)] if deviation else []
    made += [
        Table(
            f"{one.title} ({one.currency})",
            f"{one.title} {one.currency}",
            figures,
            [[row.label, row.before, row.moved, row.after] for row in one.rows],
        )
        for one in accounts
    ]
    made += [
        Table(
            one.title,
            one.title,
            records,
            [[line.number, line.subject, line.what, line.amount] for line in one.lines],
            one.note,
        )
        for one in blocks
    ]
    return made or [Table(_("Nothing moved between these days"), _("What moved"), figures, [])]


def _deviation(found: Deviation) -> Table:
    heads = [Head(_("Figure"), width=40), Head(_("At the start")), Head(_("At the end"))]
    rows = [
        [one.label, *(("–", "–") if one.is_private else (one.before, one.after))]
        for one in found.rows
    ]
    title = _("Progress against the plan")
    return Table(f"{title} ({found.currency})", title, heads, rows, found.baseline)
