"""The day-labor month: workers by day, subtotal per team, and tickets nobody has signed yet."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from portal import clock
from portal.db import db
from portal.labor.columns import (
    COLUMNS,
    GRID,
    SIGNED_AMOUNT,
    UNSIGNED_AMOUNT,
    UNSIGNED_DAYS,
)
from portal.ledgers.models import LaborEntry
from portal.ledgers.naming import Document, Named, documents_of, names_of
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.queries import Between, sums
from portal.web.viewer import ProjectBrief

Values = Mapping[str, Decimal]
Pieces = Sequence[tuple[Decimal, str]]


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month."""

    first: date

    @property
    def last(self) -> date:
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.last.day)]

    @property
    def before(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        return Month(self.last + timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A worker's hours of one day (or of the month), and the labor-days signed and unsigned.

    `pieces` are the quantities paid by the piece, in their units.
    """

    hours: Figure
    signed: Figure
    unsigned: Figure
    pieces: Pieces = ()

    @property
    def is_empty(self) -> bool:
        return self.signed.value == 0 and self.unsigned.value == 0 and not self.pieces


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker's month."""

    worker: Named | None
    cells: Sequence[Cell]
    total: Cell


@dataclass(frozen=True, slots=True)
class TeamBlock:
    """The workers of a team, and their sum."""

    team: Named | None
    rows: Sequence[WorkerRow]
    total: Cell


@dataclass(frozen=True, slots=True)
class Grid:
    """A month of day labor; `money`: what signed and unsigned tickets estimate, per currency."""

    month: Month
    blocks: Sequence[TeamBlock]
    total: Cell
    money: Sequence[tuple[str, Figure, Figure]]


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A ticket that waits for its signature: how long already, and what it is worth."""

    document: Document
    since: date
    days_waiting: int
    days: Figure
    amount: Figure


def latest_month(project: ProjectBrief, now: datetime) -> Month:
    """The month of the latest day of work; this month while nothing was booked."""
    statement = select(func.max(LaborEntry.work_date)).where(LaborEntry.project_id == project.id)
    latest = db.session.scalar(statement) or clock.date_in(project.zone, now)
    return Month(latest.replace(day=1))


def grid(project: ProjectBrief, month: Month) -> Grid:
    """The worker by day grid of a month."""
    center = Center("labor", project)
    where = {"work_date": Between(month.first, month.last)}
    found = sums(
        (*GRID, SIGNED_AMOUNT, UNSIGNED_AMOUNT),
        ("team_id", "worker_id", "work_date", "ccy"),
        [project.id],
        where,
    )
    teams: dict[str | None, dict[str, dict[date, list[Values]]]] = {}
    money: dict[str, list[Values]] = {}
    for group in found:
        team, worker, day, currency = group.by
        teams.setdefault(team, {}).setdefault(worker, {}).setdefault(day, []).append(group.values)
        money.setdefault(currency, []).append(group.values)
    workers = {worker for rows in teams.values() for worker in rows}
    names = names_of({*workers, *(team for team in teams if team)})
    maker = _Maker(center, month, names, _pieces(project, month))
    blocks = [maker.block(team, rows) for team, rows in teams.items()]
    blocks.sort(key=lambda block: (block.team is None, block.team.label if block.team else ""))
    every = [values for rows in money.values() for values in rows]
    return Grid(
        month,
        blocks,
        maker.cell(every, maker.pieces_of(), **maker.span),
        [
            maker.money(currency, money[currency])
            for currency in sorted(money, key=lambda ccy: (ccy != project.currency, ccy))
        ],
    )


def _pieces(
    project: ProjectBrief, month: Month
) -> Mapping[tuple[str | None, str, date], Mapping[str, Decimal]]:
    """What was booked by the piece in a month: by team, worker and day, then by unit."""
    quantity = func.sum(LaborEntry.qty)
    keys = (LaborEntry.team_id, LaborEntry.worker_id, LaborEntry.work_date, LaborEntry.unit)
    statement = (
        select(*keys, quantity)
        .where(
            LaborEntry.project_id == project.id,
            LaborEntry.kind == "booked",
            LaborEntry.work_date.between(month.first, month.last),
            LaborEntry.qty != 0,
        )
        .group_by(*keys)
        .having(quantity != 0)
        .order_by(*keys)
    )
    found: dict[tuple[str | None, str, date], dict[str, Decimal]] = {}
    for team, worker, day, unit, value in db.session.execute(statement):
        found.setdefault((team, worker, day), {})[unit] = Decimal(value)
    return found


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the cells of one month."""

    center: Center
    month: Month
    names: Mapping[str, Named]
    pieces: Mapping[tuple[str | None, str, date], Mapping[str, Decimal]]

    @property
    def span(self) -> dict[str, date]:
        return {"from": self.month.first, "to": self.month.last}

    def money(self, currency: str, values: Sequence[Values]) -> tuple[str, Figure, Figure]:
        summed = add_up(values, COLUMNS)
        signed, unsigned = (
            self.center.figure(column, summed, ccy=currency, **self.span)
            for column in (SIGNED_AMOUNT, UNSIGNED_AMOUNT)
        )
        return currency, signed, unsigned

    def cell(self, values: Sequence[Values], pieces: Pieces = (), **choice: object) -> Cell:
        figures = self.center.figures(GRID, add_up(values, GRID), **choice)
        return Cell(figures["hours"], figures["signed_days"], figures["unsigned_days"], pieces)

    def pieces_of(self, *where: str | date | None) -> Pieces:
        """The pieces of all, of a team, of one of its workers, or of a day of theirs."""
        found: dict[str, Decimal] = {}
        for place, units in self.pieces.items():
            if place[: len(where)] == where:
                for unit, quantity in units.items():
                    found[unit] = found.get(unit, Decimal(0)) + quantity
        return [(found[unit], unit) for unit in sorted(found) if found[unit]]

    def block(
        self, team: str | None, rows: Mapping[str, Mapping[date, Sequence[Values]]]
    ) -> TeamBlock:
        made = [self._row(team, worker, days) for worker, days in rows.items()]
        made.sort(key=lambda row: row.worker.label if row.worker else "")
        every = [one for days in rows.values() for values in days.values() for one in values]
        total = self.cell(every, self.pieces_of(team), team=team, **self.span)
        return TeamBlock(self.names.get(team or ""), made, total)

    def _row(
        self, team: str | None, worker: str, days: Mapping[date, Sequence[Values]]
    ) -> WorkerRow:
        choice = {"team": team, "worker": worker}
        cells = [
            self.cell(days.get(day, ()), self.pieces_of(team, worker, day), day=day, **choice)
            for day in self.month.days
        ]
        every = [one for values in days.values() for one in values]
        total = self.cell(every, self.pieces_of(team, worker), **choice, **self.span)
        return WorkerRow(self.names.get(worker), cells, total)


def unsigned_tickets(project: ProjectBrief, now: datetime) -> list[Unsigned]:
    """Tickets whose work nobody has signed for, the oldest work first."""
    today = clock.date_in(project.zone, now)
    amount, hours = func.sum(LaborEntry.amount), func.sum(LaborEntry.hours)
    statement = (
        select(LaborEntry.record_id, LaborEntry.ccy, func.min(LaborEntry.work_date), hours, amount)
        .where(
            LaborEntry.project_id == project.id,
            LaborEntry.kind == "booked",
            LaborEntry.signed.is_(False),
        )
        .group_by(LaborEntry.record_id, LaborEntry.ccy)
        .having((amount != 0) | (hours != 0))
        .order_by(func.min(LaborEntry.work_date), LaborEntry.record_id)
    )
    rows = db.session.execute(statement).all()
    documents = documents_of({row[0] for row in rows})
    center = Center("labor", project)
    return [
        Unsigned(
            documents[record_id],
            since,
            max(0, (today - since).days),
            center.figure(UNSIGNED_DAYS, {UNSIGNED_DAYS.key: worked}, record=record_id),
            center.figure(
                UNSIGNED_AMOUNT, {UNSIGNED_AMOUNT.key: worth}, record=record_id, ccy=currency
            ),
        )
        for record_id, currency, since, worked, worth in rows
    ]
