"""Attachments: keys of files stored beside the record, never the files themselves."""

from typing import Any

from portal import limits
from portal.errors import N_, Message
from portal.expressions.kinds import Type
from portal.forms.kinds.base import (
    WRONG_SHAPE,
    Kind,
    KindError,
    KindField,
    Options,
    Reader,
    register,
)
from portal.forms.kinds.people import _ID, ID_PATTERN
from portal.forms.kinds.reading import clean_text

TOO_MANY_FILES = N_("At most %(most)s files may be attached here.")
ACCEPTED = frozenset({"image", "pdf", "office", "text"})


class AttachmentField(KindField):
    """The keys of files that were uploaded by requests of their own."""


@register
class AttachmentKind(Kind):
    """A list of files; `accept` names families of types, `images` shows them as pictures."""

    name = "attachment"
    own_options = frozenset({"accept", "max_files", "images"})
    may_be_column = False
    index = None
    field_class = AttachmentField

    def expand(self, options: Options) -> dict[str, Any]:
        return {
            "type": "array",
            "maxItems": int(options.get("max_files", limits.FILES_PER_FIELD)),
            "uniqueItems": True,
            "items": {"type": "string", "maxLength": 64, "pattern": ID_PATTERN},
        }

    def consumed(self) -> frozenset[str]:
        return frozenset({"max_files"})

    def resolve(self, options: dict[str, Any], schema: Any) -> dict[str, Any]:
        return {**options, "max_files": schema.get("maxItems", limits.FILES_PER_FIELD)}

    def expression_type(self, options: Options) -> Type:
        return Type("list", item=Type("text"))

    def load(self, stored: Any, options: Options) -> Any:
        if not isinstance(stored, list):
            raise KindError(Message(WRONG_SHAPE))
        if not all(isinstance(key, str) and _ID.match(key) for key in stored):
            raise KindError(Message(WRONG_SHAPE))
        return list(dict.fromkeys(stored)) or None

    def check(self, typed: Any, options: Options) -> Message | None:
        most = options["max_files"]
        return Message(TOO_MANY_FILES, {"most": most}) if len(typed) > most else None

    def parse(self, text: str, options: Options, language: str = "en") -> Any:
        return self.parse_list(text.split(","), options, language)

    def parse_list(self, texts: list[str], options: Options, language: str = "en") -> Any:
        keys = [clean_text(text) for text in texts]
        return self.load([key for key in keys if key], options)

    def display(self, typed: Any, options: Options, reader: Reader) -> str:
        return "" if typed is None else ", ".join(reader.name_of(self.name, key) for key in typed)

    def input_text(self, typed: Any, options: Options, language: str = "en") -> str:
        return "" if typed is None else ",".join(typed)
