"""Weekly reports of a project: the list, what the next one would hold, one of them on paper."""

from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.definitions import queries as definitions
from portal.errors import NotFound
from portal.ledgers.pages import around, project_for_figures, record_url
from portal.printing.tables import FORMAT, TakenAlong
from portal.projects.queries import project_brief
from portal.quality.words import choice_words
from portal.records import services as records
from portal.records.routes.area import Panel
from portal.records.views import RecordPage
from portal.web.access import signed_in
from portal.web.area import Area
from portal.web.filters import day
from portal.web.viewer import ProjectBrief, Viewer, current_viewer
from portal.web.words import gettext as _
from portal.weekly.period import Period
from portal.weekly.printing import report_pdf
from portal.weekly.queries import FORM, body_of, frozen_of, next_period, reports
from portal.weekly.shown import accounts, blocks, deviation
from portal.weekly.tables import moved_tables

area = Area("weekly", __name__)


@area.page("/projects/<code>/weekly", access=signed_in)
def index(code: str) -> str:
    """The reports of a project, and what moved since the last one."""
    project = project_for_figures(code)
    period, is_bad = _asked(project)
    body = body_of(project, period)
    is_chosen = period != next_period(project, clock.now())
    viewer = current_viewer()
    form = definitions.current_form(FORM)
    may_file = form is not None and definitions.may_file(viewer, form, project.id)
    return render_template(
        "weekly/index.html",
        period=period,
        is_bad=is_bad,
        is_known=form is not None,
        reports=reports(project),
        standings=choice_words(FORM, "standing", viewer.language),
        start=_start_url(project, period) if may_file and project.status == "active" else "",
        accounts=accounts(body, project, is_chosen=is_chosen),
        deviation=deviation(body, project, is_chosen=is_chosen),
        blocks=blocks(body),
        record_url=record_url,
        **around(project),
    )


@area.page(f"/projects/<code>/weekly.{FORMAT}", access=signed_in)
def index_file(code: str, kind: str) -> BaseResponse:
    """What moved in the days asked for to take along; a report that was sent has a print."""
    project = project_for_figures(code)
    period, is_bad = _asked(project)
    if is_bad:
        raise NotFound
    is_chosen = period != next_period(project, clock.now())
    body = body_of(project, period)
    tables = moved_tables(
        accounts(body, project, is_chosen=is_chosen),
        blocks(body),
        deviation(body, project, is_chosen=is_chosen),
    )
    url = url_for(
        "weekly.index", code=project.code, _external=True,
        **{"from": period.from_on.isoformat(), "to": period.to_on.isoformat()},
    )  # fmt: skip
    title, subject = _("What moved"), f"{day(period.from_on)} – {day(period.to_on)}"
    return TakenAlong(project, "weekly", title, subject, tables, url).answer(kind)


@area.page("/projects/<code>/weekly/<record_id>.pdf", access=signed_in)
def printed(code: str, record_id: str) -> Response:
    """A report as it was sent."""
    project = project_for_figures(code)
    record, frozen = records.get(record_id), frozen_of(record_id)
    if record.form != FORM or record.project_id != project.id or frozen is None:
        raise NotFound
    return report_pdf(project, record, frozen, _period_of(frozen.body))


def panel(page: RecordPage, viewer: Viewer) -> list[Panel]:
    """On the page of a weekly report: the figures it was sent with."""
    record = page.record
    if record.form != FORM or record.project_id is None or viewer.is_external:
        return []
    project, frozen = project_brief(record.project_id), frozen_of(record.id)
    if project is None or frozen is None:
        return []
    context: dict[str, Any] = {
        "project": project,
        "record": record,
        "frozen": frozen,
        "accounts": accounts(frozen.body, project),
        "deviation": deviation(frozen.body, project),
        "blocks": blocks(frozen.body),
        "record_url": record_url,
    }
    return [Panel("weekly/_report.html", "below", context)]


def _asked(project: ProjectBrief) -> tuple[Period, bool]:
    """The days an address asks for, else those of the next report; True where it made no sense."""
    proposed = next_period(project, clock.now())
    if "from" not in request.args and "to" not in request.args:
        return proposed, False
    try:
        first = date.fromisoformat(request.args.get("from", ""))
        last = date.fromisoformat(request.args.get("to", ""))
    except ValueError:
        return proposed, True
    sound = first < last < date.max  # the day after the last one ends the period
    return (Period(first, last, project.zone), False) if sound else (proposed, True)


def _start_url(project: ProjectBrief, period: Period) -> str:
    """The form of the next report, its days and title filled in."""
    return url_for(
        "records.new",
        form_key=FORM,
        project=project.code,
        title=_("Weekly report to %(day)s", day=day(period.to_on)),
        from_on=period.from_on.isoformat(),
        to_on=period.to_on.isoformat(),
    )


def _period_of(body: Any) -> Period:
    kept = body["period"]
    first, last = (date.fromisoformat(kept[key]) for key in ("from", "to"))
    return Period(first, last, kept["zone"])
