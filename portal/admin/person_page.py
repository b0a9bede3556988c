"""The page of one person, as every action on it shows it again."""

from typing import Any

from flask import Response

from portal import clock
from portal.accounts import letters, rolebook, services
from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.own import sessions_of
from portal.admin.inputs import PersonForm
from portal.admin.words import system_role_titles
from portal.projects import queries as projects
from portal.web.answers import page_or_fragment
from portal.web.filters import text_in
from portal.web.viewer import SYSTEM_ROLES, current_viewer


def offered(form: PersonForm) -> PersonForm:
    """The form with its lists."""
    company = accounts.company()
    return form.offer(
        [(one.id, one.name) for one in accounts.departments()],
        [(one.id, f"{one.code} · {one.name}") for one in projects.visible_projects()],
        company.zone if company else "UTC",
    )


def person_page(
    person: Person, *, form: PersonForm | None = None, link: str = "", status: int = 200
) -> Response:
    """The page; `link` is a fresh invitation shown this once."""
    viewer = current_viewer()
    own = person.id == viewer.person_id
    held = accounts.roles_of(person.id)
    titles = rolebook.titles("company", also=held["company"])
    return page_or_fragment(
        "admin/person.html",
        status=status,
        person=person,
        form=offered(form or PersonForm(obj=person)),
        link=link,
        mails=letters.can_mail(),
        above=services.outranks(viewer, person.id),
        system_titles=system_role_titles(),
        system_held=[role for role in SYSTEM_ROLES if role in held["system"]],
        system_free=[
            role
            for role in SYSTEM_ROLES
            if role not in held["system"]
            and not person.external
            and services.may_grant(viewer, person.id, "system", role)
        ],
        may_take=set(SYSTEM_ROLES) if own else viewer.system_roles,
        company_titles={role: text_in(title) for role, title in titles.items()},
        company_held=sorted(held["company"]),
        memberships=_memberships(person.id),
        sessions=sessions_of(person.id, clock.now()),
        own=own,
    )


def _memberships(person_id: str) -> list[dict[str, Any]]:
    joined = projects.memberships_of(person_id)
    titles = rolebook.titles("project", also={r for roles in joined.roles.values() for r in roles})
    return [
        {
            "code": one.code,
            "name": one.name,
            "roles": [text_in(titles[role]) for role in sorted(joined.roles[one.id])],
        }
        for one in joined.projects
    ]
