"""Common conditions as data, `{"field": "total", "op": ">", "value": "5000"}`, not as text.

They join as `{"all": [...]}`, `{"any": [...]}`, `{"not": {...}}`. A value may be a constant or
`{"field": path}`; `"in_base": true` compares an amount in the base currency; a path into a table
("lines[].code") asks for any row, or for all of them with `"rows": "all"`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from portal.errors import N_, Message
from portal.expressions.compiling import Expression, compile_expression
from portal.expressions.errors import ExpressionError
from portal.expressions.kinds import NUMBERS, Type
from portal.expressions.scope import Scope, nearest

Condition = Mapping[str, Any]

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
LISTS = ("in", "not in")
UNARY = ("is_empty", "is_not_empty")
OPERATORS = (*COMPARISONS, *LISTS, *UNARY, "includes", "starts_with")
GROUPS = ("all", "any", "not")

_KEYS = frozenset({"field", "op", "value", "in_base", "rows"})
_PATH = re.compile(r"[a-z][a-z0-9_]{0,40}(?:\[\])?(?:\.[a-z][a-z0-9_]{0,40}(?:\[\])?){0,4}")
_NUMBER = re.compile(r"-?[0-9]{1,24}(?:\.[0-9]{1,10})?")
_DEEPEST = 6


def compile_condition(condition: Condition | str, scope: Scope) -> Expression:
    """A condition, or the free text of expert mode, as a yes/no expression.

    Raises ExpressionError; for a condition its position is in the text made from it.
    """
    source = condition if isinstance(condition, str) else condition_source(condition, scope)
    return compile_expression(source, scope, expect=Type("yes_no"))


def condition_source(condition: Condition, scope: Scope) -> str:
    """The same condition as source text."""
    check_condition(condition)
    return _source(condition, scope)


def referenced_paths(condition: Condition) -> frozenset[str]:
    """The paths a condition names; raises ExpressionError where it has not the right shape."""
    check_condition(condition)
    return frozenset(_paths(condition))


def check_condition(condition: Condition, depth: int = 1) -> None:
    """Refuse a condition of the wrong shape, or nested too deep."""
    if depth > _DEEPEST:
        raise _wrong(N_("These conditions are nested too deep."))
    group = parts(condition)
    for member in group[1] if group else ():
        check_condition(member, depth + 1)


def parts(condition: Condition) -> tuple[str, list[Condition]] | None:
    """The group word and its members, or None for a single comparison; raises on a wrong shape."""
    if not isinstance(condition, Mapping):
        raise _wrong(N_("A condition is an object with “field”, “op” and “value”."))
    found = [word for word in GROUPS if word in condition]
    if not found:
        _check_shape(condition)
        return None
    members = condition[found[0]]
    members = [members] if found[0] == "not" else members
    if len(condition) != 1 or not isinstance(members, list) or not members:
        raise _wrong(N_("“all”, “any” and “not” stand alone and hold conditions."))
    return found[0], members


def _source(condition: Condition, scope: Scope) -> str:
    group = parts(condition)
    if group is None:
        return _comparison(condition, scope)
    word, members = group
    pieces = [f"({_source(member, scope)})" for member in members]
    return (
        f"not {pieces[0]}" if word == "not" else (" and " if word == "all" else " or ").join(pieces)
    )


def _comparison(condition: Condition, scope: Scope) -> str:
    path = str(condition["field"])
    table, inside, column = path.partition("[].")
    field = f"row.{column}" if inside else path
    text = _applied(condition, field, _type_of(path, scope))
    if not inside:
        return text
    return f"{'all' if condition.get('rows') == 'all' else 'any'}({table}, row, {text})"


def _applied(condition: Condition, field: str, kind: Type | None) -> str:
    op, value = condition["op"], condition.get("value")
    left = f"in_base({field})" if condition.get("in_base") else field
    if op in UNARY:
        return f"is_empty({field})" if op == "is_empty" else f"not is_empty({field})"
    if op in LISTS:
        if not isinstance(value, list):
            raise _wrong(N_("“%(op)s” needs a list of values."), op=op)
        return f"{left} {op} [{', '.join(_operand(one, kind) for one in value)}]"
    operand = _operand(value, kind)
    if op == "includes":
        return f"{operand} in {left}"
    if op == "starts_with":
        return f"starts_with({left}, {operand})"
    return f"{left} {op} {operand}"


def _operand(value: Any, kind: Type | None) -> str:
    """A constant or another field, as source text."""
    if isinstance(value, Mapping) and set(value) == {"field"}:
        return _checked_path(value["field"])
    if isinstance(value, bool):
        return str(value)
    number = kind is not None and kind.kind in NUMBERS
    if (isinstance(value, int) or (number and isinstance(value, str))) and _NUMBER.fullmatch(
        str(value)
    ):
        return str(value)
    if isinstance(value, str) and not number:
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    raise _wrong(N_("“%(value)s” is not a value for this field."), value=str(value)[:40])


def _type_of(path: str, scope: Scope) -> Type | None:
    """The declared type at a path; None where there is none (compiling then says so)."""
    names: Mapping[str, Type] | None = scope.names
    kind: Type | None = None
    for index, key in enumerate(path.replace("[]", "").split(".")):
        if index == 0 and key in ("row", "parent") and key not in scope.names:
            names = scope.row if key == "row" else scope.parent
            continue
        kind = (names or {}).get(key)
        if kind is None:
            return None
        names = kind.columns or kind.fields
    return kind


def _check_shape(condition: Condition) -> None:
    _checked_path(condition.get("field"))
    op = condition.get("op")
    if op not in OPERATORS:
        raise ExpressionError(
            Message(N_("“%(op)s” is not a comparison."), {"op": str(op)[:40]}),
            suggestion=nearest(str(op), OPERATORS),
        )
    strange = sorted(set(condition) - _KEYS)
    if strange:
        raise _wrong(N_("A condition has no member “%(key)s”."), key=str(strange[0])[:40])
    if ("value" in condition) == (op in UNARY):
        raise _wrong(N_("“%(op)s” has a value too many or too few."), op=op)
    if condition.get("rows", "any") not in ("any", "all"):
        raise _wrong(N_("“rows” is “any” or “all”."))


def _checked_path(path: Any) -> str:
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise _wrong(N_("“%(path)s” is not the path of a field."), path=str(path)[:40])
    return path


def _paths(condition: Condition) -> Iterator[str]:
    group = parts(condition)
    if group is not None:
        for member in group[1]:
            yield from _paths(member)
        return
    yield condition["field"]
    value = condition.get("value")
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping) and "field" in one:
            yield one["field"]


def _wrong(text: str, **args: object) -> ExpressionError:
    return ExpressionError(Message(text, args))
