"""What the chain's pages do to the ways of a choice: add, remove, put in order; pure."""

from typing import Any

from portal.builder.design.chain import Node, Way, read_chain, walk
from portal.builder.design.chain_edits import add_block, forget, wrap
from portal.builder.design.chain_step import set_words
from portal.builder.splicing import insert_item, move, remove
from portal.definitions.json_source import Path
from portal.errors import N_, Invalid, NotFound

Words = tuple[str, str]


def add_branch(text: str, path: Path, source: str, key: str, title: Words) -> str:
    """The text with a choice of two empty ways at a path: under a condition, and otherwise."""
    words = {name: one for name, one in zip(("en", "zh"), title, strict=True) if one}
    choice: dict[str, Any] = {"choose": key, **({"title": words} if words else {})}
    return add_block(text, path, {**choice, "when": [{"if": source, "then": []}], "else": []})


def put_into_branch(text: str, path: Path, source: str, key: str, title: Words) -> str:
    """The text with the block at a path on the first way of a new choice in its place."""
    text = wrap(text, path, source, key)
    return set_words(text, path, "title", title) if any(title) else text


def add_way(text: str, path: Path, source: str) -> str:
    """The text with one more way of the choice at a path, the last before the others."""
    return insert_item(text, (*path, "when"), {"if": source, "then": []})


def the_way(node: Node, number: str) -> Way:
    """The way with a condition of a choice by its number from 0. Raises NotFound."""
    ways = [way for way in node.ways if way.condition is not None]
    if not (number.isascii() and number.isdigit() and len(number) < 4 and int(number) < len(ways)):
        raise NotFound(N_("There is no such block in this chain."))
    return ways[int(number)]


def remove_way(text: str, node: Node, way: Way) -> str:
    """The text without a way and all on it. Raises Invalid for the only one with a condition."""
    if len(node.ways) <= 2:
        raise Invalid(N_("A branch needs one way with a condition. Take out the whole branch."))
    gone = [one.id for one in walk(way.blocks) if one.id]
    return forget(remove(text, way.path), gone)


def move_way(text: str, way: Way, *, up: bool) -> str:
    """The text with a way asked before the one it followed, or after the next. Raises NotFound."""
    now = int(way.path[-1]) + (-1 if up else 1)
    ways = read_chain(text).node(way.path[:-2]).ways
    if not 0 <= now < len(ways) - 1:
        raise NotFound(N_("There is no such place in this chain."))
    return move(text, way.path, now)
