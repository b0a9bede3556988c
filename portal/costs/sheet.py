"""The columns of the cost sheet as a definition says them: sums of entries, and what is made of
these, cost code by cost code. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from flask_babel import LazyString

from portal.costs.rules import Control, read_control
from portal.forms.texts import Text, read_text
from portal.ledgers.columns import ABSENT, ENTRIES, PRESENT, Column, Term, Unit
from portal.web.filters import text_in

Json = Mapping[str, Any]
Values = Mapping[str, Decimal]
Shown = Literal["always", "detail", "never"]
Standing = Literal["within", "over_committed", "overspent"]

COST = "cost_entry"
PARTS = "costs.parts"
OPENED_ON = {"contract": "costs.commitments", "request": "costs.requests"}

Cell = tuple[str, bool]
"""A kind of entry, and whether it is under a contract: every entry lies in exactly one cell."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What of some kinds of entries was not used up by others, contract by contract or request by
    request.
    """

    of: tuple[str, ...]
    less: tuple[str, ...]
    by: Literal["contract", "request"]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of the sheet.

    `cells` are the entries it counts, with how often; None where it is no plain sum of entries:
    it then is `opens` (what is left open), `share` (one column in another), or `plus` − `minus`,
    with a floor or replaced by forecasts.
    """

    key: str
    label: Text
    meaning: Text
    show: Shown
    warns: bool
    cells: Mapping[Cell, int] | None
    is_sum: bool
    opens: Opening | None
    share: tuple[str, str] | None
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    has_floor: bool
    is_replaced: bool

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns it is made of."""
        return self.share or (*self.plus, *self.minus)

    @property
    def column(self) -> Column:
        """The same as a column of a ledger: what it is called, and where its figures lead."""
        page = ENTRIES if self.cells is not None else PARTS
        if self.opens:
            page = OPENED_ON[self.opens.by]
        unit: Unit = "percent" if self.share else "money"
        label, meaning = (LazyString(text_in, text) for text in (self.label, self.meaning))
        terms = tuple(_terms(self.cells or {}))
        return Column(self.key, label, meaning, COST, terms, unit=unit, warns=self.warns, page=page)


@dataclass(frozen=True)
class Sheet:
    """The columns of a cost sheet in order; `budget`, `spent` and `left` are plain ones."""

    columns: tuple[SheetColumn, ...]
    budget: str
    spent: str
    left: str
    forecast: str
    projected: str
    headlines: tuple[str, ...]
    portfolio: tuple[str, ...]
    control: Control | None
    raw: Json

    @cached_property
    def by_key(self) -> Mapping[str, SheetColumn]:
        """The columns by key."""
        return {one.key: one for one in self.columns}

    @cached_property
    def ledger_columns(self) -> Mapping[str, Column]:
        """The columns by key, as figures know them."""
        return {one.key: one.column for one in self.columns}

    def named(self, *keys: str) -> tuple[Column, ...]:
        """Some columns, each once."""
        return tuple(self.ledger_columns[key] for key in dict.fromkeys(keys))

    @property
    def marked(self) -> tuple[Column, ...]:
        """The columns that say how a budget stands."""
        return self.named(*filter(None, (self.budget, self.spent, self.forecast, self.left)))

    @property
    def replaced(self) -> SheetColumn | None:
        """The forecast of what is still to come, which an approved forecast replaces."""
        return next((one for one in self.columns if one.is_replaced), None)

    @property
    def summed(self) -> tuple[Column, ...]:
        """The columns the ledger adds up; all others come of these."""
        return tuple(one.column for one in self.columns if one.is_sum)

    def shown(self, *, every: bool = False) -> tuple[Column, ...]:
        """The columns of the page; `every`: also those of detail."""
        wanted = ("always", "detail") if every else ("always",)
        return tuple(self.ledger_columns[one.key] for one in self.columns if one.show in wanted)

    def values(
        self, summed: Values, opened: Values, forecast: Decimal | None
    ) -> dict[str, Decimal]:
        """Every amount of one cost code, from its sums and open commitments.

        `forecast` is what still is to come as somebody forecast it; None: nobody did.
        """
        found: dict[str, Decimal] = {}
        for one in self.columns:
            if one.is_sum:
                found[one.key] = summed.get(one.key, Decimal(0))
            elif one.opens:
                found[one.key] = opened.get(one.key, Decimal(0))
            elif not one.share:
                found[one.key] = self._made(one, found, forecast)
        return found

    def _made(self, one: SheetColumn, found: Values, forecast: Decimal | None) -> Decimal:
        if one.is_replaced and forecast is not None:
            return forecast
        value = self.calculated(one, found)
        return max(value, Decimal(0)) if one.has_floor else value

    def calculated(self, one: SheetColumn, found: Values) -> Decimal:
        """What a formula gives before any floor and forecast."""
        added = sum((found[key] for key in one.plus), Decimal(0))
        return added - sum((found[key] for key in one.minus), Decimal(0))

    def share(self, one: SheetColumn, found: Values) -> Decimal | None:
        """A share in percent; None where there is nothing to be a part of."""
        if one.share is None:
            return None
        part, whole = (found[key] for key in one.share)
        return part / whole * 100 if whole > 0 else None

    def standing(self, values: Values) -> Standing:
        """How a budget stands: spent beyond it, bound beyond it by contracts, or within."""
        if values[self.spent] > values[self.budget]:
            return "overspent"
        return "over_committed" if values[self.left] < 0 else "within"


def read_sheet(raw: Json) -> Sheet:
    """A sound sheet as it works."""
    known: dict[str, SheetColumn] = {}
    for one in raw["columns"]:
        known[one["id"]] = _read(one, known)
    marks = raw["marks"]
    return Sheet(
        tuple(known.values()),
        marks["budget"],
        marks["spent"],
        marks["left"],
        marks.get("forecast", ""),
        marks.get("projected", marks["budget"]),
        tuple(raw["headlines"]),
        tuple(raw.get("portfolio", raw["headlines"])),
        read_control(raw.get("control")),
        raw,
    )


def _read(one: Json, known: Mapping[str, SheetColumn]) -> SheetColumn:
    formula, opens, share = one.get("formula") or {}, one.get("open"), one.get("share")
    plus, minus = tuple(formula.get("plus", ())), tuple(formula.get("minus", ()))
    is_plain = "sum" in one or (formula and not one.get("floor") and "replaced_by" not in one)
    return SheetColumn(
        key=one["id"],
        label=read_text(one["label"]),
        meaning=read_text(one["meaning"]),
        show=one.get("show", "always"),
        warns=bool(one.get("warns")),
        cells=_cells(one, plus, minus, known) if is_plain else None,
        is_sum="sum" in one,
        opens=_opening(opens) if opens else None,
        share=(share["of"], share["in"]) if share else None,
        plus=plus,
        minus=minus,
        has_floor=bool(one.get("floor")),
        is_replaced="replaced_by" in one,
    )


def _opening(raw: Json) -> Opening:
    return Opening(tuple(raw["of"]), tuple(raw.get("less", ())), raw.get("by", "contract"))


def _cells(
    one: Json, plus: Sequence[str], minus: Sequence[str], known: Mapping[str, SheetColumn]
) -> Mapping[Cell, int] | None:
    """The cells of a sum or a formula of such; None as soon as one part is no plain sum."""
    if "sum" in one:
        owners = {"with": (True,), "without": (False,)}.get(one.get("contract", ""), (True, False))
        return {(kind, owner): 1 for kind in one["sum"] for owner in owners}
    found: dict[Cell, int] = {}
    for key, sign in (*((key, 1) for key in plus), *((key, -1) for key in minus)):
        cells = known[key].cells
        if cells is None:
            return None
        for cell, weight in cells.items():
            found[cell] = found.get(cell, 0) + sign * weight
    return {cell: weight for cell, weight in found.items() if weight}


def _terms(cells: Mapping[Cell, int]) -> Iterator[Term]:
    """Choices of entries that never overlap: a kind as a whole where both its cells agree."""
    for kind in dict.fromkeys(kind for kind, _ in cells):
        bound, direct = cells.get((kind, True), 0), cells.get((kind, False), 0)
        if bound == direct:
            yield Term(bound, {"bucket": (kind,)})
            continue
        for weight, owner in ((bound, PRESENT), (direct, ABSENT)):
            if weight:
                yield Term(weight, {"bucket": (kind,), "contract_id": owner})
