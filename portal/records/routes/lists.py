"""The list of a form's records: filtered, sorted, paged, and as a spreadsheet."""

from flask import Response, request

from portal import limits
from portal.definitions import queries as definitions
from portal.definitions.queries import FormInRelease
from portal.errors import NotFound
from portal.records import exporting, lists
from portal.records.entry import opening
from portal.records.exporting import register_exporter
from portal.records.list_page import ListPage
from portal.records.routes.area import area, list_links_of
from portal.records.routes.importing import may_import
from portal.usage import counting as usage
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment
from portal.web.downloads import XLSX, download
from portal.web.viewer import Viewer, current_viewer

__all__ = ["export", "index", "register_exporter"]


def _form(viewer: Viewer, form_key: str) -> FormInRelease:
    """The form, if its list holds anything for the viewer or may one day. Raises NotFound."""
    found = definitions.current_form(form_key)
    if found is None or not (definitions.concerns(viewer, found) or lists.has_any(form_key)):
        raise NotFound()
    return found


@area.page("/forms/<form_key>", access=signed_in)
def index(form_key: str) -> Response:
    """The records the viewer may see; the address says everything, so it can be shared."""
    viewer = current_viewer()
    form = _form(viewer, form_key)
    usage.mark(form.key, form.release_id, usage.LIST)
    page = ListPage(form, viewer, request.args)
    page.load()
    return page_or_fragment(
        "records/index.html",
        "records/_list.html",
        list=page,
        form=form,
        title=form.title.in_language(viewer.language),
        may_file=_may_file(viewer, form),
        may_import=may_import(viewer, form),
        links=list_links_of(form, viewer),
    )


def _may_file(viewer: Viewer, form: FormInRelease) -> bool:
    if form.scope == "company":
        return definitions.may_file(viewer, form, None)
    return bool(opening.projects_to_file_in(viewer, form))


@area.page("/forms/<form_key>/export.xlsx", access=signed_in)
def export(form_key: str) -> Response:
    """What the list shows, as a spreadsheet, up to the limit of rows."""
    viewer = current_viewer()
    form = _form(viewer, form_key)
    page = ListPage(form, viewer, request.args)
    found = lists.rows(page.whole(limits.EXPORT_ROWS), viewer, page.catalog.columns)
    content = exporting.workbook(page, found)
    response = download(content, XLSX, f"{form.title.in_language(viewer.language)}.xlsx")
    response.headers["X-Rows"] = str(len(found))
    return response
