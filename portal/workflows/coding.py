"""Frozen dataclasses to plain JSON values and back; unknown keys of newer writers are ignored."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints

Decoder = Callable[[Any], Any]


def encode(value: Any) -> Any:
    """The JSON value of a dataclass, tuple, set or mapping; everything else is JSON already."""
    if is_dataclass(value) and not isinstance(value, type):
        data = {name: encode(getattr(value, name)) for name in _names(type(value))}
        kind = getattr(value, "kind", None)
        return {"kind": kind, **data} if isinstance(value, Tagged) else data
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(encode(item) for item in value)
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    return value


class Coded:
    """A dataclass that can be stored as JSON."""

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = encode(self)
        return data

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """The object written by `to_json`, also by an older version of the class."""
        known: Any = cls
        made: Self = _dataclass_decoder(known)(raw)
        return made


class Tagged(Coded):
    """A family of dataclasses told apart by `kind`; every family base sets its own `family`."""

    kind: ClassVar[str] = ""
    family: ClassVar[dict[str, type["Tagged"]]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "family" not in cls.__dict__ and cls.kind:
            cls.family[cls.kind] = cls

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        known: Any = cls.family[raw["kind"]]
        made: Self = _dataclass_decoder(known)(raw)
        return made


@cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


@cache
def _dataclass_decoder(cls: Any) -> Decoder:
    hints = get_type_hints(cls)
    parts = [
        (f.name, _decoder(hints[f.name]), f.default is MISSING and f.default_factory is MISSING)
        for f in fields(cls)
    ]

    def decode(raw: Mapping[str, Any]) -> Any:
        return cls(**{n: read(raw[n]) for n, read, required in parts if required or n in raw})

    return decode


@cache
def _decoder(hint: Any) -> Decoder:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType) and type(None) in arguments:
        rest = [a for a in arguments if a is not type(None)]
        inner = _decoder(rest[0]) if len(rest) == 1 else _plain
        return lambda raw: None if raw is None else inner(raw)
    if origin in (tuple, frozenset):
        item = _decoder(arguments[0])
        return lambda raw: origin(item(part) for part in raw)
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass_decoder(hint)
    return _plain


def _plain(raw: Any) -> Any:
    return raw
