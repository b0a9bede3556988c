"""Reading what people type: clean text, numbers in several spellings, dates."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from portal import limits
from portal.errors import N_, Message
from portal.forms.kinds.field import KindError

DIGITS_BEFORE_POINT = 14

CONTROL_CHARACTERS = N_("The text holds control characters. Remove them and try again.")
TOO_LONG = N_("At most %(most)s characters are allowed; this has %(count)s.")
NOT_A_NUMBER = N_("Write a number, for example 1200 or 1,200.50.")
TOO_MANY_DIGITS = N_("This number is too large: at most %(digits)s digits before the point.")
TOO_MANY_DECIMALS = N_("At most %(scale)s decimals are allowed.")
WHOLE_NUMBER = N_("Write a whole number.")
NOT_A_DATE = N_("Write the date as 2026-03-01.")
NO_SUCH_DAY = N_("There is no such day in the calendar.")

# Invisible marks that pasting brings along: byte order mark and direction overrides.
_INVISIBLE = re.compile("[\ufeff\u202a-\u202e\u2066-\u2069]")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FORBIDDEN_IN_LINES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_SPACES = re.compile(r"[ \u00a0\u2009\u202f']")
_NUMBER = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?\Z", re.ASCII)
_UNITS = {"万": 4, "亿": 8}
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "。": ".", "，": ","})


def clean_text(text: str, *, lines: bool = False) -> str:
    """Stripped and composed (NFC); raises KindError on control characters, NUL included.

    `lines` allows line breaks (made one `\\n` each) and tabs.
    """
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = _INVISIBLE.sub("", text)
        if (_FORBIDDEN_IN_LINES if lines else _FORBIDDEN).search(text):
            raise KindError(Message(CONTROL_CHARACTERS))
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def check_length(text: str, most: int) -> Message | None:
    """What is wrong with the length of a text, if anything."""
    if len(text) <= most:
        return None
    return Message(TOO_LONG, {"most": most, "count": len(text)})


def read_decimal(text: str, *, affixes: str = "") -> Decimal | None:
    """The number somebody typed: `1200`, `1,200.00`, `1.2万`, full-width digits, `(5)` for -5.

    `affixes` are characters dropped at both ends (currency signs, `%`). None for empty; raises
    KindError. A comma is read only between groups of three digits: `1,2` is refused, not guessed.
    """
    text = clean_text(text)
    if not text:
        return None
    if len(text) > limits.TEXT_LENGTH_DEFAULT:
        raise KindError(Message(NOT_A_NUMBER))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_MINUS)).translate(_MINUS)
    negative = text.startswith("(") and text.endswith(")")
    text = (text[1:-1] if negative else text).strip(affixes + " ")
    if text.startswith(("-", "+")):
        negative ^= text[0] == "-"
        text = text[1:].strip(affixes + " ")
    power = _UNITS.get(text[-1:], 0)
    text = _SPACES.sub("", text[:-1] if power else text)
    if not _NUMBER.match(text) or not any(c.isdigit() for c in text):
        raise KindError(Message(NOT_A_NUMBER))
    number = Decimal(text.replace(",", "")).scaleb(power)
    return -number if negative and number else number


def fit(number: Decimal, scale: int) -> Decimal:
    """The number with exactly `scale` decimals; raises KindError rather than rounding."""
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise KindError(Message(NOT_A_NUMBER))
    if number and len(digits) + exponent > DIGITS_BEFORE_POINT:
        raise KindError(Message(TOO_MANY_DIGITS, {"digits": DIGITS_BEFORE_POINT}))
    if exponent == -scale:
        return number if number or not sign else abs(number)
    fitted = number.quantize(Decimal(1).scaleb(-scale))
    if fitted != number:
        raise KindError(
            Message(TOO_MANY_DECIMALS, {"scale": scale}) if scale else Message(WHOLE_NUMBER)
        )
    return fitted if fitted else abs(fitted)


_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_NUMERIC_DATE = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?)\Z", re.ASCII
)
_COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)\Z", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[ -]([a-z]{3})[a-z]*\.?,?[ -](\d{4})\Z", re.ASCII)
_MONTH_FIRST = re.compile(r"([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\Z", re.ASCII)


def read_date(text: str) -> date | None:
    """The day somebody typed: ISO, 2026/3/1, 20260301, 2026年3月1日, 1 Mar 2026, March 1, 2026.

    None for empty; raises KindError. `3/1/2026` is refused: it means two different days.
    """
    text = clean_text(text)
    if not text:
        return None
    if len(text) == 10 and text.isascii() and text[4] == text[7] == "-":
        return _calendar_day(text[:4], text[5:7], text[8:])
    text = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    compact = text.replace(" ", "") if "年" in text else text
    if match := _NUMERIC_DATE.match(compact):
        return _calendar_day(match[1], match[3] or match[5], match[4] or match[6])
    if match := _COMPACT_DATE.match(text):
        return _calendar_day(match[1], match[2], match[3])
    if match := _DAY_FIRST.match(text):
        return _calendar_day(match[3], str(_MONTHS.get(match[2], "")), match[1])
    if match := _MONTH_FIRST.match(text):
        return _calendar_day(match[3], str(_MONTHS.get(match[1], "")), match[2])
    raise KindError(Message(NOT_A_DATE))


def _calendar_day(year: str, month: str, day: str) -> date:
    if not (year.isdigit() and month.isdigit() and day.isdigit()):
        raise KindError(Message(NOT_A_DATE))
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise KindError(Message(NO_SUCH_DAY)) from None
    if not 1900 <= found.year <= 2200:
        raise KindError(Message(NO_SUCH_DAY))
    return found
