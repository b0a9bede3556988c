"""The plan out to other programs and in from them: checked first, then filed all or none."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import make_response, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from portal import clock, limits
from portal.accounts.sessions import viewer_of
from portal.db import db, write_transaction
from portal.errors import N_, ChangedMeanwhile, Forbidden, Invalid, Malformed, Message, TooLarge
from portal.ids import new_id
from portal.ledgers.naming import register_entries
from portal.ledgers.pages import around, project_for_figures
from portal.progress.exchange.ical import icalendar
from portal.progress.exchange.incoming import Incoming, Reported
from portal.progress.exchange.mspdi_in import read_mspdi
from portal.progress.exchange.mspdi_out import mspdi
from portal.progress.exchange.sheet import KEYS, decoded, read_sheet, rows_of
from portal.progress.filing import Judgement, RowError, file_judged, judge_tasks, prepare
from portal.progress.moved import Difference, difference
from portal.progress.places import places
from portal.progress.plan import Plan, plan_of, plan_with
from portal.progress.proposing import draft_update, drafts_of, proposals
from portal.progress.routes.area import area
from portal.progress.routes.editing import MAY_NOT, planned_by_viewer
from portal.progress.services import may_plan
from portal.projects.queries import project_brief
from portal.reports.workbook import Column, csv_bytes
from portal.web import downloads
from portal.web.access import signed_in
from portal.web.answers import see_other
from portal.web.area import in_own_transaction
from portal.web.filters import day
from portal.web.viewer import ProjectBrief, Viewer, current_viewer
from portal.web.words import gettext as _

KEPT_MOST = 2_900_000  # characters of a file the page hands on from check to import
NO_FILE = N_("Choose a file first: MSPDI XML or CSV.")
TOO_BIG = N_("The file is too large: it may have at most %(most)s MB.")
NOT_KEPT = N_("This page is incomplete: choose the file again.")
NOTHING = N_("Every task of the file is in the plan as it is.")


@area.page("/projects/<code>/progress/schedule.xml", access=signed_in)
def schedule_xml(code: str) -> BaseResponse:
    """The plan as MSPDI XML."""
    project = project_for_figures(code)
    content = mspdi(plan_of(project), project.name, project.currency)
    return downloads.download(content, "application/xml", f"{project.code}-schedule.xml")


@area.page("/projects/<code>/progress/schedule.csv", access=signed_in)
def schedule_csv(code: str) -> BaseResponse:
    """The plan as CSV, which can be changed and brought in again."""
    project = project_for_figures(code)
    content = csv_bytes([Column(key) for key in KEYS], rows_of(plan_of(project)))
    return downloads.download(content, "text/csv; charset=utf-8", f"{project.code}-schedule.csv")


@area.page("/projects/<code>/progress/schedule.ics", access=signed_in)
def schedule_ics(code: str) -> BaseResponse:
    """The milestones, or with `all=1` every task, as a calendar."""
    project = project_for_figures(code)
    every = request.args.get("all") == "1"
    rows = [row for row in plan_of(project).work if every or row.task.is_moment]
    host = request.host.partition(":")[0]
    content = icalendar(f"{project.code} {project.name}", rows, clock.now(), host)
    return downloads.download(content, "text/calendar; charset=utf-8", f"{project.code}.ics")


@area.page("/projects/<code>/progress/exchange", access=signed_in)
def exchange(code: str) -> BaseResponse:
    """Where files go out and come in."""
    return _page(project_for_figures(code))


@area.action("/projects/<code>/progress/exchange", access=signed_in, own_transaction=True)
def bring_in(code: str) -> BaseResponse:
    """Check a file (`do=check`), or file its tasks, all or none.

    A file is read and judged while everybody else goes on writing. The check ends there; what is
    brought in is written then, in one short transaction, if the plan is still the one it was
    judged by.
    """
    project = planned_by_viewer(code)
    before = plan_of(project)
    content, kept = _content()
    viewer, now = current_viewer(), clock.now()
    today = clock.date_in(project.zone, now)
    try:
        found = _read(content, before, today)
    except Invalid as refused:
        return _page(project, errors=[RowError("", refused.message)])
    if found.errors:
        return _page(project, errors=found.errors, notes=found.notes)
    judged = judge_tasks(actor=viewer, project=project, wanted=found.wanted, now=now)
    if judged.errors:
        return _page(project, errors=judged.errors, notes=found.notes)
    after = plan_with(project, judged.tasks)
    told = proposals(viewer=viewer, project=project, found=found, plan=after, today=today)
    as_of = found.as_of or today
    if request.form.get("do") == "import":
        return _brought_in(project, found, judged, told, as_of)
    return _page(
        project,
        notes=found.notes,
        checked=found,
        moves=difference(before, after),
        plan=after,
        kept=kept,
        told=told,
        as_of=as_of,
    )


def _brought_in(
    project: ProjectBrief,
    found: Incoming,
    judged: Judgement,
    told: Sequence[Reported],
    as_of: date,
) -> BaseResponse:
    """The tasks are filed; their progress is drafted, for its reporter to check and send.

    Each draft beyond the first is written by itself: none of them counts before it is sent.
    """
    ids = {one.code: one.id for one in judged.tasks.values()}
    now = clock.now()
    rows = prepare(actor=current_viewer(), judgement=judged, now=now)
    title = _("Progress by a plan brought in, as of %(day)s", day=day(as_of))
    drafts = drafts_of(told, ids, as_of, title)

    def filed() -> BaseResponse:
        viewer = _planner_still(project)
        errors = file_judged(
            actor=viewer,
            project=project,
            wanted=found.wanted,
            judgement=judged,
            rows=rows,
            now=now,
        )
        if errors:
            return _page(project, errors=errors, notes=found.notes)
        return _led_on(project, found, _drafted(project, drafts[0]) if drafts else "", len(drafts))

    try:
        answer = in_own_transaction(filed)
    except ChangedMeanwhile as refused:
        return _page(project, errors=[RowError("", refused.message)], status=refused.status)
    for one in drafts[1:] if answer.status_code < 400 else ():
        with write_transaction():
            _drafted(project, one)
    return answer


def _planner_still(project: ProjectBrief) -> Viewer:
    """The viewer as of now, who was one while the file was judged. Raises Forbidden."""
    viewer = viewer_of(str(current_viewer().person_id))
    as_it_is = project_brief(project.id)
    if as_it_is is None or not may_plan(viewer, as_it_is):
        raise Forbidden(MAY_NOT)
    return viewer


def _drafted(project: ProjectBrief, data: Mapping[str, Any]) -> str:
    made = draft_update(actor=current_viewer(), project=project, data=data, now=clock.now())
    return made.id


def _led_on(project: ProjectBrief, found: Incoming, draft: str, drafts: int) -> BaseResponse:
    """To the plan, or to the first draft of its progress."""
    done = ngettext(
        "%(num)d task was brought in.", "%(num)d tasks were brought in.", len(found.wanted)
    )
    if not draft:
        return see_other(url_for("progress.schedule", code=project.code), done)
    says = ngettext(
        "Their progress is drafted here (%(num)d draft): check it, and send it to be signed.",
        "Their progress stands in %(num)d drafts: check them, and send them to be signed.",
        drafts,
    )
    return see_other(url_for("records.edit", record_id=draft), f"{done} {says}")


def _content() -> tuple[bytes, str]:
    """What was sent: the file, else what the check handed on; and what is to be handed on."""
    upload = request.files.get("file")
    if upload and upload.filename:
        content = upload.read(limits.UPLOAD_BYTES + 1)
        if len(content) > limits.UPLOAD_BYTES:
            raise TooLarge(TOO_BIG, most=limits.UPLOAD_BYTES // 1_000_000)
    else:
        try:
            content = b64decode(request.form.get("kept", ""), validate=True)
        except ValueError:
            raise Malformed(NOT_KEPT) from None
    kept = b64encode(content).decode()
    return content, kept if len(kept) <= KEPT_MOST else ""


def _read(content: bytes, plan: Plan, today: date) -> Incoming:
    if not content.strip():
        raise Invalid(NO_FILE)
    if _is_xml(content):
        calendars = {one.name: one.id for one in register_entries("work_calendar", "")}
        floats = {
            row.task.code: row.dates.total_float
            for row in plan.rows
            if row.dates is not None and row.dates.total_float is not None
        }
        return read_mspdi(content, plan.tasks, calendars, today=today, floats=floats)
    return read_sheet(decoded(content), plan.tasks)


def _is_xml(content: bytes) -> bool:
    """Whether a file begins as XML does, in one byte or two to a character."""
    begins = content[:200].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    return begins.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()[:1] == b"<"


def _page(
    project: ProjectBrief,
    *,
    errors: Sequence[RowError] = (),
    notes: Sequence[RowError] = (),
    checked: Incoming | None = None,
    moves: Difference | None = None,
    plan: Plan | None = None,
    kept: str = "",
    told: Sequence[Reported] = (),
    as_of: date | None = None,
    status: int = 200,
) -> BaseResponse:
    if errors:
        db.session.rollback()
        status = 422 if status == 200 else status
    context: dict[str, Any] = {
        "places": places(project),
        "may_plan": may_plan(current_viewer(), project),
        "errors": errors,
        "notes": notes,
        "checked": checked,
        "found": moves,
        "plan": plan,
        "kept": kept,
        "nothing": Message(NOTHING),
        "told": told,
        "as_of": as_of,
        "request_key": new_id(),
    }
    text = render_template("progress/exchange.html", **around(project), **context)
    return make_response(text, status)
