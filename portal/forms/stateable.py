"""Conditions a JSON Schema can state: equals, in a list, is present, and a bare yes/no."""

import ast
from dataclasses import dataclass
from typing import Any

from portal.expressions import ExpressionError, Scope
from portal.expressions.conditions import condition_source
from portal.forms.fields import Condition, FieldDefinition, FormDefinition

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stated:
    """A condition on one field of the same object, as two schemas: surely true, surely false.

    Neither holds while the field is missing (undetermined), except for presence itself.
    """

    when_true: Schema
    when_false: Schema
    table: str | None


def state(
    source: Condition | None,
    form: FormDefinition,
    table: str | None,
    conditional: frozenset[str],
) -> Stated | None:
    """The condition as schemas, or None where a schema cannot state it.

    `conditional` are the paths some rule shows: a hidden value is null for the rules but may
    stand in the record, so conditions on such fields are left to the engine.
    """
    if source is None:
        return Stated({}, {"not": {}}, None)
    try:
        text = source if isinstance(source, str) else condition_source(source, Scope({}))
        tree = ast.parse(text.strip(), mode="eval").body
    except (ExpressionError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    negated = isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not)
    if negated and isinstance(tree, ast.UnaryOp):
        tree = tree.operand
    stated = _state(tree, form, table, conditional)
    if stated is None or not negated:
        return stated
    return Stated(stated.when_false, stated.when_true, stated.table)


def _state(
    tree: ast.expr, form: FormDefinition, table: str | None, conditional: frozenset[str]
) -> Stated | None:
    if isinstance(tree, ast.Compare) and len(tree.ops) == 1:
        values = _constants(tree.ops[0], tree.comparators[0])
        field = _field(tree.left, form, table, conditional)
        if field is None or values is None or not _comparable(field, values):
            return None
        return _equal(field, values, negated=isinstance(tree.ops[0], ast.NotEq | ast.NotIn))
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and len(tree.args) == 1:
        field = _field(tree.args[0], form, table, conditional)
        if tree.func.id != "is_empty" or field is None or tree.keywords:
            return None
        present = {"required": [field.key]}
        return Stated({"not": present}, present, field.table)
    field = _field(tree, form, table, conditional)
    return None if field is None or field.kind.name != "yes_no" else _equal(field, [True])


def _field(
    tree: ast.expr, form: FormDefinition, table: str | None, conditional: frozenset[str]
) -> FieldDefinition | None:
    """The stored simple field a name stands for: bare in the header, `row.x` in a row."""
    if isinstance(tree, ast.Name):
        path = tree.id
    elif isinstance(tree, ast.Attribute) and isinstance(tree.value, ast.Name):
        if tree.value.id != "row" or table is None:
            return None
        path = f"{table}[].{tree.attr}"
    else:
        return None
    field = form.fields.get(path)
    if field is None or not field.kind.is_stored or field.kind.name == "table":
        return None
    return None if {path, field.table} & conditional else field


def _constants(operator: ast.cmpop, right: ast.expr) -> list[Any] | None:
    if isinstance(operator, ast.Eq | ast.NotEq) and isinstance(right, ast.Constant):
        return [right.value]
    if isinstance(operator, ast.In | ast.NotIn) and isinstance(right, ast.List | ast.Tuple):
        values = [one.value for one in right.elts if isinstance(one, ast.Constant)]
        return values if len(values) == len(right.elts) else None
    return None


def _comparable(field: FieldDefinition, values: list[Any]) -> bool:
    """Only values that are stored as they are written: no decimals, no case folding of texts."""
    if field.kind.name == "choice" and not field.options["many"]:
        return all(isinstance(value, str) for value in values)
    if field.kind.name == "yes_no":
        return all(isinstance(value, bool) for value in values)
    is_whole = field.kind.name == "number" and field.options["scale"] == 0
    return is_whole and all(type(value) is int for value in values)


def _equal(field: FieldDefinition, values: list[Any], *, negated: bool = False) -> Stated:
    among = {"enum": values}
    holds = {"required": [field.key], "properties": {field.key: among}}
    fails = {"required": [field.key], "properties": {field.key: {"not": among}}}
    return Stated(*((fails, holds) if negated else (holds, fails)), field.table)
