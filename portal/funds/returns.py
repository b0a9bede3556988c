"""Deposits that were paid and have not come back; pure."""

from collections.abc import Iterable

from portal.funds.money import NOTHING, Key, Money
from portal.funds.projection import Expected


def deposits_out(entries: Iterable[Money]) -> list[Expected]:
    """Each deposit with what of it is still held, by the day it should come back."""
    groups: dict[str, list[Money]] = {}
    for one in entries:
        groups.setdefault(one.settles or one.document, []).append(one)
    found = []
    for document, group in sorted(groups.items()):
        paid = [one for one in group if one.key.direction == "out"]
        back = [one for one in group if one.key.direction == "in"]
        held = sum((one.amount for one in paid), NOTHING) - sum((b.amount for b in back), NOTHING)
        if not paid or held <= 0:
            continue
        first = paid[0]
        due = first.due or first.on
        key = Key("in", first.key.currency, first.key.contract, first.key.category)
        found.append(Expected("deposit", document, key, due, held, due, first.party))
    return sorted(found, key=lambda one: (one.due, one.document))
