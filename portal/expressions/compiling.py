"""compile_expression: source text to a typed Expression, once per form version."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import getcontext, setcontext
from typing import Any

from portal.errors import N_
from portal.expressions.aggregates import AGGREGATES, aggregate
from portal.expressions.agreement import fits
from portal.expressions.arithmetic import binary
from portal.expressions.building import Builder, Handler, Node
from portal.expressions.comparing import not_listed
from portal.expressions.errors import ExpressionError
from portal.expressions.functions import FUNCTIONS
from portal.expressions.hosting import HOST_FUNCTIONS
from portal.expressions.kinds import Type
from portal.expressions.literals import dated, listing, literal
from portal.expressions.logic import branches, compared, connected, unary
from portal.expressions.names import member, name
from portal.expressions.reading import Source
from portal.expressions.running import (
    CONTEXT,
    Closure,
    Environment,
    NotComputable,
    Outcome,
    Run,
    as_decimal,
    frame_of,
)
from portal.expressions.scope import Scope, nearest

_DECIMALS = frozenset({"decimal", "money", "quantity", "percent"})


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; immutable, may be kept and shared between threads.

    `dependencies` are the paths it reads: "total", "lines[].amount", "project.code"; "row.qty"
    and "parent.total" where it stands inside a table. `functions` are the names it calls.
    """

    source: str
    type: Type
    dependencies: frozenset[str]
    functions: frozenset[str]
    steps: int
    _run: Closure

    def evaluate(self, env: Environment) -> Any:
        """The value, or None where it is null, undetermined or not computable.

        Raises BudgetExceeded and nothing else of its own.
        """
        return self.explain(env).value

    def explain(self, env: Environment) -> Outcome:
        """The value together with the reason why it could not be computed, if that is so."""
        env.budget.begin(self.steps)
        run = Run(env)
        outside = getcontext()
        setcontext(CONTEXT.copy())
        try:
            value = self._run(frame_of(run))
        except ArithmeticError:
            return Outcome(None, NotComputable("overflow"))
        except (TypeError, ValueError, AttributeError):
            return Outcome(None, NotComputable("value"))
        finally:
            setcontext(outside)
        if value is None:
            return Outcome(None, run.problem)
        return Outcome(as_decimal(value) if self.type.kind in _DECIMALS else value)


def compile_expression(source: str, scope: Scope, *, expect: Type | None = None) -> Expression:
    """Compile a source text; `expect` is the type its result must fit.

    Raises ExpressionError with line, column and, where one is likely, a suggestion.
    """
    text = Source(source)
    build = Builder(text, scope, _HANDLERS)
    node = build.build(text.tree)
    if node.type.kind == "list" and (expect is None or expect.kind != "list"):
        raise build.error(text.tree, N_("A list stands only behind “in” or inside a function."))
    if expect is not None:
        node = _expected(build, text.tree, node, expect)
    return Expression(
        source=source,
        type=node.type,
        dependencies=frozenset(build.dependencies),
        functions=frozenset(build.functions),
        steps=node.cost,
        _run=node.run,
    )


def _expected(build: Builder, tree: ast.expr, node: Node, expect: Type) -> Node:
    """The node as the expected type; raises where it does not fit."""
    if expect.kind == "date" and node.is_constant and node.type.kind == "text":
        node = dated(build, tree, node)
    if fits(build, expect, node):
        return Node(expect, node.run, node.cost)
    got, guess = node.type, None
    if expect.kind == "choice" and got.choices and expect.choices:
        strange = next(value for value in got.choices if value not in expect.choices)
        raise not_listed(build, tree, strange, expect.choices)
    if expect.kind == "integer" and got.kind == "decimal":
        guess = f"round({build.segment(tree)})"
    if expect.kind == got.kind == "money":
        raise build.error(tree, N_("The result is in another currency than the field."))
    if expect.kind == got.kind:
        raise build.error(tree, N_("The result is not of the kind of the field."))
    raise build.error(
        tree,
        N_("The result is %(got)s; %(wanted)s is needed here."),
        guess,
        got=got.named,
        wanted=expect.named,
    )


def _called(build: Builder, tree: ast.Call) -> Node:
    """A function call; methods and functions that are not in the table are refused."""
    if not isinstance(tree.func, ast.Name):
        raise _no_method(build, tree)
    key = tree.func.id
    if tree.keywords or any(isinstance(arg, ast.Starred) for arg in tree.args):
        raise build.error(tree, N_("The arguments of a function are given in order."))
    if len(tree.args) == 1 and isinstance(tree.args[0], ast.GeneratorExp):
        raise build.error(
            tree,
            N_("Write %(example)s, or %(name)s of one column."),
            example=f"{key}(lines, row, row.amount)",
            name=key,
        )
    if key in AGGREGATES:
        build.functions.add(key)
        return aggregate(build, tree, key)
    if key in HOST_FUNCTIONS and key not in build.scope.functions:
        raise build.error(tree, N_("The function “%(name)s” is not available here."), name=key)
    function = FUNCTIONS.get(key) or HOST_FUNCTIONS.get(key)
    if function is None:
        known = {*FUNCTIONS, *AGGREGATES, *build.scope.functions}
        raise build.error(
            tree, N_("There is no function “%(name)s”."), nearest(key, known), name=key
        )
    if not function.least <= len(tree.args) <= function.most:
        raise build.error(tree, N_("Write %(example)s."), example=function.example)
    build.functions.add(key)
    read = set(build.dependencies)
    nodes = [build.build(arg) for arg in tree.args]
    if not function.reads:
        build.dependencies = read
    return function.make(build, tree, nodes)


def _no_method(build: Builder, tree: ast.Call) -> ExpressionError:
    func = tree.func
    guess = None
    if isinstance(func, ast.Attribute) and func.attr in {*FUNCTIONS, *AGGREGATES}:
        guess = f"{func.attr}({build.segment(func.value)})"
    return build.error(tree, N_("A function stands by itself, not behind a dot."), guess)


_HANDLERS: Mapping[type[ast.expr], Handler] = {
    ast.Name: name,
    ast.Attribute: member,
    ast.Constant: literal,
    ast.List: listing,
    ast.Tuple: listing,
    ast.BinOp: binary,
    ast.UnaryOp: unary,
    ast.BoolOp: connected,
    ast.Compare: compared,
    ast.IfExp: branches,
    ast.Call: _called,
}
