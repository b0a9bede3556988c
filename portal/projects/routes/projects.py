"""Pages of projects: list, overview, settings. Addresses carry the code."""

from typing import Any

from flask import Response, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import queries as people
from portal.accounts.services import DEFAULT_CALENDAR
from portal.errors import Invalid
from portal.projects import calendar_text, queries, services, tabs
from portal.projects.inputs import STATUS_TITLES, ProjectForm
from portal.projects.models import Project
from portal.projects.routes.area import area
from portal.projects.routes.frame import frame, manageable, role_titles
from portal.web.access import signed_in, system_role
from portal.web.answers import page_or_fragment, see_other
from portal.web.next_page import safe_next
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

MANAGER, MEMBER = "project_manager", "member"


@area.page("/projects", access=signed_in)
def index() -> BaseResponse:
    """The projects one may see."""
    text, status = request.args.get("q", "").strip()[:100], request.args.get("status", "")
    if status not in STATUS_TITLES:
        status = ""
    return page_or_fragment(
        "projects/index.html",
        rows=queries.project_rows(text=text, status=status),
        q=text,
        chosen=status,
        statuses=STATUS_TITLES,
        may_create=services.may_create(current_viewer()),
    )


@area.page("/projects/new", access=system_role("people_admin"))
def new() -> BaseResponse:
    """An empty project, with the company's calendar, currency and zone."""
    company = people.company()
    calendar = company.calendar if company else DEFAULT_CALENDAR
    form = ProjectForm(
        currency=company.currency if company else "CNY",
        zone=company.zone if company else "UTC",
        weekdays=calendar.get("weekdays", []),
        holidays=calendar_text.as_text(calendar.get("holidays", [])),
        workdays=calendar_text.as_text(calendar.get("workdays", [])),
    )
    return _edit_page(form, None)


@area.action("/projects", access=system_role("people_admin"))
def create() -> BaseResponse:
    """Create a project."""
    form = _offered(ProjectForm.sent())
    try:
        if not form.validate():
            return _edit_page(form, None, status=422)
        project = services.create_project(actor=current_viewer(), now=clock.now(), **form.values())
    except Invalid as refusal:
        form.show(refusal)
        return _edit_page(form, None, status=422)
    return see_other(
        url_for("projects.members", code=project.code),
        _("The project is created. Now add its members."),
    )


@area.page("/projects/<code>", access=signed_in)
def overview(code: str) -> BaseResponse:
    """Where the project stands: what other features show of it, its facts and its people."""
    project = queries.project_by_code(code)
    viewer = current_viewer()
    if project.id in viewer.projects:
        session["project"] = project.id
    brief = queries.brief_of(project)
    members = sorted(queries.members(project.id), key=_standing)
    return page_or_fragment(
        "projects/overview.html",
        project=project,
        department=people.department_names([project.department_id or ""]).get(
            project.department_id or "", ""
        ),
        members=members,
        roles=role_titles(role for one in members for role in one.roles),
        panels=tabs.panels(viewer, brief),
        time_passed=_time_passed(project),
        **frame(project),
    )


def _standing(member: queries.Member) -> tuple[bool, bool]:
    """Who leads the project first, then who holds a role beyond being a member."""
    return MANAGER not in member.roles, set(member.roles) <= {MEMBER}


def _time_passed(project: Project) -> int | None:
    """The part of the project's time that has passed, in percent; None without both dates."""
    first, last = project.starts_on, project.ends_on
    if first is None or last is None or last <= first:
        return None
    days = (clock.date_in(project.zone, clock.now()) - first).days
    return max(0, min(100, days * 100 // (last - first).days))


@area.page("/projects/<code>/settings", access=signed_in)
def settings(code: str) -> BaseResponse:
    """The project's facts and calendar, for those who may change them."""
    project = manageable(code)
    calendar = project.calendar
    form = ProjectForm(
        obj=project,
        weekdays=calendar.get("weekdays", []),
        holidays=calendar_text.as_text(calendar.get("holidays", [])),
        workdays=calendar_text.as_text(calendar.get("workdays", [])),
    )
    return _edit_page(form, project)


@area.action("/projects/<code>/settings", access=signed_in)
def save(code: str) -> BaseResponse:
    """Save the project's facts and calendar."""
    project = manageable(code)
    form = _offered(ProjectForm.sent())
    try:
        if not form.validate():
            return _edit_page(form, project, status=422)
        project = services.edit_project(
            actor=current_viewer(), project_id=project.id, now=clock.now(), **form.values()
        )
    except Invalid as refusal:
        form.show(refusal)
        return _edit_page(form, project, status=422)
    return see_other(url_for("projects.overview", code=project.code), _("The project is saved."))


@area.action("/projects/choose", access=signed_in)
def choose() -> BaseResponse:
    """Work in this project from now on (remembered in the browser's session)."""
    project = queries.the_project(request.form.get("project_id", ""))
    session["project"] = project.id
    return see_other(safe_next(request.form.get("next")))


def _offered(form: ProjectForm) -> ProjectForm:
    """The form with its lists filled."""
    company = people.company()
    return form.offer(
        [(one.id, one.name) for one in people.departments() if one.active],
        company.currency if company else "CNY",
        company.zone if company else "UTC",
    )


def _edit_page(form: ProjectForm, project: Project | None, *, status: int = 200) -> Response:
    around: dict[str, Any] = frame(project) if project else {}
    return page_or_fragment(
        "projects/edit.html", status=status, form=_offered(form), project=project, **around
    )
