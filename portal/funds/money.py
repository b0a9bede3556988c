"""What the funds ledger says of one sum of money, and the words the rules below share; pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

Direction = Literal["in", "out"]
NOTHING: Final = Decimal(0)

# how much of a stage is owed: what is certified, plus what is held back or taken off
OWED: Final = {
    "certified": 1,
    "advance": 1,
    "retention_release": 1,
    "advance_recovery": -1,
    "retention_hold": -1,
    "deduction": -1,
}


@dataclass(frozen=True, slots=True)
class Key:
    """What a plan line and the money that realises it have in common."""

    direction: Direction
    currency: str
    contract: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class Money:
    """An entry of the funds ledger that stands. `settles` is the document it is for."""

    document: str
    stage: str
    key: Key
    amount: Decimal
    on: date
    due: date | None = None
    settles: str | None = None
    party: str | None = None
    account: str | None = None
    id: str = ""


def signed(direction: Direction, amount: Decimal) -> Decimal:
    """What it does to our cash: above zero comes in, below zero goes out."""
    return amount if direction == "in" else -amount
