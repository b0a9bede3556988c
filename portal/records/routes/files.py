"""Attachments: served safely, only to who may see their record."""

import io

from flask import Response, make_response

from portal import limits
from portal.definitions import queries as definitions
from portal.errors import NotFound
from portal.records import attachments, filekinds, filestore, services, views
from portal.records.models import Attachment
from portal.records.routes.area import area
from portal.web.access import signed_in
from portal.web.downloads import disposition
from portal.web.viewer import current_viewer

SANDBOX = "sandbox; default-src 'none'"


def _visible(attachment_id: str) -> Attachment:
    """The file's row if its record and its field may be seen."""
    row = attachments.get(attachment_id)
    if row.record_id is not None:
        record = services.get(row.record_id)
        viewer = current_viewer()
        form = definitions.form_of(record.release_id, record.form)
        access = views.access_to(record, form, viewer)
        if row.field and access.get(row.field, "none") == "none":
            raise NotFound()
    return row


@area.page("/files/<attachment_id>", access=signed_in)
def file(attachment_id: str) -> Response:
    """Download the file as it was uploaded."""
    row = _visible(attachment_id)
    return _safe(filestore.read(row.sha256), row.mime, disposition(row.name))


@area.page("/files/<attachment_id>/picture", access=signed_in)
def picture(attachment_id: str) -> Response:
    """An image, re-encoded, large enough to look at."""
    return _image(attachment_id, limits.PREVIEW_PIXELS)


@area.page("/files/<attachment_id>/thumbnail", access=signed_in)
def thumbnail(attachment_id: str) -> Response:
    """An image, re-encoded, small."""
    return _image(attachment_id, limits.THUMBNAIL_PIXELS)


def _image(attachment_id: str, pixels: int) -> Response:
    row = _visible(attachment_id)
    if row.kind != "image":
        raise NotFound()
    try:
        small = filekinds.preview(filestore.read(row.sha256), pixels)
    except OSError:
        raise NotFound() from None
    response = _safe(small, "image/jpeg", "inline")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _safe(content: bytes, mime: str, named: str) -> Response:
    response = make_response(io.BytesIO(content).getvalue())
    response.headers["Content-Type"] = mime
    response.headers["Content-Disposition"] = named
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
