"""The page on which a record is voided: what is taken back, what goes along, what is in the way."""

from flask import Response
from sqlalchemy import select

from portal.accounts import queries as accounts
from portal.approvals import impact, voiding
from portal.db import db
from portal.definitions import queries as definitions
from portal.errors import Invalid
from portal.records.models import Record
from portal.records.routes.area import Panel
from portal.records.transitions import VOID
from portal.web.answers import page_or_fragment, sentence
from portal.web.viewer import Viewer, current_viewer


def void_page(
    record: Record, *, status: int = 200, comment: str = "", problem: str = ""
) -> Response:
    """The question before a record is voided."""
    viewer = current_viewer()
    plan = voiding.plan(actor=viewer, record=record)
    wanted = [one.record_id for one in plan.obstacles if one.record_id]
    readable = set(db.session.scalars(select(Record.id).where(Record.id.in_(wanted))))
    return page_or_fragment(
        "approvals/void.html",
        status=status,
        record=record,
        plan=plan,
        along=plan.records[:-1],
        titles=definitions.form_titles(),
        readable=readable,
        moves=[(one, impact.moved_by(one, viewer, VOID)) for one in plan.records if plan.is_free],
        comment=comment,
        problem=problem,
    )


def not_voided(record: Record, refused: Invalid, comment: str) -> Response:
    """The same page with why nothing was voided and what was typed."""
    db.session.rollback()
    first = refused.errors[0].message if refused.errors else refused.message
    told = "" if refused.errors and refused.errors[0].path == "record" else sentence(first)
    return void_page(record, status=422, comment=comment, problem=told)


def panels(record: Record, viewer: Viewer) -> list[Panel]:
    """On a record's page: that it is void and why; or the way to void it."""
    gone = voiding.voiding_of(record)
    if gone is not None:
        by = accounts.person_name([gone.actor_id]).get(gone.actor_id, "")
        return [Panel("approvals/_voided.html", "top", {"voiding": gone, "by": by})]
    if voiding.may_void(viewer, record):
        return [Panel("approvals/_void_link.html", "side", {"record": record})]
    return []
