"""Formulas on a field's page: the names they may say, and what one is worth while it is typed."""

from flask import Response, jsonify, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal.builder.area import AUTHORS, area
from portal.builder.completion.cursor import read_cursor
from portal.builder.completion.names import Names
from portal.builder.design.form import Field
from portal.builder.field_page import field_page, typed
from portal.builder.routes.field_showing import field_context
from portal.builder.routes.form_design import path_of, the_form
from portal.builder.trying import COMPUTED, CONDITION, FILTER, PREFILL, try_expression
from portal.definitions.json_source import Path
from portal.errors import NotFound
from portal.web.answers import page_or_fragment, wants_fragment
from portal.web.inputs import clean
from portal.web.viewer import current_viewer

_AT = "/modules/<module>/draft/<file>/design/fields/<address>"
_LONGEST, _MOST = 1_000, 600
_OPTIONS = {"o-filter": FILTER, "o-prefill": PREFILL}


@area.page(f"{_AT}/names", access=AUTHORS)
def formula_names(module: str, file: str, address: str) -> BaseResponse:
    """What a formula at this field may say, as [name, what it is called], in order."""
    draft, design = the_form(module, file)
    one = design.fields[path_of(design, address)]
    tree = read_cursor(design.text, 0).value
    names = Names(draft, file, tree, current_viewer().language)
    place = _place(one, _what(request.args.get("for", "")))
    found = dict(reversed(list(names.of("expression", place))))
    return jsonify([[name, found[name]] for name in list(found)[::-1][:_MOST]])


@area.ask(f"{_AT}/try", access=AUTHORS)
def try_formula(module: str, file: str, address: str) -> BaseResponse:
    """What is wrong with a formula as typed, and its value on the first example. Keeps nothing."""
    draft, design = the_form(module, file)
    one = design.fields[path_of(design, address)]
    name, language = request.form.get("try", "")[:80], current_viewer().language
    source = clean(request.form.get(name, ""))[: _LONGEST + 1]
    trial = try_expression(draft, file, one, _what(name), source, language)
    if wants_fragment():
        return Response(render_template("builder/design/trial.html", trial=trial))
    page = field_page(
        design, one, language, given=typed(request.form, one), part=request.form.get("part", "")
    )
    return page_or_fragment(
        "builder/design/field.html", **field_context(module, file, page), trials={name: trial}
    )


def _what(name: str) -> str:
    """What an input of the page says; raises NotFound for one that is no formula."""
    if name == "computed":
        return COMPUTED
    if name in _OPTIONS:
        return _OPTIONS[name]
    if name.endswith("-source"):
        return CONDITION
    raise NotFound


def _place(one: Field, what: str) -> Path:
    if what in (FILTER, PREFILL):
        return (*one.place, "x-field", what)
    return ("computed", one.path)
