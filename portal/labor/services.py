"""What changes in the day-labor center: a run begun, filled in anew, or worked out anew."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal.approvals.impact import Move
from portal.db import db, unscoped
from portal.errors import N_, Conflict, Forbidden, Invalid
from portal.ids import new_id
from portal.labor import runs
from portal.labor.hours import LIVE, WHY, Span, runs_of
from portal.ledgers.models import FundsEntry
from portal.ledgers.pay import RUN
from portal.projects.queries import project_brief
from portal.records import aliases, counting, transitions
from portal.records import services as records
from portal.records.models import Record, RecordLink
from portal.records.transitions import Transition
from portal.web.viewer import ProjectBrief, Viewer
from portal.web.words import gettext as _

TICKET, PAYMENT, ADVANCE = "day_labor", "wage_payment", "wage_advance"
DIFFERS = N_(
    "The signed hours are no longer those of this run: %(count)s of its lines differ. "
    "Fill it in again, then send it."
)
PAID = N_("%(number)s has paid this ticket's wages. Correct it in the next accrual instead.")
UNDER_WAY = N_("%(number)s is about to price this ticket. Withdraw or return that run first.")
SET_OFF = N_("%(number)s has set this advance off against wages already. Void that payment first.")
NOT_A_DRAFT = N_("Only a run that is a draft, or was returned to you, is filled in again.")


def begin_run(
    *,
    actor: Viewer,
    project: ProjectBrief,
    team_id: str,
    span: Span,
    rules_id: str,
    now: datetime,
) -> Record:
    """A draft of a run with every signed hour of the team in these days that no run has priced.

    Raises Forbidden, and Invalid where there is nothing to price or no rule to price it by.
    """
    lines = runs.priced_lines(project_id=project.id, team_id=team_id, span=span, rules_id=rules_id)
    if not lines:
        raise Invalid(runs.NOTHING)
    data = {
        "team": team_id,
        "period_from": span.first.isoformat(),
        "period_to": span.last.isoformat(),
        "rules": rules_id,
        **runs.content(lines),
    }
    origin = records.Origin(RUN, project.id, data)
    record = records.start_draft(actor=actor, record_id=new_id(), origin=origin, now=now)
    db.session.flush()
    records.save_draft(actor=actor, record=record, data=data, now=now)
    return record


def fill_again(*, actor: Viewer, record_id: str, now: datetime) -> Record:
    """The lines of a draft run as the ledger stands now. Raises Forbidden, Conflict, Invalid."""
    record = records.locked(record_id)
    if record.requester_id != actor.person_id:
        raise Forbidden(N_("Only who began a run fills it in."))
    if not runs.is_run(record) or record.state not in transitions.EDITABLE:
        raise Conflict(NOT_A_DRAFT)
    lines = runs.priced_lines(
        project_id=str(record.project_id),
        team_id=str(record.data["team"]),
        span=runs.span_of(record.data),
        rules_id=str(record.data["rules"]),
        run_id=record.id,
    )
    if not lines:
        raise Invalid(runs.NOTHING)
    data = {**record.data, **runs.content(lines)}
    records.save_draft(actor=actor, record=record, data=data, now=now)
    return record


def on_transition(transition: Transition) -> None:
    """A run is sent and approved only with the lines the ledger gives: nobody types wages.

    Registered before the posting. Runs of one team wait for each other. Raises Invalid.
    """
    record = transition.record
    if not runs.is_run(record) or transition.after not in ("submitted", "approved"):
        return
    counting.hold(frozenset({f"accrual:{record.data['team']}"}))
    lines = record.data.get("lines") or ()
    wanted = runs.said(runs.lines_now(record, runs.tickets_in(record.data)))
    found = runs.said(lines)
    if found != wanted:
        differing = len([one for one in found if one not in wanted])
        missing = len([one for one in wanted if one not in found])
        raise Invalid(DIFFERS, count=max(differing, missing, 1))


def companions(record: Record) -> Sequence[Record]:
    """What goes void with a ticket: a run that prices nothing else. Raises Invalid.

    Where its wages were paid, or an advance was set off, the record stays.
    """
    if record.form == ADVANCE:
        _not_set_off(record)
    return [one for one in _runs_with(record) if runs.tickets_in(one.data) == {record.id}]


def repriced(record: Record) -> Sequence[Record]:
    """The runs that are worked out anew without a ticket. Raises Invalid."""
    return [one for one in _runs_with(record) if runs.tickets_in(one.data) != {record.id}]


def _runs_with(record: Record) -> list[Record]:
    """The approved runs that price a ticket; what keeps it is named. Raises Invalid."""
    if record.form != TICKET:
        return []
    found = list(runs_of({record.id}).get(record.id, ()))
    for run in found:
        if run.state != transitions.APPROVED:
            raise Invalid(UNDER_WAY, number=run.number or run.subject)
        for payment in payments_of(run.id):
            raise Invalid(PAID, number=payment.number)
    return found


def payments_of(run_id: str) -> list[Record]:
    """The payments of a run that are under way or made."""
    statement = (
        select(Record)
        .join(RecordLink, RecordLink.record_id == Record.id)
        .where(
            RecordLink.target_id == run_id,
            RecordLink.form == PAYMENT,
            RecordLink.field == "run",
            Record.state.in_(LIVE),
        )
        .order_by(Record.submitted_at, Record.id)
    )
    return list(db.session.scalars(unscoped(statement, WHY)))


def _not_set_off(advance: Record) -> None:
    """Without this advance, no more than was advanced is set off. Raises Invalid."""
    lines = advance.data.get("lines") or ()
    known = aliases.merged()
    mine: dict[str, Decimal] = {}
    for line in lines:
        who = str(known.stays(line["worker"]))
        mine[who] = mine.get(who, Decimal(0)) + Decimal(line["amount"])
    weight = func.sum(FundsEntry.amount)
    statement = (
        select(FundsEntry.worker_id, FundsEntry.stage, weight)
        .where(
            FundsEntry.project_id == advance.project_id,
            FundsEntry.worker_id.in_(known.families(sorted(mine))),
            FundsEntry.stage.in_(("advance", "advance_recovery")),
        )
        .group_by(FundsEntry.worker_id, FundsEntry.stage)
    )
    sums: dict[tuple[str, str], Decimal] = {}
    for worker, stage, value in db.session.execute(unscoped(statement, WHY)):
        place = str(known.stays(worker)), stage
        sums[place] = sums.get(place, Decimal(0)) + value
    for worker, amount in sorted(mine.items()):
        open_now = sums.get((worker, "advance"), Decimal(0)) - amount
        if open_now < sums.get((worker, "advance_recovery"), Decimal(0)):
            payment = _last_set_off(advance, worker)
            raise Invalid(SET_OFF, number=payment.number if payment else "?")


def _last_set_off(advance: Record, worker: str) -> Record | None:
    statement = (
        select(Record)
        .join(FundsEntry, FundsEntry.record_id == Record.id)
        .where(
            FundsEntry.project_id == advance.project_id,
            FundsEntry.worker_id.in_(aliases.merged().family(worker)),
            FundsEntry.stage == "advance_recovery",
            Record.state == transitions.APPROVED,
        )
        .order_by(Record.submitted_at.desc(), Record.id.desc())
    )
    return db.session.scalars(unscoped(statement, WHY)).first()


def moves(run: Record, gone: Collection[str]) -> Sequence[Move]:
    """What is owed by a run before and after some of its tickets go void."""
    left = runs.lines_now(run, runs.tickets_in(run.data) - set(gone))
    project = project_brief(str(run.project_id))
    currency = project.currency if project else ""
    before, after = runs.total(run.data["lines"]), runs.total(left)
    return [Move(str(_("Wages due")), before, after, currency)]


def work_out(run: Record, actor: Viewer, now: datetime) -> None:
    """A run without the tickets that went void: its postings are taken back and made anew."""
    standing = _approved(runs.tickets_in(run.data))
    lines = runs.lines_now(run, standing)
    data: dict[str, Any] = {**run.data, **runs.content(lines)}
    records.revise(record=run, data=data, reason="repriced", actor=actor, now=now)
    transitions.set_state(record=run, state=transitions.APPROVED, actor=actor, now=now)
    records.note(run, "record.reprice", actor=actor, now=now)


def _approved(tickets: Collection[str]) -> set[str]:
    statement = select(Record.id).where(
        Record.id.in_(sorted(tickets)), Record.state == transitions.APPROVED
    )
    return set(db.session.scalars(unscoped(statement, WHY)))
