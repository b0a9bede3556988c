"""The page of one record, its history, comments and print."""

from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts import queries as accounts
from portal.errors import Invalid
from portal.records import comments, retirements, services, views
from portal.records.entry import copying
from portal.records.printing import print_record
from portal.records.routes.area import area, panels_of
from portal.usage import counting as usage
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment, see_other
from portal.web.downloads import download
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.page("/records/<record_id>", access=signed_in)
def detail(record_id: str) -> Response:
    """The record as a document, where it stands, and what I can do."""
    return _detail(record_id)


def _detail(record_id: str, *, status: int = 200, **extra: Any) -> Response:
    viewer = current_viewer()
    record = services.get(record_id)
    usage.mark(record.form, record.release_id, usage.READ)
    page = views.record_page(record, viewer)
    return page_or_fragment(
        "records/detail.html",
        status=status,
        page=page,
        record=record,
        panels=panels_of(page, viewer),
        can_edit=services.may_edit(viewer, record),
        can_copy=copying.may_copy(viewer, record),
        comments=comments.comments_of(record),
        **extra,
    )


@area.page("/records/<record_id>/history", access=signed_in)
def history(record_id: str) -> Response:
    """Every saved version with what changed in it, the latest first."""
    viewer = current_viewer()
    record = services.get(record_id)
    page = views.record_page(record, viewer)
    rows = list(reversed(views.revisions(record.id)))
    return page_or_fragment(
        "records/history.html",
        page=page,
        record=record,
        retirements=retirements.told(record.id),
        rows=[(row, views.change_lines(page, row.changes)) for row in rows],
        people=accounts.person_name(sorted({row.actor_id for row in rows})),
    )


@area.action("/records/<record_id>/comments", access=signed_in)
def comment(record_id: str) -> BaseResponse:
    """Write a remark; what was typed stays when it is refused."""
    record = services.get(record_id)
    text = request.form.get("text", "")
    try:
        comments.add_comment(actor=current_viewer(), record=record, text=text, now=clock.now())
    except Invalid as error:
        return _detail(record_id, status=422, comment_text=text, comment_errors=error.errors)
    return see_other(url_for("records.detail", record_id=record.id) + "#comments")


@area.page("/records/<record_id>/print.pdf", access=signed_in)
def pdf(record_id: str) -> Response:
    """The record with its approval sheet, as one sees it oneself."""
    viewer = current_viewer()
    record = services.get(record_id)
    page = views.record_page(record, viewer)
    name = record.number or record.subject or page.title
    content = print_record(page, viewer, clock.now())
    return download(content, "application/pdf", f"{name}.pdf", in_place=True)


@area.action("/records/<record_id>/discard", access=signed_in)
def discard(record_id: str) -> BaseResponse:
    """Throw an own draft away."""
    services.discard(actor=current_viewer(), record_id=record_id, now=clock.now())
    return see_other(url_for("home.index"), _("The draft is discarded."))
