"""Where contract, invoice and cash do not fit, and what looks paid twice: what the page shows."""

from collections.abc import Mapping, Sequence

from portal.funds.invoice_numbers import Numbered, used_twice
from portal.funds.matching import Exceptional, Matched, Twice, exceptions, matches, suspects
from portal.funds.reading import Book, Names, names_for, read_book
from portal.funds.retention import advances
from portal.funds.tables import Block, Cell, Head, Stat, Table
from portal.funds.words import direction_title
from portal.ledgers.naming import Named, names_of
from portal.ledgers.pages import Way
from portal.web.rendering import url_for
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


def check_blocks(project: ProjectBrief, book: Book | None = None) -> list[Block]:
    """One per currency: exceptions, the three flows of every contract, suspects."""
    read = book or read_book(project)
    order = sorted(read.currencies, key=lambda ccy: (ccy != project.currency, ccy))
    return [_block(project, read, currency) for currency in order]


def _block(project: ProjectBrief, book: Book, currency: str) -> Block:
    entries = book.of(currency)
    matched = matches(entries)
    contracts = names_of({one.contract for one in matched})
    sides = {key: other_side(one) for key, one in contracts.items()}
    early = {one.contract: one.open for one in advances(entries)}
    found, twice = exceptions(entries, sides, early), suspects(entries)
    numbers = used_twice(project) if currency == project.currency else []
    names = names_for(
        {
            *(one.document for one in found if one.document),
            *_documents(twice),
            *(one.document for one in numbers),
        },
        {
            *contracts,
            *sides.values(),
            *(o.party for o in found),
            *(t.party for t in twice),
            *(n.party for n in numbers),
        },
    )
    tables = (
        _exceptions(project, currency, found, names, sides),
        _twice(currency, twice, names),
        _numbers(currency, numbers, names),
        _flows(project, currency, matched, names),
    )
    stats = [
        _count(_("Exceptions"), len(found)),
        _count(_("Payments that look alike"), len(twice)),
        _count(_("Invoice numbers used twice"), len({one.number for one in numbers})),
    ]
    return Block(currency, stats, tables)


def _page(project: ProjectBrief, contract: str) -> str:
    return url_for("funds.contract", code=project.code, contract_id=contract)


def other_side(contract: Named) -> str | None:
    """The party of a contract, or the supplier of an order."""
    return contract.names("party") or contract.names("supplier") or None


def _count(label: str, count: int) -> Stat:
    return Stat(label, None, text=str(count), is_alarming=count > 0)


def _documents(twice: Sequence[Twice]) -> set[str]:
    entries = [one for each in twice for one in each.entries]
    return {one.document for one in entries} | {one.settles for one in entries if one.settles}


def _reason(one: Exceptional) -> str:
    """Why it is an exception, as a sentence."""
    return {
        "above_certified": _("Invoiced above what is certified"),
        "paid_without_invoice": _("Paid without an invoice")
        if one.direction == "out"
        else _("Received without an invoice"),
        "not_invoiced": _("Certified and not invoiced"),
        "other_invoicer": _("The invoice names another party than the contract"),
        "other_payee": _("Paid to another party than the contract names")
        if one.direction == "out"
        else _("Received from another party than the contract names"),
    }[one.why]


def _exceptions(
    project: ProjectBrief,
    currency: str,
    found: Sequence[Exceptional],
    names: Names,
    sides: Mapping[str, str | None],
) -> Table:
    rows = []
    for one in found:
        choice = {"ccy": currency, "direction": one.direction, "contract": one.contract}
        column = {
            "above_certified": "invoiced",
            "not_invoiced": "certified",
            "other_invoicer": "invoiced",
        }.get(one.why, "paid")
        other = names.label(one.party) if one.party else ""
        rows.append(
            [
                Cell(_reason(one), sub=other),
                Cell(names.label(one.contract), sub=names.label(sides.get(one.contract))),
                Cell(
                    names.document(one.document) if one.document else "",
                    record=names.open_to_viewer(one.document),
                ),
                Cell(one.amount, Way(project.code, "funds", column, choice)),
            ]
        )
    heads = [
        Head(_("What does not fit")),
        Head(_("Contract and party")),
        Head(_("Source document")),
        Head(_("Amount"), "money"),
    ]
    return Table(
        "exceptions",
        _("Contract, invoice and cash do not match"),
        currency,
        heads,
        rows,
        empty=_("Contract, invoice and cash match everywhere."),
        note=_(
            "An advance is paid before there is an invoice: what is still open of it is no gap."
        ),
    )


def _twice(currency: str, found: Sequence[Twice], names: Names) -> Table:
    rows = [
        [
            Cell(entry.on),
            Cell(names.label(one.party)),
            Cell(names.document(entry.document), record=names.open_to_viewer(entry.document)),
            Cell(
                names.document(entry.settles) if entry.settles else "",
                record=names.open_to_viewer(entry.settles or ""),
            ),
            Cell(entry.amount),
        ]
        for one in found
        if not any(entry.document in names.pay for entry in one.entries)
        for entry in one.entries
    ]
    heads = [
        Head(_("Day"), "day"),
        Head(_("Payee")),
        Head(_("Payment")),
        Head(_("What it pays")),
        Head(_("Amount"), "money"),
    ]
    return Table(
        "suspects",
        _("Payments that look alike"),
        currency,
        heads,
        rows,
        empty=_("No two payments look alike."),
        note=_("The same payee and the same amount within ten days. Look whether one is too many."),
    )


def _numbers(currency: str, found: Sequence[Numbered], names: Names) -> Table:
    rows = [
        [
            Cell(one.number),
            Cell(names.label(one.party)),
            Cell(names.document(one.document), record=names.open_to_viewer(one.document)),
            Cell(one.net_due),
        ]
        for one in found
    ]
    heads = [
        Head(_("Invoice no.")),
        Head(_("Payee")),
        Head(_("Source document")),
        Head(_("Net due"), "money"),
    ]
    title, empty = _("Invoice numbers used twice"), _("No invoice number is used twice.")
    return Table("numbers", title, currency, heads, rows, None, empty)


def _flows(project: ProjectBrief, currency: str, found: Sequence[Matched], names: Names) -> Table:
    rows = []
    for one in sorted(found, key=lambda m: (m.direction != "out", names.label(m.contract))):
        choice = {"ccy": currency, "direction": one.direction, "contract": one.contract}

        def way(column: str, choice: Mapping[str, str] = choice) -> Way:
            return Way(project.code, "funds", column, choice)

        rows.append(
            [
                Cell(names.label(one.contract), address=_page(project, one.contract)),
                Cell(direction_title(one.direction)),
                Cell(one.certified, way("certified")),
                Cell(one.invoiced, way("invoiced")),
                Cell(one.cash, way("paid")),
                Cell(one.gap),
                Cell(one.invoiced - one.certified, is_alarming=one.invoiced > one.certified),
            ]
        )
    heads = [
        Head(_("Contract")),
        Head(_("In or out")),
        Head(_("Certified"), "money"),
        Head(_("Invoiced"), "money"),
        Head(_("Paid or received"), "money"),
        Head(_("Invoice gap"), "money"),
        Head(_("Unexplained"), "money"),
    ]
    note = _(
        "Invoice gap = invoiced − paid or received. What is open, held back, and still to "
        "recover of an advance explains it; unexplained is invoiced − certified, in either sign."
    )
    title = _("Certified, invoiced, paid")
    return Table("flows", title, currency, heads, rows, None, "", note)
