"""Where the fields of a form and what depends on them are drawn: columns from left to right; pure.

A field stands right of all it depends on; rules, steps and posting rules stand in the last column.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.builder.uses.dependencies import Edge, Node
from portal.builder.uses.mentions import FIELD

WIDTH, HEIGHT = 190, 28
_ACROSS, _DOWN, _EDGE = 74, 10, 8


@dataclass(frozen=True, slots=True)
class Box:
    """A node where it is drawn."""

    node: Node
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole: boxes by column, lines as paths, each with what it connects."""

    width: int
    height: int
    boxes: list[Box]
    lines: list[tuple[str, Edge]]


def picture(edges: Sequence[Edge], order: Sequence[str]) -> Picture:
    """The picture of these edges; `order` are the paths of the form's fields as they stand."""
    columns = _columns(edges, {name: at for at, name in enumerate(order)})
    boxes: dict[Node, Box] = {}
    for number, nodes in enumerate(columns):
        for row, node in enumerate(nodes):
            x = _EDGE + number * (WIDTH + _ACROSS)
            boxes[node] = Box(node, x, _EDGE + row * (HEIGHT + _DOWN))
    rows = max((len(one) for one in columns), default=0)
    return Picture(
        width=2 * _EDGE + max(1, len(columns)) * (WIDTH + _ACROSS) - _ACROSS,
        height=2 * _EDGE + rows * (HEIGHT + _DOWN),
        boxes=list(boxes.values()),
        lines=[(_curve(boxes[one.of], boxes[one.to]), one) for one in edges],
    )


def _columns(edges: Sequence[Edge], order: dict[str, int]) -> list[list[Node]]:
    nodes = list(dict.fromkeys(each for one in edges for each in (one.of, one.to)))
    fields = [one for one in nodes if one.kind == FIELD]
    depth = _depths(fields, edges)
    last = max(depth.values(), default=-1) + 1
    columns: list[list[Node]] = [[] for _column in range(last + 1)]
    for one in nodes:
        columns[depth.get(one, last)].append(one)
    made: list[list[Node]] = []
    for column in columns:
        places = {one: at for at, each in enumerate(made) for at, one in enumerate(each)}
        made.append(sorted(column, key=lambda one: _rank(one, edges, places, order)))
    return [one for one in made if one]


def _depths(fields: Iterable[Node], edges: Sequence[Edge]) -> dict[Node, int]:
    """How many steps a field is from what people fill in; a circle, an error, is cut."""
    depth = dict.fromkeys(fields, 0)
    between = [one for one in edges if one.of in depth and one.to in depth]
    for _round in range(len(depth)):
        deeper = {one.to: depth[one.of] + 1 for one in between if depth[one.to] <= depth[one.of]}
        if not deeper:
            break
        depth.update({one: min(at, len(depth)) for one, at in deeper.items()})
    used = sorted(set(depth.values()))
    return {one: used.index(at) for one, at in depth.items()}


def _rank(
    node: Node, edges: Sequence[Edge], places: dict[Node, int], order: dict[str, int]
) -> tuple[float, int, str]:
    """Near what it depends on, then as the form has it."""
    before = [places[one.of] for one in edges if one.to == node and one.of in places]
    near = sum(before) / len(before) if before else 0.0
    return near, order.get(node.name, len(order)), node.name


def _curve(of: Box, to: Box) -> str:
    x1, y1 = of.x + WIDTH, of.y + HEIGHT // 2
    x2, y2 = to.x, to.y + HEIGHT // 2
    if x2 > x1:
        bend = min(60, (x2 - x1) // 2)
        return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    return f"M{x1} {y1}C{x1 + 40} {y1} {x2 - 40} {y2} {x2} {y2}"
