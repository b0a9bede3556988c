"""Who sent this request: found before the page, or late, for a refusal that came before that."""

from dataclasses import replace

from flask import g, request
from flask_babel import refresh
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from portal.db import db, set_context
from portal.web.filters import LOCALES
from portal.web.viewer import ANONYMOUS, Viewer, current_viewer


def open_viewer() -> Viewer:
    """The viewer behind the session cookie, or nobody; the session is narrowed to them."""
    viewer = getattr(current_user, "viewer", None) or stranger()
    g.viewer = viewer
    set_context(db.session(), viewer)
    refresh()  # whatever was worded before was for nobody in particular
    g.pop("words", None)
    return viewer


def open_late(*, may_ask: bool) -> None:
    """For the page of an error raised before anybody was known, such as an unknown address.

    `may_ask`: the database may be asked; when it is the trouble, the reader stays unknown.
    """
    if "viewer" in g:
        return
    try:
        g.viewer = open_viewer() if may_ask else stranger()
    except SQLAlchemyError:
        db.session.rollback()
        g.viewer = stranger()


def speak(language: str) -> None:
    """Word the rest of this request in a language learned on the way: whoever signs in, say."""
    g.viewer = replace(current_viewer(), language=language)
    refresh()
    g.pop("words", None)


def has_chosen_language() -> bool:
    """Whether somebody chose a language in this browser, rather than the browser for them."""
    return request.cookies.get("language") in LOCALES


def stranger() -> Viewer:
    """Nobody, reading in the language and light chosen before signing in."""
    return replace(ANONYMOUS, language=language(), theme=request.cookies.get("theme", "auto"))


def language() -> str:
    """The language of somebody unknown: chosen before, else as the browser asks."""
    chosen = request.cookies.get("language", "")
    if chosen in LOCALES:
        return chosen
    return request.accept_languages.best_match(["en", "zh"], "en") or "en"
