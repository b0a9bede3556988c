"""The application: settings, extensions, areas, and the registries that must reach upward."""

import logging
from dataclasses import fields
from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, redirect, request, url_for
from flask_babel import get_locale
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

from portal import __version__, limits, paths
from portal.config import Settings, read_settings
from portal.db import begin_write, db
from portal.errors import N_, Forbidden, Malformed
from portal.extensions import babel, csrf, htmx, login
from portal.web import (
    area,
    arriving,
    errors,
    filters,
    policy,
    refusals,
    rendering,
    shell,
    static_files,
)
from portal.web.answers import wants_fragment
from portal.web.filters import LOCALES
from portal.web.viewer import current_viewer
from portal.wiring import areas, wire


class Portal(Flask):
    """Flask with the portal's templates."""

    jinja_environment = rendering.Templates


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """The portal as a Flask application. Raises if an endpoint lacks an access rule."""
    settings = settings or read_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    app = Portal("portal", root_path=str(paths.ROOT), instance_path=str(settings.home))
    app.config.update(_flask_config(settings))
    app.config.update(overrides)
    app.extensions["settings"] = settings
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    db.init_app(app)
    csrf.init_app(app)
    htmx.init_app(app)
    babel.init_app(app, locale_selector=_locale, timezone_selector=lambda: current_viewer().zone)
    login.init_app(app, add_context_processor=False)  # templates know the viewer
    filters.register(app)
    rendering.register(app)
    static_files.register(app)
    errors.register(app)
    app.before_request(_open_request)
    app.after_request(_headers)
    refusals.register(app)
    app.context_processor(_template_context)
    for one in areas():
        app.register_blueprint(one)
    wire(app)
    area.check_all_declared(app)
    logging.getLogger("portal").setLevel(logging.INFO)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    prefix = "__Host-" if settings.secure else ""
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
        "MAX_CONTENT_LENGTH": limits.UPLOAD_BYTES + limits.BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": limits.BODY_BYTES,
        "MAX_FORM_PARTS": limits.FORM_PARTS,
        "SESSION_COOKIE_NAME": f"{prefix}portal",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=limits.SESSION_HOURS),
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_TRANSLATION_DIRECTORIES": str(paths.TRANSLATIONS),
    }


def _locale() -> str:
    return LOCALES[current_viewer().language if "viewer" in g else arriving.language()]


def _open_request() -> BaseResponse | None:
    """Begin the transaction, find the viewer, set the scope, judge the declared access."""
    if request.endpoint == "static" or request.endpoint is None:
        return None
    declared = area.declared(request.endpoint)
    if declared is None:
        raise Forbidden(N_("This page has no access rule and is therefore closed."))
    _refuse_nul()
    if declared.writes:
        _refuse_foreign_sites()
        if not declared.own_transaction:
            begin_write()
    viewer = arriving.open_viewer()
    if declared.access.allows(viewer):
        return None
    if viewer.is_anonymous:
        target = url_for("accounts.sign_in", next=request.full_path.rstrip("?"))
        if wants_fragment():
            return Response("", 401, {"HX-Redirect": url_for("accounts.sign_in")})
        return redirect(target)
    raise Forbidden(
        N_("Your roles do not allow this."),
        hint=N_("If you need it for your work, ask an administrator."),
    )


def _refuse_nul() -> None:
    """No text holds NUL: PostgreSQL refuses it, and nobody types it."""
    parts = (request.args, request.form)
    sent = (value for part in parts for _name, value in part.items(multi=True))
    if "\0" in request.path or any("\0" in value for value in sent):
        raise Malformed(N_("The request holds a character that no text has (NUL)."))


def _refuse_foreign_sites() -> None:
    site = request.headers.get("Sec-Fetch-Site")
    if site in {"cross-site", "same-site"}:
        raise Forbidden(N_("This request came from another site and was refused."))
    origin = request.headers.get("Origin")
    if site is None and origin not in {None, "null", request.host_url.rstrip("/")}:
        raise Forbidden(N_("This request came from another site and was refused."))


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy.CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint == "static":
        static_files.set_caching(response)
    headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def _template_context() -> dict[str, Any]:
    """`shell` is built only for whole pages: a fragment does not ask for it."""
    locale = get_locale()
    return {
        "shell": _LazyShell(),
        "viewer": current_viewer(),
        "version": __version__,
        "html_lang": "zh-CN" if locale and locale.language == "zh" else "en",
    }


_SHELL = fields(shell.Shell)


class _LazyShell:
    """Builds the shell when a template first touches it."""

    _built: shell.Shell | None = None

    def __getattr__(self, name: str) -> Any:
        if self._built is None:
            self._built = shell.build_shell()
            self.__dict__.update({one.name: getattr(self._built, one.name) for one in _SHELL})
        return getattr(self._built, name)
