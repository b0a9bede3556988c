"""From any page of a form to the form that tells its owner about it."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.definitions import queries as definitions
from portal.errors import NotFound
from portal.records import feedback
from portal.records.routes.area import area
from portal.web.access import signed_in
from portal.web.answers import see_other
from portal.web.viewer import current_viewer


@area.page("/forms/<form_key>/feedback", access=signed_in)
def tell_about(form_key: str) -> BaseResponse:
    """To a new feedback, with the form, the place (`?part=`) and the owner filled in."""
    if definitions.current_form(form_key) is None or not feedback.is_offered(form_key):
        raise NotFound()
    given = {
        "about": form_key,
        "part": request.args.get("part", "")[:90],
        "owner": feedback.owner_of(form_key, current_viewer()) or "",
    }
    kept: dict[str, Any] = {name: value for name, value in given.items() if value}
    return see_other(url_for("records.new", form_key=feedback.FORM, **kept))
