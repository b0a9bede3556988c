"""What approvals put on the page of a record: the chain, decisions, and what one can do."""

from collections.abc import Sequence
from typing import Any

from portal import clock
from portal.approvals import chains, decide_page, decisions, queries, void_page
from portal.approvals.services import RUNNING
from portal.records.routes.area import Panel
from portal.records.views import RecordPage
from portal.web.rendering import url_for
from portal.web.viewer import Viewer
from portal.web.words import gettext as _


def _sent_otherwise(happened: Sequence[Any]) -> int | None:
    """The version that was sent, if others changed it and its requester has to confirm that."""
    back = next((row for row in reversed(happened) if row.kind == "returned"), None)
    if back is None or back.data["why"] != "unsent":
        return None
    sent = [row for row in happened if row.kind in {"started", "resubmitted"}]
    return int(sent[-1].record_revision)


def voiding(page: RecordPage, viewer: Viewer) -> list[Panel]:
    """That a record is void, or the way to void it; registers have it too."""
    return void_page.panels(page.record, viewer)


def of_record(page: RecordPage, viewer: Viewer) -> list[Panel]:
    """The panels of a record that has a workflow."""
    record = page.record
    if page.form.workflow is None:
        return []
    approval = queries.approval_of(record)
    if approval is None and record.state != "draft":
        return []
    happened = queries.events_of(record) if approval is not None else ()
    chain = chains.shown_chain(
        record, approval, viewer.language, clock.now(), happened, page.access
    )
    made = [Panel("approvals/_chain.html", "side", {"chain": chain})]
    if approval is None:
        return made
    told = decisions.told(record, happened, viewer)
    made.append(Panel("approvals/_decisions.html", "below", {"items": told}))
    seats = queries.own_seats(viewer, record.id)
    task_id = next((seat.id for seat in seats if seat.state == "open"), None)
    may_withdraw = (
        approval.state in RUNNING
        and record.requester_id == viewer.person_id
        and decisions.may_withdraw(record, approval)
    )
    if task_id is not None or may_withdraw:
        url = url_for("approvals.task", task_id=task_id) if task_id else ""
        made.append(
            Panel(
                "approvals/_bar.html",
                "bar",
                {"task_url": url, "may_withdraw": may_withdraw, "record": record},
            )
        )
    sent = _sent_otherwise(happened) if approval.state == "returned" else None
    if sent is not None and record.requester_id == viewer.person_id:
        changes = decide_page.changes_since(record, viewer, sent)
        made.append(
            Panel("approvals/_to_confirm.html", "top", {"changes": changes, "record": record})
        )
    if approval.state == "stuck":
        text = _("This approval is stuck: nobody can decide it now. An operator was told.")
        made.append(Panel("approvals/_stuck.html", "top", {"text": text}))
    return made
