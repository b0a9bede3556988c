"""What the number formats of a workbook say: days, shares, money, and how many decimals; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from portal.web.inputs import whole

_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "$#,##0", 6: "$#,##0", 7: "$#,##0.00",
    8: "$#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 41: "_ #,##0", 42: "$#,##0", 43: "_ #,##0.00", 44: "$#,##0.00",
}  # fmt: skip
_BUILT_IN_DAYS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_TIMES = frozenset({18, 19, 20, 21, 45, 46, 47})
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!\$)[^\]]*\]')
_LOCALE = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_DECIMALS = re.compile(r"\.([0#?]+)")
_SIGNS = {"¥": "CNY", "￥": "CNY", "元": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}
_CODES = ("CNY", "RMB", "USD", "EUR", "GBP", "JPY", "HKD")


@dataclass(frozen=True, slots=True)
class Format:
    """How a number is shown. `decimals` is None where the format leaves it open."""

    is_date: bool = False
    is_time: bool = False
    is_percent: bool = False
    is_money: bool = False
    currency: str = ""
    decimals: int | None = None


def number_format(code: str) -> Format:
    """What a format code says; General says nothing."""
    first = code.split(";")[0]
    currency = currency_in(first)
    bare = _QUOTED.sub("", _LOCALE.sub("", first)).replace("General", "")
    if re.search(r"[yd年月日]|m(?=[/年.-])", bare, re.IGNORECASE) and "0" not in bare:
        return Format(is_date=True)
    if re.search(r"[hs]", bare, re.IGNORECASE):
        return Format(is_time=True)
    decimals = None
    if re.search("[0#?]", bare) and "E" not in bare.upper():
        decimals = len(shown[1]) if (shown := _DECIMALS.search(bare)) else 0
    is_percent = "%" in bare
    return Format(False, False, is_percent, bool(currency), currency, decimals)


def currency_in(text: str) -> str:
    """The ISO code of the currency a text names or signs; empty if none."""
    for code in _CODES:
        if code in text.upper():
            return "CNY" if code == "RMB" else code
    return next((code for sign, code in _SIGNS.items() if sign in _LOCALE.sub(r"\1", text)), "")


def read_formats(elements: Iterable[tuple[str, Element]]) -> list[Format]:
    """The format of every cell style of styles.xml."""
    codes: dict[int, str] = {}
    styles: list[Format] = []
    is_inside = False
    for event, element in elements:
        if element.tag == "cellXfs":
            is_inside = event == "start"
        elif event == "end" and element.tag == "numFmt":
            codes[_number(element.get("numFmtId"))] = element.get("formatCode", "")
        elif event == "end" and element.tag == "xf" and is_inside:
            styles.append(_style(_number(element.get("numFmtId")), codes))
    return styles


def _style(number: int, codes: dict[int, str]) -> Format:
    if number in codes:
        return number_format(codes[number])
    if number in _BUILT_IN_DAYS:
        return Format(is_time=True) if number in _TIMES else Format(is_date=True)
    return number_format(_BUILT_IN.get(number, "General"))


def _number(text: str | None) -> int:
    return whole(text or "") or 0
