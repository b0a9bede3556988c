"""The inbox and the page on which people decide."""

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock, limits
from portal.accounts import queries as accounts
from portal.approvals import chains, queries, services, steps, voiding
from portal.approvals.decide_page import decide_page, elsewhere, not_enough, shown_beside, too_late
from portal.approvals.services import Seen
from portal.approvals.shell import Refused
from portal.approvals.void_page import not_voided, void_page
from portal.definitions import queries as definitions
from portal.errors import N_, Conflict, Invalid, NotFound
from portal.records import services as records
from portal.records.models import Record
from portal.web.access import signed_in, system_role
from portal.web.answers import page_or_fragment, see_other, sentence, wants_fragment
from portal.web.area import Area
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

area = Area("approvals", __name__)


@area.page("/inbox", access=signed_in)
def inbox() -> Response:
    """What waits for me, longest waiting first."""
    viewer = current_viewer()
    chosen = queries.InboxFilter(
        form=request.args.get("form", ""),
        project_id=_project_id(request.args.get("project", "")),
        text=request.args.get("q", "").strip()[:100],
    )
    number = max(1, min(request.args.get("page", 1, type=int) or 1, limits.PAGES_MOST))
    size = limits.PAGE_ROWS
    total = queries.inbox_count(viewer, chosen, most=10_000)
    rows = queries.inbox(viewer, chosen, offset=(number - 1) * size, limit=size)
    titles, waiting = definitions.form_titles(), queries.inbox_forms(viewer)
    return page_or_fragment(
        "approvals/inbox.html",
        "approvals/_inbox.html",
        rows=rows,
        chosen=chosen,
        number=number,
        size=size,
        total=total,
        titles=titles,
        waiting={key: text for key, text in titles.items() if key in waiting},
        step_title=steps.title_of,
        projects={p.id: p for p in viewer.project_list},
    )


def _project_id(code: str) -> str:
    return next((p.id for p in current_viewer().project_list if p.code == code), "")


@area.page("/inbox/<task_id>", access=signed_in)
def task(task_id: str) -> BaseResponse:
    """The record, what changed, what this decision moves, who decided, who is next."""
    found = queries.own_task(current_viewer(), task_id)
    return decide_page(found) if found.state == "open" else elsewhere(found)


@area.page("/inbox/<task_id>/preview", access=signed_in)
def preview(task_id: str) -> BaseResponse:
    """The record of a task beside the list; opened by itself, this is the page to decide on."""
    found = queries.own_task(current_viewer(), task_id)
    if not wants_fragment():
        return see_other(url_for("approvals.task", task_id=task_id))
    return shown_beside(found)


def _comment() -> str:
    """What was written: beside the record, or in the question a decision asks."""
    written = (request.form.get(name, "").strip() for name in ("comment", "why"))
    return "\n".join(text for text in written if text)


def _seen() -> Seen:
    epoch = request.form.get("epoch", type=int)
    version = request.form.get("version", type=int)
    if epoch is None or version is None:
        raise Conflict(N_("This page is incomplete. Open the record again, then decide."))
    return Seen(epoch, version)


def _decide(
    task_id: str, act: Callable[[], Any], done: str, *, typed_as: str = "comment"
) -> BaseResponse:
    """Carry out one decision; if it cannot be, the page says why and keeps what was typed."""
    viewer = current_viewer()
    found = queries.own_task(viewer, task_id)
    typed = {typed_as: _comment(), "to": request.form.get("to", "")}
    try:
        number = act().record.number or ""
    except Invalid as error:
        told = [sentence(one.message) for one in error.errors] or [sentence(error.message)]
        return not_enough(task_id, told, typed)
    except (Conflict, Refused) as refused:
        why = sentence(refused.message)
        if refused.status == Invalid.status:
            return not_enough(task_id, [why], typed)
        if refused.status != Conflict.status:
            raise
        return too_late(task_id, why, seen=request.form.get("version", type=int), typed=typed)
    goes_on = request.form.get("then") == "next"
    following = queries.next_task(viewer, found.opened_at, found.id) if goes_on else None
    if following:
        return see_other(
            url_for("approvals.task", task_id=following),
            _("%(number)s: %(done)s The next one that waits for you:", number=number, done=done),
        )
    if request.form.get("then") == "inbox":
        return see_other(
            url_for("approvals.inbox"), _("%(number)s: %(done)s", number=number, done=done)
        )
    return see_other(url_for("records.detail", record_id=found.record_id), done)


@area.action("/inbox/<task_id>/approve", access=signed_in)
def approve(task_id: str) -> BaseResponse:
    """Approve what was seen."""
    return _decide(
        task_id,
        lambda: services.approve(
            actor=current_viewer(),
            task_id=task_id,
            seen=_seen(),
            comment=_comment(),
            now=clock.now(),
        ),
        _("Approved."),
    )


@area.action("/inbox/<task_id>/reject", access=signed_in)
def reject(task_id: str) -> BaseResponse:
    """Reject what was seen."""
    return _decide(
        task_id,
        lambda: services.reject(
            actor=current_viewer(),
            task_id=task_id,
            seen=_seen(),
            comment=_comment(),
            now=clock.now(),
        ),
        _("Rejected. The requester is told."),
    )


@area.action("/inbox/<task_id>/return", access=signed_in)
def send_back(task_id: str) -> BaseResponse:
    """Return the record to its requester or an earlier step."""
    return _decide(
        task_id,
        lambda: services.send_back(
            actor=current_viewer(),
            task_id=task_id,
            seen=_seen(),
            to=request.form.get("to", "start"),
            comment=_comment(),
            now=clock.now(),
        ),
        _("Returned. The requester is told."),
    )


@area.action("/inbox/<task_id>/transfer", access=signed_in)
def transfer(task_id: str) -> BaseResponse:
    """Hand the own seat to somebody else."""
    return _decide(
        task_id,
        lambda: services.transfer(
            actor=current_viewer(),
            task_id=task_id,
            seen=_seen(),
            to=request.form.get("to", ""),
            comment=_comment(),
            now=clock.now(),
        ),
        _("Handed over."),
        typed_as="hand_why",
    )


@area.action("/records/<record_id>/withdraw", access=signed_in)
def withdraw(record_id: str) -> BaseResponse:
    """Take the own record back."""
    records.get(record_id)
    services.withdraw(
        actor=current_viewer(),
        record_id=record_id,
        comment=_comment(),
        now=clock.now(),
    )
    return see_other(
        url_for("records.detail", record_id=record_id),
        _("Withdrawn. Everyone who had it is told."),
    )


@area.page("/records/<record_id>/void", access=signed_in)
def ask_to_void(record_id: str) -> Response:
    """What voiding a record takes back, what goes with it, and what is in the way."""
    return void_page(records.get(record_id))


@area.action("/records/<record_id>/void", access=signed_in)
def void(record_id: str) -> BaseResponse:
    """Void a record with a reason; refused as long as others stand on it."""
    record = records.get(record_id)
    try:
        gone = voiding.void(
            actor=current_viewer(),
            record_id=record_id,
            seen_revision=request.form.get("version", 0, type=int),
            reason=_comment(),
            now=clock.now(),
        )
    except Invalid as refused:
        return not_voided(record, refused, _comment())
    done = _("Void. Everyone who signed it is told.")
    if len(gone) > 1:
        done = _("%(count)s records are void. Everyone who signed them is told.", count=len(gone))
    return see_other(url_for("records.detail", record_id=record_id), done)


@area.page("/stuck", access=system_role("operator"))
def stuck() -> Response:
    """Approvals that wait for an operator."""
    return page_or_fragment(
        "approvals/stuck.html",
        rows=queries.stuck_approvals(),
        titles=definitions.form_titles(),
    )


@area.page("/stuck/<record_id>", access=system_role("operator"))
def stuck_one(record_id: str) -> Response:
    """One stuck approval: where, why, and what can be done."""
    record = queries.stuck_record(record_id)
    return _stuck_page(record)


def _stuck_page(record: Record, *, status: int = 200, **extra: Any) -> Response:
    viewer = current_viewer()
    approval = queries.newest_approval(record.id)
    if approval is None:
        raise NotFound()
    return page_or_fragment(
        "approvals/stuck_one.html",
        status=status,
        record=record,
        epoch=steps.stalled_epoch(approval),
        chain=chains.shown_chain(record, approval, viewer.language, clock.now(), access={}),
        people=accounts.active_people(),
        **extra,
    )


@area.action("/stuck/<record_id>/assign", access=system_role("operator"))
def assign(record_id: str) -> BaseResponse:
    """Give a stuck step somebody who passes every check."""
    record = queries.stuck_record(record_id)
    comment = _comment()
    try:
        services.assign(
            actor=current_viewer(),
            record_id=record_id,
            epoch=request.form.get("epoch", 0, type=int),
            to=request.form.get("to", ""),
            comment=comment,
            now=clock.now(),
        )
    except Refused as refused:
        return _stuck_page(record, status=422, problem=sentence(refused.message), comment=comment)
    return see_other(url_for("approvals.stuck"), _("Assigned; the person is told."))


@area.action("/stuck/<record_id>/refresh", access=system_role("operator"))
def refresh(record_id: str) -> BaseResponse:
    """Look again for people and values."""
    record = queries.stuck_record(record_id)
    try:
        services.refresh(actor=current_viewer(), record_id=record_id, comment="", now=clock.now())
    except Refused as refused:
        return _stuck_page(record, status=422, problem=sentence(refused.message))
    return see_other(url_for("approvals.stuck"), _("It goes on."))


@area.action("/stuck/<record_id>/terminate", access=system_role("operator"))
def terminate(record_id: str) -> BaseResponse:
    """End an approval without judging it."""
    record = queries.stuck_record(record_id)
    comment = _comment()
    if not comment:
        return _stuck_page(record, status=422, problem=_("Say why: a comment is needed."))
    services.terminate(
        actor=current_viewer(), record_id=record_id, comment=comment, now=clock.now()
    )
    return see_other(url_for("approvals.stuck"), _("Ended; the requester is told."))
