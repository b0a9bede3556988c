"""What is owed to workers, what they got, and how much of it the owner pays back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from portal import clock
from portal.db import db
from portal.labor.columns import ACCRUED, AT_RISK, MONEY, PRICED, WAGES
from portal.ledgers.models import CostEntry, FundsEntry
from portal.ledgers.naming import Named, names_of
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.pay import RUN
from portal.ledgers.queries import Between, Where, sums
from portal.records.models import Record
from portal.web.viewer import ProjectBrief

Values = Mapping[str, Decimal]
Figures = Mapping[str, Figure]
AGES = ((0, 7), (8, 30), (31, 90), (91, None))
LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class WorkerWages:
    """A worker's figures in one currency."""

    worker: Named | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class TeamWages:
    """A team's workers and their sums."""

    team: Named | None
    rows: Sequence[WorkerWages]
    total: Figures


@dataclass(frozen=True, slots=True)
class Age:
    """What is at risk for so many days since the work; without `to`, and longer."""

    first: int
    to: int | None
    figure: Figure


@dataclass(frozen=True, slots=True)
class Wages:
    """The wages of a project in one currency. `labor` is all actual cost of labor codes."""

    currency: str
    teams: Sequence[TeamWages]
    total: Figures
    ages: Sequence[Age]
    labor: Decimal

    @property
    def share(self) -> Decimal | None:
        """Day labor of all labor cost, in percent; None while there is no labor cost."""
        accrued = self.total[ACCRUED.key].value
        return accrued / self.labor * 100 if self.labor > 0 else None


def wages(project: ProjectBrief, now: datetime) -> list[Wages]:
    """The wages of a project per currency, its own first."""
    found: dict[str, dict[str | None, dict[str | None, dict[str, Decimal]]]] = {}
    for columns in (PRICED, MONEY):
        for group in sums(columns, ("ccy", "team_id", "worker_id"), [project.id], {}):
            currency, team, worker = group.by
            if not any(group.values.values()):
                continue
            row = found.setdefault(currency, {}).setdefault(team, {}).setdefault(worker, {})
            row.update(group.values)
    ids = {key for teams in found.values() for team, rows in teams.items() for key in (team, *rows)}
    names = names_of({one for one in ids if one})
    center = Center("labor", project)
    ordered = sorted(found, key=lambda ccy: (ccy != project.currency, ccy))
    return [_wages(center, ccy, found[ccy], names, now) for ccy in ordered]


def _wages(
    center: Center,
    currency: str,
    teams: Mapping[str | None, Mapping[str | None, Values]],
    names: Mapping[str, Named],
    now: datetime,
) -> Wages:
    blocks = [_team(center, currency, team, rows, names) for team, rows in teams.items()]
    blocks.sort(key=lambda one: (one.team is None, one.team.label if one.team else ""))
    every = [values for rows in teams.values() for values in rows.values()]
    total = center.figures(WAGES, add_up(every, WAGES), ccy=currency)
    today = clock.date_in(center.project.zone, now)
    ages = [_age(center, currency, today, *span) for span in AGES]
    return Wages(currency, blocks, total, ages, _labor_cost(center.project.id, currency))


def _team(
    center: Center,
    currency: str,
    team: str | None,
    rows: Mapping[str | None, Values],
    names: Mapping[str, Named],
) -> TeamWages:
    made = [
        WorkerWages(
            names.get(worker or ""),
            center.figures(WAGES, values, team=team, worker=worker, ccy=currency),
        )
        for worker, values in rows.items()
    ]
    made.sort(key=lambda one: one.worker.label if one.worker else "")
    total = center.figures(WAGES, add_up(rows.values(), WAGES), team=team, ccy=currency)
    return TeamWages(names.get(team or ""), made, total)


def _age(center: Center, currency: str, today: date, first: int, to: int | None) -> Age:
    earliest = LONG_AGO if to is None else today - timedelta(days=to)
    latest = today - timedelta(days=first)
    where: Where = {"work_date": Between(earliest, latest), "ccy": (currency,)}
    found = sums((AT_RISK,), ("ccy",), [center.project.id], where)
    values: Values = found[0].values if found else {}
    choice = {"ccy": currency, "from": earliest, "to": latest}
    return Age(first, to, center.figure(AT_RISK, values, **choice))


def _labor_cost(project_id: str, currency: str) -> Decimal:
    """The actual cost of all cost codes of the type labor."""
    statement = (
        select(CostEntry.cost_code_id, func.sum(CostEntry.amount))
        .where(
            CostEntry.project_id == project_id,
            CostEntry.bucket == "actual",
            CostEntry.ccy == currency,
        )
        .group_by(CostEntry.cost_code_id)
    )
    by_code = {code: Decimal(amount or 0) for code, amount in db.session.execute(statement)}
    codes = names_of(by_code)
    return sum(
        (
            amount
            for code, amount in by_code.items()
            if code in codes and codes[code].data.get("type") == "labor"
        ),
        Decimal(0),
    )


@dataclass(frozen=True, slots=True)
class RunRow:
    """An accrual of a project and what of it was settled, by money or by setting off advances."""

    record: Record
    team: Named | None
    first: date
    last: date
    settled: Decimal

    @property
    def left(self) -> Decimal:
        return (self.record.amount or Decimal(0)) - self.settled

    @property
    def is_paid(self) -> bool:
        return self.record.state == "approved" and self.left <= 0


def run_rows(project: ProjectBrief) -> list[RunRow]:
    """The accruals of a project the viewer may read, the latest period first."""
    statement = select(Record).where(
        Record.form == RUN,
        Record.project_id == project.id,
        Record.state != "draft",
    )
    found = [one for one in db.session.scalars(statement) if one.data.get("period_to")]
    settled = _settled(one.id for one in found)
    names = names_of({str(one.data.get("team")) for one in found})
    made = [
        RunRow(
            one,
            names.get(str(one.data.get("team"))),
            date.fromisoformat(one.data["period_from"]),
            date.fromisoformat(one.data["period_to"]),
            settled.get(one.id, Decimal(0)),
        )
        for one in found
    ]
    return sorted(made, key=lambda row: (row.last, row.record.number or ""), reverse=True)


def _settled(run_ids: Iterable[str]) -> dict[str, Decimal]:
    statement = (
        select(FundsEntry.settles_id, func.sum(FundsEntry.amount))
        .where(
            FundsEntry.settles_id.in_(sorted(run_ids)),
            FundsEntry.stage.in_(("cash", "advance_recovery")),
        )
        .group_by(FundsEntry.settles_id)
    )
    rows = db.session.execute(statement)
    return {str(key): Decimal(amount or 0) for key, amount in rows}
