"""The chain of a contract: each claim with the invoices and the payments that are for it; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.funds.money import NOTHING, OWED, Direction, Money
from portal.funds.open_items import standing


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that makes money due; without one, what is for none (`document` empty).

    `paid` also counts money of the contract that names no document and pays what is due first.
    """

    document: str
    on: date | None
    due: date | None
    certified: Decimal
    owed: Decimal
    paid: Decimal
    invoices: Sequence[Money]
    payments: Sequence[Money]

    @property
    def open(self) -> Decimal:
        return self.owed - self.paid

    @property
    def invoiced(self) -> Decimal:
        return sum((one.amount for one in self.invoices), NOTHING)


def claims(entries: Iterable[Money], contract: str, direction: Direction) -> list[Claim]:
    """The claims of a contract by the day they are due, then what is for none of them."""
    mine = [
        one for one in entries if one.key.contract == contract and one.key.direction == direction
    ]
    invoices, payments = _by_claim(mine, "invoiced"), _by_claim(mine, "cash")
    found = []
    for item in standing(mine).items:
        group = [one for one in mine if (one.settles or one.document) == item.document]
        owing = [one for one in group if one.stage in OWED]
        found.append(
            Claim(
                item.document,
                min(one.on for one in owing),
                item.due,
                sum((one.amount for one in owing if one.stage == "certified"), NOTHING),
                item.owed,
                item.paid,
                invoices.pop(item.document, []),
                payments.pop(item.document, []),
            )
        )
    loose = [one for group in invoices.values() for one in group]
    bare = [one for group in payments.values() for one in group]
    if loose or bare:
        nothing = (None, None, NOTHING, NOTHING, NOTHING)
        found.append(Claim("", *nothing, _in_order(loose), _in_order(bare)))
    return found


def _by_claim(entries: Iterable[Money], stage: str) -> dict[str, list[Money]]:
    found: dict[str, list[Money]] = {}
    for one in _in_order(one for one in entries if one.stage == stage):
        found.setdefault(one.settles or one.document, []).append(one)
    return found


def _in_order(entries: Iterable[Money]) -> list[Money]:
    return sorted(entries, key=lambda one: (one.on, one.id))
