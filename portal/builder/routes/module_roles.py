"""The roles a draft's module declares: their titles, one more, one less."""

from collections.abc import Mapping

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from portal.builder.area import AUTHORS, area
from portal.builder.checks import MODULE_FILE
from portal.builder.module_inputs import (
    NewRole,
    role_to_add,
    title_errors,
    typed_new_role,
    typed_titles,
)
from portal.builder.module_parts import edits
from portal.builder.module_parts.forms import role_uses
from portal.builder.module_parts.reading import ModuleFile, Role
from portal.builder.routes.form_design import errors_between
from portal.builder.routes.module_settings import (
    AT,
    back,
    errors_of,
    keep,
    show,
    the_module_file,
)
from portal.builder.saving import mark_of
from portal.errors import FieldError, Invalid, NotFound
from portal.forms.texts import Text
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.action(f"{AT}/roles", access=AUTHORS)
def save_roles(module: str) -> BaseResponse:
    """Keep the titles of roles and add one; 422 if wrong, 409 for titles changed meanwhile."""
    draft, found = the_module_file(module)
    titles, new = typed_titles(request.form, found.roles), typed_new_role(request.form)
    overtaken = [one for one in found.roles if _is_overtaken(one, titles)]
    if overtaken and not request.form.get("over"):
        return show(draft, found, titles=titles, new_role=new, status=409, overtaken=overtaken)
    try:
        text = _with_roles(found, titles, new)
    except Invalid as refusal:
        errors = errors_of(refusal, "new-key")
        return show(draft, found, titles=titles, new_role=new, status=422, errors=errors)
    keep(draft, {MODULE_FILE: text})
    return back(module, _("The roles are saved."), "roles")


@area.action(f"{AT}/roles/<scope>/<role>/remove", access=AUTHORS)
def remove_role(module: str, scope: str, role: str) -> BaseResponse:
    """Take a role out that nobody names; 422 saying where it is used."""
    draft, found = the_module_file(module)
    known = next((one for one in found.roles if (one.scope, one.role) == (scope, role)), None)
    if known is None:
        raise NotFound
    title = known.title.in_language(current_viewer().language) or role
    text = edits.remove_role(found.text, known)
    places = role_uses(draft.files).get((scope, role), [])
    used = errors_between(draft, {**draft.files, MODULE_FILE: text})
    if places or used:
        refused = _("The role “%(title)s” is used and stays.", title=title)
        return show(draft, found, status=422, refused=refused, in_the_way=used)
    keep(draft, {MODULE_FILE: text})
    return back(module, _("The role “%(title)s” is out of the module.", title=title), "roles")


def _is_overtaken(role: Role, titles: Mapping[tuple[str, str], Text]) -> bool:
    """Whether somebody else gave it another title since the page was shown."""
    typed = titles.get((role.scope, role.role), role.title)
    return typed != role.title and request.form.get(f"{role.scope}-{role.role}-part") != (
        mark_of(repr(role.title))
    )


def _with_roles(found: ModuleFile, titles: Mapping[tuple[str, str], Text], new: NewRole) -> str:
    """The text with these titles and the new role; raises Invalid by input."""
    errors: list[FieldError] = []
    for (scope, role), title in titles.items():
        errors += title_errors(title, f"{scope}-{role}-")
    if errors:
        raise Invalid(errors=errors)
    text = edits.set_role_titles(found.text, titles)
    if not new.title and not new.role:
        return text
    added = role_to_add(new)
    return edits.add_role(text, added.scope, added.role, added.title)
