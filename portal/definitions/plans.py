"""Plans: a draft that is published at a time, by the clock."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.accounts.sessions import viewer_of
from portal.db import db, write_transaction
from portal.definitions import pilots, publishing, reviews
from portal.definitions.drafts import demand_seen, drop_plan, held_draft, plan_of
from portal.definitions.models import ModuleRelease, ReleasePlan
from portal.definitions.trail import note
from portal.errors import N_, Conflict, Forbidden, Invalid, PortalError
from portal.web.viewer import Viewer

log = logging.getLogger("portal.plans")
OUR_FAULT = N_("The portal failed while publishing it; its log says where.")
NOT_AUTHOR = N_("Whoever planned it is no author any more.")


def plan(
    *,
    release_id: str,
    at: datetime,
    projects: Collection[str],
    remark: str,
    actor: Viewer,
    now: datetime,
    seen_revision: int | None = None,
) -> ReleasePlan:
    """Publish a draft at a time; until then nobody changes it.

    It is checked now, and again then. Raises Refused, Invalid, Conflict, Forbidden, NotFound.
    """
    draft = held_draft(release_id)
    demand_seen(draft, seen_revision)
    if at <= now:
        raise Invalid(N_("This time is past. Choose a later one, or publish now."))
    pilots.demand_open(projects)
    reviews.demand_second_author(draft)
    publishing.demand_publishable(draft)
    drop_plan(draft)
    made = ReleasePlan(
        release_id=release_id,
        at=at,
        projects=sorted(projects),
        note=remark,
        planned_by=actor.person_id,
        planned_at=now,
    )
    db.session.add(made)
    db.session.flush()
    detail = {"at": at.isoformat(), "projects": sorted(projects)}
    note(actor, "module.plan", draft.module, detail, now)
    return made


def cancel(*, release_id: str, actor: Viewer, now: datetime) -> None:
    """Take a plan back: the draft can be changed again. Raises Conflict if it is gone."""
    draft = db.session.get(ModuleRelease, release_id)
    if draft is None or plan_of(release_id) is None:
        raise Conflict(N_("Nothing is planned for this draft any more."))
    drop_plan(draft)
    note(actor, "module.plan_cancel", draft.module, {}, now)
    db.session.flush()


def publish_due(now: datetime) -> int:
    """Publish what is due, each in a transaction of its own; answers how many were tried.

    What cannot be published changes nothing: the plan says why, and the draft is free again. Run
    inside system_context.
    """
    due = db.session.scalars(
        select(ReleasePlan.release_id)
        .where(ReleasePlan.at <= now, ReleasePlan.failed == "")
        .order_by(ReleasePlan.at, ReleasePlan.release_id)
    ).all()
    db.session.rollback()  # the question alone holds no lock
    for release_id in due:
        with write_transaction():
            db.session.get(ModuleRelease, release_id, with_for_update=True)  # first, as elsewhere
            held = db.session.get(ReleasePlan, release_id, with_for_update=True)
            if held is None or held.failed or held.at > now:
                continue
            _carry_out(held, now)
    return len(due)


def _carry_out(held: ReleasePlan, now: datetime) -> None:
    planner = viewer_of(held.planned_by)
    draft = db.session.get(ModuleRelease, held.release_id)
    assert draft is not None
    try:
        if not planner.has_system_role("author"):
            raise Forbidden(NOT_AUTHOR)
        with db.session.begin_nested():
            publishing.publish(
                release_id=held.release_id,
                actor=planner,
                now=now,
                remark=held.note,
                projects=held.projects,
            )
    except PortalError as error:
        held.failed, held.failed_args = error.message.id, dict(error.message.args)
        note(planner, "module.plan_failed", draft.module, {"why": str(error)}, now)
    except DBAPIError:  # a lock, the server: it is tried again at the next tick
        raise
    except Exception:
        log.exception("the planned release of %s stops", draft.module)
        held.failed, held.failed_args = OUR_FAULT, {}
        note(planner, "module.plan_failed", draft.module, {"why": OUR_FAULT}, now)
    db.session.flush()


def failed_of(person_id: str) -> Sequence[tuple[str, ReleasePlan]]:
    """(module, plan) of what this person planned and the clock could not publish, oldest first."""
    rows = db.session.execute(
        select(ModuleRelease.module, ReleasePlan)
        .join(ModuleRelease, ModuleRelease.id == ReleasePlan.release_id)
        .where(ReleasePlan.planned_by == person_id, ReleasePlan.failed != "")
        .order_by(ReleasePlan.at, ReleasePlan.release_id)
    )
    return [(module, one) for module, one in rows]
