"""Fields that name someone or something of the company: user, department, project, record."""

import re
from typing import Any, ClassVar

from portal.errors import N_, Message
from portal.expressions.kinds import Type
from portal.forms.kinds.base import (
    WRONG_SHAPE,
    IndexKind,
    Kind,
    KindError,
    KindField,
    Options,
    Reader,
    register,
)
from portal.forms.kinds.reading import clean_text

CHOOSE_FROM_LIST = N_("Choose an entry of the list.")

# A key of the portal, or a login, which definitions and example cases may write instead.
ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\Z")


class ReferenceField(KindField):
    """The key of something picked by type-ahead."""


class ReferenceKind(Kind):
    """A key of something that lives elsewhere; the host knows its name and whether it exists."""

    index: ClassVar[IndexKind | None] = "ref"
    field_class = ReferenceField

    def expand(self, options: Options) -> dict[str, Any]:
        return {"type": "string", "maxLength": 64, "pattern": ID_PATTERN}

    def load(self, stored: Any, options: Options) -> Any:
        if not isinstance(stored, str) or (stored and not _ID.match(stored)):
            raise KindError(Message(WRONG_SHAPE))
        return stored or None

    def coerce(self, computed: Any, options: Options) -> Any:
        return self.load(computed, options)

    def parse(self, text: str, options: Options, language: str = "en") -> Any:
        text = clean_text(text)
        if text and not _ID.match(text):
            raise KindError(Message(CHOOSE_FROM_LIST))
        return text or None

    def display(self, typed: Any, options: Options, reader: Reader) -> str:
        return "" if typed is None else reader.name_of(self.name, typed)


@register
class UserKind(ReferenceKind):
    """A person."""

    name = "user"

    def expression_type(self, options: Options) -> Type:
        return Type("person")


@register
class DepartmentKind(ReferenceKind):
    """A department."""

    name = "department"

    def expression_type(self, options: Options) -> Type:
        return Type("department")


@register
class ProjectKind(ReferenceKind):
    """A project."""

    name = "project"

    def expression_type(self, options: Options) -> Type:
        return Type("project")


@register
class RecordKind(ReferenceKind):
    """A record of another form, with fields fetched from it."""

    name = "record"
    own_options = frozenset({"target", "filter", "left", "fetch"})
    needed_options = frozenset({"target"})

    def expression_type(self, options: Options) -> Type:
        return Type("record", target=str(options.get("target", "")))
