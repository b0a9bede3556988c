"""What every field kind knows, the errors kinds raise, and the registry that refuses doubles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from portal.errors import N_, Message
from portal.expressions.kinds import Type
from portal.forms.kinds.field import KindError, KindField

__all__ = ["Kind", "KindError", "KindField", "Options", "Reader", "kind_named", "kinds", "register"]

Options = Mapping[str, Any]
IndexKind = Literal["text", "number", "date", "ref"]
IndexValue = str | Decimal | date | None

COMMON_OPTIONS = frozenset(
    [
        "kind",
        "label",
        "hint",
        "required",
        "read_only",
        "in_list",
        "in_filter",
        "on_hide",
        "default",
        "prefill",
        "unique",
    ]
)


def _no_name(_kind: str, identifier: str) -> str:
    return identifier


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a value: the language, the names of ids, what a figure beside it is measured in."""

    language: str = "en"
    name_of: Callable[[str, str], str] = _no_name
    currency: str | None = None
    unit: str | None = None


class Kind:
    """One kind of field: how it is described, stored, typed, read from a person and shown.

    `options` everywhere is the field's resolved options: those of `x-field`, plus what its
    schema says (`max`, `choices`, ...). A typed value is never None: None means empty.
    """

    name: ClassVar[str]
    own_options: ClassVar[frozenset[str]] = frozenset()
    needed_options: ClassVar[frozenset[str]] = frozenset()
    is_stored: ClassVar[bool] = True
    may_be_column: ClassVar[bool] = True
    index: ClassVar[IndexKind | None] = "text"
    field_class: ClassVar[type[KindField]] = KindField

    @property
    def options(self) -> frozenset[str]:
        """The members an `x-field` of this kind may have."""
        return COMMON_OPTIONS | self.own_options

    def expand(self, options: Options) -> dict[str, Any]:
        """The plain JSON Schema of this field (without title and description)."""
        raise NotImplementedError

    def consumed(self) -> frozenset[str]:
        """Options that expansion turns into schema keywords, and that `x-field` then drops."""
        return frozenset()

    def resolve(self, options: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
        """The options as used at run time: `x-field` plus what stands in the schema."""
        return options

    def expression_type(self, options: Options) -> Type:
        """The type of this field's values in expressions."""
        raise NotImplementedError

    def load(self, stored: Any, options: Options) -> Any:
        """The typed value of a stored one; raises KindError if it is none of this kind."""
        if not isinstance(stored, str):
            raise KindError(Message(WRONG_SHAPE))
        return stored

    def recall(self, stored: Any, options: Options) -> Any:
        """The typed value of what this kind itself stored; quicker than `load`, checks nothing."""
        return stored

    def store(self, typed: Any, options: Options) -> Any:
        """The stored form of a typed value: what JSON keeps."""
        return typed

    def coerce(self, computed: Any, options: Options) -> Any:
        """The typed value of what an expression answered (rounded half up, where it has a scale).

        Raises KindError if it does not fit the field.
        """
        return computed

    def check(self, typed: Any, options: Options) -> Message | None:
        """What is wrong with a value of the right shape (its range, its length), if anything."""
        return None

    def parse(self, text: str, options: Options, language: str = "en") -> Any:
        """The typed value of what a person typed, None for empty; raises KindError."""
        raise NotImplementedError

    def parse_list(self, texts: list[str], options: Options, language: str = "en") -> Any:
        """The typed value of a posted control; most kinds look at its last text only."""
        return self.parse(texts[-1], options, language) if texts else None

    def display(self, typed: Any, options: Options, reader: Reader) -> str:
        """The value as a reader sees it, in text."""
        return "" if typed is None else str(typed)

    def input_text(self, typed: Any, options: Options, language: str = "en") -> str:
        """The value as it stands in an input, accepted again by `parse`."""
        return "" if typed is None else str(typed)

    def index_kind(self, options: Options) -> IndexKind | None:
        """Among what lists sort and filter its values; None where they cannot."""
        return self.index

    def index_value(self, typed: Any, options: Options) -> IndexValue:
        """The value by which lists sort and filter."""
        return None if typed is None else str(typed)


WRONG_SHAPE = N_("This value has the wrong form for the field.")

_kinds: dict[str, Kind] = {}


def register(kind_class: type[Kind]) -> type[Kind]:
    """Class decorator: make a kind known by its name; a second one of that name is refused."""
    kind = kind_class()
    if kind.name in _kinds:
        raise ValueError(f"the field kind {kind.name!r} is registered twice")
    _kinds[kind.name] = kind
    return kind_class


def kind_named(name: str) -> Kind:
    """The kind of this name; raises KeyError."""
    return _kinds[name]


def kinds() -> Mapping[str, Kind]:
    """All kinds by name, in the order of registration."""
    return dict(_kinds)
