"""A new record: an empty form, or one that starts with what was typed into another."""

from collections.abc import Sequence

from flask import Response, request

from portal import clock
from portal.definitions.queries import FormInRelease
from portal.errors import N_, NotFound
from portal.ids import new_id
from portal.records.entry import copying, opening
from portal.records.models import Record
from portal.records.routes.area import area
from portal.records.routes.entry_page import entry_page
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment
from portal.web.viewer import ProjectBrief, Viewer, current_viewer


@area.page("/forms/<form_key>/new", access=signed_in)
def new(form_key: str) -> Response:
    """A new form, empty or (`?copy=`) as another was typed; nothing is written before a save."""
    viewer = current_viewer()
    form = opening.current_form(viewer, form_key)
    copy = request.args.get("copy", "")
    source = copying.source_of(form_key, copy) if copy else None
    project = _project_asked_for(viewer, source)
    if form.scope != "company" and project is None:
        choices = opening.projects_to_file_in(viewer, form)
        if len(choices) != 1:
            return _which_project(form, choices)
        project = choices[0]
    record_id = opening.free_id(request.args.get("_record", "")) or new_id()
    entry = opening.new_entry(viewer, form, project.id if project else None, record_id, clock.now())
    entry = copying.copied(entry, source) if source else opening.prefilled(entry, request.args)
    return entry_page(entry, entry.evaluated(entry.data), source=source)


def _project_asked_for(viewer: Viewer, source: Record | None) -> ProjectBrief | None:
    """The project of the address, else the one of the record that is filed again.

    Raises NotFound for a project the viewer does not work in: filing somewhere else instead would
    be worse than not filing.
    """
    code = request.args.get("project", "")
    if source is not None and not code:
        return next((one for one in viewer.project_list if one.id == source.project_id), None)
    if not code:
        return None
    found = next((one for one in viewer.project_list if one.code == code), None)
    if found is None:
        raise NotFound(N_("You do not work in a project of this code."))
    return found


def _which_project(form: FormInRelease, choices: Sequence[ProjectBrief]) -> Response:
    """A form of a project needs one first; what the address hands in goes along."""
    kept = {
        key: value
        for key, value in request.args.items()
        if key not in {"project", "form_key"} and not key.startswith("_")
    }
    title = form.title.in_language(current_viewer().language)
    return page_or_fragment(
        "records/project.html", form=form, title=title, choices=choices, kept=kept
    )
