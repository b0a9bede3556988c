"""Choices from a list, one or several, and yes/no."""

from collections.abc import Mapping
from typing import Any

from wtforms.widgets import Select

from portal import limits
from portal.errors import N_, Message
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
from portal.forms.kinds.reading import clean_text
from portal.forms.texts import split_text

NOT_IN_LIST = N_("Choose one of the listed values.")
YES_OR_NO = N_("Answer yes or no.")

_YES = frozenset(["true", "yes", "y", "1", "on", "是", "对", "有", "√"])
_NO = frozenset(["false", "no", "n", "0", "off", "否", "不", "无", "×"])


class ChoiceField(KindField):
    """One value of a list, or several."""

    widget: Any = Select()

    def iter_choices(self) -> Any:
        """(value, label, is chosen, attributes) for the select widget."""
        chosen = self.data if isinstance(self.data, list) else [self.data]
        for value, text in self.options["choices"].items():
            yield value, text.in_language("en"), value in chosen, {}

    def has_groups(self) -> bool:
        """Lists of a definition are flat."""
        return False


@register
class ChoiceKind(Kind):
    """One of a list of labeled values; with `many`, several of them in the order of the list."""

    name = "choice"
    own_options = frozenset({"options", "many"})
    field_class = ChoiceField

    def expand(self, options: Options) -> dict[str, Any]:
        constants = [
            {"const": str(choice["value"]), "title": split_text(choice.get("label"))[0]}
            for choice in options.get("options", ())
        ]
        one = {"type": "string", "oneOf": constants}
        if not options.get("many"):
            return one
        most = max(1, len(constants)) if constants else limits.CHOICES
        return {"type": "array", "uniqueItems": True, "maxItems": most, "items": one}

    def consumed(self) -> frozenset[str]:
        return frozenset({"options"})

    def resolve(self, options: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
        many = schema.get("type") == "array"
        return {**options, "many": many}

    def expression_type(self, options: Options) -> Type:
        values = tuple(options["choices"])
        return Type("choices" if options["many"] else "choice", choices=values)

    def load(self, stored: Any, options: Options) -> Any:
        known = options["choices"]
        if not options["many"]:
            return self._known(stored, known)
        if not isinstance(stored, list):
            raise KindError(Message(WRONG_SHAPE))
        chosen = {self._known(value, known) for value in stored}
        return [value for value in known if value in chosen] or None

    def _known(self, stored: Any, known: Mapping[str, Any]) -> str | None:
        if not isinstance(stored, str):
            raise KindError(Message(WRONG_SHAPE))
        if stored and stored not in known:
            raise KindError(Message(NOT_IN_LIST))
        return stored or None

    def coerce(self, computed: Any, options: Options) -> Any:
        return self.load(computed, options)

    def parse(self, text: str, options: Options, language: str = "en") -> Any:
        """A value of the list, or its label in any language (as imports and pasting have it)."""
        text = clean_text(text)
        known = options["choices"]
        if not text or text in known:
            return text or None
        wanted = text.casefold()
        for value, label in known.items():
            if wanted in (label.en.casefold(), label.zh.casefold()):
                return value
        raise KindError(Message(NOT_IN_LIST))

    def parse_list(self, texts: list[str], options: Options, language: str = "en") -> Any:
        if not options["many"]:
            return self.parse(texts[-1], options, language) if texts else None
        if len(texts) > limits.CHOICES + 1:
            raise KindError(Message(NOT_IN_LIST))
        chosen = {self.parse(text, options, language) for text in texts}
        return [value for value in options["choices"] if value in chosen] or None

    def display(self, typed: Any, options: Options, reader: Reader) -> str:
        if typed is None:
            return ""
        values = typed if isinstance(typed, list) else [typed]
        labels = [
            options["choices"][value].in_language(reader.language)
            if value in options["choices"]
            else str(value)
            for value in values
        ]
        return ("、" if reader.language.startswith("zh") else ", ").join(labels)

    def input_text(self, typed: Any, options: Options, language: str = "en") -> str:
        return ",".join(typed) if isinstance(typed, list) else typed or ""

    def index_value(self, typed: Any, options: Options) -> IndexValue:
        return ",".join(typed) if isinstance(typed, list) else typed


class YesNoField(KindField):
    """Yes, no, or not answered yet."""


@register
class YesNoKind(Kind):
    """Yes or no; an unanswered one is empty, which is neither."""

    name = "yes_no"
    field_class = YesNoField

    def expand(self, options: Options) -> dict[str, Any]:
        return {"type": "boolean"}

    def expression_type(self, options: Options) -> Type:
        return Type("yes_no")

    def load(self, stored: Any, options: Options) -> Any:
        if not isinstance(stored, bool):
            raise KindError(Message(WRONG_SHAPE))
        return stored

    def parse(self, text: str, options: Options, language: str = "en") -> Any:
        text = clean_text(text).lower()
        if not text:
            return None
        if text in _YES or text in _NO:
            return text in _YES
        raise KindError(Message(YES_OR_NO))

    def display(self, typed: Any, options: Options, reader: Reader) -> str:
        if typed is None:
            return ""
        words = ("是", "否") if reader.language.startswith("zh") else ("Yes", "No")
        return words[0] if typed else words[1]

    def input_text(self, typed: Any, options: Options, language: str = "en") -> str:
        return "" if typed is None else "true" if typed else "false"

    def index_value(self, typed: Any, options: Options) -> IndexValue:
        return None if typed is None else "true" if typed else "false"
