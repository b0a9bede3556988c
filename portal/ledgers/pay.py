"""Who may see what a single worker earns, and what would tell it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, distinct, exists, func, or_, select

from portal.db import db
from portal.definitions.queries import form_in, may_see_private, read_reach
from portal.ledgers.columns import Column
from portal.ledgers.models import FundsEntry, LaborEntry
from portal.ledgers.queries import Where, matching, sums
from portal.web.viewer import Viewer

RUN = "accrual_run"
TICKET_OF_RUN = "lines[].ticket"
FEWEST = 3
"""A sum of the pay of fewer workers is as private as its entries."""


def may_see_wages(viewer: Viewer, project_id: str) -> bool:
    """Whoever may read the accruals of a project; its members while no form of wages is in use."""
    if viewer.is_external:
        return False
    if viewer.is_auditor:
        return True
    reach = read_reach(viewer)
    if RUN not in reach:
        return True
    projects = reach[RUN]
    return projects is None or project_id in projects


def may_see_pay(viewer: Viewer, project_id: str) -> bool:
    """Whether sums of wages are for this viewer: whoever sees wages, or the rates of tickets.

    For others even a sum would tell: file a ticket of one worker, and see by how much it grows.
    """
    if viewer.is_external:
        return False
    if may_see_wages(viewer, project_id):
        return True
    run = form_in(RUN, project_id)
    field = run.form.definition.fields.get(TICKET_OF_RUN) if run else None
    ticket = form_in(str(field.options.get("target", "")), project_id) if field else None
    return ticket is not None and may_see_private(viewer, ticket, project_id)


def tells_wages(column: Column) -> ColumnElement[bool] | None:
    """The entries behind a figure in money that would tell what single workers earn.

    Money with a worker's name, and the cost of a record that also prices hours of workers: it
    stands per row of the record as the hours do. None where a figure has none.
    """
    entry = column.entry
    if column.unit != "money" or entry is LaborEntry:
        return None
    if hasattr(entry, "worker_id"):
        named: ColumnElement[bool] = entry.worker_id.is_not(None)
        return named
    if not hasattr(entry, "cost_code_id"):
        return None
    return exists().where(
        LaborEntry.record_id == entry.record_id, LaborEntry.project_id == entry.project_id
    )


def workers_behind(
    columns: Sequence[Column], projects: Collection[str], where: Where
) -> Mapping[str, int]:
    """How many workers the pay behind each figure of a ledger is for; 0 where there is none.

    Of what a figure adds or takes away it is the part with the fewest: wages of many less the
    advance of one tell the advance, beside the wages. Who was paid and took it back is not counted.
    """
    if not hasattr(columns[0].entry, "worker_id"):
        return {column.key: _workers_priced(column, projects, where) for column in columns}
    parts = {
        column.key: [
            replace(column, key=f"{column.key} {at}", terms=(term,))
            for at, term in enumerate(column.terms)
        ]
        for column in columns
    }
    every = [one for made in parts.values() for one in made]
    paid = [one.values for one in sums(every, ("worker_id",), projects, where) if one.by[0]]
    counts = {
        key: [sum(1 for values in paid if values[one.key]) for one in made]
        for key, made in parts.items()
    }
    return {key: min(filter(None, found), default=0) for key, found in counts.items()}


def _workers_priced(column: Column, projects: Collection[str], where: Where) -> int:
    """The workers whose hours these costs price, row by row of a record, or a record as a whole."""
    entry = column.entry
    held = (
        select(entry.record_id, entry.row)
        .where(matching(entry, projects, where), column.condition(entry))
        .group_by(entry.record_id, entry.row)
        .having(column.sum(entry) != 0)
        .subquery()
    )
    row = or_(held.c.row == LaborEntry.row, held.c.row == "")
    statement = select(func.count(distinct(LaborEntry.worker_id))).join_from(
        LaborEntry, held, and_(held.c.record_id == LaborEntry.record_id, row)
    )
    return db.session.scalar(statement) or 0


def private_pay(viewer: Viewer, documents: Collection[str]) -> frozenset[str]:
    """Of these documents, those that move money of workers and whose pay the viewer may not see."""
    if not documents or viewer.is_auditor or read_reach(viewer).get(RUN, frozenset()) is None:
        return frozenset()
    statement = (
        select(FundsEntry.record_id, FundsEntry.project_id)
        .where(FundsEntry.record_id.in_(sorted(documents)), FundsEntry.worker_id.is_not(None))
        .distinct()
    )
    found = db.session.execute(statement).all()
    seen = {one: may_see_wages(viewer, one) for one in {project for _, project in found}}
    return frozenset(document for document, project in found if not seen[project])
