"""`cc`: gives people the record to read; never blocks and is no approval."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.workflows import events as ev
from portal.workflows.blocks.kind import CheckBlocks, ExplainBlocks, ReadBlocks
from portal.workflows.check_people import check_people
from portal.workflows.findings import Checker, Path
from portal.workflows.people import PeopleRule, one_per_person, read_people
from portal.workflows.run import Move, Run
from portal.workflows.tree import Block
from portal.workflows.words import Words


@dataclass(frozen=True)
class Cc(Block):
    kind: ClassVar[str] = "cc"
    who: PeopleRule


class CcKind:
    """Copies go out once per run, also if an end without approval sends the chain back."""

    def read(self, raw: Mapping[str, Any], read_blocks: ReadBlocks) -> Cc:
        return Cc(id=raw["cc"], who=read_people(raw["who"]))

    def check(self, raw: Any, check: Checker, path: Path, check_blocks: CheckBlocks) -> None:
        block = check.keys(raw, path, required=("cc", "who"))
        if "who" in block:
            check_people(block["who"], check, (*path, "who"))

    def explain(
        self, block: Cc, words: Words, depth: int, explain_blocks: ExplainBlocks
    ) -> Iterator[str]:
        yield words.line("cc", depth, id=block.id, who=words.people(block.who))

    def expressions(self, block: Cc) -> tuple[str, ...]:
        return ()

    def people_fields(self, block: Cc) -> frozenset[str]:
        return block.who.fields_read()

    def enter(self, run: Run, block: Cc) -> Move | Block:
        if block.id not in run.state.copies:
            people = one_per_person(run.people(block.id, block.who))
            run.emit(ev.Copied, block=block.id, people=people)
        return Move.ON

    def leave(self, run: Run, block: Cc) -> Move | Block:
        return Move.ON
