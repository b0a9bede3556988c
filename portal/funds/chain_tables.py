"""The page of one contract's money: figures, then every claim with its invoices and payments."""

from collections.abc import Sequence
from typing import get_args

from portal.funds import columns as known
from portal.funds.chain import Claim, claims
from portal.funds.money import NOTHING, Direction, Money
from portal.funds.reading import Book, Names, names_for, read_book
from portal.funds.tables import Block, Cell, Head, Stat, Table
from portal.funds.words import direction_title
from portal.ledgers.pages import Way
from portal.ledgers.queries import sums
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _

SHOWN = (known.CURRENT, known.CERTIFIED, known.INVOICED, known.PAID, known.DUE)


def contract_blocks(project: ProjectBrief, contract: str, book: Book | None = None) -> list[Block]:
    """One per currency and direction in which the contract has money; empty for none."""
    read = book or read_book(project)
    found = []
    for currency in sorted(read.currencies, key=lambda ccy: (ccy != project.currency, ccy)):
        for direction in get_args(Direction):
            entries = [one for one in read.of(currency) if one.key.contract == contract]
            if any(one.key.direction == direction for one in entries):
                found.append(_block(project, currency, contract, direction, entries))
    return found


def _block(
    project: ProjectBrief,
    currency: str,
    contract: str,
    direction: Direction,
    entries: Sequence[Money],
) -> Block:
    found = claims(entries, contract, direction)
    parts = [one for each in found for one in (*each.invoices, *each.payments)]
    documents = {each.document for each in found} | {one.document for one in parts}
    names = names_for(documents - {""}, {one.account for one in parts} | {contract})
    return Block(
        currency,
        _stats(project, currency, contract, direction),
        (_table(project, currency, direction, found, names),),
    )


def _stats(project: ProjectBrief, currency: str, contract: str, direction: Direction) -> list[Stat]:
    where = {"ccy": (currency,), "direction": (direction,), "contract_id": (contract,)}
    made = sums(SHOWN, ("ccy",), [project.id], where)
    values = made[0].values if made else {}
    choice = {"ccy": currency, "direction": direction, "contract": contract}
    return [
        Stat(
            str(known.titled(one, direction).label),
            values.get(one.key, NOTHING),
            Way(project.code, "funds", one.key, choice),
            unit=currency,
            is_alarming=one.warns and values.get(one.key, NOTHING) < 0,
        )
        for one in SHOWN
    ]


def _table(
    project: ProjectBrief,
    currency: str,
    direction: Direction,
    found: Sequence[Claim],
    names: Names,
) -> Table:
    rows = []
    for one in found:
        rows.append(_claim(project, currency, direction, one, names))
        rows += [_part(part, names) for part in (*one.invoices, *one.payments)]
    out = direction == "out"
    heads = [
        Head(_("Document")),
        Head(_("What it is")),
        Head(_("Day"), "day"),
        Head(_("Certified"), "money"),
        Head(_("Net due"), "money"),
        Head(_("Invoiced"), "money"),
        Head(_("Paid") if out else _("Received"), "money"),
        Head(_("Open"), "money"),
        Head(_("Due"), "day"),
    ]
    columns = ("certified", "owed", "invoiced")
    total = [Cell(_("Total")), Cell(""), Cell("")]
    total += [Cell(sum((getattr(o, key) for o in found), NOTHING)) for key in columns]
    paid = sum((p.amount for o in found for p in o.payments), NOTHING)
    total += [Cell(paid), Cell(sum((o.open for o in found), NOTHING)), Cell("")]
    return Table(
        f"chain_{direction}",
        _("Claims, invoices and payments") + f" · {direction_title(direction)}",
        currency,
        heads,
        rows,
        total if rows else None,
        note=_(
            "Under each claim stand its invoices and payments. Money that names no claim pays what "
            "is due first."
        ),
    )


def _claim(
    project: ProjectBrief, currency: str, direction: Direction, one: Claim, names: Names
) -> list[Cell]:
    if not one.document:
        return [Cell(_("For no claim")), *[Cell("")] * 8]
    by_document = {"ccy": currency, "direction": direction, "record": one.document}
    return [
        Cell(names.document(one.document), record=names.open_to_viewer(one.document)),
        Cell(names.form(one.document)),
        Cell(one.on),
        Cell(one.certified, Way(project.code, "funds", "certified", by_document)),
        Cell(one.owed, Way(project.code, "funds", "net_due", by_document)),
        Cell(one.invoiced),
        Cell(one.paid),
        Cell(one.open, is_alarming=one.open < 0),
        Cell(one.due),
    ]


def _part(one: Money, names: Names) -> list[Cell]:
    is_cash = one.stage == "cash"
    more = names.label(one.account) if is_cash else names.invoice(one.document)
    label = f"– {names.document(one.document)}"
    blank = Cell("")
    return [
        Cell(label, record=names.open_to_viewer(one.document), sub=more),
        Cell(names.form(one.document)),
        Cell(one.on),
        blank,
        blank,
        blank if is_cash else Cell(one.amount),
        Cell(one.amount) if is_cash else blank,
        blank,
        blank,
    ]
