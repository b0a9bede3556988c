"""Roles: who holds what; administrators hand on what they hold themselves."""

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import queries as accounts
from portal.accounts import rolebook, services
from portal.admin import queries
from portal.admin.area import area
from portal.admin.inputs import GrantForm
from portal.admin.words import system_role_duties, system_role_titles
from portal.errors import Invalid
from portal.web.access import administration
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.filters import text_in
from portal.web.inputs import options
from portal.web.viewer import SYSTEM_ROLES, current_viewer
from portal.web.words import gettext as _

CHOICES_MOST = 200


@area.page("/roles", access=administration)
def roles() -> BaseResponse:
    """System roles with their duties, company roles with their holders."""
    return _page(GrantForm())


@area.action("/roles", access=administration)
def grant() -> BaseResponse:
    """Give a role to a person."""
    form = _offered(GrantForm.sent())
    try:
        if not form.validate():
            return _page(form, status=422)
        kind, _colon, role = form.role.data.partition(":")
        services.grant_role(
            actor=current_viewer(), person_id=form.person_id.data, kind=kind, role=role,
            now=clock.now(),
        )  # fmt: skip
    except Invalid as refusal:
        form.show(refusal)
        return _page(form, status=422)
    return see_other(url_for("admin.roles"), _("The role is given; it holds from now on."))


@area.action("/roles/revoke", access=administration)
def revoke() -> BaseResponse:
    """Take a role from a person."""
    kind, _colon, role = request.form.get("role", "").partition(":")
    try:
        services.revoke_role(
            actor=current_viewer(), person_id=request.form.get("person_id", ""), kind=kind,
            role=role, now=clock.now(),
        )  # fmt: skip
    except Invalid as refusal:
        return see_other(url_for("admin.roles"), sentence(refusal.message), tone="warning")
    return see_other(url_for("admin.roles"), _("The role is taken away; this holds from now on."))


def _company_titles() -> dict[str, str]:
    held = {role for kind, role in queries.holders_by_role() if kind == "company"}
    return {r: text_in(t) for r, t in rolebook.titles("company", also=held).items()}


def _offered(form: GrantForm) -> GrantForm:
    viewer = current_viewer()
    found = accounts.find_people(request.args.get("q", "")[:100], CHOICES_MOST)
    people = [(p.id, " · ".join(x for x in (p.name, p.title, p.login) if x)) for p in found]
    form.person_id.choices = options([("", _("Choose a person")), *people])
    titles = system_role_titles()
    mine = [(f"system:{r}", titles[r]) for r in SYSTEM_ROLES if r in viewer.system_roles]
    form.role.choices = options(mine, _("System roles"))
    if viewer.has_system_role("people_admin"):
        company = [(f"company:{r}", title) for r, title in _company_titles().items()]
        form.role.choices += options(company, _("Company roles"))
    return form


def _page(form: GrantForm, *, status: int = 200) -> Response:
    viewer = current_viewer()
    return page_or_fragment(
        "admin/roles.html",
        status=status,
        form=_offered(form),
        system_titles=system_role_titles(),
        duties=system_role_duties(),
        company_titles=_company_titles(),
        project_titles={r: text_in(t) for r, t in rolebook.titles("project").items()},
        holders=queries.holders_by_role(),
        may_company=viewer.has_system_role("people_admin"),
    )
