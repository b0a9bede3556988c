"""A written condition read back: as data, and as a sentence with the labels of its fields."""

import ast
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portal.expressions.conditions import Condition
from portal.expressions.errors import ExpressionError
from portal.expressions.reading import Source
from portal.expressions.sentences import to_sentence

_SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_LISTS = (ast.List, ast.Tuple)
_WORDS = {
    "abs": {"en": "{x} (regardless of sign)", "zh": "{x}（绝对值）"},
    "in_base": {"en": "{x} in base currency", "zh": "{x}（折合本位币）"},
}
_NAMES = re.compile(r"'[^']*'|\"[^\"]*\"|[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*(?![a-z0-9_(.])")


class Number(str):
    """A number of a condition, in the digits it is written with; a plain str is a text."""

    __slots__ = ()


def read_condition(source: str) -> Condition | None:
    """The condition a source text writes, as data; None where it writes something else.

    What is compared stands in `field` and `{"field": ...}` as it is written, be it the path of a
    field or not ("abs(total)"). Other values are `Number`, str, bool, or a list of such values.
    """
    try:
        text = Source(source)
        return _Reader(text).condition(text.tree)
    except (ExpressionError, _Wordless):
        return None


def told(source: str, labels: Mapping[str, str], language: str) -> str:
    """The condition in words; plain text, to be escaped where it lands.

    `labels` as for `to_sentence`. What has no words stands as it is written, with the labels of
    its fields.
    """
    words = _Words(labels, "zh" if language.startswith("zh") else "en")
    condition = read_condition(source)
    try:
        if condition is not None:
            return to_sentence(words.worded(condition), words.labels, language)
    except ExpressionError:  # nested deeper than a stored condition may be
        pass
    return words.as_written(source.strip())


def labeled(source: str, labels: Mapping[str, str]) -> str:
    """An expression with labels for the fields it names; plain text, to be escaped where it lands.

    Texts within quotation marks stay as they are.
    """
    return _NAMES.sub(lambda found: labels.get(found[0], found[0]), source.strip())


class _Wordless(Exception):
    """This part of a condition has no form as data."""


class _Reader:
    """Makes a stored condition of a syntax tree."""

    def __init__(self, source: Source) -> None:
        self.segment = source.segment

    def condition(self, node: ast.expr) -> Condition:
        if isinstance(node, ast.BoolOp):
            word = "all" if isinstance(node.op, ast.And) else "any"
            return {word: [self.condition(one) for one in node.values]}
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self._not(node.operand)
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            made = [self._pair(*one) for one in zip(sides, node.ops, sides[1:], strict=False)]
            return made[0] if len(made) == 1 else {"all": made}
        if isinstance(node, ast.Call):
            return self._call(node)
        return {"field": self.segment(node), "op": "==", "value": True}

    def _not(self, node: ast.expr) -> Condition:
        inner = self.condition(node)
        if inner.get("op") == "is_empty":
            return {**inner, "op": "is_not_empty"}
        if inner.get("op") == "==" and inner["value"] is True:
            return {**inner, "value": False}
        return {"not": inner}

    def _call(self, node: ast.Call) -> Condition:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "is_empty" and len(node.args) == 1:
            return {"field": self.segment(node.args[0]), "op": "is_empty"}
        if name == "starts_with" and len(node.args) == 2:
            field, value = node.args
            return {"field": self.segment(field), "op": name, "value": self._value(value)}
        raise _Wordless

    def _pair(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> Condition:
        op = _SIGNS.get(type(sign))
        if op is None:
            raise _Wordless
        if op == "in" and isinstance(left, ast.Constant) and not isinstance(right, _LISTS):
            return {"field": self.segment(right), "op": "includes", "value": self._value(left)}
        if op in _FLIPPED and _is_constant(left):
            left, op, right = right, _FLIPPED[op], left
        return {"field": self.segment(left), "op": op, "value": self._value(right)}

    def _value(self, node: ast.expr) -> Any:
        if isinstance(node, _LISTS):
            return [self._value(one) for one in node.elts]
        if not _is_constant(node):
            return {"field": self.segment(node)}
        if isinstance(node, ast.UnaryOp):
            return Number("-" + self.segment(node.operand))
        if isinstance(node, ast.Constant) and isinstance(node.value, bool | str):
            return node.value
        return Number(self.segment(node))


def _is_constant(node: ast.expr) -> bool:
    """Whether it is a text, yes or no, or a number with or without a minus."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = node.operand
        return isinstance(inner, ast.Constant) and type(inner.value) in (int, float)
    return isinstance(node, ast.Constant) and node.value is not None


class _Words:
    """Gives what is no field of the labels a name and a label, and numbers their separators."""

    def __init__(self, labels: Mapping[str, str], language: str) -> None:
        self.labels, self.language = dict(labels), language

    def worded(self, condition: Condition) -> Condition:
        """The same condition, so that `to_sentence` finds a label for all it names."""
        for word in ("all", "any"):
            if word in condition:
                return {word: [self.worded(one) for one in condition[word]]}
        if "not" in condition:
            return {"not": self.worded(condition["not"])}
        named = {**condition, "field": self._named(condition["field"])}
        return {**named, "value": self._value(named["value"])} if "value" in named else named

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if isinstance(value, Mapping):
            return {"field": self._named(value["field"])}
        return f"{Decimal(value):,}" if isinstance(value, Number) else value

    def _named(self, path: str) -> str:
        """The path of a field, or a made-up one labelled with what the expression says."""
        if path in self.labels:
            return path
        made = f"part_{len(self.labels)}"
        self.labels[made] = self._label(path)
        return made

    def _label(self, text: str) -> str:
        source = Source(text)
        node = source.tree
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
            words = _WORDS.get(node.func.id)
            if words is not None:
                return words[self.language].format(x=self._label(source.segment(node.args[0])))
        return self.as_written(text)

    def as_written(self, text: str) -> str:
        """The source with labels for the fields it names."""
        return labeled(text, self.labels)
