"""Importing entries of a register from a spreadsheet: check first, then bring in."""

from flask import Response, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response as BaseResponse
from wtforms import FileField, IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional

from portal import clock
from portal.definitions import queries as definitions
from portal.definitions.queries import FormInRelease
from portal.errors import N_, Invalid, Message, NotFound
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.records.entry import opening
from portal.records.importing.columns import asked_for, fillable
from portal.records.importing.rows import telling_apart
from portal.records.importing.services import Imported, import_entries
from portal.records.routes.area import area
from portal.spreadsheets.carrying import packed, unpacked
from portal.spreadsheets.cells import ROWS_MOST
from portal.spreadsheets.layout import Layout, laid_out
from portal.spreadsheets.reading import read_upload
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment, see_other
from portal.web.inputs import BaseForm, clean
from portal.web.viewer import ProjectBrief, Viewer, current_viewer
from portal.web.words import gettext as _

LOST = N_("The sheet did not arrive whole. Choose the file once more.")
NO_PROJECT = N_("Choose the project the entries belong to.")
_AT = "/forms/<form_key>/import"


class ImportForm(BaseForm):
    """A spreadsheet of entries."""

    file = FileField(_l("File"), render_kw={"accept": ".xlsx,.csv"})
    sheet = StringField(_l("Sheet"), [Length(max=80)], [clean])
    header_row = IntegerField(
        _l("Row of the titles"), [Optional(), NumberRange(min=1, max=ROWS_MOST)]
    )


@area.page(_AT, access=signed_in)
def ask_for_sheet(form_key: str) -> Response:
    """Where a sheet comes in, and which columns it may have."""
    return _ask(_register(current_viewer(), form_key), ImportForm())


@area.ask(_AT, access=signed_in)
def check_sheet(form_key: str) -> Response:
    """What the sheet would bring, row by row; nothing is written."""
    viewer = current_viewer()
    form, given = _register(viewer, form_key), ImportForm.sent()
    if not given.validate():
        return _ask(form, given, 422)
    try:
        project = _project(viewer, form)
        sheet = read_upload(request.files.get("file"), given.sheet.data or "")
        layout = laid_out(sheet, given.header_row.data)
        found = _imported(viewer, form, project, layout, dry_run=True)
    except Invalid as refusal:
        return _ask(form, given, 422, refusal.message)
    return _told(form, project, layout, found)


@area.action(f"{_AT}/now", access=signed_in)
def import_sheet(form_key: str) -> BaseResponse:
    """Bring the checked sheet in, whole or not at all."""
    viewer = current_viewer()
    form = _register(viewer, form_key)
    try:
        project = _project(viewer, form)
        layout = unpacked(_signer().loads(request.form.get("carried", "")))
    except BadData:
        return _ask(form, ImportForm(), 422, Message(LOST))
    except Invalid as refusal:
        return _ask(form, ImportForm(), 422, refusal.message)
    found = _imported(viewer, form, project, layout, dry_run=False)
    if not found.is_clean:
        return _told(form, project, layout, found, status=422)
    done = found.count("created") + found.count("changed")
    back = url_for("records.index", form_key=form.key, project=project.code if project else None)
    told = ngettext("%(num)d entry is in.", "%(num)d entries are in.", done)
    return see_other(back, told)


def _imported(
    viewer: Viewer,
    form: FormInRelease,
    project: ProjectBrief | None,
    layout: Layout,
    *,
    dry_run: bool,
) -> Imported:
    return import_entries(
        actor=viewer,
        form=form,
        project_id=project.id if project else None,
        layout=layout,
        now=clock.now(),
        dry_run=dry_run,
    )


def _register(viewer: Viewer, form_key: str) -> FormInRelease:
    """A register the viewer may file somewhere. Raises NotFound."""
    form = opening.current_form(viewer, form_key)
    if form.has_workflow or not may_import(viewer, form):
        raise NotFound()
    return form


def may_import(viewer: Viewer, form: FormInRelease) -> bool:
    """Whether this is a register into which the viewer may bring entries somewhere."""
    if form.has_workflow:
        return False
    if form.scope == "company":
        return definitions.may_file(viewer, form, None)
    return bool(opening.projects_to_file_in(viewer, form))


def _project(viewer: Viewer, form: FormInRelease) -> ProjectBrief | None:
    """The project that was chosen, for a register of projects. Raises Invalid."""
    if form.scope == "company":
        return None
    asked = request.form.get("project", "")
    known = opening.projects_to_file_in(viewer, form)
    found = next((one for one in known if one.code == asked), None)
    if found is None:
        raise Invalid(NO_PROJECT)
    return found


def _signer() -> URLSafeSerializer:
    assert current_app.secret_key is not None
    return URLSafeSerializer(current_app.secret_key, salt="import")


def _ask(
    form: FormInRelease, given: ImportForm, status: int = 200, refused: Message | None = None
) -> Response:
    viewer, definition = current_viewer(), form.form.definition
    asked = request.values.get("project", "")
    return page_or_fragment(
        "records/import.html",
        status=status,
        form=form,
        given=given,
        refused=refused,
        asked=asked,
        projects=[] if form.scope == "company" else opening.projects_to_file_in(viewer, form),
        columns=list(fillable(definition)),
        needed={one.path: _needed(definition, one) for one in fillable(definition)},
        finding=[one.path for key in definition.columns for one in telling_apart(definition, key)],
    )


def _needed(form: FormDefinition, one: FieldDefinition) -> str:
    """Whether a column is needed, in words: always, for some choices, in some cases."""
    if one.required:
        return _("yes")
    asked = asked_for(form, one)
    if asked is None:
        return ""
    language = current_viewer().language
    listed = _(", ").join(label.in_language(language) for label in asked)
    return _("needed for %(list)s", list=listed) if listed else _("in some cases")


def _told(
    form: FormInRelease,
    project: ProjectBrief | None,
    layout: Layout,
    found: Imported,
    *,
    status: int = 200,
) -> Response:
    fields = form.form.definition.fields
    return page_or_fragment(
        "records/import_check.html",
        status=status,
        form=form,
        project=project,
        found=found,
        titles=layout.titles,
        fields=fields,
        carried=str(_signer().dumps(packed(layout))),
        kinds={
            "created": _("new"),
            "changed": _("changed"),
            "same": _("as it is"),
            "refused": _("refused"),
        },
    )
