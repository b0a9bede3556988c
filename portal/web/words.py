"""Words for Python: plain texts in the reader's language. Templates have theirs, escaped."""

from typing import Any

from flask_babel import get_locale, get_translations

_catalogs: dict[Any, Any] = {}  # by locale: Flask-Babel spells its name out for every word


def gettext(text: str, **values: Any) -> str:
    """A text in the language of this request, or as forced within it."""
    locale = get_locale()
    catalog = _catalogs.get(locale)
    if catalog is None:
        catalog = get_translations()
        if locale is not None:  # outside of any request nothing is translated
            _catalogs[locale] = catalog
    found: str = catalog.gettext(text)
    return found % values if values else found
