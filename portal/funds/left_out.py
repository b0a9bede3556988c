"""What should have come in and was left out of a balance ahead: its words and columns."""

from collections.abc import Sequence
from decimal import Decimal

from portal.funds.projection import LeftOut
from portal.funds.tables import Cell, Head, Table
from portal.web.filters import money
from portal.web.words import gettext as _


def _shown(of: LeftOut, whole: LeftOut) -> list[tuple[str, Decimal]]:
    """Its kinds with their amounts; deposits only where the whole has any."""
    found = [(_("Overdue to us"), of.owed), (_("Planned, day passed"), of.planned)]
    if whole.deposits:
        found.insert(1, (_("Deposits not returned"), of.deposits))
    return found


def left_out_cells(of: LeftOut, whole: LeftOut, address: str = "") -> list[Cell]:
    """The amounts under them; what is nothing leads nowhere."""
    return [Cell(amount, address=address if amount else "") for _label, amount in _shown(of, whole)]


def table_of_left_out(
    whole: LeftOut, currency: str, heads: Sequence[Head], rows: Sequence[Sequence[Cell]]
) -> Table:
    """What is left out, row by row: its `heads` stand before a column of each kind."""
    kinds = [Head(label, "money") for label, _amount in _shown(whole, whole)]
    blank = [Cell("")] * (len(heads) - 1)
    total = [Cell(_("Total")), *blank, *left_out_cells(whole, whole)]
    return Table(
        "left_out",
        _("Should have come in, left out of the balances"),
        currency,
        [*heads, *kinds],
        rows,
        total if rows else None,
        empty=_("Nothing is left out."),
        note=_(
            "None of it counts until a plan expects it anew. What was only planned is owed by "
            "nobody."
        ),
    )


def left_out_words(whole: LeftOut, currency: str) -> list[str]:
    """A sentence of each kind there is, to tell beside a balance."""
    found = (
        (whole.owed, _("%(amount)s is overdue to us.", amount=money(whole.owed, currency))),
        (
            whole.deposits,
            _(
                "%(amount)s of deposits should have come back.",
                amount=money(whole.deposits, currency),
            ),
        ),
        (
            whole.planned,
            _(
                "%(amount)s was planned for days that have passed; nobody owes it yet.",
                amount=money(whole.planned, currency),
            ),
        ),
    )
    return [words for amount, words in found if amount]
