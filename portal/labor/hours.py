"""Signed hours that no accrual run has priced yet, and the hours that count beside them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from portal.db import db, unscoped
from portal.labor.pricing import Work
from portal.labor.units import Hours, quantity_of, rate_per
from portal.ledgers.models import CostEntry, LaborEntry, Posting
from portal.ledgers.pay import RUN, TICKET_OF_RUN
from portal.ledgers.standing import stands, undoing
from portal.records import aliases
from portal.records.models import Record, RecordLink
from portal.records.transitions import APPROVED, RETURNED, SUBMITTED

LIVE = (SUBMITTED, RETURNED, APPROVED)
WHY = "a run prices every signed hour of its team, whoever begins it"


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a run, both included."""

    first: date
    last: date

    @property
    def weeks(self) -> "Span":
        """These days with the whole weeks they touch, on whichever day a week begins."""
        return Span(self.first - timedelta(days=6), self.last + timedelta(days=6))


def signed_hours(
    project_id: str, span: Span, *, workers: Collection[str] = (), team_id: str = ""
) -> list[LaborEntry]:
    """The signed hours booked in a span that stand: of a team, or of some workers anywhere in it.

    By worker, day and ticket.
    """
    undone = undoing()
    whose = LaborEntry.team_id == team_id if team_id else LaborEntry.worker_id.in_(sorted(workers))
    statement = (
        select(LaborEntry)
        .join(Posting, Posting.id == LaborEntry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == Posting.id)
        .where(
            LaborEntry.project_id == project_id,
            LaborEntry.kind == "booked",
            LaborEntry.signed.is_(True),
            LaborEntry.work_date.between(span.first, span.last),
            whose,
            stands(undone),
        )
        .order_by(
            LaborEntry.worker_id,
            LaborEntry.work_date,
            LaborEntry.record_id,
            LaborEntry.row,
            LaborEntry.pay_class,
        )
    )
    return list(db.session.scalars(unscoped(statement, WHY)))


def runs_of(tickets: Collection[str], *, but: str = "") -> Mapping[str, Sequence[Record]]:
    """The runs under way or approved that price each of these tickets, one of them left out."""
    if not tickets:
        return {}
    named = (
        select(RecordLink.target_id, RecordLink.record_id)
        .where(
            RecordLink.target_id.in_(sorted(tickets)),
            RecordLink.form == RUN,
            RecordLink.field == TICKET_OF_RUN,
            RecordLink.record_id != but,
        )
        .distinct()
    )
    pairs = db.session.execute(unscoped(named, WHY)).all()
    statement = (
        select(Record)
        .where(Record.id.in_(sorted({run for _, run in pairs})), Record.state.in_(LIVE))
        .order_by(Record.submitted_at, Record.id)
    )
    found: dict[str, list[Record]] = {}
    for record in db.session.scalars(unscoped(statement, WHY)) if pairs else ():
        for ticket in sorted(ticket for ticket, run in pairs if run == record.id):
            found.setdefault(ticket, []).append(record)
    return found


def costing_themselves(tickets: Collection[str]) -> set[str]:
    """Tickets whose own release made them actual cost: no run counts that again."""
    undone = undoing()
    statement = (
        select(CostEntry.record_id)
        .join(Posting, Posting.id == CostEntry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == Posting.id)
        .where(
            CostEntry.record_id.in_(sorted(tickets)),
            CostEntry.bucket == "actual",
            stands(undone),
        )
        .distinct()
    )
    return set(db.session.scalars(unscoped(statement, WHY)))


def works_of(
    project_id: str, team_id: str, span: Span, *, run_id: str, tickets: Collection[str] | None
) -> list[Work]:
    """What a run of this team prices, and what counts towards its limits without being priced.

    `tickets` narrows it to those a run names; None takes every ticket that is free.
    """
    entries = signed_hours(project_id, span, team_id=team_id)
    ids = {one.record_id for one in entries}
    taken = {*runs_of(ids, but=run_id), *costing_themselves(ids)}
    mine = [
        one
        for one in entries
        if one.record_id not in taken and (tickets is None or one.record_id in tickets)
    ]
    return [*_known(project_id, span, mine, run_id), *(_work(one) for one in mine)]


def _known(project_id: str, span: Span, mine: Sequence[LaborEntry], run_id: str) -> Iterator[Work]:
    """Hours of the same workers in the weeks of the span that other runs priced."""
    own = {one.id for one in mine}
    workers = aliases.merged().families({one.worker_id for one in mine})
    beside = signed_hours(project_id, span.weeks, workers=workers)
    priced = runs_of({one.record_id for one in beside}, but=run_id)
    for one in beside:
        if one.id not in own and one.record_id in priced:
            yield _work(one, is_known=True)


def _work(one: LaborEntry, *, is_known: bool = False) -> Work:
    rate = rate_per(one.rate, one.unit)
    return Work(
        key=one,
        worker=aliases.merged().stays(one.worker_id),
        day=one.work_date,
        pay_class=one.pay_class,
        quantity=quantity_of(rate, hours=one.hours, days=one.days, pieces=one.qty),
        rate=rate,
        is_known=is_known,
        worked=Hours(one.hours),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """Signed work of a team that no run has priced, and what its tickets estimate."""

    team_id: str
    first: date
    last: date
    hours: Decimal
    amount: Decimal


def waiting_teams(project_id: str) -> list[Waiting]:
    """The teams with signed hours that no run prices yet."""
    run = aliased(Record)
    priced = exists().where(
        RecordLink.target_id == LaborEntry.record_id,
        RecordLink.form == RUN,
        RecordLink.field == TICKET_OF_RUN,
        run.id == RecordLink.record_id,
        run.state.in_(LIVE),
    )
    costed = exists().where(
        CostEntry.record_id == LaborEntry.record_id, CostEntry.bucket == "actual"
    )
    hours: Any = func.sum(LaborEntry.hours)
    amount: Any = func.sum(LaborEntry.amount)
    statement = (
        select(
            LaborEntry.team_id,
            func.min(LaborEntry.work_date),
            func.max(LaborEntry.work_date),
            hours,
            amount,
        )
        .join(Record, Record.id == LaborEntry.record_id)
        .where(
            LaborEntry.project_id == project_id,
            LaborEntry.kind == "booked",
            LaborEntry.signed.is_(True),
            LaborEntry.team_id.is_not(None),
            Record.state == APPROVED,
            ~priced,
            ~costed,
        )
        .group_by(LaborEntry.team_id)
        .having((hours != 0) | (amount != 0))
        .order_by(LaborEntry.team_id)
    )
    rows = db.session.execute(unscoped(statement, WHY))
    return [Waiting(*row) for row in rows]
