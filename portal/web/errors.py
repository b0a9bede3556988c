"""Errors become pages or fragments here and nowhere else; they tell no internals."""

import logging
from collections.abc import Iterable
from typing import Any

from flask import Flask, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from portal import limits
from portal.db import db
from portal.errors import N_, ChangedMeanwhile, FieldError, Message, PortalError, Throttled
from portal.ids import new_id
from portal.web import arriving
from portal.web.answers import sentence, wants_fragment
from portal.web.draining import drain
from portal.web.viewer import current_viewer
from portal.web.words import gettext

log = logging.getLogger("portal.errors")


OTHER_SESSION = N_(
    "You signed in anew since this page was opened, or its cookie is gone. Go back to it, copy "
    "what you typed, reload the page, and send it again."
)
NOTHING_SAVED = N_("Nothing was saved. Go back to the page before and look through what you sent.")
KNOWN = frozenset({400, 403, 404, 409, 413, 422, 429, 500, 503})


def answer(status: int, message: str = "", **context: Any) -> Response:
    """The error page (or its fragment) for a status."""
    code = status if status in KNOWN else (404 if status == 405 else 500 if status >= 500 else 400)
    context |= {"code": code, "message": message}
    arriving.open_late(may_ask=code < 500)
    if code == 400 and request.method == "POST" and not context.get("hint"):
        context["hint"] = sentence(Message(NOTHING_SAVED))
    if code >= 500 or current_viewer().is_anonymous:
        context["shell"] = None
    name = "errors/_problem.html" if wants_fragment() else f"errors/{code}.html"
    return make_response(render_template(name, **context), status)


def worded(errors: Iterable[FieldError]) -> list[dict[str, str]]:
    """Field errors as a list of links for an error page."""
    return [{"id": "", "message": sentence(error.message)} for error in errors]


def register(app: Flask) -> None:
    """Bind the handlers."""

    def refused(error: Exception) -> Response:
        assert isinstance(error, PortalError)
        db.session.rollback()
        arriving.open_late(may_ask=True)
        wait = error.retry_after if isinstance(error, Throttled) else None
        response = answer(
            error.status,
            sentence(error.message),
            late=isinstance(error, ChangedMeanwhile),
            errors=worded(getattr(error, "errors", ())),
            retry_after=wait,
            hint=sentence(error.hint) if error.hint else None,
        )
        if wait is not None:
            response.headers["Retry-After"] = str(wait)
        return response

    def csrf(error: Exception) -> Response:
        arriving.open_late(may_ask=True)
        return answer(400, hint=sentence(Message(OTHER_SESSION)))

    def too_large(error: Exception) -> Response:
        drain(request)
        arriving.open_late(may_ask=True)
        most = limits.UPLOAD_BYTES // 1_000_000
        return answer(413, gettext("A file may have at most %(most)s MB.", most=most))

    def busy(error: Exception) -> Response:
        db.session.rollback()
        log.warning("database busy: %s", type(error).__name__)
        return answer(503)

    def http(error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.response is not None or (error.code or 500) < 400:
            return error.get_response(request.environ)
        return answer(error.code or 500)

    def unexpected(error: Exception) -> Response:
        db.session.rollback()
        incident = new_id()[-12:]
        log.exception("incident %s at %s", incident, request.path)
        return answer(500, incident=incident)

    app.register_error_handler(PortalError, refused)
    app.register_error_handler(CSRFError, csrf)
    app.register_error_handler(RequestEntityTooLarge, too_large)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, unexpected)
