"""What is owed and not yet paid, document by document; pure.

A document owes what it certifies, advances or releases, less what it recovers, withholds or
deducts; what another document recovers or deducts from it counts as its own. Cash pays the
document it settles. Cash of a contract that settles none pays what is due first. So all that is
open on a contract, less what was paid beyond it, is always what the contract's ledger says is still
to pay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from portal.funds.money import NOTHING, OWED, Direction, Key, Money


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document with something still to pay or to receive, or paid in full (`open` zero).

    `owed` is its net due, `paid` what settled it, `due` the day it is to be paid.
    """

    document: str
    key: Key
    party: str | None
    due: date
    owed: Decimal
    paid: Decimal

    @property
    def open(self) -> Decimal:
        return self.owed - self.paid

    def overdue(self, today: date) -> Decimal:
        """What of it is open past its day; what is due today is not yet."""
        return self.open if self.due < today else NOTHING


@dataclass(frozen=True, slots=True)
class Beyond:
    """Money paid on a contract beyond everything that is owed on it."""

    direction: Direction
    currency: str
    contract: str | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """What is owed, oldest due first, and what was paid beyond it."""

    items: Sequence[OpenItem]
    beyond: Sequence[Beyond]

    @property
    def open(self) -> list[OpenItem]:
        return [one for one in self.items if one.open > 0]


Pot = tuple[Direction, str, str | None]
Place = tuple[str, Direction, str, str | None]


def standing(entries: Iterable[Money]) -> Standing:
    """Documents that owe, with what paid them; one of several contracts counts per contract."""
    every = list(entries)
    items = _owed(every)
    paid: dict[Place, Decimal] = dict.fromkeys(items, NOTHING)
    spare: dict[Pot, Decimal] = {}
    for cash in every:
        if cash.stage != "cash":
            continue
        pot = _pot(cash.key)
        place = (cash.settles or cash.document, *pot)
        if place in items:
            paid[place] += cash.amount
        else:
            spare[pot] = spare.get(pot, NOTHING) + cash.amount
    for place, item in items.items():
        if paid[place] > item.owed:  # paid beyond what it owes, or it owes less than nothing
            pot = _pot(item.key)
            spare[pot] = spare.get(pot, NOTHING) + paid[place] - item.owed
            paid[place] = item.owed
    order = sorted(items.items(), key=lambda one: (one[1].due, one[1].document))
    for place, item in order:
        left = spare.get(_pot(item.key), NOTHING)
        if item.key.contract is None or left <= 0 or item.owed <= paid[place]:
            continue
        part = min(left, item.owed - paid[place])
        spare[_pot(item.key)] = left - part
        paid[place] += part
    beyond = [
        Beyond(*pot, amount)
        for pot, amount in sorted(spare.items(), key=str)
        if amount and pot[2] is not None
    ]
    found = [replace(item, paid=paid[place]) if paid[place] else item for place, item in order]
    return Standing(found, beyond)


def _pot(key: Key) -> Pot:
    return key.direction, key.currency, key.contract


def _owed(entries: Sequence[Money]) -> dict[Place, OpenItem]:
    found: dict[Place, list[Money]] = {}
    for one in entries:
        if one.stage in OWED:
            found.setdefault((one.settles or one.document, *_pot(one.key)), []).append(one)
    return {place: _item(group) for place, group in found.items()}


def _item(group: Sequence[Money]) -> OpenItem:
    """The day it is due is the earliest that its additions name; without one, when it counts."""
    adding = [one for one in group if OWED[one.stage] > 0] or list(group)
    due = min(one.due or one.on for one in adding)
    owed = sum((OWED[one.stage] * one.amount for one in group), NOTHING)
    first = adding[0]
    return OpenItem(first.settles or first.document, first.key, first.party, due, owed, NOTHING)
