"""Calls: functions of the table, aggregates and functions of the host; never a method."""

import ast

from portal.errors import N_
from portal.expressions.aggregates import AGGREGATES, aggregate
from portal.expressions.building import Builder, Node
from portal.expressions.errors import ExpressionError
from portal.expressions.functions import FUNCTIONS
from portal.expressions.hosting import HOST_FUNCTIONS
from portal.expressions.scope import nearest

KNOWN = N_("Known here: %(known)s.")
SO = N_("Write %(example)s.")


def called(build: Builder, tree: ast.Call) -> Node:
    """A function call; methods and functions that are not in the table are refused."""
    if not isinstance(tree.func, ast.Name):
        raise _no_method(build, tree)
    key = tree.func.id
    _check_arguments(build, tree, key)
    if key in AGGREGATES:
        build.functions.add(key)
        return aggregate(build, tree, key)
    function = FUNCTIONS.get(key) or HOST_FUNCTIONS.get(key)
    if function is None or (key in HOST_FUNCTIONS and key not in build.scope.functions):
        raise _unknown(build, tree, key)
    if not function.least <= len(tree.args) <= function.most:
        text = N_("“%(name)s” is given too many values or too few.")
        raise build.error(tree, text, remedy=SO, name=key, example=function.example)
    build.functions.add(key)
    read = set(build.dependencies)
    nodes = [build.build(arg) for arg in tree.args]
    if not function.reads:
        build.dependencies = read
    return function.make(build, tree, nodes)


def _check_arguments(build: Builder, tree: ast.Call, key: str) -> None:
    """Values in order, and no comprehension."""
    if tree.keywords or any(isinstance(arg, ast.Starred) for arg in tree.args):
        raise build.error(
            tree,
            N_("The arguments of a function are given in order."),
            remedy=N_("Write the values alone, without names and stars."),
        )
    if len(tree.args) == 1 and isinstance(tree.args[0], ast.GeneratorExp):
        raise build.error(
            tree,
            N_("“for” is not part of the language."),
            remedy=N_("Write %(example)s, or %(name)s of one column."),
            example=f"{key}(lines, row, row.amount)",
            name=key,
        )


def _unknown(build: Builder, tree: ast.Call, key: str) -> ExpressionError:
    """A function nobody has, or one this place does not offer."""
    known = _known(build)
    if key in HOST_FUNCTIONS:
        text, guess = N_("The function “%(name)s” is not available here."), None
    else:
        text, guess = N_("There is no function “%(name)s”."), nearest(key, known)
    return build.error(tree, text, guess, remedy=KNOWN, name=key, known=", ".join(known))


def _no_method(build: Builder, tree: ast.Call) -> ExpressionError:
    func, known = tree.func, _known(build)
    guess = None
    if isinstance(func, ast.Attribute) and func.attr in known:
        guess = f"{func.attr}({build.segment(func.value)})"
    text = N_("A function stands by itself, not behind a dot.")
    return build.error(tree, text, guess, remedy=KNOWN, known=", ".join(known))


def _known(build: Builder) -> list[str]:
    return sorted({*FUNCTIONS, *AGGREGATES, *build.scope.functions})
