"""Departments: the tree, and one department."""

from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import queries as accounts
from portal.accounts import services
from portal.accounts.models import Department
from portal.admin import queries
from portal.admin.area import area
from portal.admin.inputs import DepartmentForm
from portal.errors import Invalid, NotFound
from portal.web.access import system_role
from portal.web.answers import page_or_fragment, see_other
from portal.web.inputs import options
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

people_admin = system_role("people_admin")
CHOICES_MOST = 200


@area.page("/departments", access=people_admin)
def departments() -> BaseResponse:
    """The tree."""
    return page_or_fragment("admin/departments.html", rows=queries.department_tree())


@area.page("/departments/new", access=people_admin)
def new_department() -> BaseResponse:
    """An empty department, below another if one was chosen."""
    return _page(DepartmentForm(parent_id=request.args.get("parent", "")), None)


@area.page("/departments/<department_id>", access=people_admin)
def department(department_id: str) -> BaseResponse:
    """One department."""
    one = _found(department_id)
    return _page(DepartmentForm(obj=one), one)


@area.action("/departments", access=people_admin)
def create_department() -> BaseResponse:
    """Create a department."""
    return _save(None)


@area.action("/departments/<department_id>", access=people_admin)
def save_department(department_id: str) -> BaseResponse:
    """Save a department."""
    return _save(_found(department_id))


def _save(one: Department | None) -> BaseResponse:
    form = _offered(DepartmentForm.sent(), one)
    facts: dict[str, Any] = {"actor": current_viewer(), "now": clock.now()}
    try:
        if not form.validate():
            return _page(form, one, status=422)
        facts |= {key: form[key].data for key in ("code", "name", "parent_id", "head_id")}
        if one is None:
            services.create_department(**facts)
        else:
            services.edit_department(department_id=one.id, active=form.active.data, **facts)
    except Invalid as refusal:
        form.show(refusal)
        return _page(form, one, status=422)
    return see_other(url_for("admin.departments"), _("%(name)s is saved.", name=form.name.data))


def _found(department_id: str) -> Department:
    for one in accounts.departments():
        if one.id == department_id:
            return one
    raise NotFound()


def _offered(form: DepartmentForm, one: Department | None) -> DepartmentForm:
    """The form with its lists; no department is offered as its own parent."""
    others = [
        (row.department.id, "\u2003" * row.depth + row.department.name)
        for row in queries.department_tree()
        if one is None or row.department.id != one.id
    ]
    form.parent_id.choices = options([("", _("the company itself")), *others])
    people = accounts.find_people("", CHOICES_MOST)
    known = {person.id for person in people}
    head = form.head_id.data
    if head and head not in known:
        people += list(accounts.people_briefly([head]).values())
    heads = [(p.id, " · ".join(x for x in (p.name, p.title, p.login) if x)) for p in people]
    form.head_id.choices = options([("", _("nobody")), *heads])
    return form


def _page(form: DepartmentForm, one: Department | None, *, status: int = 200) -> Response:
    return page_or_fragment(
        "admin/department.html", status=status, form=_offered(form, one), department=one
    )
