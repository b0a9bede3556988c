"""The budget of a project month by month: how much of it falls until then, and what was used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.costs import months
from portal.costs.columns import sheet_in_force
from portal.costs.commitments import openings
from portal.costs.parts import Chosen
from portal.costs.reaching import Settings, dated_lines, settings_of
from portal.costs.rules import Control
from portal.costs.sheet import Sheet
from portal.dates import last_of
from portal.ledgers.columns import ENTRIES, Column
from portal.ledgers.naming import Named, names_of
from portal.ledgers.pages import Figure, Way
from portal.web.viewer import ProjectBrief

MOST_MONTHS = 600
PLAIN = Control("", {}, "")


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month, by its first day: what the columns stand at by its end. `is_any`: what counts at
    any time, before every month.
    """

    month: date
    figures: Mapping[str, Figure]
    is_any: bool


@dataclass(frozen=True, slots=True)
class Share:
    """A budget of a cost code, what of it falls until the end of a month, and its entries."""

    code: Named | None
    line: Mapping[str, Any]
    over: months.Span | None
    value: Decimal
    url: str


@dataclass(frozen=True, slots=True)
class MonthTable:
    """The months in one currency; `parts` is how one of them came about, if one is chosen."""

    currency: str
    rows: Sequence[MonthRow]
    until: date | None
    parts: Sequence[Figure]
    shares: Sequence[Share]

    @property
    def budget(self) -> Decimal:
        """What the shares add up to."""
        return sum((one.value for one in self.shares), Decimal(0))


def shown_columns(sheet: Sheet, settings: Settings) -> tuple[Column, ...]:
    """The budget, what was spent, and every column that a rule by month looks at."""
    timed = [one for one in (sheet.control or PLAIN).rules if one.horizon == "to_period"]
    ruled = [one.available or settings.available for one in timed]
    return sheet.named(sheet.budget, sheet.spent, *filter(None, ruled))


def month_tables(
    project: ProjectBrief, chosen: Chosen, until: date | None = None
) -> list[MonthTable]:
    """The months of some cost codes, one table per currency, the project's own first."""
    sheet = sheet_in_force()
    settings = settings_of(sheet.control or PLAIN, project.id)
    codes = None if chosen.codes is None else sorted(chosen.codes)
    lines = dated_lines(project.id, codes)
    order = sorted({one["ccy"] for one in lines}, key=lambda ccy: (ccy != project.currency, ccy))
    maker = _Maker(sheet, settings, project, chosen, until)
    return [maker.table(one, [line for line in lines if line["ccy"] == one]) for one in order]


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the table of one currency."""

    sheet: Sheet
    settings: Settings
    project: ProjectBrief
    chosen: Chosen
    until: date | None

    def table(self, currency: str, lines: Sequence[Mapping[str, Any]]) -> MonthTable:
        columns = shown_columns(self.sheet, self.settings)
        keys = [one.key for one in self.sheet.columns if not one.share]
        series = months.accumulated(
            self.sheet, openings(self.sheet), lines, keys, self.settings.undated
        )
        rows = [
            MonthRow(month, self._figures(columns, values, currency, month), month == months.ALWAYS)
            for month, values in _filled(series)
        ]
        if self.until is None:
            return MonthTable(currency, rows, None, (), ())
        stands = {key: months.at(series, self.until, key) for key in keys}
        wanted = dict.fromkeys(key for one in columns for key in self._parts(one.key))
        parts = self._figures(self.sheet.named(*wanted), stands, currency, self.until)
        return MonthTable(currency, rows, self.until, [*parts.values()], self._shares(lines))

    def _parts(self, key: str) -> Iterator[str]:
        """The sums and open parts a column is made of in the end, and itself."""
        column = self.sheet.by_key[key]
        for part in column.parts:
            yield from self._parts(part)
        yield key

    def _figures(
        self, columns: Sequence[Column], values: Mapping[str, Decimal], currency: str, month: date
    ) -> dict[str, Figure]:
        found = {}
        for one in columns:
            choice = {**self.chosen.choice, "ccy": currency}
            asked = {**choice, "until": month.isoformat()[:7]}
            way = Way(self.project.code, "cost", one.key, asked, page="costs.months")
            if one.key in self._dated:
                day = last_of(month).isoformat()
                way = Way(self.project.code, "cost", one.key, {**choice, "until": day}, ENTRIES)
            found[one.key] = Figure(values[one.key], one, currency, way)
        return found

    @property
    def _dated(self) -> frozenset[str]:
        """Columns whose entries all count from their own day: no budget is among them."""
        return frozenset(
            one.key
            for one in self.sheet.columns
            if one.cells and not any(kind.startswith("budget") for kind, _ in one.cells)
        )

    def _shares(self, lines: Sequence[Mapping[str, Any]]) -> list[Share]:
        control = frozenset(kind for kind, _ in self.sheet.by_key[self.sheet.budget].cells or {})
        own = [one for one in lines if one["bucket"] in control and one["amount"]]
        names = names_of({one["cost_code_id"] for one in own})
        assert self.until is not None
        made = []
        for line in own:
            over = months.span(line["spread_from"], line["spread_until"])
            value = sum(
                (
                    part["amount"]
                    for month, part in months.by_month(line, self.settings.undated)
                    if month <= self.until
                ),
                Decimal(0),
            )
            key, over = line["cost_code_id"], over or self.settings.undated
            choice = {"cost_code": key, "ccy": line["ccy"]}
            url = Way(self.project.code, "cost", self.sheet.budget, choice).url
            made.append(Share(names.get(key), line, over, value, url))
        return sorted(made, key=_order)


def _order(one: Share) -> tuple[str, str, date]:
    return (one.code.code if one.code else "", one.line["bucket"], one.line["effective_on"])


def _filled(
    series: Mapping[date, Mapping[str, Decimal]],
) -> Iterator[tuple[date, Mapping[str, Decimal]]]:
    """Every month from the first to the last, as far as they are not too many."""
    known = sorted(series)
    dated = [one for one in known if one != months.ALWAYS]
    if known and known[0] == months.ALWAYS:
        yield known[0], series[known[0]]
    if not dated:
        return
    over = months.Span(dated[0], dated[-1])
    for month in over.months() if over.count <= MOST_MONTHS else dated:
        yield month, series[max(one for one in known if one <= month)]
