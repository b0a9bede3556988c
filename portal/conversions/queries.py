"""What the pages of jobs read; their routes judge who may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.conversions import reasons
from portal.conversions.models import Conversion, ConvertedRecord
from portal.db import db
from portal.errors import Message, NotFound
from portal.records.models import Record

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class LeftRecord:
    """A record a job left as it is; number and reason in full only for who may see it."""

    record_id: str | None
    name: str
    outcome: str
    why: Message | None
    at: datetime


def all_jobs() -> Sequence[Conversion]:
    """Every job, the newest first."""
    return db.session.scalars(select(Conversion).order_by(Conversion.started_at.desc())).all()


def jobs(module: str) -> Sequence[Conversion]:
    """The jobs of a module, the newest first."""
    statement = select(Conversion).where(Conversion.module == module)
    return db.session.scalars(statement.order_by(Conversion.started_at.desc())).all()


def the_job(module: str, job_id: str) -> Conversion:
    """One job of a module; raises NotFound."""
    found = db.session.get(Conversion, job_id)
    if found is None or found.module != module:
        raise NotFound
    return found


def outcomes(job: Conversion) -> Mapping[str, int]:
    """How many records came to what."""
    rows = db.session.execute(
        select(ConvertedRecord.outcome, func.count())
        .where(ConvertedRecord.conversion_id == job.id)
        .group_by(ConvertedRecord.outcome)
    )
    return {row.outcome: row[1] for row in rows}


def left(job: Conversion, outcome: str = "", page: int = 1) -> tuple[list[LeftRecord], int]:
    """A page of the records a job left as they are, and how many there are."""
    which = [outcome] if outcome else [*reasons.LEFT, reasons.CHANGED]
    where = (ConvertedRecord.conversion_id == job.id, ConvertedRecord.outcome.in_(which))
    count = db.session.scalar(select(func.count()).select_from(ConvertedRecord).where(*where)) or 0
    rows = db.session.scalars(
        select(ConvertedRecord)
        .where(*where)
        .order_by(ConvertedRecord.record_id)
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    ).all()
    seen = names_of([row.record_id for row in rows])
    return [
        LeftRecord(
            row.record_id if row.record_id in seen else None,
            seen.get(row.record_id, ""),
            row.outcome,
            reasons.read(row.why) if row.record_id in seen else None,
            row.at,
        )
        for row in rows
    ], count


def names_of(record_ids: Sequence[str]) -> Mapping[str, str]:
    """Number and title of those records the reader may see, by id."""
    rows = db.session.execute(
        select(Record.id, Record.number, Record.subject).where(Record.id.in_(record_ids))
    )
    return {row.id: " · ".join(filter(None, (row.number, row.subject))) for row in rows}
