"""Which parts of an expression may be empty when a rule runs: a mandatory column has to be sure."""

import ast
from collections.abc import Callable, Iterator

IsSure = Callable[[str], bool]

_ALWAYS = frozenset({"sum", "count", "today", "is_empty", "any", "all", "len"})
_EITHER = frozenset({"coalesce"})


def unsure_parts(source: str, is_sure: IsSure, when: str | None = None) -> list[str]:
    """The fields (or pieces of formula) that may leave the expression without a value.

    `is_sure` tells of a name as written (`row.qty`, `total`) whether it always holds a value;
    what the rule's condition `when` already demands to be there counts as sure. A division is
    unsure unless its divisor is a constant. The source has been compiled before.
    """
    demanded = frozenset(_demanded(_tree(when))) if when else frozenset()

    def sure(name: str) -> bool:
        return name in demanded or is_sure(name)

    return list(dict.fromkeys(_unsure(_tree(source), sure)))


def _tree(source: str) -> ast.expr:
    flat = " ".join(source.split("\n")).strip()
    return ast.parse(flat, mode="eval").body


def name_of(tree: ast.expr) -> str | None:
    """`row.qty` for a chain of dots, None for anything else."""
    if isinstance(tree, ast.Name):
        return tree.id
    if isinstance(tree, ast.Attribute):
        base = name_of(tree.value)
        return f"{base}.{tree.attr}" if base else None
    return None


def _demanded(tree: ast.expr) -> Iterator[str]:
    """Names that hold a value whenever this condition is true."""
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        for part in tree.values:
            yield from _demanded(part)
    elif isinstance(tree, ast.Compare):
        for side in (tree.left, *tree.comparators):
            yield from _strict(side)
    elif isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        inner = tree.operand
        if _function(inner) == "is_empty" and isinstance(inner, ast.Call):
            yield from (found for arg in inner.args if (found := name_of(arg)))
    elif name := name_of(tree):
        yield name


def _strict(tree: ast.expr) -> Iterator[str]:
    """Names without which this piece has no value, so that no comparison with it is true."""
    name = name_of(tree)
    if name:
        yield name
    elif isinstance(tree, ast.BinOp):
        yield from _strict(tree.left)
        yield from _strict(tree.right)
    elif isinstance(tree, ast.UnaryOp):
        yield from _strict(tree.operand)
    elif isinstance(tree, ast.Call) and _function(tree) in ("round", "abs"):
        yield from _strict(tree.args[0])


def _function(tree: ast.expr) -> str | None:
    return name_of(tree.func) if isinstance(tree, ast.Call) else None


def _unsure(tree: ast.expr, sure: IsSure) -> Iterator[str]:
    name = name_of(tree)
    if name is not None:
        if name not in ("True", "False") and not sure(name):
            yield name
    elif isinstance(tree, ast.Constant):
        if tree.value is None:
            yield "None"
    elif isinstance(tree, ast.Call):
        yield from _unsure_call(tree, sure)
    elif isinstance(tree, ast.BinOp):
        yield from _unsure(tree.left, sure)
        yield from _unsure(tree.right, sure)
        if isinstance(tree.op, ast.Div) and not _is_number(tree.right):
            yield ast.unparse(tree)
    else:
        for part in ast.iter_child_nodes(tree):
            if isinstance(part, ast.expr):
                yield from _unsure(part, sure)


def _unsure_call(tree: ast.Call, sure: IsSure) -> Iterator[str]:
    function = _function(tree)
    if function in _ALWAYS:
        return
    if function in _EITHER:
        open_parts = [list(_unsure(arg, sure)) for arg in tree.args]
        if all(open_parts):
            yield from open_parts[0]
        return
    if (
        function in ("min", "max", "avg")
        and len(tree.args) > 1
        and isinstance(tree.args[1], ast.Name)
    ):
        yield ast.unparse(tree)
        return
    for arg in tree.args:
        yield from _unsure(arg, sure)


def _is_number(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and bool(tree.value)


def direct_name(source: str) -> str | None:
    """The name an expression consists of, if it is nothing but a name."""
    try:
        return name_of(_tree(source)) if source else None
    except SyntaxError:
        return None
