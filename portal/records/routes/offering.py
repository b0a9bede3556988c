"""What a reference field offers, asked by type-ahead."""

from flask import Response, jsonify, request

from portal import clock
from portal.errors import NotFound
from portal.records.entry import choosing, opening
from portal.records.entry.entries import Entry
from portal.records.routes.area import area
from portal.records.telling import REFERENCES
from portal.web.access import signed_in
from portal.web.viewer import current_viewer


@area.page("/forms/<form_key>/options", access=signed_in)
def options(form_key: str) -> Response:
    """Entries by name, within what the viewer may see and the field's filter allows."""
    entry = _entry(form_key)
    field = entry.definition.fields.get(request.args.get("field", ""))
    if field is None or field.kind.name not in REFERENCES:
        raise NotFound()
    if entry.access.get(field.path) != "write":
        raise NotFound()
    row = {"_id": request.args.get("row")} if field.table is not None else None
    found = choosing.offered(entry, field, text=request.args.get("q", ""), row=row)
    items = [{"value": one.value, "text": one.text, "facts": one.facts} for one in found]
    return jsonify({"items": items})


def _entry(form_key: str) -> Entry:
    """The record being filled in, or a new one of the form."""
    viewer, now = current_viewer(), clock.now()
    record_id = request.args.get("record")
    if record_id:
        entry = opening.saved_entry(viewer, record_id, request.args.get("task"), now)
        if entry.form.key != form_key:
            raise NotFound()
        return entry
    form = opening.current_form(viewer, form_key)
    return opening.new_entry(viewer, form, request.args.get("project"), "", now)
