"""The legal wage ledger of a month: who worked how much at which rate, is owed and was paid what.

A month holds the approved accruals whose last day lies in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.forms.masking import masked
from portal.labor.hours import RUN, WHY
from portal.labor.queries import Month
from portal.ledgers.models import FundsEntry, LaborEntry
from portal.ledgers.naming import Named, names_of
from portal.records.models import Record
from portal.web.viewer import ProjectBrief, Viewer

ROSTER = "worker"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A worker in the ledger of a month. `id_number` is masked where the reader may not see it.

    `rates` are those of the rate card on the days worked, lowest and highest.
    """

    worker: str
    name: str
    id_number: str
    team: str
    hours: Decimal
    rates: tuple[Decimal, Decimal]
    due: Decimal
    set_off: Decimal
    paid: Decimal

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
    workers = {str(row["worker"]) for one in runs for row in one.data["workers"]}
    names = names_of(workers | {str(one.data["team"]) for one in runs})
    rows = [
        row
        for team in dict.fromkeys(str(one.data["team"]) for one in runs)
        for row in _rows([one for one in runs if one.data["team"] == team], settled, names, in_full)
    ]
    return WageLedger(month, sorted(rows, key=lambda row: (row.team, row.name, row.worker)), runs)


def _rows(
    runs: Sequence[Record],
    settled: Mapping[tuple[str, str, str], Decimal],
    names: Mapping[str, Named],
    in_full: bool,
) -> Iterable[LedgerRow]:
    """The workers of one team."""
    rates = _standards(runs)
    team = names.get(str(runs[0].data["team"]))
    for worker in dict.fromkeys(str(row["worker"]) for one in runs for row in one.data["workers"]):
        lines = [
            line for one in runs for line in one.data["lines"] if str(line["worker"]) == worker
        ]
        person = names.get(worker)
        number = str(person.data.get("id_number") or "") if person else ""
        yield LedgerRow(
            worker,
            person.name if person else "?",
            number if in_full else masked(number),
            team.name if team else "",
            sum((Decimal(line["hours"]) for line in lines), ZERO),
            rates.get(worker, (ZERO, ZERO)),
            sum((Decimal(line["amount"]) for line in lines), ZERO),
            sum((settled.get((one.id, worker, "advance_recovery"), ZERO) for one in runs), ZERO),
            sum((settled.get((one.id, worker, "cash"), ZERO) for one in runs), ZERO),
        )


def _standards(runs: Sequence[Record]) -> dict[str, tuple[Decimal, Decimal]]:
    """Worker → the lowest and highest rate of an hour on the tickets of these runs."""
    tickets = {str(line["ticket"]) for one in runs for line in one.data["lines"]}
    statement = (
        select(LaborEntry.worker_id, func.min(LaborEntry.rate), func.max(LaborEntry.rate))
        .where(
            LaborEntry.record_id.in_(sorted(tickets)),
            LaborEntry.kind == "booked",
            LaborEntry.signed.is_(True),
        )
        .group_by(LaborEntry.worker_id)
    )
    return {row[0]: (Decimal(row[1]), Decimal(row[2])) for row in db.session.execute(statement)}


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
    rows = db.session.execute(statement)
    return {
        (str(run), str(worker), stage): Decimal(amount or 0) for run, worker, stage, amount in rows
    }


def payees(payment: Record) -> list[Payee]:
    """Whom a wage payment pays through the bank, as the roster has their accounts now."""
    lines = [line for line in payment.data["lines"] if Decimal(line.get("paid") or 0) > 0]
    names = names_of({str(line["worker"]) for line in lines})
    found = []
    for line in lines:
        person = names.get(str(line["worker"]))
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
