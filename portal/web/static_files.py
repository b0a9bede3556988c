"""Addresses of styles, scripts and pictures: each carries the version of its content.

What is asked for by its version is kept by browsers for ever, as another content has another
address. What is asked for without one, or by another's, is asked for anew each time.
"""

import hashlib
from functools import lru_cache

from flask import Flask, Response, request

from portal import paths
from portal.web.rendering import url_for

FOR_EVER = "public, max-age=31536000, immutable"
ASK_ANEW = "no-cache"
_DIGITS = 12


def static_file(name: str) -> str:
    """The address of a file of `static/`, with its version; raises OSError where there is none."""
    return f"{url_for('static', filename=name)}?v={version_of(name)}"


def version_of(name: str) -> str:
    """The version of a file's content: the same in every process and on every machine."""
    found = (paths.STATIC / name).stat()
    return _digest(name, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=2_000)
def _digest(name: str, _changed: int, _size: int) -> str:
    return hashlib.sha256((paths.STATIC / name).read_bytes()).hexdigest()[:_DIGITS]


def set_caching(response: Response) -> None:
    """Say how long the file this request asked for may be kept."""
    if response.status_code >= 400:
        return
    name = (request.view_args or {})["filename"]
    is_this = request.args.get("v") == version_of(name)
    response.headers["Cache-Control"] = FOR_EVER if is_this else ASK_ANEW


def register(app: Flask) -> None:
    """Let templates name files of `static/`."""
    app.jinja_env.globals["static_file"] = static_file
