"""Reading a sheet of an .xlsx file: values as Excel shows them, formulas by what they gave."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from xml.etree.ElementTree import Element

from portal.errors import N_, Invalid
from portal.spreadsheets.archive import DAMAGED, Parts
from portal.spreadsheets.cells import (
    CELLS_MOST,
    ROWS_MOST,
    TEXT_MOST,
    Cell,
    Merge,
    Sheet,
    demand_size,
    number_text,
)
from portal.spreadsheets.formats import Format, read_formats
from portal.web.inputs import clean, whole

SHEETS_MOST = 50
T = TypeVar("T")
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PLAIN = Format()


def _at(listed: Sequence[T], place: str, otherwise: T) -> T:
    """What stands at a place the file writes down; it may write anything."""
    at = whole(place)
    return otherwise if at is None or at >= len(listed) else listed[at]


def read_workbook(content: bytes, wanted: str = "") -> Sheet:
    """The sheet of this name, or the first visible one that holds something; raises Invalid."""
    parts = Parts(content)
    names, since_1904 = _sheets(parts)
    shared = _shared_texts(parts)
    styles = _styles(parts)
    chosen = [one for one in names if wanted in ("", one[0])]
    if not chosen:
        raise Invalid(
            N_("There is no sheet “%(name)s”. The file has: %(names)s."),
            name=wanted, names=", ".join(name for name, _part in names),
        )  # fmt: skip
    reader = _Reader(shared, styles, since_1904)
    for name, part in chosen:
        cells, merges = reader.read(parts, part)
        if cells:
            demand_size(cells)
            return Sheet(name, cells, merges, tuple(one for one, _ in names if one != name))
    raise Invalid(N_("The sheet is empty."))


def _sheets(parts: Parts) -> tuple[list[tuple[str, str]], bool]:
    targets = {}
    if "xl/_rels/workbook.xml.rels" in parts.names:
        for event, one in parts.elements("xl/_rels/workbook.xml.rels"):
            if event == "end" and one.tag == "Relationship":
                targets[one.get("Id", "")] = one.get("Target", "").removeprefix("/xl/")
    found, since_1904 = [], False
    for event, one in parts.elements("xl/workbook.xml"):
        if event == "end" and one.tag == "workbookPr":
            since_1904 = one.get("date1904") in ("1", "true")
        if event == "end" and one.tag == "sheet" and one.get("state", "visible") == "visible":
            rid = next((text for key, text in one.items() if key.endswith("}id")), "")
            part = f"xl/{targets.get(rid, '')}"
            if part in parts.names and "worksheets/" in part:
                found.append((clean(one.get("name", "")), part))
    if len(found) > SHEETS_MOST:
        told = N_("The file has more than %(most)s sheets. Copy the one you mean to a new file.")
        raise Invalid(told, most=SHEETS_MOST)
    if not found:
        raise Invalid(DAMAGED)
    return found, since_1904


def _shared_texts(parts: Parts) -> list[str]:
    if "xl/sharedStrings.xml" not in parts.names:
        return []
    found = []
    for event, one in parts.elements("xl/sharedStrings.xml"):
        if event == "end" and one.tag == "si":
            found.append(_rich_text(one))
            one.clear()
    return found


def _rich_text(element: Element) -> str:
    """The text of a string without its phonetic readings."""
    runs = [part for part in element if part.tag != "rPh"]
    texts = [one for run in runs for one in run.iter() if one.tag == "t"]
    return "".join(one.text or "" for one in texts)


def _styles(parts: Parts) -> list[Format]:
    name = "xl/styles.xml"
    return read_formats(parts.elements(name)) if name in parts.names else []


class _Reader:
    """Reads the cells of sheets of one workbook."""

    def __init__(self, shared: list[str], styles: list[Format], since_1904: bool) -> None:
        self.shared, self.styles = shared, styles
        self.epoch = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)

    def read(
        self, parts: Parts, part: str
    ) -> tuple[dict[tuple[int, int], Cell], tuple[Merge, ...]]:
        cells: dict[tuple[int, int], Cell] = {}
        merges: list[Merge] = []
        for event, one in parts.elements(part):
            if event != "end":
                continue
            if one.tag == "c":
                self._take(one, cells)
            elif one.tag == "mergeCell" and len(merges) < CELLS_MOST:
                merges += _merge(one.get("ref", ""))
            elif one.tag == "row":
                one.clear()
        return cells, tuple(merges)

    def _take(self, element: Element, cells: dict[tuple[int, int], Cell]) -> None:
        at = _place(element.get("r", ""))
        cell = self._cell(element)
        if at is None or cell is None:
            return
        if at[0] > ROWS_MOST or len(cells) >= CELLS_MOST:
            told = N_("The sheet has more than %(most)s rows. A few dozen are enough.")
            raise Invalid(told, most=ROWS_MOST)
        cells[at] = cell

    def _cell(self, element: Element) -> Cell | None:
        kind = element.get("t", "n")
        value = next((one.text or "" for one in element if one.tag == "v"), "")
        if kind == "s":
            value = _at(self.shared, value, "")
        elif kind == "inlineStr":
            value = next((_rich_text(one) for one in element if one.tag == "is"), "")
        elif kind == "b":
            return Cell("yes_no", "yes" if value == "1" else "no")
        elif kind == "d":
            return Cell("date", value[:10]) if _is_day(value[:10]) else None
        elif kind != "str":
            return None if kind == "e" or not value else self._number(value, element.get("s", "0"))
        text = clean(value)[:TEXT_MOST]
        return Cell("text", text) if text else None

    def _number(self, value: str, style: str) -> Cell | None:
        shown = _at(self.styles, style, _PLAIN)
        try:
            number = Decimal(value)
        except InvalidOperation:
            return None
        if not number.is_finite() or abs(number) >= Decimal(10) ** 14:
            return Cell("text", value[:TEXT_MOST])
        if shown.is_date and 1 <= number < 110_000:
            return Cell("date", (self.epoch + timedelta(days=int(number))).isoformat())
        if shown.is_time:
            minutes = int((number % 1) * 24 * 60 + Decimal("0.5"))
            return Cell("text", f"{minutes // 60:02}:{minutes % 60:02}")
        if shown.is_percent:
            return Cell("number", number_text(number * 100, shown.decimals), is_percent=True)
        text = number_text(number, shown.decimals)
        return Cell("number", text, False, shown.is_money, shown.currency)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _place(ref: str) -> tuple[int, int] | None:
    match = _REF.fullmatch(ref)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _merge(ref: str) -> Iterator[Merge]:
    first, _colon, last = ref.partition(":")
    start, end = _place(first), _place(last)
    if start and end:
        yield (*start, *end)
