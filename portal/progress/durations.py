"""Durations as people write them: `5`, `5 d`, `12h`, `2.5天`."""

import re
from decimal import Decimal

from portal.errors import N_, Message

NO_DURATION = N_("“%(text)s” is no duration; write 5 d or 12 h.")
_DURATION = re.compile(
    r"(?P<amount>(?:\d{1,3},\d{3}|\d{1,6})(?:\.\d{1,2})?)\s*(?P<unit>d|days?|h|hours?|hrs?|天|工作日|小时|时)?\Z",
    re.IGNORECASE,
)


def parse_duration(text: str) -> tuple[Decimal, str] | Message:
    """The amount and its unit, d or h; days where no unit is written. A comma is read before three
    digits only: `1,5` is refused, not guessed.
    """
    found = _DURATION.match(text.strip())
    if found is None:
        return Message(NO_DURATION, {"text": text.strip()[:40]})
    unit = (found["unit"] or "d").lower()
    return Decimal(found["amount"].replace(",", "")), "h" if unit[0] in ("h", "小", "时") else "d"


def duration_text(amount: Decimal, unit: str) -> str:
    """A duration that `parse_duration` reads."""
    return f"{amount.normalize():f} {unit}"
