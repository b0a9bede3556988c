"""A field under another key: everything of the draft that names it follows, in one act."""

from collections.abc import Mapping

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import AUTHORS, area
from portal.builder.design import migration
from portal.builder.design.form import Design, Field
from portal.builder.desk import lay_out
from portal.builder.form_page import FORM
from portal.builder.routes.form_design import errors_between, path_of, the_form
from portal.builder.saving import with_version
from portal.builder.uses import finding
from portal.builder.uses.renaming import Renaming, renamed
from portal.definitions import queries as definitions
from portal.definitions import services
from portal.definitions.checking import Finding
from portal.errors import N_, Invalid
from portal.forms.fieldpaths import KEY
from portal.forms.fields import FormDefinition
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.inputs import one_line
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/<module>/draft/<file>/design/fields/<address>/key"
_SENT = 200


@area.page(_AT, access=AUTHORS)
def field_key(module: str, file: str, address: str) -> BaseResponse:
    """Ask for the new key, and say what follows it."""
    return _ask(module, file, address)


@area.action(_AT, access=AUTHORS)
def change_key(module: str, file: str, address: str) -> BaseResponse:
    """Rename the key wherever the draft names it; 422 where it cannot be, or something is left.

    For a published field a step carries the stored values to the new key.
    """
    draft, design = the_form(module, file)
    one = design.fields[path_of(design, address)]
    key = one_line(request.form.get("key", ""))[:_SENT]
    if key == one.key:
        return see_other(url_for("builder.edit_field", module=module, file=file, address=address))
    try:
        _demand(design, one, key)
    except Invalid as refusal:
        errors = {"key": sentence(refusal.message)}
        return _ask(module, file, address, status=422, typed=key, errors=errors)
    old = _published(module, file)
    is_known = old is not None and one.path in old.fields
    wanted = Renaming(file.removesuffix(FORM), one.path, key, is_published=is_known)
    texts = _texts(draft, file, wanted, old)
    left = errors_between(draft, {**draft.files, **texts})
    if left:
        return _ask(module, file, address, status=422, typed=key, in_the_way=left)
    services.save_draft_files(
        release_id=draft.id, texts=texts, seen_revision=draft.revision,
        actor=current_viewer(), now=clock.now(),
    )  # fmt: skip
    said = _("The key is “%(key)s” now, everywhere in the draft.", key=key)
    if is_known:
        said = _(
            "The key is “%(key)s” now, everywhere in the draft. A step moves stored values to it.",
            key=key,
        )
    there = wanted.now.replace("[].", ".")
    return see_other(url_for("builder.edit_field", module=module, file=file, address=there), said)


def _demand(design: Design, one: Field, key: str) -> None:
    if not KEY.match(key):
        raise Invalid(
            N_("A key is written with small letters, digits and _, beginning with a letter.")
        )
    if any(each.key == key for each in design.fields.values() if each.table == one.table):
        raise Invalid(N_("The key “%(key)s” is taken."), key=key)


def _published(module: str, file: str) -> FormDefinition | None:
    """The form as it is published; None before."""
    current = definitions.current_form(file.removesuffix(FORM))
    if current is None or current.module != module:
        return None
    return current.form.definition


def _texts(
    draft: queries.Draft, file: str, wanted: Renaming, old: FormDefinition | None
) -> Mapping[str, str]:
    forms = finding.forms_of(draft, finding.others(draft.module))
    made = renamed(draft.files, forms, wanted)
    if old is not None and wanted.is_published:
        made[file] = migration.add_step(made[file], old, {"rename": [wanted.path, wanted.now]})
    elif old is not None:
        made[file] = migration.without_idle_steps(made[file], old)
    return {
        name: with_version(draft, name, text) if name.endswith(FORM) else text
        for name, text in made.items()
    }


def _ask(
    module: str,
    file: str,
    address: str,
    *,
    status: int = 200,
    typed: str = "",
    errors: Mapping[str, str] | None = None,
    in_the_way: list[Finding] | None = None,
) -> BaseResponse:
    draft, design = the_form(module, file)
    one = design.fields[path_of(design, address)]
    language = current_viewer().language
    sought = finding.Sought(finding.FIELD, one.path, file.removesuffix(FORM))
    uses, old = finding.uses(draft, sought, language), _published(module, file)
    return page_or_fragment(
        "builder/design/field_key.html",
        status=status,
        desk=lay_out(draft, file, language, run_cases=False),
        design=design,
        module=queries.the_module(module),
        field=one,
        typed=typed or one.key,
        errors=errors or {},
        in_the_way=in_the_way or [],
        count=sum(use.module == module for use in uses),
        elsewhere=[use for use in uses if use.module != module],
        is_published=old is not None and one.path in old.fields,
    )
