"""Inserting a ready field into a form's text; the rest of the text stays byte by byte."""

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import queries as accounts
from portal.builder import queries
from portal.builder.area import AUTHORS, area
from portal.builder.desk import InsertInput, lay_out
from portal.builder.routes.editor import seen_mark, show, show_overtaken, typed_text
from portal.builder.saving import Overtaken, save_text, with_version
from portal.builder.snippets import NewField, insert_field, inserted_line
from portal.definitions.json_source import SourceError
from portal.errors import Invalid, NotFound
from portal.web.answers import see_other, sentence
from portal.web.inputs import clean
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_INPUTS = ("kind", "key", "label_en", "label_zh", "table", "target", "unit")
_LABEL = 200


@area.action("/modules/<module>/draft/<file>/insert", access=AUTHORS)
def insert_into_file(module: str, file: str) -> BaseResponse:
    """Insert a field into the typed text and save it; with the next version where it needs one."""
    if not file.endswith(".form.json"):
        raise NotFound
    draft = queries.the_draft(module)
    text, values = typed_text(draft, file), _values()
    field = NewField(
        **values, required=bool(request.form.get("required")), currency=company_currency()
    )
    try:
        made = with_version(draft, file, insert_field(text, field))
        save_text(draft, file, made, seen=seen_mark(), actor=current_viewer(), now=clock.now())
    except (Invalid, SourceError) as problem:
        language = current_viewer().language
        desk = lay_out(draft, file, language, text=text, seen=seen_mark(), run_cases=False)
        return show(desk, status=422, insert=InsertInput(values, _errors(problem)))
    except Overtaken as overtaken:
        return show_overtaken(draft, file, overtaken)
    url = url_for(
        "builder.edit_file", module=module, file=file, _anchor=f"L{inserted_line(made, field)}"
    )
    return see_other(url, _("The field “%(key)s” is inserted and the draft saved.", key=field.key))


def _values() -> dict[str, str]:
    return {name: clean(request.form.get(f"new_{name}", ""))[:_LABEL] for name in _INPUTS}


def company_currency() -> str:
    """What money of a form without a project is in at first."""
    company = accounts.company()
    return company.currency if company else "CNY"


def _errors(problem: Invalid | SourceError) -> dict[str, str]:
    if isinstance(problem, Invalid) and problem.errors:
        return {one.path: sentence(one.message) for one in problem.errors}
    if isinstance(problem, SourceError):
        return {"kind": _("Mend the text first: line %(line)s cannot be read.", line=problem.line)}
    return {"kind": sentence(problem.message)}
