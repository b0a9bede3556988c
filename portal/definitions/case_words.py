"""How a failed example names fields, values and columns of ledgers: as people call them; pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.definitions.diff_words import listed
from portal.definitions.ledger_words import COLUMN_TITLES
from portal.errors import N_, Message
from portal.forms.fieldpaths import declared
from portal.forms.fields import FormDefinition


def field_called(path: str, form: FormDefinition) -> Message | str:
    """A field or cell by its label, its path beside it; the record itself has neither."""
    if not path:
        return Message(N_("The record"))
    field = form.fields.get(declared(path))
    if field is None:
        return path
    return Message(N_("“%(label)s” (%(path)s)"), {"label": field.label, "path": path})


def shown(value: Any) -> Any:
    """A value as a sentence says it."""
    return Message(N_("empty")) if value is None else str(value)


def columns_called(values: Mapping[str, Any]) -> Any:
    """Columns of an entry with their values."""
    return listed([_column(key, value) for key, value in values.items()])


def either(parts: Sequence[Any]) -> Any:
    """Several entries as one text."""
    if len(parts) < 2:
        return parts[0] if parts else "-"
    return Message(N_("%(first)s; %(rest)s"), {"first": parts[0], "rest": either(parts[1:])})


def _column(key: str, value: Any) -> Message:
    title = COLUMN_TITLES.get(key)
    args = {"column": Message(title) if title else key, "value": shown(value)}
    return Message(N_("%(column)s = %(value)s"), args)
