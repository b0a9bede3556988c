"""Doing jobs: batch by batch, each a transaction of its own, so that a killed job goes on.

A process holds a job for a while and says so again with every batch; when it is gone, another
takes over at the cursor, which stands in the same transaction as what was moved.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError

from portal.accounts.sessions import viewer_of
from portal.conversions import services
from portal.conversions.converting import convert_batch
from portal.conversions.models import Conversion
from portal.conversions.restoring import restore_batch
from portal.conversions.services import DONE, FAILED, RUNNING, UNDOING, UNDONE, WAITING
from portal.db import db, write_transaction

log = logging.getLogger("portal.conversions")
LEASE = timedelta(seconds=60)


def run_waiting(now: Callable[[], datetime], *, seconds: float | None = None) -> int:
    """Do what is waiting, for about so many seconds; how many batches that were.

    Run inside system_context. Jobs that another process has in hand are left to it.
    """
    until = None if seconds is None else time.monotonic() + seconds
    batches = 0
    held: dict[str, datetime] = {}
    while until is None or time.monotonic() < until:
        job_id = _next(now(), held)
        if job_id is None:
            break
        try:
            with write_transaction():
                batches += _batch(job_id, now(), held)
        except DBAPIError:  # a lock, a conflict, the server: it comes again
            log.warning("conversion %s: a batch was rolled back", job_id, exc_info=True)
            break
        except Exception:
            log.exception("conversion %s stops", job_id)
            _fail(job_id, now())
            held.pop(job_id, None)
    _release(held)
    return batches


def _fail(job_id: str, now: datetime) -> None:
    """A fault of ours: the job stops where it is and can be taken back."""
    with write_transaction():
        job = services.locked(job_id)
        if job is not None:
            job.state, job.held_until, job.ended_at = FAILED, None, now
            services.note(job, "conversion.end", actor=None, now=now)


def _next(now: datetime, held: dict[str, datetime]) -> str | None:
    """A job at work that nobody else has in hand, the oldest first."""
    statement = (
        select(Conversion.id)
        .where(
            Conversion.state.in_(services.AT_WORK),
            or_(
                Conversion.held_until.is_(None),
                Conversion.held_until < now,
                Conversion.id.in_(sorted(held)),
            ),
        )
        .order_by(Conversion.started_at)
        .limit(1)
    )
    found = db.session.scalar(statement)
    db.session.rollback()  # what follows begins by writing
    return found


def _batch(job_id: str, now: datetime, held: dict[str, datetime]) -> int:
    """One batch of a job, if it is still ours; 0 where another process was faster."""
    job = services.locked(job_id)
    if job is None or job.state not in services.AT_WORK:
        held.pop(job_id, None)
        return 0
    if job.held_until is not None and job.held_until >= now and held.get(job_id) != job.held_until:
        held.pop(job_id, None)
        return 0
    held[job_id] = job.held_until = now + LEASE
    if job.state == WAITING:
        job.state = RUNNING
    is_undoing = job.state == UNDOING
    actor = viewer_of(job.undone_by or "" if is_undoing else job.started_by)
    more = (restore_batch if is_undoing else convert_batch)(job, actor, now)
    if not more:
        job.state, job.held_until = (UNDONE if is_undoing else DONE), None
        job.ended_at = job.ended_at or now
        services.note(
            job, "conversion.undone" if is_undoing else "conversion.end", actor=actor, now=now
        )
        held.pop(job_id)
    return 1


def _release(held: dict[str, datetime]) -> None:
    """Let others go on with what is not finished."""
    for job_id, until in held.items():
        with write_transaction():
            job = services.locked(job_id)
            if job is not None and job.held_until == until:
                job.held_until = None
