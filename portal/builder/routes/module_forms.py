"""The forms of a draft's module: their chains, who files and reads them, one more, one less."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import queries as accounts
from portal.builder import queries
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.checks import MODULE_FILE
from portal.builder.cloning.sources import taken
from portal.builder.design.form_edits import free_key
from portal.builder.module_inputs import (
    NEW_CHAIN,
    EntryInputs,
    form_to_add,
    judge_entry,
    stored_entry,
    typed_entry,
    typed_form,
)
from portal.builder.module_parts import edits
from portal.builder.module_parts.forms import (
    NewForm,
    chains_of,
    files_of_form,
    form_file,
    with_chain,
    with_form,
    without_form,
)
from portal.builder.module_parts.reading import Entry, ModuleFile
from portal.builder.module_people import chains, grouped, named, people, role_titles, told
from portal.builder.queries import Draft
from portal.builder.routes.form_design import errors_between
from portal.builder.routes.module_settings import (
    AT,
    back,
    errors_of,
    keep,
    the_module_file,
)
from portal.builder.saving import mark_of
from portal.definitions.metaschema.module import PURPOSES
from portal.definitions.neighbors import known_beside
from portal.errors import Invalid, NotFound
from portal.forms.texts import Text
from portal.web.answers import page_or_fragment, see_other
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_FORM = f"{AT}/forms/<form>"


@area.page(f"{AT}/new-form", access=AUTHORS)
def new_module_form(module: str) -> BaseResponse:
    """The inputs of one more form."""
    queries.the_draft(module)
    return _show_new(module, NewForm("", Text()))


@area.action(f"{AT}/forms", access=AUTHORS)
def add_module_form(module: str) -> BaseResponse:
    """Add a form with an example, and a chain of one step where it takes one."""
    draft, _found = the_module_file(module)
    company = accounts.company()
    new = typed_form(request.form, company.currency if company else "CNY")
    try:
        made = form_to_add(new, _taken(draft))
    except Invalid as refusal:
        return _show_new(module, new, 422, errors_of(refusal))
    keep(draft, with_form(draft.files, made))
    return see_other(
        url_for("builder.design_form", module=module, file=f"{made.key}.form.json"),
        _("The form is there, with a title and an amount. Add what it needs."),
    )


@area.page(_FORM, access=READERS)
def module_form(module: str, form: str) -> BaseResponse:
    """Which chain a form takes, who files it and who reads it."""
    draft, found = the_module_file(module)
    entry = _the_entry(found, form)
    return _show(draft, found, entry, stored_entry(entry))


@area.action(_FORM, access=AUTHORS)
def save_module_form(module: str, form: str) -> BaseResponse:
    """Keep what was chosen; 422 if wrong, 409 if somebody else changed it meanwhile."""
    draft, found = the_module_file(module)
    entry = _the_entry(found, form)
    given = typed_entry(request.form)
    if _mark(entry) not in (request.form.get("part"), request.form.get("over")):
        return _show(draft, found, entry, given, status=409, theirs=stored_entry(entry))
    known = [*chains_of(draft.files, form), NEW_CHAIN, entry.workflow]
    try:
        judge_entry(given, known, people(found, named(entry)))
    except Invalid as refusal:
        return _show(draft, found, entry, given, status=422, errors=errors_of(refusal))
    keep(draft, _changed(draft, entry, given))
    return back(module, _("Who may do what with the form is saved."), "forms")


@area.page(f"{_FORM}/remove", access=AUTHORS)
def ask_to_remove_form(module: str, form: str) -> BaseResponse:
    """Ask before a form is taken out, or say where it is used."""
    draft, found = the_module_file(module)
    _the_entry(found, form)
    return _show_removal(draft, form)


@area.action(f"{_FORM}/remove", access=AUTHORS)
def remove_module_form(module: str, form: str) -> BaseResponse:
    """Take a form out with its chain, posting rules and examples; 422 where it is used."""
    draft, found = the_module_file(module)
    _the_entry(found, form)
    left = without_form(draft.files, form)
    if errors_between(draft, left):
        return _show_removal(draft, form, 422)
    title = form_file(draft.files, form).title.in_language(current_viewer().language)
    gone = dict.fromkeys(files_of_form(draft.files, form))
    keep(draft, {**gone, MODULE_FILE: left[MODULE_FILE]})
    return back(module, _("The form “%(title)s” is out of the module.", title=title), "forms")


def _changed(draft: Draft, entry: Entry, given: EntryInputs) -> Mapping[str, str | None]:
    """The texts that differ: module.json, and the chain's file where it comes or goes."""
    form, chain = form_file(draft.files, entry.form), given.workflow
    if chain == NEW_CHAIN:
        chain = free_key(entry.form, _taken_chains(draft))
    if chain == entry.workflow:
        changed: dict[str, str | None] = {MODULE_FILE: draft.files[MODULE_FILE]}
    else:
        changed = with_chain(draft.files, form, chain)
    text = changed[MODULE_FILE] or ""
    for purpose in PURPOSES:
        text = edits.set_access(text, entry.form, purpose, getattr(given, purpose))
    return {**changed, MODULE_FILE: text}


def _taken(draft: Draft) -> frozenset[str]:
    """Every key that exists, published, shipped or in a draft."""
    return taken().keys | {name.partition(".")[0] for name in draft.files}


def _taken_chains(draft: Draft) -> set[str]:
    own = {name.partition(".")[0] for name in draft.files if name.endswith(".workflow.json")}
    owners = known_beside(draft.module).owners
    return own | {key for kind, key in owners if kind == "workflow"}


def _the_entry(found: ModuleFile, form: str) -> Entry:
    entry = found.entry(form)
    if entry is None:
        raise NotFound
    return entry


def _mark(entry: Entry) -> str:
    return mark_of(repr((entry.workflow, entry.file, entry.read, entry.void)))


def _show(
    draft: Draft,
    found: ModuleFile,
    entry: Entry,
    given: EntryInputs,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    theirs: EntryInputs | None = None,
) -> Response:
    form, titles = form_file(draft.files, entry.form), role_titles(found)
    context: dict[str, Any] = {
        "draft": draft,
        "module": queries.the_module(draft.module),
        "form": form,
        "entry": entry,
        "given": given,
        "part": _mark(entry),
        "theirs": theirs,
        "chains": chains(draft, entry.form),
        "new_chain": NEW_CHAIN,
        "groups": grouped(people(found, (*named(entry), *named(given)))),
        "told": {one: told(getattr(entry, one), form.scope, titles, one) for one in PURPOSES},
        "without": {one: told(None, form.scope, titles, one) for one in PURPOSES},
        "errors": errors or {},
        "may_write": may_write(current_viewer()),
    }
    return page_or_fragment("builder/settings_form.html", status=status, **context)


def _show_new(
    module: str, given: NewForm, status: int = 200, errors: Mapping[str, str] | None = None
) -> Response:
    return page_or_fragment(
        "builder/settings_new_form.html",
        status=status,
        module=queries.the_module(module),
        given=given,
        errors=errors or {},
    )


def _show_removal(draft: Draft, form: str, status: int = 200) -> Response:
    return page_or_fragment(
        "builder/settings_remove_form.html",
        status=status,
        draft=draft,
        module=queries.the_module(draft.module),
        form=form_file(draft.files, form),
        files=files_of_form(draft.files, form),
        in_the_way=errors_between(draft, without_form(draft.files, form)),
    )
