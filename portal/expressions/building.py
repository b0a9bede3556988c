"""The compiler's state: a tree node comes in, a typed closure (Node) goes out."""

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from portal import limits
from portal.errors import N_
from portal.expressions.errors import NOT_PART, PARTS, ExpressionError
from portal.expressions.kinds import Type
from portal.expressions.reading import Source
from portal.expressions.running import FIRST_LOOP, Closure, Frame
from portal.expressions.scope import Scope

_NO_CONSTANT = object()


@dataclass(frozen=True, slots=True)
class Node:
    """A compiled piece: its type, its closure, and the steps it takes without the rows it loops.

    `constant` is its value when the source states it; `path` names the field when it is one.
    """

    type: Type
    run: Closure
    cost: int = 0
    constant: Any = _NO_CONSTANT
    path: str = ""

    @property
    def is_constant(self) -> bool:
        return self.constant is not _NO_CONSTANT

    @property
    def is_zero(self) -> bool:
        """A literal 0, which is nothing in any currency and any unit."""
        return self.is_constant and self.type.kind in ("integer", "decimal") and not self.constant

    def costing(self, *parts: "Node") -> int:
        return 1 + self.cost + sum(part.cost for part in parts)


@dataclass(frozen=True, slots=True)
class Loop:
    """A row name bound by an aggregate: the table's path and columns, the frame slot of the row."""

    name: str
    path: str
    columns: Mapping[str, Type]
    slot: int


@dataclass(frozen=True, slots=True)
class Visit:
    """Rows gone through: the tables, outermost first, and the steps each innermost row takes."""

    tables: tuple[str, ...]
    steps: int


Handler = Callable[["Builder", Any], Node]


class Builder:
    """Walks one tree; collects what the expression depends on, calls, and goes through."""

    def __init__(
        self, source: Source, scope: Scope, handlers: Mapping[type[ast.expr], Handler]
    ) -> None:
        self.source = source
        self.scope = scope
        self.dependencies: set[str] = set()
        self.functions: set[str] = set()
        self.loops: list[Loop] = []
        self.visits: list[Visit] = []
        self._times = 1
        self._handlers = handlers

    def build(self, tree: ast.expr) -> Node:
        handler = self._handlers.get(type(tree))
        if handler is None:
            raise self.error(tree, NOT_PART, remedy=PARTS)
        return handler(self, tree)

    def error(
        self,
        tree: ast.expr,
        text: str,
        suggestion: str | None = None,
        *,
        remedy: str = "",
        **args: object,
    ) -> ExpressionError:
        """An error at a piece; `args` fill both sentences."""
        return self.source.error(tree, text, suggestion, remedy=remedy, **args)

    def segment(self, tree: ast.expr) -> str:
        return self.source.segment(tree)

    def loop(self, name: str) -> Loop | None:
        """The innermost row of that name."""
        return next((one for one in reversed(self.loops) if one.name == name), None)

    def visit(self, table: str, steps: int) -> None:
        """Note that the rows of a table are gone through here, inside the loops around."""
        outer = tuple(loop.path for loop in self.loops)
        self.visits.append(Visit((*outer, table), steps * self._times))

    @contextmanager
    def repeating(self, times: int) -> Iterator[None]:
        """What is built meanwhile may be evaluated so many times."""
        before, self._times = self._times, self._times * times
        try:
            yield
        finally:
            self._times = before

    @contextmanager
    def looping(
        self, tree: ast.expr, name: str, path: str, columns: Mapping[str, Type]
    ) -> Iterator[int]:
        """Bind a row name while the body of an aggregate is built; yields the frame slot."""
        depth = len(self.loops)
        if depth >= limits.ROW_LOOP_DEPTH:
            raise self.error(
                tree,
                N_("Rows can be gone through at most %(most)s levels deep."),
                remedy=N_("Compute the inner part in a column of its own first."),
                most=limits.ROW_LOOP_DEPTH,
            )
        slot = FIRST_LOOP + depth
        self.loops.append(Loop(name, path, columns, slot))
        try:
            yield slot
        finally:
            self.loops.pop()


def constant(kind: Type, value: Any) -> Node:
    """A node that always has this value."""

    def run(_: Frame) -> Any:
        return value

    return Node(kind, run, constant=value)
