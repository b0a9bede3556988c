"""What the day-labor center puts on the pages of records: filling in again, the bank's file."""

from typing import Any

from portal.labor.ledger import may_see_people
from portal.labor.services import PAYMENT
from portal.ledgers.pay import RUN
from portal.projects.queries import project_brief
from portal.records.routes.area import Panel
from portal.records.transitions import APPROVED, EDITABLE
from portal.records.views import RecordPage
from portal.web.viewer import Viewer


def of_record(page: RecordPage, viewer: Viewer) -> list[Panel]:
    """A draft accrual is filled in again; an approved payment through the bank has its file."""
    record = page.record
    context: dict[str, Any] = {"record": record}
    if record.form == RUN and record.state in EDITABLE:
        is_own = record.requester_id == viewer.person_id
        return [Panel("labor/_fill.html", "side", context)] if is_own else []
    if record.form != PAYMENT or record.state != APPROVED or record.data.get("method") != "bank":
        return []
    project = project_brief(str(record.project_id))
    if project is None or not may_see_people(viewer, project):
        return []
    return [Panel("labor/_bank.html", "side", context)]
