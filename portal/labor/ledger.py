"""The legal wage ledger of a month: who worked how much at which rate, is owed and was paid what.

A month holds the approved accruals whose last day lies in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import func, select

from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.forms.masking import masked
from portal.labor.columns import ACCRUED, PAID
from portal.labor.hours import WHY
from portal.labor.queries import Month
from portal.labor.units import DAY, HOUR
from portal.ledgers.models import FundsEntry, LaborEntry
from portal.ledgers.naming import Named, names_of
from portal.ledgers.pages import Way
from portal.ledgers.pay import RUN
from portal.records import aliases
from portal.records.models import Record
from portal.web.viewer import ProjectBrief, Viewer

ROSTER = "worker"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A worker in the ledger of a month. `id_number` is masked where the reader may not see it.

    `hours` are those worked, `pieces` what was paid by the piece, in its units. `rates` are those
    of the cards on the days worked, per unit, lowest and highest.
    """

    worker: str
    name: str
    id_number: str
    team: str
    hours: Decimal
    pieces: Mapping[str, Decimal]
    rates: Mapping[str, tuple[Decimal, Decimal]]
    due: Decimal
    set_off: Decimal
    paid: Decimal
    runs: Sequence[str]

    def way(self, project: ProjectBrief, what: Literal["due", "set_off", "paid"]) -> Way:
        """The way to what the worker is owed by the accruals of the month, or what settled it."""
        choice = {"worker": self.worker, "ccy": project.currency}
        if what == "due":
            return Way(project.code, "labor", ACCRUED.key, {**choice, "record": self.runs})
        place = ("funds", "advance_recovered") if what == "set_off" else ("labor", PAID.key)
        return Way(project.code, *place, {**choice, "settles": self.runs})

    @property
    def left(self) -> Decimal:
        return self.due - self.set_off - self.paid


@dataclass(frozen=True, slots=True)
class WageLedger:
    """The rows of a month, by team and name, and the accruals they come from."""

    month: Month
    rows: Sequence[LedgerRow]
    runs: Sequence[Record]

    def total(self, what: str) -> Decimal:
        """The sum of an amount of all rows."""
        return sum((getattr(row, what) for row in self.rows), ZERO)


@dataclass(frozen=True, slots=True)
class Payee:
    """Whom a bank pays: name, bank, account, amount."""

    name: str
    bank: str
    account: str
    amount: Decimal


def may_see_people(viewer: Viewer, project: ProjectBrief) -> bool:
    """Whether the viewer reads identity numbers and accounts of the roster in full."""
    form = definitions.form_in(ROSTER, project.id)
    return form is not None and definitions.may_see_private(viewer, form, project.id)


def latest_ledger_month(project: ProjectBrief, today: date) -> Month:
    """The month of the latest approved accrual; this month while there is none."""
    days = [date.fromisoformat(one.data["period_to"]) for one in _runs(project)]
    return Month(max(days, default=today).replace(day=1))


def _runs(project: ProjectBrief) -> list[Record]:
    statement = (
        select(Record)
        .where(Record.form == RUN, Record.project_id == project.id, Record.state == "approved")
        .order_by(Record.number, Record.id)
    )
    return list(db.session.scalars(unscoped(statement, WHY)))


def wage_ledger(project: ProjectBrief, month: Month, *, in_full: bool) -> WageLedger:
    """The ledger of a month; `in_full` shows identity numbers unmasked."""
    runs = [
        one
        for one in _runs(project)
        if month.first <= date.fromisoformat(one.data["period_to"]) <= month.last
    ]
    settled = _settled(one.id for one in runs)
    workers = {worker for one in runs for worker in _workers(one)}
    names = names_of(workers | {str(one.data["team"]) for one in runs})
    rows = [
        row
        for team in dict.fromkeys(str(one.data["team"]) for one in runs)
        for row in _rows([one for one in runs if one.data["team"] == team], settled, names, in_full)
    ]
    return WageLedger(month, sorted(rows, key=lambda row: (row.team, row.name, row.worker)), runs)


def _workers(run: Record) -> list[str]:
    """The workers of a run, those that are one now once."""
    known = aliases.merged()
    return list(dict.fromkeys(str(known.stays(row["worker"])) for row in run.data["workers"]))


def _rows(
    runs: Sequence[Record],
    settled: Mapping[tuple[str, str, str], Decimal],
    names: Mapping[str, Named],
    in_full: bool,
) -> Iterable[LedgerRow]:
    """The workers of one team."""
    rates, known = _standards(runs), aliases.merged()
    team = names.get(str(runs[0].data["team"]))
    for worker in dict.fromkeys(worker for one in runs for worker in _workers(one)):
        lines = [
            line
            for one in runs
            for line in one.data["lines"]
            if known.stays(line["worker"]) == worker
        ]
        person = names.get(worker)
        number = str(person.data.get("id_number") or "") if person else ""
        yield LedgerRow(
            worker,
            person.name if person else "?",
            number if in_full else masked(number),
            team.name if team else "",
            sum((Decimal(line["hours"]) for line in lines), ZERO),
            _pieces(lines),
            rates.get(worker, {}),
            sum((Decimal(line["amount"]) for line in lines), ZERO),
            sum((settled.get((one.id, worker, "advance_recovery"), ZERO) for one in runs), ZERO),
            sum((settled.get((one.id, worker, "cash"), ZERO) for one in runs), ZERO),
            [one.id for one in runs],
        )


def _pieces(lines: Iterable[Mapping[str, Any]]) -> dict[str, Decimal]:
    """What lines pay by the piece, by unit; of a rest day as of others."""
    found: dict[str, Decimal] = {}
    for line in lines:
        unit = str(line.get("unit") or HOUR)
        if unit not in (HOUR, DAY):
            found[unit] = found.get(unit, ZERO) + Decimal(line["qty"])
    return found


def _standards(runs: Sequence[Record]) -> dict[str, dict[str, tuple[Decimal, Decimal]]]:
    """Worker → unit → the lowest and highest rate on the tickets of these runs."""
    tickets = {str(line["ticket"]) for one in runs for line in one.data["lines"]}
    statement = (
        select(
            LaborEntry.worker_id,
            LaborEntry.unit,
            func.min(LaborEntry.rate),
            func.max(LaborEntry.rate),
        )
        .where(
            LaborEntry.record_id.in_(sorted(tickets)),
            LaborEntry.kind == "booked",
            LaborEntry.signed.is_(True),
        )
        .group_by(LaborEntry.worker_id, LaborEntry.unit)
        .order_by(LaborEntry.worker_id, LaborEntry.unit)
    )
    found: dict[str, dict[str, tuple[Decimal, Decimal]]] = {}
    for key, unit, lowest, highest in db.session.execute(statement):
        of_worker = found.setdefault(aliases.merged().stays(key), {})
        low, high = of_worker.get(unit, (lowest, highest))
        of_worker[unit] = min(low, Decimal(lowest)), max(high, Decimal(highest))
    return found


def _settled(run_ids: Iterable[str]) -> dict[tuple[str, str, str], Decimal]:
    """(run, worker, stage) → what of it was settled that way."""
    statement = (
        select(
            FundsEntry.settles_id,
            FundsEntry.worker_id,
            FundsEntry.stage,
            func.sum(FundsEntry.amount),
        )
        .where(
            FundsEntry.settles_id.in_(sorted(run_ids)),
            FundsEntry.stage.in_(("cash", "advance_recovery")),
        )
        .group_by(FundsEntry.settles_id, FundsEntry.worker_id, FundsEntry.stage)
    )
    found: dict[tuple[str, str, str], Decimal] = {}
    for run, worker, stage, amount in db.session.execute(statement):
        key = str(run), str(aliases.merged().stays(worker)), stage
        found[key] = found.get(key, ZERO) + Decimal(amount or 0)
    return found


def payees(payment: Record) -> list[Payee]:
    """Whom a wage payment pays through the bank, as the roster has their accounts now."""
    lines = [line for line in payment.data["lines"] if Decimal(line.get("paid") or 0) > 0]
    workers = [str(aliases.merged().stays(line["worker"])) for line in lines]
    names = names_of(set(workers))
    found = []
    for worker, line in zip(workers, lines, strict=True):
        person = names.get(worker)
        data = person.data if person else {}
        found.append(
            Payee(
                person.name if person else "?",
                str(data.get("bank_name") or ""),
                str(data.get("bank_account") or ""),
                Decimal(line["paid"]),
            )
        )
    return sorted(found, key=lambda one: (one.name, one.account))
