"""The plain condition of a chain: a field, a comparison and an amount; pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from portal.forms.kinds import KindError
from portal.forms.kinds.reading import read_decimal

SIGNS = (">", ">=", "<=", "<", "==")
_WRITTEN = re.compile(
    r"\s*(?P<abs>abs\(\s*)?(?P<field>[a-z][a-z0-9_]{0,40})(?(abs)\s*\))\s*"
    r"(?P<sign><=|>=|==|<|>)\s*(?P<amount>-?[0-9]{1,15}(?:\.[0-9]{1,6})?)\s*\Z"
)
_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?\Z")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")


@dataclass(frozen=True, slots=True)
class Amount:
    """`net_due > 500000`; `signless` compares the amount regardless of its sign."""

    field: str
    sign: str
    amount: str
    signless: bool = False

    @property
    def source(self) -> str:
        """The condition as the expression language has it."""
        left = f"abs({self.field})" if self.signless else self.field
        return f"{left} {self.sign} {self.amount}"

    @property
    def number(self) -> Decimal:
        """The amount as a number."""
        return Decimal(self.amount)


def read_amount(source: str) -> Amount | None:
    """The plain condition a source says; None where it says more."""
    found = _WRITTEN.match(source)
    if found is None:
        return None
    return Amount(found["field"], found["sign"], found["amount"], found["abs"] is not None)


def typed_amount(text: str) -> str | None:
    """An amount as people type it (500000, 500,000.00, 50万) as the language writes it."""
    try:
        number = read_decimal(text, affixes="¥$€£元")
    except KindError:
        return None
    written = "" if number is None else f"{number:f}"
    return written if _PLAIN.match(written) else None


def shown_amount(text: str) -> str:
    """An amount with thousands separators."""
    return f"{Decimal(text):,}" if _PLAIN.match(text) else text


def is_field(text: str) -> bool:
    """Whether a text may name a field of the record."""
    return _FIELD.match(text) is not None
