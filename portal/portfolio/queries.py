"""The portfolio: a row per project and currency; and the readings and decisions behind figures."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal.approvals.models import ApprovalEvent
from portal.costs.columns import sheet_in_force
from portal.costs.queries import code_values, sheet_figures, totals
from portal.costs.sheet import Sheet, Standing
from portal.db import db
from portal.funds import columns as funds
from portal.labor import columns as labor
from portal.ledgers.columns import Column
from portal.ledgers.models import Posting, ProgressEntry
from portal.ledgers.naming import Document, documents_of
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.queries import sums
from portal.ledgers.standing import undoing
from portal.progress.queries import Brief, briefs
from portal.projects.queries import visible_projects
from portal.web.viewer import ProjectBrief, Viewer

Values = Mapping[str, Decimal]

FUNDS_COLUMNS: tuple[Column, ...] = (funds.PAID, funds.DUE)
RECEIVED: tuple[Column, ...] = tuple(funds.titled(column, "in") for column in FUNDS_COLUMNS)


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """A project in one currency. Milestones stand on its first row only."""

    project: ProjectBrief
    currency: str
    cost: Mapping[str, Figure]
    paying: Mapping[str, Figure]
    receiving: Mapping[str, Figure]
    at_risk: Figure
    milestones: Brief | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of all rows of one currency. Currencies are never added together."""

    currency: str
    cost: Values
    paying: Values
    receiving: Values
    at_risk: Decimal


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All projects the viewer may see the figures of; `cost` are the columns of their cost."""

    cost: Sequence[Column]
    rows: Sequence[PortfolioRow]
    totals: Sequence[Total]


def portfolio(viewer: Viewer, now: datetime) -> Portfolio:
    """The portfolio of a viewer; empty for people from outside."""
    projects = [] if viewer.is_external else visible_projects()
    ids = [one.id for one in projects]
    sheet = sheet_in_force()
    columns = sheet.named(*sheet.portfolio)
    if not ids:
        return Portfolio(columns, (), ())
    cost = {key: totals(codes.values()) for key, codes in code_values(sheet, ids).items()}
    money = sums(FUNDS_COLUMNS, ("project_id", "ccy", "direction"), ids, {})
    out = _by_currency(one for one in money if one.by[2] == "out")
    into = _by_currency(one for one in money if one.by[2] == "in")
    risk = _by_currency(sums((labor.UNSIGNED_AMOUNT,), ("project_id", "ccy"), ids, {}))
    known = (cost, out, into, risk)
    milestones = briefs(projects, now)
    rows = [row for one in projects for row in _rows(sheet, one, known, milestones[one.id])]
    return Portfolio(columns, rows, _totals(rows, columns))


Found = Mapping[tuple[str, str], Values]


def _by_currency(groups: Iterable[Any]) -> dict[tuple[str, str], Values]:
    return {(one.by[0], one.by[1]): one.values for one in groups}


def _rows(
    sheet: Sheet, project: ProjectBrief, known: tuple[Found, Found, Found, Found], milestones: Brief
) -> Iterable[PortfolioRow]:
    used = {currency for found in known for id_, currency in found if id_ == project.id}
    others = sorted(used - {project.currency})
    for currency in (project.currency, *others):
        cost, out, into, risk = (found.get((project.id, currency), {}) for found in known)
        is_own = currency == project.currency
        money = Center("funds", project)
        yield PortfolioRow(
            project,
            currency,
            sheet_figures(sheet, project, currency, cost),
            money.figures(FUNDS_COLUMNS, out, direction="out", ccy=currency),
            money.figures(RECEIVED, into, direction="in", ccy=currency),
            Center("labor", project).figure(labor.UNSIGNED_AMOUNT, risk, ccy=currency),
            milestones if is_own else None,
            sheet.standing(cost) if cost else "within",
        )


def _totals(rows: Sequence[PortfolioRow], columns: Sequence[Column]) -> list[Total]:
    totals = []
    for currency in sorted({row.currency for row in rows}):
        mine = [row for row in rows if row.currency == currency]
        totals.append(
            Total(
                currency,
                add_up((_values(row.cost) for row in mine), columns),
                add_up((_values(row.paying) for row in mine), FUNDS_COLUMNS),
                add_up((_values(row.receiving) for row in mine), FUNDS_COLUMNS),
                sum((row.at_risk.value for row in mine), Decimal(0)),
            )
        )
    return totals


def _values(figures: Mapping[str, Figure]) -> Values:
    return {key: figure.value for key, figure in figures.items()}


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """A reading of a milestone. `counts`: it is the latest that stands, the others are history.

    `taken_back`: it was taken back, or takes another back.
    """

    entry: ProgressEntry
    document: Document
    taken_back: bool
    counts: bool


def readings(
    project: ProjectBrief, milestone: str | None, kinds: Collection[str]
) -> list[ReadingLine]:
    """The readings of a milestone (or of all), oldest first."""
    undone = undoing()
    statement = (
        select(ProgressEntry, func.coalesce(undone.c.id, Posting.reverses_id))
        .join(Posting, Posting.id == ProgressEntry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == ProgressEntry.posting_id)
        .where(ProgressEntry.project_id == project.id, ProgressEntry.reading.in_(list(kinds)))
        .order_by(ProgressEntry.as_of, ProgressEntry.posting_id, ProgressEntry.id)
    )
    if milestone is not None:
        statement = statement.where(ProgressEntry.milestone_id == milestone)
    rows = db.session.execute(statement).all()
    latest: dict[tuple[str, str], str] = {}
    for entry, undone_by in rows:
        if undone_by is None:
            latest[(entry.milestone_id, entry.reading)] = entry.id
    documents = documents_of({entry.record_id for entry, _ in rows})
    return [
        ReadingLine(
            entry,
            documents[entry.record_id],
            undone_by is not None,
            latest.get((entry.milestone_id, entry.reading)) == entry.id,
        )
        for entry, undone_by in rows
    ]


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided on a record last, and when."""

    name: str
    vote: str
    at: datetime


def last_decisions(record_ids: Collection[str]) -> dict[str, Decision]:
    """The last decision on each of these records that the viewer may open."""
    if not record_ids:
        return {}
    statement = (
        select(
            ApprovalEvent.record_id,
            ApprovalEvent.actor_name,
            ApprovalEvent.data,
            ApprovalEvent.at,
        )
        .where(ApprovalEvent.record_id.in_(sorted(record_ids)), ApprovalEvent.kind == "voted")
        .order_by(ApprovalEvent.at, ApprovalEvent.seq)
    )
    return {
        row.record_id: Decision(row.actor_name, str(row.data.get("vote", "")), row.at)
        for row in db.session.execute(statement)
    }
