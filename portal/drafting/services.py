"""Making the draft of a funds plan: an ordinary draft, which somebody looks over and sends."""

from datetime import datetime

from portal.drafting.lines import Draft
from portal.errors import N_, Invalid
from portal.funds.words import PLAN_FORM
from portal.ids import new_id
from portal.records import services as records
from portal.records.models import Record
from portal.web.viewer import ProjectBrief, Viewer

MOST = 300
EMPTY = N_("Nothing is to be expected in these months that no plan expects yet.")
TOO_MANY = N_("These months have more than %(most)s lines. Draft fewer months at a time.")


def begin_plan(
    *, actor: Viewer, project: ProjectBrief, made: Draft, title: str, basis: str, now: datetime
) -> Record:
    """A draft of a funds plan with these lines. Raises Forbidden; Invalid without any line."""
    if not made.lines:
        raise Invalid(EMPTY)
    if len(made.lines) > MOST:
        raise Invalid(TOO_MANY, most=MOST)
    data = {
        "title": title[:160],
        "month": made.first.isoformat(),
        "basis": basis[:2000],
        "lines": [
            {
                "_id": new_id(),
                "on": one.on.isoformat(),
                "direction": one.direction,
                "category": one.category,
                "contract": one.contract,
                "amount": f"{one.amount:.2f}",
                "note": one.reason,
            }
            for one in made.lines
        ],
    }
    origin = records.Origin(PLAN_FORM, project.id, data)
    return records.fill_draft(actor=actor, origin=origin, now=now)
