"""Errors become pages or fragments here and nowhere else; they tell no internals."""

import logging

from flask import Flask, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.db import db
from portal.errors import PortalError, Throttled
from portal.ids import new_id
from portal.web.answers import sentence, wants_fragment

log = logging.getLogger("portal.errors")


def _titles() -> dict[int, str]:
    return {
        400: _("This request was not understood"),
        401: _("Please sign in"),
        403: _("You may not do this"),
        404: _("Not found"),
        405: _("Not found"),
        409: _("Something changed meanwhile"),
        413: _("Too large"),
        422: _("Some entries need attention"),
        429: _("Too many tries"),
        500: _("Something went wrong"),
        503: _("Not saved: the portal is busy"),
    }


def answer(status: int, message: str, **context: object) -> Response:
    """The error page (or its fragment) for a status."""
    known = _titles()
    name = status if status in known else (500 if status >= 500 else 400)
    template = "errors/_problem.html" if wants_fragment() else "errors/problem.html"
    body = render_template(template, status=status, title=known[name], message=message, **context)
    return make_response(body, status)


def register(app: Flask) -> None:
    """Bind the handlers."""

    def refused(error: Exception) -> Response:
        assert isinstance(error, PortalError)
        db.session.rollback()
        response = answer(
            error.status, sentence(error.message), errors=getattr(error, "errors", ())
        )
        if isinstance(error, Throttled):
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    def csrf(error: Exception) -> Response:
        return answer(
            400,
            _("This page was open too long or came from elsewhere. Go back, reload and try again."),
        )

    def busy(error: Exception) -> Response:
        db.session.rollback()
        log.warning("database busy: %s", type(error).__name__)
        return answer(503, _("Nothing was changed. Please try again in a moment."))

    def http(error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.response is not None or (error.code or 500) < 400:
            return error.get_response(request.environ)
        texts = {
            404: _("This page does not exist, or you may not see it."),
            405: _("This page does not exist, or you may not see it."),
            413: _("More was sent than the portal accepts at once."),
        }
        return answer(
            error.code or 500,
            texts.get(error.code or 500, _("The portal could not read this request.")),
        )

    def unexpected(error: Exception) -> Response:
        db.session.rollback()
        incident = new_id()[-12:]
        log.exception("incident %s at %s", incident, request.path)
        return answer(
            500, _("Nothing was changed. Tell your administrator this code:"), incident=incident
        )

    app.register_error_handler(PortalError, refused)
    app.register_error_handler(CSRFError, csrf)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, unexpected)
