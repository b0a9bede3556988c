"""Amounts split by shares so that the parts always add up; pure."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def split(amount: Decimal, shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The amount by shares in percent that total 100, to the cent.

    What rounding leaves over goes to the largest share. Raises ValueError for other totals.
    """
    if sum(shares.values()) != 100:
        raise ValueError("the shares do not total 100 %")
    parts = {
        key: (amount * share / 100).quantize(CENT, ROUND_HALF_UP) for key, share in shares.items()
    }
    largest = max(shares, key=lambda key: (shares[key], key))
    parts[largest] += amount - sum(parts.values())
    return parts
