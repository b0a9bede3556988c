"""Cost codes, or elements of the work breakdown, as a tree: parents before their children, siblings
by code."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.ledgers.naming import Named

PARENT = "parent_code"  # the field of a cost code that names the code above it
PARENT_ELEMENT = "parent_element"  # the same of an element of the work breakdown


@dataclass(frozen=True, slots=True)
class Node:
    """A code in its place; `below` are the ids of itself and everything under it."""

    code: Named
    depth: int
    below: tuple[str, ...]

    @property
    def is_group(self) -> bool:
        return len(self.below) > 1


def in_tree_order(codes: Iterable[Named], parent: str = PARENT) -> list[Node]:
    """The codes as a tree walked from the top; `parent` is the field that names the one above.

    A code whose parent is unknown, or leads back to itself, stands at the top: nothing ever
    disappears from a sheet.
    """
    by_id = {one.id: one for one in codes}
    children: dict[str | None, list[Named]] = {}
    for one in sorted(by_id.values(), key=lambda named: (named.code, named.name, named.id)):
        children.setdefault(_parent(one, by_id, parent), []).append(one)
    nodes: list[Node] = []
    for top in children.get(None, []):
        _walk(top, 0, children, nodes)
    return nodes


def _parent(one: Named, by_id: dict[str, Named], parent: str) -> str | None:
    """The id of the parent, None at the top."""
    seen, above = {one.id}, one.data.get(parent)
    first = above if above in by_id else None
    while above in by_id:
        if above in seen:
            return None
        seen.add(above)
        above = by_id[above].data.get(parent)
    return first


def _walk(
    one: Named, depth: int, children: dict[str | None, list[Named]], nodes: list[Node]
) -> tuple[str, ...]:
    place = len(nodes)
    nodes.append(Node(one, depth, (one.id,)))
    below = [one.id]
    for child in children.get(one.id, []):
        below.extend(_walk(child, depth + 1, children, nodes))
    nodes[place] = Node(one, depth, tuple(below))
    return tuple(below)
