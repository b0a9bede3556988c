"""Days of the calendar."""

from datetime import date
from typing import Any

from portal.dates import day_text
from portal.errors import Message
from portal.expressions.kinds import Type
from portal.forms.kinds.base import (
    WRONG_SHAPE,
    IndexValue,
    Kind,
    KindError,
    KindField,
    Options,
    Reader,
    register,
)
from portal.forms.kinds.reading import read_date


class DateField(KindField):
    """A day, typed or picked."""


@register
class DateKind(Kind):
    """A day without a time; stored as ISO text."""

    name = "date"
    index = "date"
    field_class = DateField

    def expand(self, options: Options) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

    def expression_type(self, options: Options) -> Type:
        return Type("date")

    def load(self, stored: Any, options: Options) -> Any:
        if not isinstance(stored, str):
            raise KindError(Message(WRONG_SHAPE))
        return read_date(stored)

    def recall(self, stored: Any, options: Options) -> Any:
        return date.fromisoformat(stored)

    def store(self, typed: Any, options: Options) -> Any:
        return typed.isoformat()

    def parse(self, text: str, options: Options, language: str = "en") -> Any:
        return read_date(text)

    def display(self, typed: Any, options: Options, reader: Reader) -> str:
        return "" if typed is None else day_text(typed, reader.language)

    def input_text(self, typed: Any, options: Options, language: str = "en") -> str:
        return "" if typed is None else typed.isoformat()

    def index_value(self, typed: Any, options: Options) -> IndexValue:
        return typed if isinstance(typed, date) else None
