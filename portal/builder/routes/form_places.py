"""Dragging on the form's page: a field, a column or a section to a place; a new kind dropped."""

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.builder.area import AUTHORS, area
from portal.builder.design import form_edits as edits
from portal.builder.design.form import Design
from portal.builder.design.form_places import put_field, put_section
from portal.builder.routes.field_showing import show_opened
from portal.builder.routes.form_design import back, keep, path_of, the_form
from portal.builder.routes.form_showing import show_form, the_section
from portal.builder.routes.inserting import company_currency
from portal.builder.snippets import NewField
from portal.errors import N_, Conflict, Invalid
from portal.web.answers import see_other, sentence, wants_fragment
from portal.web.filters import text_in
from portal.web.inputs import one_line
from portal.web.words import gettext as _

_AT = "/modules/<module>/draft/<file>/design"
_NEW = {"en": "New field", "zh": "新字段"}
_ASKING = frozenset({"record"})


@area.action(f"{_AT}/fields/<address>/place", access=AUTHORS)
def place_field(module: str, file: str, address: str) -> BaseResponse:
    """Put a field at a place of a section, or a column at one of its table."""
    draft, design = the_form(module, file)
    path = path_of(design, address)
    try:
        made = put_field(design.text, path, _section(design), _index())
    except (Conflict, Invalid) as refusal:
        return _refused(module, file, refusal)
    keep(draft, file, made)
    return show_form(module, file) if wants_fragment() else back(module, file, None, path)


@area.action(f"{_AT}/sections/<int:at>/place", access=AUTHORS)
def place_section(module: str, file: str, at: int) -> BaseResponse:
    """Put a section at a place among the others."""
    draft, design = the_form(module, file)
    try:
        made = put_section(design.text, the_section(design, at).at, _index())
    except (Conflict, Invalid) as refusal:
        return _refused(module, file, refusal)
    keep(draft, file, made)
    return show_form(module, file) if wants_fragment() else back(module, file, None)


@area.action(f"{_AT}/dropped", access=AUTHORS)
def drop_kind(module: str, file: str) -> BaseResponse:
    """A new field of a kind where it was dropped, opened beside; a link asks for its form first."""
    draft, design = the_form(module, file)
    kind, table = request.form.get("kind", ""), one_line(request.form.get("table", ""))
    if kind in _ASKING:
        where = {"kind": kind, "section": request.form.get("section"), "table": table}
        return see_other(url_for("builder.new_field", module=module, file=file, **where))
    taken = {one.key for one in design.fields.values() if one.table == table}
    key = edits.free_key("field", taken)
    new = NewField(kind, key, _NEW["en"], _NEW["zh"], table=table, currency=company_currency())
    path = f"{table}[].{key}" if table else key
    try:
        section = None if table else _section(design)
        made = put_field(
            edits.add_field(design.text, new, section=section), path, section, _index()
        )
    except (Conflict, Invalid) as refusal:
        return _refused(module, file, refusal)
    keep(draft, file, made)
    if wants_fragment():
        return show_opened("dropped", module, file, path)
    return back(module, file, _("“%(label)s” is in the form.", label=text_in(_NEW)), path)


def _section(design: Design) -> int | None:
    """The section named by the request, as its page showed it; raises Conflict if it changed."""
    at = request.form.get("section", type=int)
    return None if at is None else the_section(design, at).at


def _index() -> int:
    found = request.form.get("index", type=int)
    if found is None or found < 0:
        raise Invalid(N_("Say where it shall stand."))
    return found


def _refused(module: str, file: str, refusal: Conflict | Invalid) -> BaseResponse:
    errors = refusal.errors if isinstance(refusal, Invalid) else []
    said = " ".join(sentence(one.message) for one in errors) or sentence(refusal.message)
    return show_form(module, file, status=refusal.status, refused=said)
