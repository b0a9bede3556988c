"""A draft's module as a whole: its title, picture, place in the menu, requirements."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries, words
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.checks import MODULE_FILE
from portal.builder.module_icons import module_icons
from portal.builder.module_inputs import NewRole, judge_general, typed_general
from portal.builder.module_parts import edits
from portal.builder.module_parts.forms import form_file, role_uses
from portal.builder.module_parts.reading import General, ModuleFile, Role, read_module
from portal.builder.module_people import role_titles, told
from portal.builder.queries import Draft
from portal.builder.saving import mark_of
from portal.builder.wording import lacking
from portal.definitions import queries as definitions
from portal.definitions import services
from portal.definitions.checking import Finding
from portal.definitions.metaschema.module import PURPOSES
from portal.errors import Invalid, NotFound
from portal.forms.texts import Text
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

AT = "/modules/<module>/draft/settings"


@area.page(AT, access=READERS)
def module_settings(module: str) -> BaseResponse:
    """The parts of module.json as inputs, and its forms."""
    draft, found = the_module_file(module)
    return show(draft, found)


@area.action(AT, access=AUTHORS)
def save_module_settings(module: str) -> BaseResponse:
    """Keep title, picture, menu and requirements; 422 if wrong, 409 if changed meanwhile."""
    draft, found = the_module_file(module)
    given = typed_general(request.form)
    if mark_of(repr(found.general)) not in (request.form.get("part"), request.form.get("over")):
        return show(draft, found, given=given, status=409, theirs=found.general)
    try:
        judge_general(given, module_icons(found.general.icon), _offered(draft.module, found))
        text = edits.set_general(found.text, given)
    except Invalid as refusal:
        return show(draft, found, given=given, status=422, errors=errors_of(refusal))
    keep(draft, {MODULE_FILE: text})
    return back(module, _("The module's settings are saved."))


def the_module_file(module: str) -> tuple[Draft, ModuleFile]:
    """The draft and the parts of its module.json; raises NotFound, Invalid."""
    draft = queries.the_draft(module)
    if MODULE_FILE not in draft.files:
        raise NotFound
    return draft, read_module(draft.files[MODULE_FILE])


def keep(draft: Draft, changed: Mapping[str, str | None]) -> None:
    """Save these files as one act; None takes one out of the draft."""
    files = {name: text for name, text in {**draft.files, **changed}.items() if text is not None}
    services.set_draft_files(
        release_id=draft.id,
        files=files,
        seen_revision=draft.revision,
        actor=current_viewer(),
        now=clock.now(),
    )


def errors_of(refusal: Invalid, otherwise: str = "") -> dict[str, str]:
    """What is wrong, by input; a refusal that names none stands at `otherwise`."""
    found = {one.path: sentence(one.message) for one in refusal.errors}
    return found or {otherwise: sentence(refusal.message)}


def back(module: str, said: str, anchor: str | None = None) -> BaseResponse:
    """To the settings, at a part."""
    return see_other(url_for("builder.module_settings", module=module, _anchor=anchor), said)


def _offered(module: str, found: ModuleFile) -> dict[str, str]:
    """The modules it may require, by title: those that are published, and those it names."""
    language = current_viewer().language
    others = {
        one.key: one.title.in_language(language)
        for one in definitions.modules()
        if one.release is not None and one.key != module
    }
    return {**others, **{one: others.get(one, one) for one in found.general.requires}}


def show(
    draft: Draft,
    found: ModuleFile,
    *,
    status: int = 200,
    given: General | None = None,
    theirs: General | None = None,
    titles: Mapping[tuple[str, str], Text] | None = None,
    new_role: NewRole | None = None,
    overtaken: list[Role] | None = None,
    errors: Mapping[str, str] | None = None,
    refused: str = "",
    in_the_way: list[Finding] | None = None,
) -> Response:
    """The settings, with what was typed where it could not be saved."""
    context: dict[str, Any] = {
        "draft": draft,
        "module": queries.the_module(draft.module),
        "given": given or found.general,
        "part": mark_of(repr(found.general)),
        "theirs": theirs,
        "icons": module_icons((given or found.general).icon),
        "groups": words.group_titles(),
        "modules": _offered(draft.module, found),
        "roles": found.roles,
        "role_parts": {(one.scope, one.role): mark_of(repr(one.title)) for one in found.roles},
        "role_uses": role_uses(draft.files),
        "titles": titles or {},
        "new_role": new_role or NewRole(),
        "overtaken": overtaken or [],
        "forms": _forms(draft, found),
        "errors": errors or {},
        "refused": refused,
        "in_the_way": in_the_way or [],
        "lacking": lacking(draft.files),
        "may_write": may_write(current_viewer()),
    }
    return page_or_fragment("builder/settings.html", status=status, **context)


def _forms(draft: Draft, found: ModuleFile) -> list[dict[str, Any]]:
    """Every form in words: its chain, who files, reads and voids it."""
    titles = role_titles(found)
    shown = []
    for entry in found.entries:
        form = form_file(draft.files, entry.form)
        who = {one: told(getattr(entry, one), form.scope, titles, one) for one in PURPOSES}
        shown.append({"form": form, "entry": entry, **who})
    return shown
