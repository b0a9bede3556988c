"""The words of definitions on the quality page: choices and steps as their forms call them."""

from collections.abc import Mapping

from portal.approvals import steps
from portal.definitions import queries as definitions
from portal.forms.texts import Text


def choice_words(form: str, field: str, language: str) -> Mapping[str, str]:
    """The choices of a field in the reader's language; empty where the form is not published."""
    known = definitions.current_form(form)
    one = known.form.definition.fields.get(field) if known is not None else None
    choices = (one.options.get("choices") or {}) if one is not None else {}
    return {
        key: label.in_language(language) if isinstance(label, Text) else str(label)
        for key, label in choices.items()
    }


def step_word(form: str, step: str, language: str) -> str:
    """What a step of a form's chain is called."""
    known = definitions.current_form(form)
    return steps.title_of(known.release_id, form, step, language) if known and step else ""
