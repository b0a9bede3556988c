"""What lies on each account, and where the money of each cost code comes from."""

from collections.abc import Mapping
from decimal import Decimal

from portal.funds import columns as known
from portal.funds.money import NOTHING
from portal.funds.reading import Book, read_book
from portal.funds.shares import split
from portal.funds.tables import Block, Cell, Head, Stat, Table
from portal.ledgers.columns import Column
from portal.ledgers.naming import Named, names_of, register_entries
from portal.ledgers.pages import Way
from portal.ledgers.queries import sums
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _

FUNDING = "funding"
Shares = Mapping[str, Mapping[str, Decimal]]
"""By cost code: the share of every source, in percent."""


def account_blocks(project: ProjectBrief, book: Book | None = None) -> list[Block]:
    """One per currency: balances of accounts, then the funding sheet."""
    read = book or read_book(project)
    order = sorted(read.currencies, key=lambda ccy: (ccy != project.currency, ccy))
    shares = shares_in_force(project, read)
    return [_block(project, currency, shares) for currency in order]


def shares_in_force(project: ProjectBrief, book: Book) -> Shares:
    """The shares of the latest funding sheet that is valid today."""
    today = book.today.isoformat()
    valid = [
        one
        for one in register_entries(FUNDING, project.id)
        if str(one.data.get("valid_from") or "") <= today
    ]
    if not valid:
        return {}
    latest = max(valid, key=lambda one: (str(one.data.get("valid_from")), one.id))
    found: dict[str, dict[str, Decimal]] = {}
    for row in latest.data.get("lines") or ():
        found.setdefault(row["cost_code"], {})[row["source"]] = Decimal(row["share"])
    return {code: sources for code, sources in found.items() if sum(sources.values()) == 100}


def _block(project: ProjectBrief, currency: str, shares: Shares) -> Block:
    accounts = _accounts(project, currency)
    tables = (accounts, *_funding(project, currency, shares))
    total = accounts.total[-1] if accounts.total else Cell(NOTHING)
    assert isinstance(total.value, Decimal)
    stat = Stat(
        _("Cash now"),
        total.value,
        total.way,
        unit=currency,
        is_alarming=total.value < 0,
        adds=True,
    )
    return Block(currency, (stat,), tables)


def _accounts(project: ProjectBrief, currency: str) -> Table:
    columns = (known.CARRIED, known.MOVED_IN, known.MOVED_OUT, known.BALANCE)
    found = [
        one
        for one in sums(columns, ("account_id",), [project.id], {"ccy": (currency,)})
        if any(one.values.values())
    ]
    names = names_of({str(one.by[0]) for one in found if one.by[0]})
    rows = []
    for one in sorted(found, key=lambda each: _label(names, each.by[0])):
        choice = {"ccy": currency, "account": one.by[0]}
        named = names.get(one.by[0] or "")
        number = str(named.data.get("number") or "") if named else ""
        cells = [
            Cell(
                one.values[column.key],
                Way(project.code, "funds", column.key, choice),
                is_alarming=column is known.BALANCE and one.values[column.key] < 0,
            )
            for column in columns
        ]
        label = _label(names, one.by[0]) or _("Without an account")
        rows.append([Cell(label, record=one.by[0] or "", sub=number), *cells])
    total = [Cell(_("Total"))]
    for column in columns:
        value = sum((one.values[column.key] for one in found), NOTHING)
        way = Way(project.code, "funds", column.key, {"ccy": currency})
        total.append(Cell(value, way, is_alarming=column is known.BALANCE and value < 0))
    heads = [Head(_("Account")), *(Head(str(column.label), "money") for column in columns)]
    return Table(
        "accounts",
        _("Accounts"),
        currency,
        heads,
        rows,
        total,
        empty=_("No money has moved yet."),
        note=_("Money that names no account stands apart, so that the total is all cash."),
    )


def _label(names: Mapping[str, Named], key: str | None) -> str:
    found = names.get(key or "")
    return found.label if found else ""


def _by(
    project: ProjectBrief, currency: str, column: Column, attribute: str
) -> dict[str | None, Decimal]:
    found = sums((column,), (attribute,), [project.id], {"ccy": (currency,)})
    return {one.by[0]: one.values[column.key] for one in found}


def _funding(project: ProjectBrief, currency: str, shares: Shares) -> list[Table]:
    if currency != project.currency:
        return []  # a funding sheet divides the budget, which is in the project's currency
    budget = _by(project, currency, known.BUDGETED, "cost_code_id")
    actual = _by(project, currency, known.CONSUMED, "cost_code_id")
    received = _by(project, currency, known.MOVED_IN, "party_id")
    sources = sorted({source for one in shares.values() for source in one})
    names = names_of({*shares, *sources})
    allocated = {code: split(budget.get(code, NOTHING), one) for code, one in shares.items()}
    consumed = {code: split(actual.get(code, NOTHING), one) for code, one in shares.items()}

    def way(column: Column, **choice: str) -> Way:
        return Way(project.code, "funds", column.key, {"ccy": currency, **choice})

    rows = [
        [
            Cell(_label(names, source)),
            Cell(sum((one.get(source, NOTHING) for one in allocated.values()), NOTHING)),
            Cell(received.get(source, NOTHING), way(known.MOVED_IN, party=source)),
            Cell(sum((one.get(source, NOTHING) for one in consumed.values()), NOTHING)),
        ]
        for source in sources
    ]
    lines = [
        [
            Cell(_label(names, code), sub=_label(names, source)),
            Cell(f"{share.normalize():f} %"),
            Cell(budget.get(code, NOTHING), way(known.BUDGETED, cost_code=code)),
            Cell(allocated[code][source]),
            Cell(actual.get(code, NOTHING), way(known.CONSUMED, cost_code=code)),
            Cell(consumed[code][source]),
        ]
        for code in sorted(shares, key=lambda one: _label(names, one))
        for source, share in shares[code].items()
    ]
    empty = _("No funding sheet is in force. File one, and sources stand here.")
    note = _(
        "Allocated and consumed are budget and actual cost by share, without tax; what was "
        "received from a source is cash, with tax, so the two are not subtracted."
    )
    heads = [
        Head(_("Source")),
        Head(_("Allocated"), "money"),
        Head(_("Received from it"), "money"),
        Head(_("Consumed"), "money"),
    ]
    of_codes = [
        Head(_("Cost code and source")),
        Head(_("Share")),
        Head(str(known.BUDGETED.label), "money"),
        Head(_("Allocated"), "money"),
        Head(str(known.CONSUMED.label), "money"),
        Head(_("Consumed"), "money"),
    ]
    return [
        Table("sources", _("Funding sources"), currency, heads, rows, None, empty, note),
        Table("funding", _("Funding by cost code"), currency, of_codes, lines, None, empty),
    ]
