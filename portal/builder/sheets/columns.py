"""What kind of field a column of a sheet would be, how sure that is, and why; pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from portal.builder.sheets.values import Number, day_of, number_of, truth_of
from portal.errors import N_, Message
from portal.spreadsheets.cells import Cell

KINDS = ("text", "longtext", "number", "money", "percent", "date", "yes_no", "choice")
Confidence = Literal["sure", "likely", "unsure"]

_ENOUGH = 0.8
_FEW = 3
_CHOICES_MOST = 12
_OPTION_MOST = 40
_LONG = 80
_MONEY = re.compile(
    r"金额|单价|总价|价格|合价|费|款|工资|造价|预算|产值"
    r"|\b(amount|price|cost|fee|budget|total|value|paid|payment|salary|wage)s?\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"编号|代码|编码|电话|手机|身份证|账号|卡号|图号|\b(code|no|number|phone|mobile|id|ref)\b\.?\s*$",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"序\s*号|#|(s\s*/?\s*n|no|nr|item|item no|line)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Guess:
    """The kind a column seems to have. `scale` counts decimals, `options` are those of a choice;
    `is_numbering` says it only counts the rows."""

    kind: str
    confidence: Confidence
    evidence: Message
    scale: int = 0
    currency: str = ""
    options: tuple[str, ...] = ()
    is_required: bool = False
    is_numbering: bool = False


def guess(title: str, cells: Sequence[Cell | None]) -> Guess:
    """What a column of this title seems to hold, from its cells, None where one is empty."""
    filled = [cell for cell in cells if cell is not None]
    if not filled:
        return Guess("text", "unsure", Message(N_("no values")))
    found = _of_values(title, filled)
    is_required = len(filled) == len(cells) and len(cells) >= _FEW
    return replace(found, is_required=is_required)


def _of_values(title: str, filled: Sequence[Cell]) -> Guess:
    count = len(filled)
    truths = sum(truth_of(cell) is not None for cell in filled)
    days = sum(day_of(cell) is not None for cell in filled)
    numbers = [one for cell in filled if (one := number_of(cell)) is not None]
    if truths == count:
        return Guess("yes_no", _sure(truths, count), _told(YES_NO, truths, count))
    if days >= _ENOUGH * count:
        return Guess("date", _sure(days, count), _told(DATE, days, count))
    if len(numbers) >= _ENOUGH * count and not _is_code(title, filled):
        return _of_numbers(title, numbers, count)
    return _of_texts(filled)


def _is_code(title: str, filled: Sequence[Cell]) -> bool:
    plain = all(number_of(cell) is None or cell.text.isdigit() for cell in filled)
    return plain and _CODE.search(title) is not None and not _counts(filled)


def _counts(filled: Sequence[Cell]) -> bool:
    return [cell.text for cell in filled] == [str(at) for at in range(1, len(filled) + 1)]


def _of_numbers(title: str, numbers: Sequence[Number], count: int) -> Guess:
    fits = len(numbers)
    scale = min(6, max(one.decimals for one in numbers))
    shares = sum(one.is_percent for one in numbers)
    signed = [one for one in numbers if one.is_money]
    if shares >= _ENOUGH * fits:
        return Guess("percent", _sure(shares, count), _told(PERCENT, shares, count), scale)
    if signed:
        currency = Counter(one.currency for one in signed if one.currency).most_common(1)
        code = currency[0][0] if currency else ""
        sure = _sure(fits, count)
        return Guess("money", sure, _told(SIGNED, len(signed), count), _money(scale), code)
    if _MONEY.search(title):
        sure = "sure" if scale == 2 and fits == count and count >= _FEW else "likely"
        return Guess("money", sure, _told(NAMED, fits, count), _money(scale))
    whole = [str(one.value) for one in numbers] == [str(at) for at in range(1, count + 1)]
    is_numbering = whole and (_NUMBERING.fullmatch(title.strip()) is not None)
    told = Message(NUMBERING) if is_numbering else _told(NUMBER, fits, count)
    return Guess("number", _sure(fits, count), told, scale, is_numbering=is_numbering)


def _money(scale: int) -> int:
    return max(2, scale)


def _of_texts(filled: Sequence[Cell]) -> Guess:
    texts = [cell.text for cell in filled]
    count, distinct = len(texts), list(dict.fromkeys(texts))
    longest = max(map(len, texts))
    if longest > _LONG or any("\n" in text for text in texts):
        told = Message(N_("up to %(most)s characters"), {"most": longest})
        return Guess("longtext", "likely", told)
    few = 2 <= len(distinct) <= min(_CHOICES_MOST, count // 3)
    if few and max(map(len, distinct)) <= _OPTION_MOST:
        told = Message(
            N_("%(few)s values in %(count)s rows"), {"few": len(distinct), "count": count}
        )
        sure: Confidence = "sure" if count >= 5 * len(distinct) else "likely"
        return Guess("choice", sure, told, options=tuple(distinct))
    mixed = any(cell.kind != "text" for cell in filled)
    told = Message(MIXED) if mixed else _told_texts(len(distinct))
    return Guess("text", "unsure" if mixed or count < _FEW else "sure", told)


def _sure(fits: int, count: int) -> Confidence:
    if fits < count:
        return "likely" if fits >= 0.95 * count else "unsure"
    return "sure" if count >= _FEW else "likely"


def _told(text: str, fits: int, count: int) -> Message:
    return Message(text, {"fits": fits, "count": count})


def _told_texts(count: int) -> Message:
    return Message(TEXT, {"count": count}) if count != 1 else Message(ONE_TEXT)


YES_NO = N_("yes or no in %(fits)s of %(count)s rows")
DATE = N_("a date in %(fits)s of %(count)s rows")
PERCENT = N_("a percentage in %(fits)s of %(count)s rows")
SIGNED = N_("a currency sign in %(fits)s of %(count)s rows")
NAMED = N_("the title names money; numbers in %(fits)s of %(count)s rows")
NUMBER = N_("a number in %(fits)s of %(count)s rows")
NUMBERING = N_("it only counts the rows")
MIXED = N_("texts, numbers and dates mixed")
TEXT = N_("%(count)s different texts")
ONE_TEXT = N_("one text only")
