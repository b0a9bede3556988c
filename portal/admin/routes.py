"""The administration page: a way to everything an administrator may do."""

from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.admin import (
    audit,
    company,
    departments,
    health,
    people,
    people_access,
    people_import,
    roles,
)
from portal.admin.area import area
from portal.admin.tiles import tiles_for
from portal.web.access import administration
from portal.web.answers import page_or_fragment
from portal.web.viewer import current_viewer

__all__ = [
    "area",
    "audit",
    "company",
    "departments",
    "health",
    "people",
    "people_access",
    "people_import",
    "roles",
]


@area.page("", access=administration)
def index() -> BaseResponse:
    """The places this administrator may go to."""
    places = [
        {"title": t.title(), "text": t.text(), "icon": t.icon, "url": url_for(t.endpoint)}
        for t in tiles_for(current_viewer())
    ]
    return page_or_fragment("admin/index.html", places=places)
