"""The list of a form's records."""

from flask import Response

from portal.records.routes.area import area
from portal.web.access import signed_in
from portal.web.answers import page_or_fragment


@area.page("/forms/<form_key>", access=signed_in)
def index(form_key: str) -> Response:
    """The records the viewer may see."""
    return page_or_fragment("records/index.html")
