"""Text in one line and in several."""

from typing import Any, ClassVar

from wtforms.widgets import TextArea

from portal import limits
from portal.errors import Message
from portal.expressions.kinds import Type
from portal.forms.kinds.base import WRONG_SHAPE, Kind, KindError, KindField, Options, register
from portal.forms.kinds.reading import check_length, clean_text


class TextField(KindField):
    """One line of text."""


class LongTextField(KindField):
    """Several lines of text."""

    widget: Any = TextArea()


@register
class TextKind(Kind):
    """One line of text, stripped, without control characters."""

    name = "text"
    own_options = frozenset({"max", "offers", "private"})
    field_class: ClassVar[type[KindField]] = TextField
    default_length = limits.TEXT_LENGTH_DEFAULT
    has_lines = False

    def expand(self, options: Options) -> dict[str, Any]:
        return {"type": "string", "maxLength": options.get("max", self.default_length)}

    def consumed(self) -> frozenset[str]:
        return frozenset({"max"})

    def resolve(self, options: dict[str, Any], schema: Any) -> dict[str, Any]:
        return {**options, "max": schema.get("maxLength", self.default_length)}

    def expression_type(self, options: Options) -> Type:
        return Type("text")

    def load(self, stored: Any, options: Options) -> Any:
        if not isinstance(stored, str):
            raise KindError(Message(WRONG_SHAPE))
        return self.parse(stored, options)

    def coerce(self, computed: Any, options: Options) -> Any:
        return clean_text(str(computed), lines=self.has_lines)[: options["max"]] or None

    def check(self, typed: Any, options: Options) -> Message | None:
        return check_length(typed, options["max"])

    def parse(self, text: str, options: Options, language: str = "en") -> Any:
        cleaned = clean_text(text, lines=self.has_lines)
        far_too_long = check_length(cleaned, limits.TEXT_LENGTH)
        if far_too_long is not None:
            raise KindError(far_too_long)
        return cleaned or None


@register
class LongTextKind(TextKind):
    """Several lines of text."""

    name = "longtext"
    own_options = frozenset({"max", "private"})
    field_class = LongTextField
    default_length = limits.TEXT_LENGTH
    has_lines = True
    index = None
