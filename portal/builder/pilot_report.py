"""A release in pilot beside the rest: what was filed since, how it went, and how long it took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import exists, select

from portal.approvals.models import ApprovalEvent
from portal.builder import words
from portal.db import db, unscoped
from portal.definitions import catalog, pilots
from portal.records.models import Record
from portal.usage import queries as usage

MOST = 5_000
_WHY = "authors compare how a pilot goes: counts and times, no content"


@dataclass(frozen=True, slots=True)
class Went:
    """How the records of one side went; `hours` is the median from sending to the end, `refused`
    how often a form was sent with something wrong."""

    filed: int
    open: int
    approved: int
    rejected: int
    returned: int
    hours: float | None
    refused: int


@dataclass(frozen=True, slots=True)
class PilotReport:
    """The release in pilot, where and since when, and both sides since then."""

    number: int
    since: datetime
    projects: str
    here: Went
    rest: Went


def pilot_report(module: str) -> PilotReport | None:
    """The pilot of a module beside everything else filed since it began; None if none runs."""
    pilot = pilots.pilot_of(module)
    if pilot is None:
        return None
    returned = exists(
        select(ApprovalEvent.id).where(
            ApprovalEvent.record_id == Record.id, ApprovalEvent.kind == "returned"
        )
    )
    rows = db.session.execute(
        unscoped(
            select(
                Record.release_id, Record.state, Record.submitted_at, Record.decided_at, returned
            )
            .where(Record.module == module, Record.submitted_at >= pilot.since)
            .order_by(Record.submitted_at.desc(), Record.id)
            .limit(MOST),
            _WHY,
        )
    ).all()
    forms = [one.key for one in catalog.current_catalog().forms_of(module)]
    sent, others = usage.sendings(pilot.release_id, pilot.since.date(), forms)
    return PilotReport(
        pilot.number,
        pilot.since,
        words.projects_of(pilot.projects),
        _went([row[1:] for row in rows if row[0] == pilot.release_id], sent.refused),
        _went([row[1:] for row in rows if row[0] != pilot.release_id], others.refused),
    )


def _went(rows: Sequence[Any], refused: int) -> Went:
    states = [state for state, *_ in rows]
    spans = [(end - begin).total_seconds() / 3600 for _, begin, end, _ in rows if end is not None]
    return Went(
        filed=len(rows),
        open=sum(one in ("submitted", "returned") for one in states),
        approved=states.count("approved"),
        rejected=states.count("rejected"),
        returned=sum(bool(back) for *_, back in rows),
        hours=median(spans) if spans else None,
        refused=refused,
    )
