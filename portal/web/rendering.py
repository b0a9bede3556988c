"""Jinja as the portal uses it: words and addresses that a page asks for hundreds of times."""

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from types import FunctionType, MethodType
from typing import Any

from flask import Flask, current_app, request
from flask.templating import Environment
from flask_babel import force_locale, get_locale, get_translations
from jinja2.runtime import Context, Macro
from markupsafe import escape

from portal.web.filters import LOCALES
from portal.web.viewer import of_request


class Calls(Context):
    """Calls macros and plain functions at once.

    Jinja asks of every callable, four times a call, whether it wants the context; a page makes
    hundreds of calls. What is neither a macro nor plain is called in Jinja's own way.
    """

    def call(__self, __obj: Any, *given: Any, **named: Any) -> Any:  # noqa: N805 - as Jinja's
        """Call something in a template."""
        kind = type(__obj)
        if kind is Macro:
            named.pop("_block_vars", None)
            named.pop("_loop_vars", None)
            return __obj(__self.eval_ctx, *given, **named)
        if kind in _PLAIN and not hasattr(__obj, "jinja_pass_arg"):
            named.pop("_block_vars", None)
            named.pop("_loop_vars", None)
            return __obj(*given, **named)
        return super().call(__obj, *given, **named)


class Templates(Environment):
    """Flask's environment; templates without globals of their own share the environment's.

    A chain of mappings, as Jinja makes it, is compared key by key at every import of a macro.
    """

    context_class = Calls

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template."""
        return super().make_globals(d) if d else self.globals


class Words(dict[str, Any]):
    """The texts of templates in one language, escaped once; their number is that of the sources."""

    def __init__(self, catalog: Any) -> None:
        super().__init__()
        self.catalog = catalog

    def __missing__(self, text: str) -> Any:
        found = self[text] = escape(self.catalog.gettext(text))
        return found


_words: dict[str, Words] = {}


def _of_reader() -> Words:
    """The words of this request: the language is asked once, not for every word."""
    kept = of_request()
    found: Words | None = kept.get("words")
    if found is None:
        key = str(get_locale())
        if key not in _words:
            _words[key] = Words(get_translations())
        found = kept.words = _words[key]
    return found


@contextmanager
def worded_in(language: str) -> Iterator[None]:
    """Within it, texts of templates come in another language than the reader's."""
    kept = of_request()
    before, kept.words = kept.get("words"), None
    viewer = kept.get("viewer")
    if viewer is not None:
        kept.viewer = replace(viewer, language=language)
    try:
        with force_locale(LOCALES[language]):
            yield
    finally:
        kept.words, kept.viewer = before, viewer


def gettext(text: str, **values: Any) -> Any:
    """A text in the reader's language; `values` are escaped unless they are markup."""
    found = _of_reader()[text]
    return found % values if values else found


def ngettext(one: str, many: str, number: int, /, **values: Any) -> Any:
    """A counted text in the reader's language; `%(num)d` is the number."""
    text = _of_reader().catalog.ngettext(one, many, number)
    return escape(text) % {"num": number, **values}


_FEW = frozenset({"filename", "form_key", "code"})  # files, forms and projects: never many
_ID = re.compile(r"[0-9a-f-]{36}")
_SAMPLE = "00000000-0000-0000-0000-000000000000"  # stands for any id: none needs quoting
_fixed: dict[tuple[Any, ...], str] = {}


def url_for(endpoint: str, **values: Any) -> str:
    """As Flask's; kept are addresses of few things, and the pattern of those with one id."""
    if len(values) == 1:
        ((name, value),) = values.items()
        if type(value) is str and len(value) == len(_SAMPLE) and _ID.fullmatch(value):
            return _kept(endpoint, {name: _SAMPLE}).replace(_SAMPLE, value)
    if _FEW.issuperset(values):
        return _kept(endpoint, values)
    return current_app.url_for(endpoint, **values)


def same_choice(endpoint: str = "", **changes: Any) -> str:
    """The page at hand, or another one, with what this address chose and some of it changed.

    None takes a choice out. Names that mean something to Flask (`_scheme`) are no choice.
    """
    asked = {
        key: value
        for key, value in request.args.items()
        if not key.startswith("_") and key != "endpoint"
    }
    values = {**asked, **(request.view_args or {}), **changes}
    return current_app.url_for(
        endpoint or str(request.endpoint),
        **{key: value for key, value in values.items() if value not in (None, "")},
    )


def _kept(endpoint: str, values: Mapping[str, Any]) -> str:
    key = (request.script_root, endpoint, *values.items())
    found = _fixed.get(key)
    if found is None:
        found = _fixed[key] = current_app.url_for(endpoint, **values)
    return found


class Kept:
    """A macro whose markup depends on its arguments and the reader's language alone."""

    MOST = 2_000

    def __init__(self, macro: Callable[..., Any]) -> None:
        self._macro = macro
        self._known: dict[Any, Any] = {}

    def __call__(self, *given: Any, **named: Any) -> Any:
        key = (id(_of_reader()), given, *named.items())
        found = self._known.get(key)
        if found is None:
            found = self._macro(*given, **named)
            if len(self._known) < self.MOST:
                self._known[key] = found
        return found


_PLAIN = frozenset({FunctionType, MethodType, Kept})


def register(app: Flask) -> None:
    """Bind words and addresses to the templates. After Flask-Babel, whose words these replace."""
    app.jinja_env.globals |= {
        "_": gettext,
        "kept": Kept,
        "gettext": gettext,
        "ngettext": ngettext,
        "url_for": url_for,
    }
