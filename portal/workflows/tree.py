"""A workflow definition as a tree of blocks, and the walk through it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Literal

from portal.workflows.people import PeopleRule

Text = str | Mapping[str, str]
START = "start"


def in_language(text: Text, language: str) -> str:
    """The text in the language, else in English, else in whatever language it has."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


@dataclass(frozen=True)
class Block:
    """A node of the tree; every kind of block is a subclass in `portal.workflows.blocks`."""

    kind: ClassVar[str] = ""
    id: str

    def branches(self) -> tuple[tuple["Block", ...], ...]:
        """The lists of blocks inside this one, in the order in which they are written."""
        return ()


@dataclass(frozen=True)
class Policy:
    """What holds for the whole workflow; every default is the strict one."""

    distinct: tuple[frozenset[str], ...] = ()
    empty: Literal["hold", "reject", "skip", "go"] = "hold"
    empty_go: PeopleRule | None = None
    protected: tuple[str, ...] = ()
    restart_from: str | None = None
    max_returns: int = 5


@dataclass(frozen=True)
class WorkflowDefinition:
    """One published workflow; never changed, so its index is computed once."""

    workflow: str
    form: str
    title: Text
    withdraw: str
    policy: Policy
    blocks: tuple[Block, ...]
    language: int = 1
    _index: dict[str, "_Place"] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        index: dict[str, _Place] = {}
        _place(self.blocks, None, index)
        object.__setattr__(self, "_index", index)

    def __contains__(self, block_id: object) -> bool:
        return block_id in self._index

    def all_blocks(self) -> Iterator[Block]:
        """Every block, in the order in which they are written."""
        return (place.block for place in self._index.values())

    def block(self, block_id: str) -> Block:
        return self._index[block_id].block

    def order(self, block_id: str) -> int:
        """Position in the written order; an enclosing block comes before what it holds."""
        return self._index[block_id].order

    def parent(self, block_id: str) -> Block | None:
        return self._index[block_id].parent

    def next_sibling(self, block_id: str) -> Block | None:
        return self._index[block_id].next

    def from_here(self, block_id: str) -> tuple[str, ...]:
        """The block and everything written after it: what a return to it runs again."""
        return tuple(self._index)[self.order(block_id) :]

    def precedes_always(self, target: str, block_id: str) -> bool:
        """Whether every way to the block leads through the target (or the target encloses it)."""
        at: Block | None = self.block(block_id)
        while at is not None:
            siblings = self._index[at.id].siblings
            if any(b.id == target for b in siblings[: siblings.index(at)]):
                return True
            at = self.parent(at.id)
            if at is not None and at.id == target:
                return True
        return False

    @cached_property
    def restart_from(self) -> Block:
        """Where a protected change sends the approval."""
        return self.block(self.policy.restart_from) if self.policy.restart_from else self.blocks[0]


@dataclass(frozen=True)
class _Place:
    block: Block
    order: int
    parent: Block | None
    next: Block | None
    siblings: tuple[Block, ...]


def _place(blocks: tuple[Block, ...], parent: Block | None, index: dict[str, _Place]) -> None:
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        index[block.id] = _Place(block, len(index), parent, following, blocks)
        for branch in block.branches():
            _place(branch, block, index)
