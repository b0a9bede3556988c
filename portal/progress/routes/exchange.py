"""The plan out to other programs and in from them: checked first, then filed all or none."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import make_response, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from portal import clock, limits
from portal.db import db
from portal.errors import N_, Invalid, Malformed, Message, TooLarge
from portal.ids import new_id
from portal.ledgers.naming import register_entries
from portal.ledgers.pages import around, project_for_figures
from portal.progress.exchange.ical import icalendar
from portal.progress.exchange.incoming import Incoming, Reported
from portal.progress.exchange.mspdi_in import read_mspdi
from portal.progress.exchange.mspdi_out import mspdi
from portal.progress.exchange.sheet import KEYS, decoded, read_sheet, rows_of
from portal.progress.filing import RowError, file_tasks
from portal.progress.moved import Difference, difference
from portal.progress.places import places
from portal.progress.plan import Plan, plan_of
from portal.progress.proposing import draft_updates, proposals
from portal.progress.routes.area import area
from portal.progress.routes.editing import planned_by_viewer
from portal.progress.services import may_plan
from portal.reports.workbook import Column, csv_bytes
from portal.web import downloads
from portal.web.access import signed_in
from portal.web.answers import see_other
from portal.web.filters import day
from portal.web.viewer import ProjectBrief, current_viewer
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


@area.action("/projects/<code>/progress/exchange", access=signed_in)
def bring_in(code: str) -> BaseResponse:
    """Check a file (`do=check`, nothing is kept), or file its tasks, all or none."""
    project = planned_by_viewer(code)
    before = plan_of(project)
    content, kept = _content()
    viewer, now = current_viewer(), clock.now()
    today = clock.date_in(project.zone, now)
    try:
        found = _read(content, before, today)
    except Invalid as refused:
        return _page(project, errors=[RowError("", refused.message)])
    errors = found.errors or file_tasks(actor=viewer, project=project, wanted=found.wanted, now=now)
    if errors:
        return _page(project, errors=errors, notes=found.notes)
    after = plan_of(project)
    told = proposals(viewer=viewer, project=project, found=found, plan=after, today=today)
    if request.form.get("do") == "import":
        return _brought_in(project, found, after, told, found.as_of or today)
    moves = difference(before, after)
    db.session.rollback()
    return _page(
        project,
        notes=found.notes,
        checked=found,
        moves=moves,
        plan=after,
        kept=kept,
        told=told,
        as_of=found.as_of or today,
    )


def _brought_in(
    project: ProjectBrief, found: Incoming, plan: Plan, told: Sequence[Reported], as_of: date
) -> BaseResponse:
    """The tasks are filed; their progress is drafted, for its reporter to check and send."""
    done = ngettext(
        "%(num)d task was brought in.", "%(num)d tasks were brought in.", len(found.wanted)
    )
    drafts = draft_updates(
        actor=current_viewer(), project=project, told=told, as_of=as_of, now=clock.now(),
        ids={one.code: one.id for one in plan.tasks.values()},
        title=_("Progress by a plan brought in, as of %(day)s", day=day(as_of)),
    )  # fmt: skip
    if not drafts:
        return see_other(url_for("progress.schedule", code=project.code), done)
    says = ngettext(
        "Their progress is drafted here (%(num)d draft): check it, and send it to be signed.",
        "Their progress stands in %(num)d drafts: check them, and send them to be signed.",
        len(drafts),
    )
    return see_other(url_for("records.edit", record_id=drafts[0].id), f"{done} {says}")


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
) -> BaseResponse:
    if errors:
        db.session.rollback()
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
    return make_response(text, 422 if errors else 200)
