"""How long money is due: buckets of days since the due date; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from portal.funds.money import NOTHING
from portal.funds.open_items import OpenItem

# first day of each bucket; what is due later than today is not yet due
BUCKETS: Final = (("not_due", None), ("to_30", 0), ("to_60", 31), ("to_90", 61), ("over_90", 91))


@dataclass(frozen=True, slots=True)
class Aged:
    """What one party is owed or owes on one contract, by age; the oldest item first."""

    party: str | None
    contract: str | None
    amounts: Mapping[str, Decimal]
    items: Sequence[OpenItem]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), NOTHING)

    def overdue(self, today: date) -> Decimal:
        """What of it is past its day."""
        return sum((one.overdue(today) for one in self.items), NOTHING)

    @property
    def oldest(self) -> date:
        return self.items[0].due


def bucket(due: date, today: date) -> str:
    """The bucket of a day: due today counts as 0 days."""
    age = (today - due).days
    found = "not_due"
    for key, first in BUCKETS:
        if first is not None and age >= first:
            found = key
    return found


def aged(items: Iterable[OpenItem], today: date) -> list[Aged]:
    """Open items by party and contract, who has waited longest first."""
    groups: dict[tuple[str | None, str | None], list[OpenItem]] = {}
    for one in items:
        if one.open > 0:
            groups.setdefault((one.party, one.key.contract), []).append(one)
    found = []
    for (party, contract), group in groups.items():
        amounts = {key: NOTHING for key, _first in BUCKETS}
        for one in group:
            amounts[bucket(one.due, today)] += one.open
        ordered = sorted(group, key=lambda each: (each.due, each.document))
        found.append(Aged(party, contract, amounts, ordered))
    return sorted(found, key=lambda one: (one.oldest, -one.total, str(one.contract)))
