"""The life of what is held back and of what is paid in advance, contract by contract; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from portal.funds.money import NOTHING, Direction, Money
from portal.funds.open_items import OpenItem

CENT = Decimal("0.01")
Lapses = Mapping[str, Sequence[tuple[date, Decimal]]]
"""By contract: the days on which a share of the retention is to be released."""


@dataclass(frozen=True, slots=True)
class Held:
    """Retention of a contract. `unpaid` is released and not yet returned, `due` its first day.

    What is held is returned twice over: a document releases it, then money moves. `lapses` are the
    days on which a share of it (1 is all) is to be released by the contract.
    """

    contract: str
    direction: Direction
    party: str | None
    held: Decimal
    released: Decimal
    unpaid: Decimal
    due: date | None
    lapses: Sequence[tuple[date, Decimal]] = ()

    @property
    def outstanding(self) -> Decimal:
        return self.held - self.released

    def is_overdue(self, today: date) -> bool:
        """Released, due, and not returned."""
        return self.unpaid > 0 and self.due is not None and self.due < today

    def unreleased(self, today: date) -> Decimal:
        """What the contract has made due by now and no document has released."""
        share = sum((part for on, part in self.lapses if on < today), NOTHING)
        by_contract = (self.held * min(share, Decimal(1))).quantize(CENT, ROUND_HALF_UP)
        return max(NOTHING, by_contract - self.released)

    def overdue(self, today: date) -> Decimal:
        """What is due and was not returned: released or not."""
        return (self.unpaid if self.is_overdue(today) else NOTHING) + self.unreleased(today)

    def overdue_since(self, today: date) -> date | None:
        """The first day on which some of it was to be returned."""
        days = [on for on, _part in self.lapses if on < today] if self.unreleased(today) else []
        if self.is_overdue(today) and self.due is not None:
            days.append(self.due)
        return min(days, default=None)


@dataclass(frozen=True, slots=True)
class Advance:
    """An advance of a contract: paid, recovered, and still open."""

    contract: str
    direction: Direction
    party: str | None
    paid: Decimal
    recovered: Decimal
    certified: Decimal

    @property
    def open(self) -> Decimal:
        return self.paid - self.recovered


def retentions(
    entries: Iterable[Money], items: Iterable[OpenItem], lapses: Lapses | None = None
) -> list[Held]:
    """Every contract something was held back on, in both directions."""
    every = list(entries)
    releases = {one.document for one in every if one.stage == "retention_release"}
    waiting: dict[tuple[str | None, Direction], list[OpenItem]] = {}
    for item in items:
        if item.document in releases and item.open > 0:
            waiting.setdefault((item.key.contract, item.key.direction), []).append(item)
    found = []
    for (contract, direction), group in _by_contract(
        every, ("retention_hold", "retention_release")
    ).items():
        open_items = waiting.get((contract, direction), [])
        found.append(
            Held(
                contract,
                direction,
                group[0].party,
                _sum(group, "retention_hold"),
                _sum(group, "retention_release"),
                sum((one.open for one in open_items), NOTHING),
                min((one.due for one in open_items), default=None),
                (lapses or {}).get(contract, ()),
            )
        )
    return found


def advances(entries: Iterable[Money]) -> list[Advance]:
    """Every contract with an advance, in both directions."""
    every = list(entries)
    certified = _by_contract(every, ("certified",))
    return [
        Advance(
            contract,
            direction,
            group[0].party,
            _sum(group, "advance"),
            _sum(group, "advance_recovery"),
            _sum(certified.get((contract, direction), []), "certified"),
        )
        for (contract, direction), group in _by_contract(
            every, ("advance", "advance_recovery")
        ).items()
    ]


def _by_contract(
    entries: Iterable[Money], stages: tuple[str, ...]
) -> dict[tuple[str, Direction], list[Money]]:
    found: dict[tuple[str, Direction], list[Money]] = {}
    for one in entries:
        if one.stage in stages and one.key.contract is not None:
            found.setdefault((one.key.contract, one.key.direction), []).append(one)
    return dict(sorted(found.items(), key=lambda place: (place[0][1] != "out", place[0][0])))


def _sum(entries: Iterable[Money], stage: str) -> Decimal:
    return sum((one.amount for one in entries if one.stage == stage), NOTHING)
