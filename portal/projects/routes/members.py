"""Members of a project: who, in which roles; and the type-ahead for people."""

from typing import Any

from flask import Response, jsonify, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import queries as people
from portal.errors import Invalid
from portal.projects import queries, services
from portal.projects.inputs import MemberForm
from portal.projects.models import Project
from portal.projects.routes.area import area
from portal.projects.routes.frame import frame, manageable, role_titles
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment, see_other
from portal.web.inputs import options
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

CHOICES_MOST = 200


@area.page("/projects/<code>/members", access=signed_in)
def members(code: str) -> BaseResponse:
    """The people of a project."""
    return _page(queries.project_by_code(code), MemberForm())


@area.action("/projects/<code>/members", access=signed_in)
def add_member(code: str) -> BaseResponse:
    """Give a person a role in the project."""
    project = manageable(code)
    form = _offered(MemberForm.sent())
    try:
        if not form.validate():
            return _page(project, form, status=422)
        services.add_member(
            actor=current_viewer(),
            project_id=project.id,
            person_id=form.person_id.data,
            role=form.role.data,
            now=clock.now(),
        )
    except Invalid as refusal:
        form.show(refusal)
        return _page(project, form, status=422)
    name = people.person_name([form.person_id.data]).get(form.person_id.data, "")
    role = role_titles([form.role.data])[form.role.data]
    return see_other(
        url_for("projects.members", code=code),
        _("%(name)s is now %(role)s of this project.", name=name, role=role),
    )


@area.action("/projects/<code>/members/remove", access=signed_in)
def remove_member(code: str) -> BaseResponse:
    """Take one role away, or all of them; visibility ends with it."""
    project = manageable(code)
    person_id = request.form.get("person_id", "")
    services.remove_member(
        actor=current_viewer(),
        project_id=project.id,
        person_id=person_id,
        role=request.form.get("role") or None,
        now=clock.now(),
    )
    left = person_id == current_viewer().person_id and not request.form.get("role")
    if left and not current_viewer().sees_all_projects:
        return see_other(url_for("projects.index"), _("You have left this project."))
    return see_other(url_for("projects.members", code=code), _("Removed."))


@area.page("/people/find", access=signed_in)
def find_people() -> Response:
    """Type-ahead: active people; externals find only those of their project."""
    viewer = current_viewer()
    among = queries.member_ids(viewer.projects) if viewer.is_external else None
    found = people.find_people(request.args.get("q", "")[:100], 20, among=among)
    return jsonify(
        items=[{"value": one.id, "text": one.name, "facts": _facts(one)} for one in found]
    )


def _facts(one: people.PersonBrief) -> str:
    return " · ".join(fact for fact in (one.title, one.department, one.login) if fact)


def _offered(form: MemberForm) -> MemberForm:
    """The form with its lists; long lists of people begin with those that were searched for."""
    found = people.find_people(request.args.get("q", "")[:100], CHOICES_MOST)
    people_found = [(one.id, f"{one.name} · {_facts(one)}") for one in found]
    form.person_id.choices = options([("", _("Choose a person")), *people_found])
    form.role.choices = options(role_titles([]).items())
    return form


def _page(project: Project, form: MemberForm, *, status: int = 200) -> Response:
    members = queries.members(project.id)
    around: dict[str, Any] = frame(project)
    return page_or_fragment(
        "projects/members.html",
        status=status,
        project=project,
        members=members,
        roles=role_titles(role for one in members for role in one.roles),
        form=_offered(form) if around["may_manage"] else None,
        **around,
    )
