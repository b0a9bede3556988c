"""What one cell may stand for: a day, a number, a yes or no, a share, an amount; pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from portal.forms.kinds.field import KindError
from portal.forms.kinds.reading import DIGITS_BEFORE_POINT, read_date, read_decimal
from portal.spreadsheets.cells import Cell
from portal.spreadsheets.formats import currency_in

_YES = frozenset({"yes", "y", "true", "是", "有", "√", "✓", "✔", "对"})
_NO = frozenset({"no", "n", "false", "否", "无", "×", "✗", "x", "错"})
_SIGNS = "¥￥$€£元% "
_CODE_BEFORE = re.compile(r"(?:CNY|RMB|USD|EUR|GBP|JPY|HKD)\s*|\s*(?:CNY|RMB|USD|EUR|GBP|JPY|HKD)")
_AS_CODE = re.compile(r"0\d+|\d{11,}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with what is written beside it."""

    value: Decimal
    is_percent: bool = False
    is_money: bool = False
    currency: str = ""

    @property
    def decimals(self) -> int:
        """How many decimals it is written with."""
        return max(0, -int(self.value.as_tuple().exponent))


def day_of(cell: Cell) -> str | None:
    """The ISO day a cell means: a date, or one written as text."""
    if cell.kind == "date":
        return cell.text
    if cell.kind != "text" or cell.text.isdigit():
        return None
    try:
        day = read_date(re.split(r"[ T]\d{1,2}:\d\d", cell.text)[0])
    except KindError:
        return None
    return day.isoformat() if day else None


def number_of(cell: Cell) -> Number | None:
    """The number a cell means: 1200, 1,200.00, ¥ 1.2万, 5%. A code such as 0012 is none."""
    if cell.kind == "number":
        return Number(Decimal(cell.text), cell.is_percent, cell.is_money, cell.currency)
    if cell.kind != "text" or _AS_CODE.fullmatch(cell.text):
        return None
    try:
        value = read_decimal(_CODE_BEFORE.sub("", cell.text), affixes=_SIGNS)
    except KindError:
        return None
    if value is None or (value and value.adjusted() >= DIGITS_BEFORE_POINT):
        return None
    exponent = int(value.as_tuple().exponent)
    value = value.quantize(Decimal(1)) if exponent > 0 else value
    currency = currency_in(cell.text)
    return Number(value, cell.text.rstrip().endswith("%"), bool(currency), currency)


def truth_of(cell: Cell) -> bool | None:
    """Whether a cell says yes or no; None if neither."""
    word = cell.text.strip().lower()
    if cell.kind not in ("text", "yes_no") or word not in _YES | _NO:
        return None
    return word in _YES
