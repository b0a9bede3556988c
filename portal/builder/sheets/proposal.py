"""What a sheet would become: a form's fields, and those of its table, with all that is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from portal.builder.sheets.columns import Guess, guess
from portal.builder.sheets.values import number_of
from portal.builder.starters import key_from
from portal.errors import N_, Invalid, Message
from portal.spreadsheets.cells import Cell, Sheet
from portal.spreadsheets.layout import Layout, laid_out

SHOWN_ROWS = 20
SHOWN_TEXT = 200
FIELDS_MOST = 90


@dataclass(frozen=True, slots=True)
class Column:
    """A field proposed: `name` tells it on the page, `cells` are those of the first rows."""

    name: str
    title: str
    in_table: bool
    guess: Guess
    has_total: bool
    cells: tuple[Cell | None, ...]

    @property
    def key(self) -> str:
        """The key made of its title; empty where it has no Latin letters."""
        return key_from(self.title)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was understood of a sheet. With a table, the other columns stand above it."""

    title: str
    sheet: str
    header_row: int
    rows: int
    has_table: bool
    columns: tuple[Column, ...]

    @property
    def table(self) -> list[Column]:
        """The columns of the sheet's list, whether of a table or of the record itself."""
        return [one for one in self.columns if one.in_table or not self.has_table]

    def packed(self) -> dict[str, Any]:
        """As plain data, to be carried by a page."""
        return asdict(self)


def proposal(sheet: Sheet, header_row: int | None = None) -> Proposal:
    """What a sheet would become; raises Invalid where nothing can be made of it."""
    layout = laid_out(sheet, header_row)
    columns = [*_above(layout), *_listed(layout)]
    if len(columns) > FIELDS_MOST:
        told = N_("The sheet asks for more than %(most)s things. Keep those a form should ask for.")
        raise Invalid(told, most=FIELDS_MOST)
    title = layout.title or sheet.name
    has_table = bool(layout.above)
    found = tuple(columns)
    return Proposal(title, sheet.name, layout.header_row, len(layout.body), has_table, found)


def _above(layout: Layout) -> Iterator[Column]:
    for at, (label, cell) in enumerate(layout.above, start=1):
        found = guess(label, [cell])
        yield Column(f"h{at}", label, False, found, False, (_short(cell),))


def _listed(layout: Layout) -> Iterator[Column]:
    in_table = bool(layout.above)
    for column, title in layout.titles.items():
        cells = [row.get(column) for row in layout.body]
        found = guess(title, cells)
        total = layout.total.get(column) if layout.total else None
        is_summed = total is not None and number_of(total) is not None
        has_total = is_summed and found.kind in ("number", "money")
        shown = tuple(_short(cell) for cell in cells[:SHOWN_ROWS])
        yield Column(f"c{column}", title, in_table, found, has_total, shown)


def _short(cell: Cell | None) -> Cell | None:
    if cell is None or len(cell.text) <= SHOWN_TEXT:
        return cell
    return Cell(cell.kind, cell.text[:SHOWN_TEXT])


def unpacked(raw: Mapping[str, Any]) -> Proposal:
    """A proposal as a page carried it."""
    columns = tuple(
        Column(
            **{
                **one,
                "guess": _guess(one["guess"]),
                "cells": tuple(Cell(**cell) if cell else None for cell in one["cells"]),
            }
        )
        for one in raw["columns"]
    )
    return Proposal(**{**raw, "columns": columns})


def _guess(raw: Mapping[str, Any]) -> Guess:
    return Guess(
        **{**raw, "evidence": Message(**raw["evidence"]), "options": tuple(raw["options"])}
    )


def proposed_keys(columns: Sequence[Column]) -> dict[str, str]:
    """A key for every column, none twice; `field_3` where its title gives less than two letters."""
    found: dict[str, str] = {}
    for number, one in enumerate(columns, start=1):
        wanted = one.key if one.key not in TAKEN else f"{one.key}_"[:38] + "1"
        wanted = wanted if len(wanted) > 1 else f"field_{number}"
        key, at = wanted, 2
        while key in found.values():
            key, at = f"{wanted[:37]}_{at}", at + 1
        found[one.name] = key
    return found


TAKEN = frozenset({"row", "record", "target", "parent"})
