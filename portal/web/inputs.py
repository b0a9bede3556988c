"""The base of the portal's own WTForms pages: messages in the reader's language, a request key."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from flask import request
from flask_babel import get_translations
from wtforms import Form, HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag behind
from wtforms.meta import DefaultMeta

from portal.errors import FieldError, Invalid
from portal.ids import new_id
from portal.web.answers import sentence


class _Translations:
    """WTForms asks these for its own messages; it fills in their placeholders itself."""

    def gettext(self, text: str) -> str:
        return str(get_translations().gettext(text))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return str(get_translations().ngettext(one, many, number))


def clean(value: Any) -> Any:
    """What a person typed, composed (NFC) and without surrounding spaces or control characters."""
    if not isinstance(value, str):
        return value
    kept = (c for c in unicodedata.normalize("NFC", value) if c in "\n\t" or c.isprintable())
    return "".join(kept).strip()


def one_line(value: Any) -> Any:
    """Cleaned, and on one line: names stand in headings, lists and the subjects of mails."""
    cleaned = clean(value)
    return " ".join(cleaned.split()) if isinstance(cleaned, str) else cleaned


def whole(text: str) -> int | None:
    """A whole number as it was sent, at most nine plain digits; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def empty_is_none(value: Any) -> Any:
    """An empty entry is no value."""
    return value or None


def options(pairs: Iterable[tuple[Any, Any]], group: str | None = None) -> list[Any]:
    """The options of a select from (value, label) pairs; `group` stands above them."""
    return [SelectChoice(value=value, label=label, optgroup=group) for value, label in pairs]


class BaseForm(Form):
    """A page's form. CSRF is checked for the whole application; `request_key` allows a repeat."""

    class Meta(DefaultMeta):
        def get_translations(self, form: Any) -> Any:
            return _Translations()

    request_key = HiddenField(default=new_id)

    @classmethod
    def sent(cls, **options: Any) -> Any:
        """The form with what this request posted."""
        return cls(request.form, **options)

    def show(self, refusal: Invalid) -> None:
        """Put a service's refusal at the fields it names; the rest above the form."""
        errors: Sequence[FieldError] = refusal.errors
        for error in errors:
            target: Any = self._fields.get(error.path)
            text = sentence(error.message)
            if target is None:
                self.form_errors.append(text)
            else:
                target.errors = [*target.errors, text]
        if not errors:
            self.form_errors.append(sentence(refusal.message))
