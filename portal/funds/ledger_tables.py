"""The contract ledger as tables for paper: what contracts are worth, and the money that follows."""

from collections.abc import Sequence

from portal.funds.queries import ContractRow, FundsSheet
from portal.funds.tables import Cell, Head, Table, of_figure
from portal.ledgers.columns import Column
from portal.web.filters import money as money_text
from portal.web.words import gettext as _


def ledger_tables(sheet: FundsSheet) -> tuple[Table, Table]:
    """The two tables of one direction in one currency."""
    side = _("We pay") if sheet.direction == "out" else _("We receive")
    worth = f"{side} · {_('What contracts are worth')}"
    money = f"{side} · {_('Advance, retention, paid, due')}"
    return (
        _table(sheet, f"worth_{sheet.direction}", worth, sheet.worth),
        _table(sheet, f"ledger_{sheet.direction}", money, sheet.ledger, loose_note(sheet)),
    )


def loose_note(sheet: FundsSheet) -> str:
    """What came in without a contract, in words; empty where nothing did."""
    if sheet.loose is None:
        return ""
    amount = f"{money_text(sheet.loose.value)} {sheet.currency}"
    return _("Received without a contract: %(amount)s. It settles no contract.", amount=amount)


def _table(
    sheet: FundsSheet, key: str, title: str, columns: Sequence[Column], note: str = ""
) -> Table:
    rows = [
        [
            Cell(
                row.contract.label if row.contract else _("Without a contract"),
                sub=_sub(row, columns),
            ),
            *(of_figure(row.figures[column.key]) for column in columns),
        ]
        for row in sheet.rows
    ]
    heads = [Head(_("Contract")), *(Head(str(column.label), "money") for column in columns)]
    total = [Cell(_("Total")), *(of_figure(sheet.total[column.key]) for column in columns)]
    return Table(key, title, sheet.currency, heads, rows, total, note=note)


def _sub(row: ContractRow, columns: Sequence[Column]) -> str:
    """The other side of a contract; of a row that keeps figures to itself, why."""
    if any(row.figures[column.key].is_private for column in columns):
        return _("Wages are private")
    return row.party.name if row.party else ""
