"""What is due and overdue in a project, per currency: what its page shows."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from portal.funds.due_tables import DueTables
from portal.funds.money import NOTHING, Direction
from portal.funds.open_items import Standing, standing
from portal.funds.ratios import Ratio, ratios
from portal.funds.reading import Book, lapses_of, names_for, read_book
from portal.funds.retention import Held, advances, retentions
from portal.funds.returns import deposits_out
from portal.funds.tables import Block, Stat, Table
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


def due_blocks(project: ProjectBrief, book: Book | None = None) -> list[Block]:
    """One per currency: figures at the top, then ageing, items, retention, advances, deposits."""
    read = book or read_book(project)
    order = sorted(read.currencies, key=lambda ccy: (ccy != project.currency, ccy))
    return [_block(project, read, currency) for currency in order]


def open_table(
    project: ProjectBrief, currency: str, direction: Direction, asked: Mapping[str, str]
) -> Table | None:
    """The documents behind an amount of the ageing; None where there is none."""
    book = read_book(project)
    items = standing(book.of(currency)).open
    named = {each for one in items for each in (one.party, one.key.contract)}
    names = names_for({one.document for one in items}, named)
    made = DueTables(project, currency, book.today, names)
    found = made.chosen(direction, asked, items)
    return made.items(direction, found) if found else None


def _block(project: ProjectBrief, book: Book, currency: str) -> Block:
    entries = book.of(currency)
    found = standing(entries)
    lapses = lapses_of(one.key.contract for one in entries if one.stage == "retention_hold")
    held, paid = retentions(entries, found.items, lapses), advances(entries)
    out = deposits_out(book.of(currency, "deposit"))
    documents = {one.document for one in found.open} | {one.document for one in out}
    keys = [*(one.key for one in found.open), *(one.key for one in out)]
    named = {
        *(key.contract for key in keys),
        *(one.contract for one in held),
        *(one.contract for one in paid),
        *(one.contract for one in found.beyond),
        *(one.party for one in found.open),
        *(one.party for one in held),
        *(one.party for one in paid),
        *(one.party for one in out),
    }
    names = names_for(documents, named)
    made = DueTables(project, currency, book.today, names)
    return Block(
        currency,
        _stats(project, currency, book, found, held),
        (
            made.ageing("in", found),
            made.ageing("out", found),
            made.items("in", found.open),
            made.items("out", found.open),
            made.retention(held),
            made.advances(paid),
            made.deposits(out),
        ),
    )


def _stats(
    project: ProjectBrief, currency: str, book: Book, found: Standing, held: Iterable[Held]
) -> list[Stat]:
    def late(direction: str) -> Decimal:
        mine = (one for one in found.open if one.key.direction == direction)
        return sum((one.overdue(book.today) for one in mine), NOTHING)

    collection, payment = ratios(project, currency)
    back = sum((one.overdue(book.today) for one in held), NOTHING)

    return [
        Stat(
            _("Overdue to us"),
            late("in"),
            hint=_("Past its due date and not received"),
            unit=currency,
            is_alarming=late("in") > 0,
            adds=True,
            table="items_in",
        ),
        Stat(
            _("Overdue by us"),
            late("out"),
            hint=_("Past its due date and not paid"),
            unit=currency,
            is_alarming=late("out") > 0,
            adds=True,
            table="items_out",
        ),
        _rate(collection),
        _rate(payment),
        Stat(
            _("Retention overdue"),
            back,
            hint=_("Due and not returned, in both directions"),
            unit=currency,
            is_alarming=back > 0,
            adds=True,
            table="retention",
        ),
    ]


def _rate(one: Ratio) -> Stat:
    share = None if one.share is None else one.share * 100
    return Stat(one.label, share, one.way, hint=one.meaning, unit="%")
