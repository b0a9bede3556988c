"""Functions whose answer the host knows: workdays, in_base, previous, lookup."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from portal.errors import N_
from portal.expressions.arguments import needs
from portal.expressions.building import Builder, Node, constant
from portal.expressions.functions import Function
from portal.expressions.kinds import FIXED_CURRENCIES, IDENTITIES, Type, seen_through
from portal.expressions.running import RUN, Closure, Frame
from portal.expressions.scope import listed, nearest

_STEPS = 5  # a host function may look something up
_DATE = frozenset({"date"})


def _calling(name: str, arguments: list[Closure]) -> Closure:
    """Call the host's function; null when an argument is, or when the host does not know."""

    def run(frame: Frame) -> Any:
        run_ = frame[RUN]
        function: Callable[..., Any] | None = run_.environment.host.get(name)
        if function is None:
            run_.note("host", f"{name}()")
            return None
        values = [argument(frame) for argument in arguments]
        return None if None in values else function(*values)

    return run


def _made(name: str, kind: Type, nodes: list[Node]) -> Node:
    run = _calling(name, [node.run for node in nodes])
    return Node(kind, run, _STEPS + sum(node.cost for node in nodes))


def _workdays(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    """workdays(start, end): host(start, end) -> int."""
    for index, node in enumerate(nodes):
        needs(build, tree, index, node, _DATE)
    return _made("workdays", Type("integer"), nodes)


def _in_base(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    """in_base(money): host(amount, currency code or "project") -> amount in the base currency."""
    needs(build, tree, 0, nodes[0], frozenset({"money"}))
    currency = nodes[0].type.currency
    base = Type("money", currency="base")
    if currency == "base":
        return nodes[0]
    return _made("in_base", base, [nodes[0], _code(build, tree, nodes[0].type)])


def _code(build: Builder, tree: ast.Call, money: Type) -> Node:
    """The currency of an amount, as a node: a constant, or the field that holds it."""
    code = money.currency or ""
    if code in FIXED_CURRENCIES or money.has_fixed_currency:
        return constant(Type("text"), code)
    try:
        path = ast.parse(code, mode="eval").body
    except SyntaxError:
        path = ast.Constant(0)
    if not isinstance(path, ast.Name | ast.Attribute):
        raise build.error(
            tree,
            N_("The currency of this amount is not known here."),
            remedy=N_("Give its field a currency."),
        )
    for part in ast.walk(path):
        if isinstance(part, ast.expr):
            part.col_offset, part.end_col_offset = tree.col_offset, tree.end_col_offset
    return build.build(path)


def _previous(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    """previous(field): host(path) -> the field's value in the record before this one."""
    path = nodes[0].path
    if not path or path.startswith("row.") or "[]" in path:
        raise build.error(
            tree.args[0],
            N_("“previous” takes the name of a field."),
            remedy=N_("Write %(example)s."),
            example="previous(amount)",
        )
    return _made("previous", nodes[0].type, [constant(Type("text"), path)])


def _lookup(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    """lookup(link, 'field'): host(id, field) -> that field of the linked record."""
    needs(build, tree, 0, nodes[0], IDENTITIES)
    key, fields = nodes[1].constant, nodes[0].type.fields or {}
    if not isinstance(key, str) or key not in fields:
        guess = nearest(key, fields) if isinstance(key, str) else None
        raise build.error(
            tree.args[1],
            N_("“lookup” needs the key of a field of the linked form, written out."),
            f"'{guess}'" if guess else None,
            remedy=N_("Known here: %(known)s."),
            known=listed(fields),
        )
    build.dependencies.add(f"{nodes[0].path}.{key}")
    return _made("lookup", seen_through(fields[key], nodes[0].path), nodes)


HOST_FUNCTIONS: Mapping[str, Function] = {
    "workdays": Function(2, 2, _workdays, "workdays(start, end)"),
    "in_base": Function(1, 1, _in_base, "in_base(amount)"),
    "previous": Function(1, 1, _previous, "previous(amount)", reads=False),
    "lookup": Function(2, 2, _lookup, "lookup(contract, 'name')"),
}
