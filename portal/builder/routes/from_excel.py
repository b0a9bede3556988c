"""A module from a spreadsheet: the file, what was understood of it, and then its draft."""

from collections.abc import Mapping

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import words
from portal.builder.area import AUTHORS, area
from portal.builder.cloning.sources import taken
from portal.builder.sheet_inputs import (
    SheetFileForm,
    SheetInputs,
    pack,
    plan_from,
    proposed,
    typed,
    unpack,
)
from portal.builder.sheets.columns import KINDS
from portal.builder.sheets.making import module_files
from portal.builder.sheets.proposal import Proposal, proposal
from portal.builder.sheets.services import make_module
from portal.errors import Invalid, Message
from portal.spreadsheets.archive import FILE_BYTES
from portal.spreadsheets.reading import read_upload
from portal.web.answers import page_or_fragment, see_other, sentence
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

_AT = "/modules/from-excel"


@area.page(_AT, access=AUTHORS)
def from_excel() -> BaseResponse:
    """Where a spreadsheet comes in."""
    return _ask(SheetFileForm())


@area.action(_AT, access=AUTHORS)
def read_excel() -> BaseResponse:
    """What was understood of a spreadsheet, to be corrected; nothing is stored."""
    form = SheetFileForm.sent()
    if not form.validate():
        return _ask(form, 422)
    try:
        found = _understood(form)
    except Invalid as refusal:
        return _ask(form, 422, refusal.message)
    return _correct(found, proposed(found))


def _understood(form: SheetFileForm) -> Proposal:
    sheet = read_upload(request.files.get("file"), form.sheet.data or "")
    return proposal(sheet, form.header_row.data)


@area.action(f"{_AT}/module", access=AUTHORS)
def make_from_excel() -> BaseResponse:
    """Make the module as corrected and open its draft; 422 with what is wrong."""
    try:
        found = unpack(request.form.get("proposal", ""))
    except Invalid as refusal:
        return _ask(SheetFileForm(), 422, refusal.message)
    inputs = typed(found, request.form)
    try:
        plan = plan_from(inputs, taken(), words.group_titles())
        make_module(
            key=plan.blank.key,
            files=module_files(found, plan),
            actor=current_viewer(),
            now=clock.now(),
        )
    except Invalid as refusal:
        errors = {one.path: sentence(one.message) for one in refusal.errors}
        return _correct(found, inputs, 422, errors or {"key": sentence(refusal.message)})
    return see_other(
        url_for("builder.draft", module=plan.blank.key),
        _("The module is there as a draft. Change its form and chain, or publish it as it is."),
    )


def _ask(form: SheetFileForm, status: int = 200, refused: Message | None = None) -> Response:
    return page_or_fragment(
        "builder/from_excel.html",
        status=status,
        form=form,
        refused=refused,
        most=FILE_BYTES // 1_000_000,
    )


def _correct(
    found: Proposal,
    inputs: SheetInputs,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
) -> Response:
    titles = words.kind_titles()
    shown = found.table
    return page_or_fragment(
        "builder/from_excel_check.html",
        status=status,
        found=found,
        carried=pack(found),
        given=inputs,
        errors=errors or {},
        kinds=[(kind, titles[kind]) for kind in KINDS],
        groups=list(words.group_titles().items()),
        shown=shown,
        lines=range(max((len(one.cells) for one in shown), default=0)),
    )
