"""The options of a field as inputs, for every kind from the shapes of the meta-schema; pure.

Nothing is listed twice: an option that a kind gets, its author can set.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from portal.builder.starters import key_from
from portal.definitions.metaschema.fields import CHOICES, option_shape
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.kinds import KindError, kinds
from portal.forms.kinds.base import COMMON_OPTIONS
from portal.forms.kinds.reading import read_decimal
from portal.forms.texts import Text, read_text, write_text

Control = Literal[
    "check", "select", "whole", "decimal", "expression", "several", "names", "choices", "pairs",
    "text", "value", "kept",
]  # fmt: skip
# Set elsewhere on the page, or said by its heading.
_APART = frozenset({"kind", "label", "hint", "required"})
_DECIMAL = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,6})?")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_EMPTY_ROWS = 2


@dataclass(frozen=True, slots=True)
class Input:
    """How one option is asked for; `choices` where there are only so many answers."""

    name: str
    control: Control
    choices: tuple[str, ...] = ()
    is_needed: bool = False
    is_own: bool = False


def inputs(kind: str) -> list[Input]:
    """The inputs of a kind's options: what makes it this kind first, then what all kinds have."""
    found = kinds().get(kind)
    if found is None:
        return []
    made = [
        Input(
            name=name,
            control=_control(name, option_shape(kind, name)),
            choices=_choices(option_shape(kind, name)),
            is_needed=name in found.needed_options,
            is_own=name not in COMMON_OPTIONS,
        )
        for name in sorted(found.options - _APART)
    ]
    return sorted(made, key=lambda one: (not one.is_own, not one.is_needed, _place(one.name)))


def _place(name: str) -> tuple[str, bool]:
    """Options by name, the least before the most."""
    return ("max", name == "max") if name in ("min", "max") else (name, False)


def _control(name: str, shape: Mapping[str, Any]) -> Control:
    kind = shape.get("type")
    if name == "default":
        return "value"
    if shape is CHOICES or name == "options":
        return "choices"
    if kind == "boolean":
        return "check"
    if kind == "integer":
        return "whole"
    if kind == ["integer", "string"]:
        return "decimal"
    if kind == "array":
        return "several" if "enum" in shape["items"] else "names"
    if kind == "object":
        return "pairs" if "propertyNames" in shape else "kept"
    if "enum" in shape:
        return "select"
    return "expression" if shape.get("maxLength") == 1000 else "text"


def _choices(shape: Mapping[str, Any]) -> tuple[str, ...]:
    found = shape.get("enum") or (shape.get("items") or {}).get("enum")
    if found is None and isinstance(shape.get("additionalProperties"), Mapping):
        found = shape["additionalProperties"].get("enum")
    return tuple(str(one) for one in found or ())


def shown(one: Input, value: Any) -> Any:
    """A stored option as its input shows it: a text, a list of texts, or rows of texts."""
    if one.control == "check":
        return value is True
    if one.control in ("several", "names"):
        names = [str(each) for each in value] if isinstance(value, list) else []
        names = [each for each in one.choices if each in names] if one.choices else names
        return names if one.control == "several" else ", ".join(names)
    if one.control == "pairs":
        pairs = value.items() if isinstance(value, Mapping) else ()
        return [(str(left), str(right)) for left, right in pairs]
    if one.control == "choices":
        rows = value if isinstance(value, list) else []
        return [
            (str(each.get("value", "")), *_both(each.get("label")))
            for each in rows
            if isinstance(each, Mapping)
        ]
    if one.control == "value":
        return _plain(value)
    return "" if value is None else str(value)


def _both(label: Any) -> tuple[str, str]:
    text = read_text(label)
    return text.en, text.zh


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def spare(rows: Sequence[Any], width: int) -> list[Any]:
    """The rows of a small table with some empty ones below."""
    return [*rows, *([("",) * width] * _EMPTY_ROWS)]


def changes(kind: str, typed: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Which options to set (None: take out), from what was typed as `shown` gives it.

    What reads as it did stays as it is written. Raises Invalid by input.
    """
    made: dict[str, Any] = {}
    errors: list[FieldError] = []
    for one in inputs(kind):
        if one.control == "kept" or one.name not in typed:
            continue
        if typed[one.name] == shown(one, stored.get(one.name)):
            continue
        try:
            made[one.name] = _read(one, kind, typed[one.name], stored)
        except ValueError as wrong:
            errors.append(FieldError(one.name, "wrong", Message(str(wrong))))
    if errors:
        raise Invalid(errors=errors)
    return made


def _read(one: Input, kind: str, typed: Any, stored: Mapping[str, Any]) -> Any:
    """The option as definitions write it; None for none. Raises ValueError with what is wrong."""
    if one.control == "check":
        return True if typed else None
    if one.control == "several":
        return list(typed) or None
    if one.control == "names":
        return [part for part in re.split(r"[\s,，、]+", typed) if part] or None
    if one.control == "pairs":
        pairs = [(left, right) for left, right in typed if left or right]
        if any(not left or not right for left, right in pairs):
            raise ValueError(N_("Fill in both sides of every row."))
        return dict(pairs) or None
    if one.control == "choices":
        return _read_choices(typed, shown(one, stored.get(one.name)))
    if typed == "":
        return None
    if one.control == "whole":
        return _whole(typed)
    if one.control == "decimal":
        return _decimal(typed)
    if one.control == "value":
        return _as_value(kind, typed, stored)
    return typed


def _whole(typed: str) -> int:
    if not _WHOLE.fullmatch(typed):
        raise ValueError(N_("Write a whole number."))
    return int(typed)


def _decimal(typed: str) -> str:
    try:
        number = read_decimal(typed)
    except KindError:
        number = None
    text = f"{number:f}" if number is not None else ""
    if not _DECIMAL.fullmatch(text):
        raise ValueError(N_("Write a number, for example 1200 or 0.5."))
    return text


def _read_choices(typed: Sequence[Sequence[str]], stored: Sequence[Sequence[str]]) -> Any:
    """A row without a value keeps the one its names stand for; a new one gets one of its own."""
    known = {tuple(row[1:]): row[0] for row in stored}
    rows = [
        [row[0] or known.get(tuple(row[1:])) or key_from(row[1]), *row[1:]]
        for row in typed
        if any(row)
    ]
    if any(not row[0] for row in rows):
        raise ValueError(N_("Give every choice a value: it is what is stored."))
    if len({row[0] for row in rows}) < len(rows):
        raise ValueError(N_("Two choices have the same value."))
    if any(not (row[1] or row[2]) for row in rows):
        raise ValueError(N_("Give every choice a name."))
    return [{"value": row[0], "label": write_text(Text(row[1], row[2]))} for row in rows] or None


def as_value(kind: str, typed: str, options: Mapping[str, Any]) -> Any:
    """A value of a field as definitions write it; raises Invalid for what cannot be one."""
    try:
        return _as_value(kind, typed, options)
    except ValueError as wrong:
        raise Invalid(str(wrong)) from None


def _as_value(kind: str, typed: str, stored: Mapping[str, Any]) -> Any:
    if kind == "yes_no":
        if typed not in ("yes", "no"):
            raise ValueError(N_("Choose yes or no."))
        return typed == "yes"
    if kind == "number" and not stored.get("scale"):
        return _whole(typed)
    if kind == "choice" and stored.get("many"):
        return [part for part in re.split(r"[\s,，、]+", typed) if part]
    return typed
