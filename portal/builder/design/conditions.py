"""A condition of a definition as rows of field, comparison and value, and back as its text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from portal import limits
from portal.builder.design.comparing import Option, compared_with, comparison_words, comparisons
from portal.errors import N_, FieldError, Invalid, Message
from portal.expressions import ExpressionError, Scope, Type
from portal.expressions.conditions import LISTS, UNARY, condition_source
from portal.expressions.reading import Source
from portal.expressions.telling import Number, read_condition
from portal.forms.kinds import KindError
from portal.web.inputs import clean

__all__ = [
    "MOST_LINES",
    "Condition",
    "Line",
    "Option",
    "comparison_words",
    "comparisons",
    "from_form",
    "parse",
    "to_source",
]

MOST_LINES = 10

_COMMA = re.compile("[,，]")


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison as it was typed; behind "in" the values stand between commas."""

    field: str = ""
    op: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """All or any of some lines; or the text for what they cannot say, which counts where it is."""

    join: str = "all"
    lines: tuple[Line, ...] = ()
    source: str = ""


class _Refused(Exception):
    """What is wrong with one part of a line: its field, its op or its value."""

    def __init__(self, part: str, message: Message) -> None:
        self.part, self.message = part, message
        super().__init__(part)


def parse(source: str, options: Sequence[Option]) -> Condition:
    """The condition a text writes: as lines where they say exactly this, otherwise the text."""
    if not source.strip():
        return Condition()
    known = {one.path: one for one in options}
    read = read_condition(source) or {}
    join = "any" if "any" in read else "all"
    lines = [_line(one, known) for one in read.get(join, [read])]
    condition = Condition(join, tuple(line for line in lines if line))
    if not all(lines) or len(lines) > MOST_LINES:
        return Condition(source=source)
    try:
        to_source(condition, options, "")
    except Invalid:
        return Condition(source=source)
    return condition


def to_source(condition: Condition, options: Sequence[Option], prefix: str) -> str:
    """The text of a condition, "" when nothing is asked; lines without a field are passed over.

    Raises Invalid, its errors named as the inputs are. Whether a written text fits the fields it
    names is for the checks of the definition to say; here it has to be one that can be read.
    """
    if condition.source.strip():
        return _readable(condition.source, prefix)
    known = {one.path: one for one in options}
    texts: list[str] = []
    errors = []
    for index, line in enumerate(condition.lines):
        try:
            texts += [_written(line, known)] if line.field else []
        except _Refused as refused:
            path = f"{prefix}-{index}-{refused.part}"
            errors.append(FieldError(path, "condition", refused.message))
    if errors:
        raise Invalid(errors=errors)
    source = (" or " if condition.join == "any" else " and ").join(texts)
    return _readable(source, prefix) if source else ""


def from_form(values: "MultiDict[str, str]", prefix: str) -> Condition:
    """What was typed into the inputs of `conditions.html`; lines left blank are dropped.

    A text longer than an expression may be is cut, but not so short that it would be accepted.
    """

    def typed(name: str) -> str:
        return str(clean(values.get(f"{prefix}-{name}", "")))[: limits.EXPRESSION_LENGTH + 1]

    lines = [
        Line(typed(f"{index}-field"), typed(f"{index}-op"), typed(f"{index}-value"))
        for index in range(MOST_LINES)
    ]
    join = "any" if typed("join") == "any" else "all"
    return Condition(join, tuple(one for one in lines if one.field or one.value), typed("source"))


def _readable(source: str, prefix: str) -> str:
    try:
        Source(source)
    except ExpressionError as error:
        message = Message(
            N_("Line %(line)s, character %(column)s: %(problem)s"),
            {"line": error.line, "column": error.column, "problem": error.message},
        )
        raise Invalid(errors=[FieldError(f"{prefix}-source", "condition", message)]) from None
    return source


def _line(single: Mapping[str, Any], known: Mapping[str, Option]) -> Line | None:
    """A comparison that was read, as it would be typed; None where no line says the same."""
    option = known.get(str(single.get("field")))
    if option is None:
        return None
    if single["op"] in UNARY:
        return Line(option.path, single["op"])
    value = single["value"]
    texts = [_shown(one, option) for one in (value if isinstance(value, list) else [value])]
    line = Line(option.path, single["op"], ", ".join(texts))
    try:
        return line if all(texts) and _asked(line, option) == single else None
    except (_Refused, KindError):
        return None


def _shown(value: Any, option: Option) -> str:
    """A constant as it is typed for this field; "" where it is of another kind."""
    if option.kind == "yes_no":
        return ("yes" if value else "no") if isinstance(value, bool) else ""
    fits = isinstance(value, str) and isinstance(value, Number) == option.is_number
    return str(value) if fits and clean(value) == value else ""


def _written(line: Line, known: Mapping[str, Option]) -> str:
    """The text of a line."""
    option = known.get(line.field)
    if option is None:
        message = N_("There is no field “%(path)s” here.")
        raise _Refused("field", Message(message, {"path": line.field}))
    try:
        asked = _asked(line, option)
        if isinstance(asked.get("value"), bool):
            return option.path if asked["value"] else f"not {option.path}"
        return Source(condition_source(asked, _scope(option))).text
    except (KindError, ExpressionError) as error:
        raise _Refused("value", error.message) from None


def _asked(line: Line, option: Option) -> dict[str, Any]:
    """A line as a stored condition; raises KindError where the value is none of the field."""
    if line.op not in comparisons(option.kind, option.many):
        message = N_("“%(field)s” cannot be compared in this way: choose another comparison.")
        raise _Refused("op", Message(message, {"field": option.label}))
    asked: dict[str, Any] = {"field": option.path, "op": line.op}
    if line.op in UNARY:
        return asked
    texts = _COMMA.split(line.value) if line.op in LISTS else [line.value]
    values = [one for text in texts if (one := compared_with(text, option)) is not None]
    if not values:
        raise _Refused("value", Message(N_("Write the value to compare with.")))
    return {**asked, "value": values if line.op in LISTS else values[0]}


def _scope(option: Option) -> Scope:
    """Names enough to write a comparison: it turns on whether the field is a number."""
    *holders, last = option.path.split(".")
    names = {last: Type("decimal" if option.is_number else "text")}
    for holder in reversed(holders):
        names = {holder: Type("record", fields=names)}
    return Scope(names)
