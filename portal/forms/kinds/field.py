"""The WTForms side of a field kind: a real `wtforms.Field` that parses the way its kind does."""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from portal.errors import Message


class KindError(ValueError):
    """A value no field of this kind can hold; `message` says what to do about it."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message)


class Parses(Protocol):
    """What a field asks of its kind."""

    def parse_list(self, texts: list[str], options: Mapping[str, Any], language: str = ...) -> Any:
        """The typed value of a posted control."""

    def check(self, typed: Any, options: Mapping[str, Any]) -> Message | None:
        """What is wrong with a value of the right shape."""

    def input_text(self, typed: Any, options: Mapping[str, Any], language: str = ...) -> str:
        """The value as it stands in an input."""


class KindField(Field):
    """A control of a generated form: `data` is the typed value, errors are Messages."""

    widget: Any = TextInput()
    input_type: ClassVar[str] = "text"

    def __init__(
        self, label: str = "", *, kind: Parses, options: Mapping[str, Any], **wtforms: Any
    ) -> None:
        super().__init__(label, **wtforms)
        self.kind = kind
        self.options = options
        self.raw_data: list[str] | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take a posted value; an absent control leaves the field's data alone."""
        if not valuelist:
            return
        self.data = None
        self.data = self.kind.parse_list(valuelist, self.options)

    def pre_validate(self, form: BaseForm) -> None:
        """Judge the range or length; WTForms has already collected what parsing refused."""
        wrong = None if self.data is None else self.kind.check(self.data, self.options)
        if wrong is not None:
            raise StopValidation(wrong)  # type: ignore[arg-type]

    def _value(self) -> str:
        """The text in the input: what was typed while it is wrong, the normalised value after."""
        if self.raw_data and self.process_errors:
            return str(self.raw_data[-1])
        return self.kind.input_text(self.data, self.options)
