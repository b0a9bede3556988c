"""A figure that has no value, and why: shown with its reason, never as 0."""

from dataclasses import dataclass
from decimal import Decimal

from portal.errors import Message


@dataclass(frozen=True, slots=True)
class Undefined:
    """No figure; `reason` is a sentence for a person."""

    reason: Message


Figure = Decimal | Undefined


def ratio(above: Decimal, below: Decimal, reason: str) -> Figure:
    """One figure by another, unrounded; undefined for `reason` where the second is zero."""
    return above / below if below else Undefined(Message(reason))
