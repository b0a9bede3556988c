"""Jinja as the portal uses it: words and addresses that a page asks for hundreds of times."""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask, current_app, g, request
from flask.templating import Environment
from flask_babel import get_translations


class Templates(Environment):
    """Flask's environment; templates without globals of their own share the environment's.

    A chain of mappings, as Jinja makes it, is compared key by key at every import of a macro.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template."""
        return super().make_globals(d) if d else self.globals


def _words() -> Any:
    """The catalog of this request: found once, not for every word."""
    found = g.get("words")
    if found is None:
        found = g.words = get_translations()
    return found


def gettext(text: str) -> str:
    """A text in the reader's language."""
    return str(_words().gettext(text))


def ngettext(one: str, many: str, number: int) -> str:
    """A counted text in the reader's language."""
    return str(_words().ngettext(one, many, number))


_FEW = frozenset({"filename", "form_key", "code"})  # files, forms and projects: never many
_fixed: dict[tuple[str, ...], str] = {}


def url_for(endpoint: str, **values: Any) -> str:
    """As Flask's, but an address that nothing except the portal's own place changes is kept."""
    if not _FEW.issuperset(values):
        return current_app.url_for(endpoint, **values)
    key = (request.script_root, endpoint, *values.values())
    found = _fixed.get(key)
    if found is None:
        found = _fixed[key] = current_app.url_for(endpoint, **values)
    return found


def register(app: Flask) -> None:
    """Bind words and addresses to the templates. After Flask-Babel, whose words these replace."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True
    )
    app.jinja_env.globals["url_for"] = url_for
