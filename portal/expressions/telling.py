"""A written condition read back as a sentence, with the labels of the fields it names."""

import ast
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portal.expressions.conditions import Condition
from portal.expressions.errors import ExpressionError
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
_WORDS = {
    "abs": {"en": "{x} (regardless of sign)", "zh": "{x}（绝对值）"},
    "in_base": {"en": "{x} in base currency", "zh": "{x}（折合本位币）"},
}
_NAMES = re.compile(r"'[^']*'|\"[^\"]*\"|[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*(?![a-z0-9_(.])")


def told(source: str, labels: Mapping[str, str], language: str) -> str:
    """The condition in words; plain text, to be escaped where it lands.

    `labels` as for `to_sentence`. What has no words stands as it is written, with the labels of
    its fields.
    """
    reader = _Reader(source.strip(), labels, "zh" if language.startswith("zh") else "en")
    try:
        condition = reader.condition(ast.parse(reader.source, mode="eval").body)
        return to_sentence(condition, reader.labels, language)
    except (SyntaxError, ExpressionError, _Wordless):
        return reader.as_written(reader.source)


class _Wordless(Exception):
    """This part of a condition has no sentence."""


class _Reader:
    """Makes a stored condition of a syntax tree; what is no field gets a name and a label."""

    def __init__(self, source: str, labels: Mapping[str, str], language: str) -> None:
        self.source, self.language = source, language
        self.labels = dict(labels)

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
        return {"field": self._path(node), "op": "==", "value": True}

    def _not(self, node: ast.expr) -> Condition:
        inner = self.condition(node)
        if inner.get("op") == "is_empty":
            return {**inner, "op": "is_not_empty"}
        if inner.get("value") is True:
            return {**inner, "value": False}
        return {"not": inner}

    def _call(self, node: ast.Call) -> Condition:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "is_empty" and len(node.args) == 1:
            return {"field": self._path(node.args[0]), "op": "is_empty"}
        if name == "starts_with" and len(node.args) == 2:
            field, value = node.args
            return {"field": self._path(field), "op": name, "value": self._value(value)}
        raise _Wordless

    def _pair(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> Condition:
        op = _SIGNS.get(type(sign), "")
        if isinstance(left, ast.Constant) and op == "in":
            return {"field": self._path(right), "op": "includes", "value": self._value(left)}
        if isinstance(left, ast.Constant) and op in _FLIPPED:
            left, op, right = right, _FLIPPED[op], left
        return {"field": self._path(left), "op": op, "value": self._value(right)}

    def _value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.List):
            return [self._value(one) for one in node.elts]
        if not isinstance(node, ast.Constant):
            return {"field": self._path(node)}
        if isinstance(node.value, bool | str):
            return node.value
        return f"{Decimal(self._segment(node)):,}"

    def _path(self, node: ast.expr) -> str:
        """The path of a field, or a made-up one labelled with what the expression says."""
        path = self._segment(node)
        if path not in self.labels:
            made = f"part_{len(self.labels)}"
            self.labels[made] = self._worded(node)
            return made
        return path

    def _worded(self, node: ast.expr) -> str:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
            words = _WORDS.get(node.func.id)
            if words is not None:
                return words[self.language].format(x=self._worded(node.args[0]))
        return self.as_written(self._segment(node))

    def _segment(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.source, node) or ""

    def as_written(self, text: str) -> str:
        """The source with labels for the fields it names."""
        return _NAMES.sub(lambda found: self.labels.get(found[0], found[0]), text)
