"""Day labor summed two ways: team by cost code, project by trade, subcontractor by month."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import select

from portal.db import db
from portal.definitions.queries import current_form
from portal.forms.kinds import Reader
from portal.labor.columns import ACCRUED, DAYS
from portal.labor.queries import Month
from portal.ledgers.columns import Column
from portal.ledgers.models import LaborEntry
from portal.ledgers.naming import Named, names_of
from portal.ledgers.pages import Center, Figure
from portal.ledgers.queries import Sums, sums
from portal.projects.queries import visible_projects
from portal.records import aliases
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

By = Literal["team", "trade", "subcontractor"]
WAYS: tuple[By, ...] = ("team", "trade", "subcontractor")
MEASURES: Mapping[str, Column] = {"accrued": ACCRUED, "days": DAYS}
NONE = "none"


@dataclass(frozen=True, slots=True)
class Head:
    """What a row or column stands for: its key in addresses, its name (empty: none), its month."""

    key: str
    name: str = ""
    month: Month | None = None
    project: ProjectBrief | None = None


@dataclass(frozen=True, slots=True)
class PivotRow:
    """A row: one figure per column (None where nothing is), and their sum."""

    head: Head
    cells: Sequence[Figure | None]
    total: Figure


@dataclass(frozen=True, slots=True)
class Pivot:
    """One table in one currency; labor-days have none and stand in one table."""

    currency: str
    heads: Sequence[Head]
    rows: Sequence[PivotRow]
    totals: Sequence[Figure | None]
    total: Figure | None


Key = tuple[Head, Head]
_Cells = dict[Key, Decimal]


def pivots(project: ProjectBrief, by: By, measure: str) -> list[Pivot]:
    """The tables of a summary, per currency; project by trade spans all projects one may see."""
    column = MEASURES[measure]
    projects = visible_projects() if by == "trade" else [project]
    place = _PLACES[by]
    attributes = ("project_id", "ccy", *_GROUPS[by])
    groups = [
        one
        for one in sums((column,), attributes, [each.id for each in projects], {})
        if one.values[column.key]
    ]
    names = names_of({key for one in groups for key in one.by[2:] if isinstance(key, str)})
    if by == "subcontractor":
        names |= names_of({_contractor(one) for one in names.values()} - {""})
    known = {each.id: each for each in projects}
    tables: dict[str, _Cells] = {}
    for one in groups:
        currency = one.by[1] if column.unit == "money" else ""
        cells = tables.setdefault(currency, {})
        key = place(one, names, known)
        cells[key] = cells.get(key, Decimal(0)) + one.values[column.key]
    ordered = sorted(tables, key=lambda ccy: (ccy != project.currency, ccy))
    return [_table(project, column, ccy, tables[ccy], by) for ccy in ordered]


def _team(one: Sums, names: Mapping[str, Named], known: Mapping[str, ProjectBrief]) -> Key:
    team, code = one.by[2:]
    return _named(team, names), _named(code, names)


def _trade(one: Sums, names: Mapping[str, Named], known: Mapping[str, ProjectBrief]) -> Key:
    project = known[one.by[0]]
    worker = names.get(one.by[2])
    trade = str(worker.data.get("trade") or "") if worker else ""
    name = trade_named(trade) if trade else ""
    return Head(project.id, project.name, project=project), Head(trade or NONE, name)


def _month(one: Sums, names: Mapping[str, Named], known: Mapping[str, ProjectBrief]) -> Key:
    team, day = one.by[2:]
    contractor = _contractor(names[team]) if team in names else ""
    month = Month(date(day.year, day.month, 1))
    return _named(contractor or None, names), Head(str(month), month=month)


def _contractor(team: Named) -> str:
    return team.names("subcontractor")


def _named(key: str | None, names: Mapping[str, Named]) -> Head:
    known = names.get(key or "")
    return Head(key or NONE, known.label if known else "")


_GROUPS: Mapping[By, tuple[str, ...]] = {
    "team": ("team_id", "cost_code_id"),
    "trade": ("worker_id",),
    "subcontractor": ("team_id", "work_date"),
}
_PLACES: Mapping[By, Callable[[Sums, Mapping[str, Named], Mapping[str, ProjectBrief]], Key]] = {
    "team": _team,
    "trade": _trade,
    "subcontractor": _month,
}


def _table(project: ProjectBrief, column: Column, currency: str, cells: _Cells, by: By) -> Pivot:
    rows = sorted({row for row, _ in cells}, key=_order)
    heads = sorted({head for _, head in cells}, key=_order)

    def figure(value: Decimal, row: Head | None, head: Head | None) -> Figure:
        center = Center("labor", (row.project if row else None) or project)
        choice: dict[str, Any] = {**_choice(by, row, head)}
        if currency:
            choice["ccy"] = currency
        return center.figure(column, {column.key: value}, **choice)

    def total(chosen: Iterable[Key]) -> Decimal:
        return sum((cells[one] for one in chosen), Decimal(0))

    made = [
        PivotRow(
            row,
            [
                figure(cells[row, head], row, head) if (row, head) in cells else None
                for head in heads
            ],
            figure(total(key for key in cells if key[0] == row), row, None),
        )
        for row in rows
    ]
    spans = by == "trade"  # the sum over projects is no list of entries of one project
    below = [
        None if spans else figure(total(key for key in cells if key[1] == head), None, head)
        for head in heads
    ]
    return Pivot(currency, heads, made, below, None if spans else figure(total(cells), None, None))


def workers_of_trade(project_id: str, trade: str) -> set[str]:
    """The workers of a project's entries that have this trade; `none`: none on the roster."""
    found = names_of(_in_entries(LaborEntry.worker_id, project_id))
    wanted = "" if trade == NONE else trade
    return {key for key, one in found.items() if str(one.data.get("trade") or "") == wanted}


def teams_of(project_id: str, contractor: str) -> set[str | None]:
    """The teams of a project's entries that a subcontractor sent; `none`: the company's own."""
    teams = _in_entries(LaborEntry.team_id, project_id)
    found = names_of({one for one in teams if one})
    if contractor != NONE:
        return {key for key, one in found.items() if _contractor(one) == contractor}
    own: set[str | None] = {key for key, one in found.items() if not _contractor(one)}
    return own | {None}


def trade_named(trade: str) -> str:
    """A trade as the roster calls it, in the reader's language."""
    if trade in ("", NONE):
        return str(_("none"))
    known = current_form("worker")
    field = known.form.definition.fields.get("trade") if known else None
    if field is None:
        return trade
    return field.kind.display(trade, field.options, Reader(current_viewer().language))


def _in_entries(column: Any, project_id: str) -> set[str]:
    statement = select(column).where(LaborEntry.project_id == project_id).distinct()
    return {aliases.merged().stays(one) for one in db.session.scalars(statement) if one}


def _order(head: Head) -> tuple[bool, str, str]:
    return head.key == NONE, head.name or head.key, head.key


def _choice(by: By, row: Head | None, head: Head | None) -> dict[str, Any]:
    """What narrows the entries to a cell, as addresses name it."""
    found: dict[str, Any] = {}
    if by == "trade":
        return {"trade": head.key} if head else {}
    if row is not None:
        found["team" if by == "team" else "subcontractor"] = row.key
    if head is not None and head.month is not None:
        found |= {"from": head.month.first, "to": head.month.last}
    elif head is not None:
        found["cost_code"] = head.key
    return found
