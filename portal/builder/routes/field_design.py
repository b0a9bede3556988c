"""One field of a form on a page of its own: added, looked at, changed."""

from collections.abc import Mapping

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries, words
from portal.builder.area import AUTHORS, READERS, area
from portal.builder.design import form_edits as edits
from portal.builder.design.examples import fill
from portal.builder.design.form import Design
from portal.builder.desk import lay_out
from portal.builder.field_page import (
    HINT,
    LABEL,
    TOO_LONG,
    FieldPage,
    field_page,
    part_of,
    typed,
    with_typed,
)
from portal.builder.form_page import cases_of
from portal.builder.routes.field_showing import field_context, show_opened
from portal.builder.routes.form_design import back, keep, path_of, the_form
from portal.builder.routes.inserting import company_currency
from portal.builder.snippets import KINDS, NOT_IN_TABLE, NewField
from portal.builder.starters import key_from
from portal.definitions import services
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.texts import Text
from portal.web.answers import page_or_fragment, see_other, sentence, wants_fragment
from portal.web.inputs import one_line, whole
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/<module>/draft/<file>/design"
_NEW = ("kind", "key", "label_en", "label_zh", "table", "target", "unit")
_VALUE, _SENT = 200, 5_000


@area.page(f"{_AT}/new-field", access=AUTHORS)
def new_field(module: str, file: str) -> BaseResponse:
    """Ask for the kind and the name of a new field."""
    return _show_new(
        module, file, {name: request.args.get(name, "") for name in ("kind", "section", "table")}
    )


@area.action(f"{_AT}/new-field", access=AUTHORS)
def add_field(module: str, file: str) -> BaseResponse:
    """A new field with the usual options of its kind; on to its page for the rest."""
    draft, design = the_form(module, file)
    values = {name: one_line(request.form.get(name, ""))[:_SENT] for name in (*_NEW, "section")}
    taken = {one.key for one in design.fields.values() if one.table == values["table"]}
    key = values["key"] or edits.free_key(key_from(values["label_en"]), taken)
    section = whole(values["section"])
    field = NewField(
        **{**{name: values[name] for name in _NEW}, "key": key},
        required=bool(request.form.get("required")),
        currency=company_currency(),
    )
    hint = Text(*(one_line(request.form.get(f"hint_{one}", ""))[:_SENT] for one in ("en", "zh")))
    try:
        _demand_words(Text(values["label_en"], values["label_zh"]), hint)
        text = edits.add_field(design.text, field, section=section)
    except Invalid as refusal:
        errors = {one.path: sentence(one.message) for one in refusal.errors}
        if not key and "key" in errors:
            errors["key"] = _("Write a key: none can be made from this label.")
        errors = errors or {"kind": sentence(refusal.message)}
        return _show_new(module, file, values, status=422, errors=errors)
    path = f"{field.table}[].{key}" if field.table else key
    keep(draft, file, edits.set_words(text, path, "hint", hint))
    url = url_for("builder.edit_field", module=module, file=file, address=path.replace("[].", "."))
    if request.form.get("then") == "back":
        said = Text(values["label_en"], values["label_zh"]).in_language(current_viewer().language)
        return back(module, file, _("“%(label)s” is in the form.", label=said or key), path)
    return see_other(url, _("The field is in the form. Here is all it can do."))


def _demand_words(label: Text, hint: Text) -> None:
    """Raises Invalid, by input, where there is no label or a text is too long to be kept whole."""
    wrong = []
    if not label:
        none = N_("Give the field a label in one language at least.")
        wrong.append(FieldError("label_en", "wrong", Message(none)))
    for name, text, most in (("label", label, LABEL), ("hint", hint, HINT)):
        for language in ("en", "zh"):
            if len(getattr(text, language)) > most:
                told = Message(TOO_LONG, {"most": most})
                wrong.append(FieldError(f"{name}_{language}", "long", told))
    if wrong:
        raise Invalid(errors=wrong)


@area.page(f"{_AT}/fields/<address>", access=READERS)
def edit_field(module: str, file: str, address: str) -> BaseResponse:
    """Everything one can say of a field."""
    _draft, design = the_form(module, file)
    one = design.fields[path_of(design, address)]
    return _show(module, file, field_page(design, one, current_viewer().language))


@area.action(f"{_AT}/fields/<address>", access=AUTHORS)
def save_field(module: str, file: str, address: str) -> BaseResponse:
    """Keep what was typed; 422 with all of it if wrong, 409 if somebody else changed the field."""
    draft, design = the_form(module, file)
    one = design.fields[path_of(design, address)]
    language = current_viewer().language
    given, now = typed(request.form, one), part_of(design, one)
    seen = request.form.get("over") or request.form.get("part", "")
    if seen != now:
        page = field_page(design, one, language, given=given, part=seen)
        theirs = field_page(design, one, language)
        return _show(module, file, page, status=409, theirs=theirs)
    try:
        text = with_typed(design.text, one.path, given, language)
    except Invalid as refusal:
        errors = {each.path: sentence(each.message) for each in refusal.errors}
        page = field_page(design, one, language, given=given, errors=errors)
        return _show(module, file, page, status=422)
    keep(draft, file, text)
    said = _("“%(label)s” is saved in the draft.", label=given.label.in_language(language))
    if wants_fragment():
        return show_opened("saved", module, file, one.path, said)
    return back(module, file, said, one.path)


@area.action(f"{_AT}/fields/<address>/examples", access=AUTHORS)
def fill_examples(module: str, file: str, address: str) -> BaseResponse:
    """Give the examples that lack the field a value for it."""
    draft, design = the_form(module, file)
    one = design.fields[path_of(design, address)]
    cases = cases_of(file)
    typed_value = one_line(request.form.get("value", ""))[:_VALUE]
    here = url_for("builder.edit_field", module=module, file=file, address=address)
    if cases not in draft.files or not typed_value:
        return see_other(here, _("Write the value the examples shall have."), tone="warning")
    try:
        text = fill(draft.files[cases], one, typed_value)
    except Invalid as refusal:
        return see_other(here, sentence(refusal.message), tone="warning")
    services.save_draft_file(
        release_id=draft.id, name=cases, text=text, seen_revision=draft.revision,
        actor=current_viewer(), now=clock.now(),
    )  # fmt: skip
    return back(module, file, _("The examples have a value for it now."), one.path)


def _show(
    module: str,
    file: str,
    page: FieldPage,
    *,
    status: int = 200,
    theirs: FieldPage | None = None,
) -> Response:
    return page_or_fragment(
        "builder/design/field.html",
        "builder/design/_field.html",
        status=status,
        **field_context(module, file, page, theirs),
    )


def _show_new(
    module: str,
    file: str,
    values: Mapping[str, str],
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
) -> Response:
    draft, design = the_form(module, file)
    titles = words.kind_titles()
    return page_or_fragment(
        "builder/design/new_field.html",
        status=status,
        desk=lay_out(draft, file, current_viewer().language, run_cases=False),
        design=design,
        module=queries.the_module(module),
        kinds=[(one, titles[one]) for one in KINDS],
        not_in_table=NOT_IN_TABLE,
        usual_section=_usual_section(design),
        typed=values,
        more=request.form,
        errors=errors or {},
    )


def _usual_section(design: Design) -> int | None:
    """The last section that starts open: what stands there is seen at once."""
    sections = [one for one in design.sections if one.kind == "section"]
    open_ones = [one.at for one in sections if not one.collapsed]
    return open_ones[-1] if open_ones else None
