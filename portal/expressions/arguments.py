"""The values a function is given: of which kinds, and null as soon as one of them is."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from portal.errors import N_
from portal.expressions.building import Builder, Node
from portal.expressions.kinds import IDENTITIES
from portal.expressions.running import Closure, Frame

DATES = frozenset({"date", "datetime"})
TEXTS = frozenset({"text", "choice"})
COUNTED = frozenset({"text", "choice", "choices", "list", "table"})
_TAKES: Mapping[frozenset[str], str] = {
    DATES: N_("It takes a date."),
    frozenset({"date"}): N_("It takes a date."),
    TEXTS: N_("It takes a text or a choice."),
    COUNTED: N_("It takes a text, a table, a column or a choice of several."),
    frozenset({"money"}): N_("It takes money."),
    IDENTITIES: N_("It takes a link."),
}


def needs(build: Builder, tree: ast.Call, index: int, node: Node, kinds: frozenset[str]) -> None:
    """Refuse an argument that is of none of these kinds."""
    if node.type.kind not in kinds:
        assert isinstance(tree.func, ast.Name)
        raise build.error(
            tree.args[index],
            N_("“%(name)s” cannot be taken of %(kind)s."),
            remedy=_TAKES.get(kinds, N_("It takes numbers, money, quantities and percentages.")),
            name=tree.func.id,
            kind=node.type.named,
        )


def strict(function: Callable[..., Any], nodes: list[Node]) -> Closure:
    """A closure that is null as soon as one argument is."""
    runs = [node.run for node in nodes]
    if len(runs) == 1:
        only = runs[0]

        def one(frame: Frame) -> Any:
            value = only(frame)
            return None if value is None else function(value)

        return one

    def several(frame: Frame) -> Any:
        values = [run(frame) for run in runs]
        return None if None in values else function(*values)

    return several
