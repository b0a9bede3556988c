"""What a kind of block has to offer; a new kind is one module here and one line in the registry."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from portal.workflows.findings import Checker, Path
from portal.workflows.run import Entering
from portal.workflows.tree import Block
from portal.workflows.words import Words

ReadBlocks = Callable[[Sequence[Mapping[str, Any]]], tuple[Block, ...]]
CheckBlocks = Callable[[Any, Path], None]
ExplainBlocks = Callable[[Iterable[Block], int], Iterator[str]]


class BlockKind(Entering, Protocol):
    """Reading, judging, explaining and running the blocks of one kind."""

    def read(self, raw: Mapping[str, Any], read_blocks: ReadBlocks) -> Block: ...

    def check(self, raw: Any, check: Checker, path: Path, check_blocks: CheckBlocks) -> None: ...

    def explain(
        self, block: Any, words: Words, depth: int, explain_blocks: ExplainBlocks
    ) -> Iterator[str]:
        """Lines of plain language, indented by `depth`."""
        ...

    def expressions(self, block: Any) -> tuple[str, ...]:
        """The expressions the block evaluates over the record."""
        ...

    def people_fields(self, block: Any) -> frozenset[str]:
        """The fields its people rules read."""
        ...
