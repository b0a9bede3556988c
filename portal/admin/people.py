"""People: list, one person's facts, a new person."""

from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock, limits
from portal.accounts import letters, services
from portal.accounts import queries as accounts
from portal.admin import queries
from portal.admin.area import area
from portal.admin.inputs import PersonForm
from portal.admin.person_page import offered, person_page
from portal.admin.words import system_role_titles
from portal.errors import Invalid
from portal.web.access import system_role
from portal.web.answers import page_or_fragment, see_other
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

people_admin = system_role("people_admin")


@area.page("/people", access=people_admin)
def people() -> BaseResponse:
    """Everybody, narrowed by text, state, department, role."""
    args = request.args
    wanted = queries.PeopleFilter(
        text=args.get("q", "").strip()[:100],
        state=args.get("state", ""),
        department_id=args.get("department", ""),
        role=args.get("role", ""),
    )
    page = max(1, min(args.get("page", 1, type=int) or 1, 10_000))
    offset = (page - 1) * limits.PAGE_ROWS
    rows, total = queries.people_page(wanted, limit=limits.PAGE_ROWS, offset=offset)
    query: dict[str, Any] = {
        k: v for k, v in args.items() if k in {"q", "state", "department", "role"} and v
    }

    def page_url(number: int) -> str:
        return url_for("admin.people", **query, page=number)

    return page_or_fragment(
        "admin/people.html",
        rows=rows,
        wanted=wanted,
        narrowed=bool(query),
        total=total,
        first=offset + 1,
        last=offset + len(rows),
        previous=page_url(page - 1) if page > 1 else None,
        following=page_url(page + 1) if offset + len(rows) < total else None,
        departments=[(one.id, one.name) for one in accounts.departments()],
        role_titles=system_role_titles(),
        role_options=[(f"system:{r}", t) for r, t in system_role_titles().items()],
    )


@area.page("/people/new", access=people_admin)
def new_person() -> BaseResponse:
    """An empty person."""
    company = accounts.company()
    return _new(PersonForm(language=company.language if company else "en"))


@area.action("/people", access=people_admin)
def create_person() -> BaseResponse:
    """Create a person, and show the link with which they choose a password."""
    form = offered(PersonForm.sent())
    now = clock.now()
    try:
        if not form.validate():
            return _new(form, status=422)
        person = services.create_person(actor=current_viewer(), now=now, **form.values())
    except Invalid as refusal:
        form.show(refusal)
        return _new(form, status=422)
    if letters.can_mail() and person.email:
        token = services.invite(actor=current_viewer(), person_id=person.id, now=now)
        letters.send_invitation(person, token, now=now)
        notice = _("%(name)s is created, and an invitation is on its way.", name=person.name)
    else:
        notice = _("%(name)s is created. Make the invitation link next.", name=person.name)
    return see_other(url_for("admin.person", person_id=person.id), notice)


@area.page("/people/<person_id>", access=people_admin)
def person(person_id: str) -> BaseResponse:
    """One person: facts, roles, projects, access."""
    return person_page(services.the_person(person_id))


@area.action("/people/<person_id>", access=people_admin)
def save_person(person_id: str) -> BaseResponse:
    """Save the facts."""
    one = services.the_person(person_id)
    form = offered(PersonForm.sent())
    try:
        if not form.validate():
            return person_page(one, form=form, status=422)
        services.edit_person(
            actor=current_viewer(), person_id=person_id, now=clock.now(), **form.values()
        )
    except Invalid as refusal:
        form.show(refusal)
        return person_page(one, form=form, status=422)
    return see_other(
        url_for("admin.person", person_id=person_id), _("%(name)s is saved.", name=form.name.data)
    )


def _new(form: PersonForm, *, status: int = 200) -> Response:
    return page_or_fragment("admin/person_new.html", status=status, form=offered(form))
