"""Page or fragment: the one place that decides, and how a change answers."""

from datetime import date, datetime
from typing import Any

from flask import Response, flash, make_response, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from portal import dates
from portal.extensions import htmx
from portal.web.viewer import current_viewer
from portal.web.words import gettext


def wants_fragment() -> bool:
    """An htmx request that is neither boosted navigation nor a history restore."""
    return bool(htmx and not htmx.boosted and not htmx.history_restore_request)


def page_or_fragment(
    page: str, fragment: str | None = None, /, *, status: int = 200, **context: Any
) -> Response:
    """Render the page, or only its fragment when htmx asks for one."""
    name = fragment if fragment and wants_fragment() else page
    response = make_response(render_template(name, **context), status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def see_other(url: str, notice: str | None = None, *, tone: str = "success") -> BaseResponse:
    """After a change: go there (303, or htmx's redirect), with one sentence of what happened."""
    if notice:
        flash(notice, tone)
    if wants_fragment():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = url
        return response
    return redirect(url, code=303)


def sentence(message: Any) -> str:
    """A pure core's Message in the reader's language, with the names and texts it carries."""
    args = {key: _worded(value) for key, value in message.args.items()}
    text: str = gettext(message.id) if message.id else ""
    return text % args if args else text


def _worded(value: Any) -> Any:
    """An argument as the reader reads it: nested messages, definitions' texts and days included."""
    if hasattr(value, "id") and hasattr(value, "args"):
        return sentence(value)
    language = current_viewer().language
    if isinstance(value, date) and not isinstance(value, datetime):
        return dates.day_text(value, language)
    in_language = getattr(value, "in_language", None)
    return in_language(language) if in_language else value
