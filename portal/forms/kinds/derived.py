"""Fields nobody types: lists of records that point here, and figures rolled up from others."""

from collections.abc import Mapping
from typing import Any

from portal.errors import Message
from portal.expressions.kinds import Type
from portal.forms.kinds.base import (
    WRONG_SHAPE,
    IndexKind,
    IndexValue,
    Kind,
    KindError,
    KindField,
    Options,
    Reader,
    kind_named,
    register,
)


@register
class ReverseKind(Kind):
    """The records of another form that link here; shown, never stored."""

    name = "reverse"
    own_options = frozenset({"form", "by", "columns"})
    needed_options = frozenset({"form", "by"})
    is_stored = False
    may_be_column = False
    index = None

    def expand(self, options: Options) -> dict[str, Any]:
        return {"type": "array", "readOnly": True, "maxItems": 0, "items": {"type": "string"}}

    def expression_type(self, options: Options) -> Type:
        return Type("list", item=Type("record", target=str(options.get("form", ""))))

    def load(self, stored: Any, options: Options) -> Any:
        if stored:
            raise KindError(Message(WRONG_SHAPE))

    def parse(self, text: str, options: Options, language: str = "en") -> Any:
        raise KindError(Message(WRONG_SHAPE))


class RollupField(KindField):
    """A figure from other records; shown as text."""


@register
class RollupKind(Kind):
    """A sum, count or latest value over records of another form, as one of the simple kinds."""

    name = "rollup"
    own_options = frozenset(
        [
            "form",
            "op",
            "field",
            "same",
            "match",
            "states",
            "informs",
            "as",
            "scale",
            "currency",
            "unit",
            "private",
            "options",
            "many",
        ]
    )
    needed_options = frozenset({"form", "op"})
    operations = frozenset({"sum", "count", "latest"})
    index = "number"
    field_class = RollupField

    def shown_as(self, options: Options) -> Kind:
        """The kind the rolled-up value is stored and shown as."""
        named = options.get("as")
        return kind_named(str(named or ("number" if options.get("op") == "count" else "money")))

    def expand(self, options: Options) -> dict[str, Any]:
        return {**self.shown_as(options).expand(options), "readOnly": True}

    def resolve(self, options: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
        return self.shown_as(options).resolve(options, schema)

    def expression_type(self, options: Options) -> Type:
        return self.shown_as(options).expression_type(options)

    def load(self, stored: Any, options: Options) -> Any:
        return self.shown_as(options).load(stored, options)

    def recall(self, stored: Any, options: Options) -> Any:
        return self.shown_as(options).recall(stored, options)

    def store(self, typed: Any, options: Options) -> Any:
        return self.shown_as(options).store(typed, options)

    def coerce(self, computed: Any, options: Options) -> Any:
        return self.shown_as(options).coerce(computed, options)

    def parse(self, text: str, options: Options, language: str = "en") -> Any:
        return self.shown_as(options).parse(text, options, language)

    def display(self, typed: Any, options: Options, reader: Reader) -> str:
        return self.shown_as(options).display(typed, options, reader)

    def input_text(self, typed: Any, options: Options, language: str = "en") -> str:
        return self.shown_as(options).input_text(typed, options, language)

    def index_kind(self, options: Options) -> IndexKind | None:
        return self.shown_as(options).index_kind(options)

    def index_value(self, typed: Any, options: Options) -> IndexValue:
        return self.shown_as(options).index_value(typed, options)
