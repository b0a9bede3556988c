"""The verbs of conversions: start one, take it back, take it back half-way. They flush."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from portal.audit import services as audit
from portal.conversions import choosing
from portal.conversions.models import Conversion
from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.errors import N_, Conflict, FieldError, Invalid, Message, NotFound
from portal.web.viewer import Viewer

WAITING, RUNNING, DONE = "waiting", "running", "done"
UNDOING, UNDONE, FAILED = "undoing", "undone", "failed"
OVER = (DONE, FAILED)
AT_WORK = (WAITING, RUNNING, UNDOING)
CHOOSE = N_("Choose which records are to move.")
NONE = N_("There are no such records under another release.")
ONE_AT_A_TIME = N_("Records of this form are being moved already.")
AFTERWARDS = N_("Start again when that is done.")


def start(
    *, actor: Viewer, release_id: str, form: str, choices: Collection[str], now: datetime
) -> Conversion:
    """Queue a job that moves records of a form to a published release of its module.

    Raises NotFound for no such release or form, Invalid where nothing was chosen or is there,
    Conflict while another job works on this form.
    """
    release = definitions.release(release_id)
    if form not in release.forms:
        raise NotFound
    wanted = [one for one in choosing.CHOICES if one in choices]
    total = choosing.chosen(form, release_id).total(wanted)
    if not wanted or not total:
        message = Message(NONE if wanted else CHOOSE)
        raise Invalid(errors=[FieldError("choices", "none", message)])
    _demand_quiet(form)
    job = Conversion(
        module=release.module,
        form=form,
        release_id=release_id,
        states=wanted,
        total=total,
        started_by=actor.person_id,
        started_at=now,
    )
    db.session.add(job)
    db.session.flush()
    note(job, "conversion.start", actor=actor, now=now)
    return job


def undo(*, actor: Viewer, conversion_id: str, now: datetime) -> Conversion:
    """Queue taking a job back: what it moved and nobody changed since becomes what it was.

    Raises NotFound; Conflict where the job is not done, or another works on its form.
    """
    job = locked(conversion_id)
    if job is None:
        raise NotFound
    if job.state not in OVER:
        raise Conflict(N_("Only what is done can be taken back, and once."))
    _demand_quiet(job.form)
    job.state, job.cursor, job.held_until, job.undone_by = UNDOING, "", None, actor.person_id
    db.session.flush()
    note(job, "conversion.undo", actor=actor, now=now)
    return job


def _demand_quiet(form: str) -> None:
    statement = select(Conversion.id).where(Conversion.form == form, Conversion.state.in_(AT_WORK))
    if db.session.scalar(statement) is not None:
        raise Conflict(ONE_AT_A_TIME, hint=AFTERWARDS)


def locked(conversion_id: str) -> Conversion | None:
    """The job as it is now, locked until the transaction ends."""
    statement = select(Conversion).where(Conversion.id == conversion_id).with_for_update()
    return db.session.scalars(
        unscoped(statement, "jobs are of the portal"), execution_options={"populate_existing": True}
    ).first()


def note(job: Conversion, action: str, *, actor: Viewer | None, now: datetime) -> None:
    """Write the audit row of what happened to a job."""
    release = definitions.release(job.release_id)
    audit.record(
        actor=actor,
        action=action,
        object_kind="module",
        object_id=job.module,
        detail={
            "conversion": job.id,
            "form": job.form,
            "release": release.number,
            "records": job.total,
            "carried": job.done - job.kept,
            "left": job.kept,
        },
        now=now,
    )
