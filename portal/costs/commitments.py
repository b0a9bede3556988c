"""What is still open: commitments contract by contract, purchase requests request by request."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.costs.columns import Book
from portal.costs.forecasts import Key
from portal.costs.sheet import COST, Opening, Sheet
from portal.ledgers.columns import PRESENT, Column, total
from portal.ledgers.naming import Named, names_of
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.queries import Where, sums
from portal.web.viewer import ProjectBrief


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """A column of what is open, and its sums per contract (or request) and cost code.

    Relief is counted there and never goes below zero: what one contract runs over does not use up
    another one.
    """

    key: str
    by: tuple[str, ...]
    pair: tuple[Column, ...]
    groups: Mapping[tuple[Any, ...], Mapping[str, Decimal]]

    def values(self, extra: Iterable[Mapping[str, Any]] = ()) -> dict[Key, Decimal]:
        """What is open per cost code; `extra` are entries the ledger does not have."""
        groups = with_lines(self.groups, self.by, self.pair, extra)
        found: dict[Key, Decimal] = {}
        for place, values in groups.items():
            key = (place[0], place[1], place[2])
            left = max(values["of"] - values.get("less", Decimal(0)), Decimal(0))
            found[key] = found.get(key, Decimal(0)) + left
        return found


def open_columns(
    sheet: Sheet, projects: Collection[str], where: Where, *, why: str = ""
) -> list[OpenColumn]:
    """The columns of the sheet that count what is open, as the ledger has it; `why` as in sums."""
    made = []
    for key, owner, pair in openings(sheet):
        by = ("project_id", "ccy", "cost_code_id", owner)
        groups = {group.by: group.values for group in sums(pair, by, projects, where, why=why)}
        made.append(OpenColumn(key, by, pair, groups))
    return made


def openings(sheet: Sheet) -> list[tuple[str, str, tuple[Column, ...]]]:
    """(column, attribute of its owner, what opens and what uses it up) of what is open."""
    return [(one.key, f"{one.opens.by}_id", _pair(one.opens)) for one in sheet.columns if one.opens]


def _pair(opening: Opening) -> tuple[Column, ...]:
    """(what opens, what uses it up): the latter only where it names its contract or request."""
    of = total("of", "", "", ledger=COST, bucket=opening.of)
    if not opening.less:
        return (of,)
    owner: dict[str, Any] = {f"{opening.by}_id": PRESENT}
    return of, total("less", "", "", ledger=COST, bucket=opening.less, **owner)


def with_lines(
    groups: Mapping[tuple[Any, ...], Mapping[str, Decimal]],
    by: Sequence[str],
    columns: Sequence[Column],
    lines: Iterable[Mapping[str, Any]],
) -> dict[tuple[Any, ...], Mapping[str, Decimal]]:
    """Sums of a ledger as they would be with some more entries that name all of `by`."""
    made = dict(groups)
    for line in lines:
        place = tuple(line[name] for name in by)
        values = made.get(place) or {}
        made[place] = {
            one.key: values.get(one.key, Decimal(0)) + one.contribution(line) for one in columns
        }
    return made


@dataclass(frozen=True, slots=True)
class BookRow:
    """A contract or request under one cost code; `owner` is None for what is under none."""

    owner: Named | None
    code: Named | None
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Register:
    """What a book says in one currency."""

    book: Book
    currency: str
    rows: Sequence[BookRow]
    total: Mapping[str, Figure]


def registers(
    book: Book, project: ProjectBrief, where: Where, choice: Mapping[str, Any] | None = None
) -> list[Register]:
    """What a book says of a project, one register per currency, its own currency first.

    `choice` is what `where` narrows it to, as addresses of figures say it.
    """
    groups = sums(book.sums, ("ccy", f"{book.by}_id", "cost_code_id"), [project.id], where)
    named = names_of({one for group in groups for one in group.by[1:] if one})
    by_currency: dict[str, list[tuple[Any, dict[str, Decimal]]]] = {}
    for group in groups:
        if any(group.values.values()):
            left = max(group.values[book.of.key] - group.values[book.less.key], Decimal(0))
            by_currency.setdefault(group.by[0], []).append(
                (group.by, {**group.values, book.open.key: left})
            )
    center = Center("cost", project)
    order = sorted(by_currency, key=lambda currency: (currency != project.currency, currency))
    return [_register(book, center, one, by_currency[one], named, choice or {}) for one in order]


def _register(
    book: Book,
    center: Center,
    currency: str,
    groups: Sequence[tuple[Any, Mapping[str, Decimal]]],
    named: Mapping[str, Named],
    narrowed: Mapping[str, Any],
) -> Register:
    rows = []
    for (_, owner, code), values in groups:
        choice = {"ccy": currency, book.by: owner, "cost_code": code}
        figures = center.figures(book.columns, values, **choice)
        rows.append(BookRow(named.get(owner or ""), named.get(code), figures))
    rows.sort(key=_order)
    summed = add_up((values for _, values in groups), book.columns)
    figures = center.figures(book.columns, summed, **{**narrowed, "ccy": currency})
    return Register(book, currency, rows, figures)


def _order(row: BookRow) -> tuple[bool, str, str, str, str]:
    owner, code = row.owner, row.code
    return (
        owner is None,
        owner.form if owner else "",
        owner.code if owner else "",
        owner.id if owner else "",
        code.code if code else "",
    )
