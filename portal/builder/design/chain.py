"""A workflow text as the chain's pages show it: blocks within blocks, each with its place; pure.

Read tolerantly: what is no block the pages know is shown as such, and kept as it is.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.definitions.json_source import Path, read_source
from portal.errors import N_, NotFound

KINDS = ("step", "choose", "cc")
START = "start"
_CHOICE = {"choose", "title", "when", "else"}
_WAY = {"if", "then", "signed_by_sending"}
_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Way:
    """One way of a choice: its condition (None: otherwise) and where its blocks are listed.

    `signed` says that the requester's sending stands for what this way passes over.
    """

    path: Path
    list_path: Path
    condition: str | None
    blocks: tuple["Node", ...]
    signed: bool = False

    @property
    def at(self) -> str:
        """The address of the way."""
        return address(self.path)

    @property
    def list_at(self) -> str:
        """The address of the list of its blocks."""
        return address(self.list_path)


@dataclass(frozen=True, slots=True)
class Node:
    """One block: its kind (`step`, `choose`, `cc`; `unknown`), id, place, and what is written."""

    kind: str
    id: str
    path: Path
    raw: Any
    ways: tuple[Way, ...] = ()
    is_first: bool = False
    is_last: bool = False

    @property
    def at(self) -> str:
        """The address of the block, such as `blocks.2.when.0.then.1`."""
        return address(self.path)

    @property
    def anchor(self) -> str:
        """The id of the block on the page."""
        return f"block-{self.id or self.at.replace('.', '-')}"

    @property
    def written(self) -> str:
        """The block as one line, whatever its spacing: what marks it."""
        return written(self.raw)

    @property
    def title(self) -> Any:
        """The block's title as written; None without one."""
        found = self.raw.get("title") if isinstance(self.raw, dict) else None
        return found if isinstance(found, str | dict) else None

    @property
    def only_when(self) -> Way | None:
        """The one way of a choice that does nothing but ask its steps under a condition."""
        way = self.ways[0] if len(self.ways) == 2 and set(self.raw) <= _CHOICE else None
        if way is None or way.signed or self.ways[1].blocks or not way.blocks:
            return None
        return way if set(self.raw["when"][0]) <= _WAY else None


@dataclass(frozen=True, slots=True)
class Chain:
    """A workflow's text, the form it serves, and its blocks in order."""

    text: str
    raw: Any
    nodes: tuple[Node, ...]

    @property
    def form(self) -> str:
        """The key of the form the chain is for; empty if none is named."""
        found = self.raw.get("form") if isinstance(self.raw, dict) else None
        return found if isinstance(found, str) else ""

    @property
    def has_blocks(self) -> bool:
        """Whether there is a list of blocks to add to."""
        return isinstance(self.raw, dict) and isinstance(self.raw.get("blocks"), list)

    def all_nodes(self) -> Iterator[Node]:
        """Every block, as written: an enclosing one before what it holds."""
        return walk(self.nodes)

    def steps(self) -> list[Node]:
        """The steps, as written."""
        return [node for node in self.all_nodes() if node.kind == "step"]

    def node(self, at: str | Path) -> Node:
        """The block at an address or path; raises NotFound."""
        path = path_of(at) if isinstance(at, str) else at
        found = next((node for node in self.all_nodes() if node.path == path), None)
        if found is None:
            raise NotFound(N_("There is no such block in this chain."))
        return found

    def way(self, at: str) -> Way:
        """The way of a choice at an address; raises NotFound."""
        path = path_of(at)
        for node in self.all_nodes():
            for way in node.ways:
                if way.path == path and way.condition is not None:
                    return way
        raise NotFound(N_("There is no such block in this chain."))

    def holder(self, path: Path) -> Node | None:
        """The choice a block stands in; None on the outermost level."""
        for node in self.all_nodes():
            if any(way.list_path == path[:-1] for way in node.ways):
                return node
        return None

    def lists(self) -> list[Path]:
        """Where blocks may be added: every list of blocks."""
        found: list[Path] = [("blocks",)] if self.has_blocks else []
        return found + [way.list_path for node in self.all_nodes() for way in node.ways]

    def earlier(self, path: Path) -> list[Node]:
        """The blocks that come before this place on every way to it: where a return may lead."""
        found = []
        for node in self.all_nodes():
            last = len(node.path) - 1
            beside = len(path) > last and node.path[:last] == path[:last]
            if beside and int(node.path[last]) < int(path[last]):
                found.append(node)
        return [node for node in found if node.kind in ("step", "choose") and node.id]


def read_chain(text: str) -> Chain:
    """The chain in a text; raises SourceError where it is no JSON."""
    raw = read_source(text).value
    blocks = raw.get("blocks") if isinstance(raw, dict) else None
    return Chain(text, raw, _nodes(blocks, ("blocks",), 0))


def walk(nodes: Sequence[Node]) -> Iterator[Node]:
    """These blocks and all within them."""
    for node in nodes:
        yield node
        for way in node.ways:
            yield from walk(way.blocks)


def address(path: Path) -> str:
    """A path as it stands in an address: `blocks.2.when.0`."""
    return ".".join(str(part) for part in path)


def path_of(text: str) -> Path:
    """The path an address stands for; nothing can be wrong with it but that it leads nowhere."""
    return tuple(
        int(part) if part.isascii() and part.isdigit() and len(part) < 6 else part
        for part in text.split(".")[:100]
    )


def written(value: Any) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False)


def taken_ids(*raws: Any) -> frozenset[str]:
    """Every id a block of these workflows has."""
    return frozenset(node.id for raw in raws for node in walk(_blocks(raw)) if node.id)


def _blocks(raw: Any) -> tuple[Node, ...]:
    return _nodes(raw.get("blocks") if isinstance(raw, dict) else None, ("blocks",), 0)


def _nodes(raw: Any, path: Path, depth: int) -> tuple[Node, ...]:
    if not isinstance(raw, list):
        return ()
    found = [_node(one, (*path, at), depth) for at, one in enumerate(raw)]
    if found:
        found[0] = replace(found[0], is_first=True)
        found[-1] = replace(found[-1], is_last=True)
    return tuple(found)


def _node(raw: Any, path: Path, depth: int) -> Node:
    known = [kind for kind in KINDS if isinstance(raw, dict) and isinstance(raw.get(kind), str)]
    if len(known) != 1:
        return Node("unknown", "", path, raw)
    kind = known[0]
    if kind != "choose":
        return Node(kind, raw[kind], path, raw)
    ways = _ways(raw, path, depth)
    if ways is None:
        return Node("unknown", raw[kind], path, raw)
    return Node(kind, raw[kind], path, raw, ways)


def _ways(raw: Mapping[str, Any], path: Path, depth: int) -> tuple[Way, ...] | None:
    """The ways of a choice; None where one of them is not written as the pages know it."""
    cases, otherwise = raw.get("when"), raw.get("else")
    if not isinstance(cases, list) or not isinstance(otherwise, list) or depth >= _DEPTH:
        return None
    found = []
    for at, case in enumerate(cases):
        fits = isinstance(case, dict) and isinstance(case.get("then"), list)
        if not fits or not isinstance(case.get("if"), str):
            return None
        here = (*path, "when", at)
        inside = _nodes(case["then"], (*here, "then"), depth + 1)
        signed = case.get("signed_by_sending") is True
        found.append(Way(here, (*here, "then"), case["if"], inside, signed))
    last = (*path, "else")
    return (*found, Way(last, last, None, _nodes(otherwise, last, depth + 1)))
