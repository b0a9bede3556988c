"""The portfolio: a row per project and currency; and the readings and decisions behind figures."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from portal import limits
from portal.approvals.models import ApprovalEvent
from portal.costs.columns import sheet_in_force
from portal.costs.queries import code_values, sheet_figures, totals
from portal.costs.sheet import Sheet, Standing
from portal.db import db
from portal.funds import columns as funds
from portal.funds.figures import paid_and_due
from portal.labor import columns as labor
from portal.labor.figures import worked_in
from portal.ledgers.columns import Column
from portal.ledgers.models import Posting, ProgressEntry
from portal.ledgers.naming import Document, documents_of
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.pay import may_see_pay
from portal.ledgers.standing import undoing
from portal.progress.queries import Brief, briefs
from portal.projects.queries import visible_projects
from portal.web.viewer import ProjectBrief, Viewer

Values = Mapping[str, Decimal]

FUNDS_COLUMNS: tuple[Column, ...] = (funds.PAID, funds.DUE, funds.LOOSE)
RECEIVED: tuple[Column, ...] = tuple(funds.titled(column, "in") for column in FUNDS_COLUMNS)


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """A project in one currency. Milestones stand on its first row only.

    `at_risk`: None for whoever may not see pay in the project.
    """

    project: ProjectBrief
    currency: str
    cost: Mapping[str, Figure]
    paying: Mapping[str, Figure]
    receiving: Mapping[str, Figure]
    at_risk: Figure | None
    milestones: Brief | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of all rows of one currency. Currencies are never added together."""

    currency: str
    cost: Values
    paying: Values
    receiving: Values
    at_risk: Decimal | None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The projects the viewer may see the figures of; `cost` are the columns of their cost.

    `rows` are those of one page of `count` projects, `totals` of all.
    """

    cost: Sequence[Column]
    rows: Sequence[PortfolioRow]
    totals: Sequence[Total]
    count: int = 0
    first: int = 0
    last: int = 0
    page: int = 1
    pages: int = 1


def portfolio(
    viewer: Viewer,
    now: datetime,
    page: int | None = None,
    order: Callable[[ProjectBrief], Any] | None = None,
) -> Portfolio:
    """The portfolio of a viewer, one page of it or whole; empty for people from outside.

    In the order of projects, or of what `order` says of each, equal ones as they were.
    """
    projects = [] if viewer.is_external else visible_projects()
    if order is not None:
        projects = sorted(projects, key=order)
    ids = [one.id for one in projects]
    sheet = sheet_in_force()
    columns = sheet.named(*sheet.portfolio)
    if not ids:
        return Portfolio(columns, (), ())
    codes = code_values(sheet, ids)
    cost = Found({key: totals(rows.values()) for key, rows in codes.items()})
    money = paid_and_due(ids)
    out = _by_currency(one for one in money if one.by[2] == "out")
    into = _by_currency(one for one in money if one.by[2] == "in")
    paid = {one for one in ids if may_see_pay(viewer, one)}
    risk = _by_currency(group for one in worked_in(paid).values() for group in one.sums)
    known = (cost, out, into, risk)
    size = limits.PAGE_ROWS if page else len(projects)
    pages = -(-len(projects) // size)
    page = min(max(page or 1, 1), pages)
    first = (page - 1) * size
    shown = projects[first : first + size]
    milestones = briefs(shown, now)
    rows = [
        row if one.id in paid else replace(row, at_risk=None)
        for one in shown
        for row in _rows(sheet, one, known, milestones[one.id])
    ]
    totals_ = _totals(projects, known, columns, paid)
    return Portfolio(
        columns, rows, totals_, len(projects), first + 1, first + len(shown), page, pages
    )


class Found(dict[tuple[str, str], Values]):
    """Values by (project, currency)."""

    @cached_property
    def _by_project(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for project, currency in self:
            found.setdefault(project, []).append(currency)
        return found

    def of(self, project: str) -> list[str]:
        """The currencies of a project."""
        return self._by_project.get(project, [])


Known = tuple[Found, Found, Found, Found]


def _by_currency(groups: Iterable[Any]) -> Found:
    return Found({(one.by[0], one.by[1]): one.values for one in groups})


def _rows(
    sheet: Sheet, project: ProjectBrief, known: Known, milestones: Brief
) -> Iterable[PortfolioRow]:
    for currency in _currencies(project, known):
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


def _currencies(project: ProjectBrief, known: Known) -> list[str]:
    """The project's own currency first, then the others in which it has figures."""
    used = {one for found in known for one in found.of(project.id)}
    return [project.currency, *sorted(used - {project.currency})]


def _totals(
    projects: Sequence[ProjectBrief],
    known: Known,
    columns: Sequence[Column],
    paid: Collection[str],
) -> list[Total]:
    pairs = [(one.id, currency) for one in projects for currency in _currencies(one, known)]
    totals = []
    for currency in sorted({one for _, one in pairs}):
        cost, out, into, risk = (
            [found[pair] for pair in pairs if pair[1] == currency and pair in found]
            for found in known
        )
        totals.append(
            Total(
                currency,
                add_up(cost, columns),
                add_up(out, FUNDS_COLUMNS),
                add_up(into, FUNDS_COLUMNS),
                add_up(risk, (labor.UNSIGNED_AMOUNT,))[labor.UNSIGNED_AMOUNT.key]
                if any(one in paid for one, ccy in pairs if ccy == currency)
                else None,
            )
        )
    return totals


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
