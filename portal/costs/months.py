"""What is available of cost codes at the end of each month: budgets spread over their months,
entries from the day they count. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.costs.sheet import Sheet
from portal.ledgers.columns import Column

Line = Mapping[str, Any]
CENT = Decimal("0.01")
NOTHING = Decimal(0)
ALWAYS = date.min
"""The month of what counts whole at any time."""

Opens = Sequence[tuple[str, str, Sequence[Column]]]
"""(column, attribute of its owner, what opens and what uses it up) of every open column."""


@dataclass(frozen=True, slots=True)
class Span:
    """Months, the first and the last included, each by its first day."""

    first: date
    last: date

    @property
    def count(self) -> int:
        return _number(self.last) - _number(self.first) + 1

    def months(self) -> Iterator[date]:
        """Month by month."""
        for number in range(_number(self.first), _number(self.last) + 1):
            yield date(number // 12, number % 12 + 1, 1)


def span(first: date | None, last: date | None) -> Span | None:
    """The months of two days; None where one is missing, or the last comes first."""
    if first is None or last is None or last < first:
        return None
    return Span(first.replace(day=1), last.replace(day=1))


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1


def by_month(line: Line, undated: Span | None) -> Iterator[tuple[date, Line]]:
    """An entry month by month: a budget evenly over its span, everything else on its own day.

    What months add up to is rounded, so they always come to the whole. A budget without a span of
    its own takes `undated`; without that it counts whole at any time.
    """
    if not line["bucket"].startswith("budget"):
        yield line["effective_on"].replace(day=1), line
        return
    over = span(line.get("spread_from"), line.get("spread_until")) or undated
    if over is None:
        yield ALWAYS, line
        return
    before = NOTHING
    for number, month in enumerate(over.months(), start=1):
        until = (line["amount"] * number / over.count).quantize(CENT, ROUND_HALF_UP)
        if until != before:
            yield month, {**line, "amount": until - before}
        before = until


def accumulated(
    sheet: Sheet,
    opens: Opens,
    lines: Iterable[Line],
    columns: Sequence[str],
    undated: Span | None,
) -> dict[date, dict[str, Decimal]]:
    """The amounts of some columns at the end of each month in which anything moves, summed over
    the cost codes of these entries of one project and currency.
    """
    events: dict[date, list[Line]] = {}
    for line in lines:
        for month, part in by_month(line, undated):
            events.setdefault(month, []).append(part)
    codes: dict[str, _Code] = {}
    total, found = dict.fromkeys(columns, NOTHING), {}
    for month in sorted(events):
        touched: dict[str, None] = {}
        for part in events[month]:
            key = part["cost_code_id"]
            code = codes.setdefault(key, _Code(sheet, opens))
            code.add(part)
            touched[key] = None
        for key in touched:
            for name, change in codes[key].moved(columns).items():
                total[name] += change
        found[month] = dict(total)
    return found


def at(series: Mapping[date, Mapping[str, Decimal]], month: date, column: str) -> Decimal:
    """What a column stood at by the end of a month."""
    known = [one for one in series if one <= month]
    return series[max(known)][column] if known else NOTHING


@dataclass
class _Code:
    """A cost code while entries are added to it."""

    sheet: Sheet
    opens: Opens
    summed: dict[str, Decimal] = field(default_factory=dict)
    owners: dict[tuple[str, str | None], list[Decimal]] = field(default_factory=dict)
    last: dict[str, Decimal] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """One more entry."""
        for column in self.sheet.summed:
            value = column.contribution(line)
            if value:
                self.summed[column.key] = self.summed.get(column.key, NOTHING) + value
        for key, owner, pair in self.opens:
            held = self.owners.setdefault((key, line.get(owner)), [NOTHING, NOTHING])
            for place, column in enumerate(pair):
                held[place] += column.contribution(line)

    def moved(self, columns: Sequence[str]) -> dict[str, Decimal]:
        """By how much columns moved since they were asked for last."""
        opened: dict[str, Decimal] = {}
        for (key, _owner), (of, less) in self.owners.items():
            opened[key] = opened.get(key, NOTHING) + max(of - less, NOTHING)
        values = self.sheet.values(self.summed, opened, None)
        changes = {name: values[name] - self.last.get(name, NOTHING) for name in columns}
        self.last = {name: values[name] for name in columns}
        return changes
