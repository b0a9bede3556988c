"""Language and theme: kept with the person, or in a cookie for people not signed in."""

from flask import current_app, make_response, request
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import services
from portal.accounts.routes.area import area
from portal.errors import N_, Malformed
from portal.web.access import public
from portal.web.answers import see_other
from portal.web.next_page import safe_next
from portal.web.viewer import current_viewer

_YEAR = 365 * 24 * 3600


@area.action("/language", access=public)
def set_language() -> BaseResponse:
    """Read in English or Chinese from now on."""
    language = request.form.get("language", "")
    if language not in {"en", "zh"}:
        raise Malformed(N_("Choose English or Chinese."))
    if not current_viewer().is_anonymous:
        services.choose_language(actor=current_viewer(), language=language)
    return _remember("language", language)


@area.action("/theme", access=public)
def set_theme() -> BaseResponse:
    """Light, dark, or as the device says."""
    theme = request.form.get("theme", "")
    if theme not in {"auto", "light", "dark"}:
        raise Malformed(N_("Choose light, dark or as the device."))
    if not current_viewer().is_anonymous:
        services.choose_theme(actor=current_viewer(), theme=theme)
    return _remember("theme", theme)


def _remember(name: str, value: str) -> BaseResponse:
    response = make_response(see_other(safe_next(request.form.get("next"))))
    response.set_cookie(
        name,
        value,
        max_age=_YEAR,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response
