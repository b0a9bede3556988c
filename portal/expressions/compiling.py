"""compile_expression: source text to a typed Expression, once per form version."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import getcontext, setcontext
from math import prod
from typing import Any

from portal.errors import N_
from portal.expressions.agreement import fits, other_rate, same_rate
from portal.expressions.arithmetic import binary
from portal.expressions.building import Builder, Handler, Node, Visit
from portal.expressions.calling import called
from portal.expressions.comparing import asked, not_listed
from portal.expressions.kinds import Type
from portal.expressions.literals import dated, listing, literal
from portal.expressions.logic import branches, compared, connected, unary
from portal.expressions.lost import row_number
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
from portal.expressions.scope import Scope

_DECIMALS = frozenset({"decimal", "money", "quantity", "percent"})


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; immutable, may be kept and shared between threads.

    `dependencies` are the paths it reads: "total", "lines[].amount", "project.code"; "row.qty"
    and "parent.total" where it stands inside a table. `functions` are the names it calls, `visits`
    the rows it goes through.
    """

    source: str
    type: Type
    dependencies: frozenset[str]
    functions: frozenset[str]
    steps: int
    visits: tuple[Visit, ...]
    _run: Closure

    def most_steps(self, rows: Callable[[str], int]) -> int:
        """The steps an evaluation takes at most; `rows` says how many rows a table may have."""
        return self.steps + sum(
            visit.steps * prod(rows(table) for table in visit.tables) for visit in self.visits
        )

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
        raise build.error(
            text.tree,
            N_("A list stands only behind “in” or inside a function."),
            remedy=N_("Say what of it is meant, such as sum(…), count(…) or … in it."),
        )
    if expect is not None:
        node = _expected(build, text.tree, node, expect)
    return Expression(
        source=source,
        type=node.type,
        dependencies=frozenset(build.dependencies),
        functions=frozenset(build.functions),
        steps=node.cost,
        visits=tuple(build.visits),
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
        if got.unit is not None and not same_rate(expect, got):
            raise other_rate(build, tree, got, expect.unit)
        raise build.error(
            tree,
            N_("The result is in another currency than the field."),
            remedy=N_("Give the field the currency of the amounts it is computed from."),
        )
    if expect.kind == got.kind:
        raise build.error(
            tree,
            N_("The result is not of the kind of the field."),
            remedy=N_("Give the field the unit, or the form, of what it is computed from."),
        )
    raise build.error(
        tree,
        N_("The result is %(got)s; %(wanted)s is needed here."),
        guess,
        remedy=_REMEDIES.get(expect.kind, N_("Make it a field of another kind: %(got)s.")),
        got=got.named,
        wanted=expect.named,
        example=asked(build.segment(tree), got),
    )


_REMEDIES = {
    "yes_no": N_("Write a comparison, such as %(example)s."),
    "money": N_("Compute it from amounts of money, or make it a field of another kind: %(got)s."),
}


def _row_number(build: Builder, tree: ast.Subscript) -> Node:
    raise row_number(build, tree)


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
    ast.Call: called,
    ast.Subscript: _row_number,
}
