"""Where to go next, when the address came with the request: only to a page of this portal."""

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def home_url() -> str:
    """The first page."""
    return f"{request.script_root}/"


def safe_next(target: str | None) -> str:
    """The address if it is a page of ours that can be opened by GET; the first page otherwise."""
    if not target or len(target) > 2_000 or not target.startswith("/"):
        return home_url()
    if target.startswith("//") or "\\" in target or not target.isprintable():
        return home_url()
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return home_url()
    path = parts.path
    if request.script_root:
        path = path.removeprefix(request.script_root)
    adapter = current_app.create_url_adapter(request)
    try:
        assert adapter is not None
        endpoint, _ = adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return home_url()
    return home_url() if endpoint == "static" else target
