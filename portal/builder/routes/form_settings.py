"""What a form is as a whole: its title, numbers, what stands for a record, its list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.design import form_edits as edits
from portal.builder.design.form import Design
from portal.builder.desk import lay_out
from portal.builder.field_page import TOO_LONG
from portal.builder.next_number import next_number
from portal.builder.routes.form_design import keep, the_form
from portal.builder.saving import mark_of
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.numbering import check_pattern
from portal.forms.texts import Text, write_text
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.inputs import one_line
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/<module>/draft/<file>/design/settings"
_MOST = 12
_LENGTH = 500
_SINGLE = ("numbering", "subject", "amount")
_SEVERAL = ("facts", "columns", "filters")


@dataclass(frozen=True, slots=True)
class Settings:
    """The members as their inputs say them: texts, and keys of fields in order."""

    title: Text
    single: Mapping[str, str]
    several: Mapping[str, tuple[str, ...]]


@area.page(_AT, access=READERS)
def form_settings(module: str, file: str) -> BaseResponse:
    """Title, numbers and lists of a form."""
    _draft, design = the_form(module, file)
    return _show(module, file, _stored(design))


@area.page(f"{_AT}/next-number", access=READERS)
def form_next_number(module: str, file: str) -> BaseResponse:
    """What the next number would be with the pattern being typed."""
    _draft, design = the_form(module, file)
    pattern = one_line(request.args.get("numbering", ""))[:_LENGTH]
    shown = {"pattern": pattern, "next_number": _next_number(design, pattern)}
    return page_or_fragment("builder/design/_next_number.html", **shown)


def _next_number(design: Design, pattern: str) -> str:
    form, scope = str(design.raw.get("form", "")), str(design.raw.get("scope", "project"))
    return next_number(pattern, form=form, scope=scope, now=clock.now())


@area.action(_AT, access=AUTHORS)
def save_form_settings(module: str, file: str) -> BaseResponse:
    """Keep what was typed; 422 if wrong, 409 if somebody else changed it meanwhile."""
    draft, design = the_form(module, file)
    now, given = _stored(design), _typed()
    if (request.form.get("over") or request.form.get("part")) != _mark(now):
        return _show(module, file, given, status=409, theirs=now)
    try:
        text = _changed(design.text, now, given)
    except Invalid as refusal:
        errors = {one.path: sentence(one.message) for one in refusal.errors}
        return _show(module, file, given, status=422, errors=errors)
    keep(draft, file, text)
    return see_other(
        url_for("builder.design_form", module=module, file=file),
        _("The form's settings are saved."),
    )


def _stored(design: Design) -> Settings:
    raw, lists = design.raw, design.raw.get("list")
    listed = lists if isinstance(lists, Mapping) else {}
    several = {"facts": raw.get("facts"), **{one: listed.get(one) for one in _SEVERAL[1:]}}
    return Settings(
        title=design.title,
        single={one: str(raw.get(one) or "") for one in _SINGLE},
        several={
            name: tuple(str(key) for key in keys) if isinstance(keys, list) else ()
            for name, keys in several.items()
        },
    )


def _typed() -> Settings:
    form = request.form
    words = (one_line(form.get(f"title_{one}", ""))[: 10 * _LENGTH] for one in ("en", "zh"))
    single = {one: one_line(form.get(one, ""))[:_LENGTH] for one in _SINGLE}
    several = {
        name: tuple(
            dict.fromkeys(one_line(key)[:90] for key in form.getlist(name)[: 3 * _MOST] if key)
        )
        for name in _SEVERAL
    }
    return Settings(Text(*words), single, several)


def _mark(settings: Settings) -> str:
    return mark_of(repr(settings))


def _changed(text: str, now: Settings, given: Settings) -> str:
    """The text with what differs; raises Invalid by input."""
    errors = []
    if not given.title:
        errors.append(_wrong("title_en", N_("Give the form a title in one language at least.")))
    if not given.single["subject"]:
        errors.append(_wrong("subject", N_("Choose the field by which people know a record.")))
    for language in ("en", "zh"):
        if len(getattr(given.title, language)) > _LENGTH:
            too_long = Message(TOO_LONG, {"most": _LENGTH})
            errors.append(FieldError(f"title_{language}", "long", too_long))
    for name, most in (("facts", 2), ("columns", _MOST), ("filters", _MOST)):
        if len(given.several[name]) > most:
            told = N_("No more than %(most)s fields stand here.")
            errors.append(FieldError(name, "many", Message(told, {"most": most})))
    pattern = given.single["numbering"]
    if pattern and pattern != now.single["numbering"]:
        errors += [FieldError("numbering", "wrong", one.message) for one in check_pattern(pattern)]
    if errors:
        raise Invalid(errors=errors)
    if given.title != now.title:
        text = edits.set_member(text, "", "title", write_text(given.title))
    for name in _SINGLE:
        if given.single[name] != now.single[name]:
            text = edits.set_member(text, "", name, given.single[name] or None)
    for name in _SEVERAL:
        if given.several[name] != now.several[name]:
            part = "" if name == "facts" else "list"
            text = edits.set_member(text, part, name, list(given.several[name]) or None)
    return text


def _wrong(path: str, text: str) -> FieldError:
    return FieldError(path, "wrong", Message(text))


def _show(
    module: str,
    file: str,
    given: Settings,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    theirs: Settings | None = None,
) -> Response:
    draft, design = the_form(module, file)
    language = current_viewer().language
    fields = [(one.path, one.label.in_language(language) or one.key) for one in design.header]
    money = [(one.path, one.label.in_language(language)) for one in design.header
             if one.kind in ("money", "rollup")]  # fmt: skip
    context: dict[str, Any] = {
        "desk": lay_out(draft, file, language, run_cases=False),
        "design": design,
        "module": queries.the_module(module),
        "given": given,
        "theirs": theirs,
        "part": _mark(theirs or _stored(design)),
        "fields": fields,
        "money": money,
        "pattern": given.single["numbering"],
        "next_number": _next_number(design, given.single["numbering"]),
        "errors": errors or {},
        "may_write": may_write(current_viewer()),
    }
    return page_or_fragment("builder/design/settings.html", status=status, **context)
