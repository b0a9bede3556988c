"""`choose`: the first true condition wins; one that cannot be determined holds the approval."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.errors import N_
from portal.workflows import events as ev
from portal.workflows import flow
from portal.workflows.blocks.kind import CheckBlocks, ExplainBlocks, ReadBlocks
from portal.workflows.facts import Truth
from portal.workflows.findings import Checker, Path
from portal.workflows.run import Move, Run
from portal.workflows.tree import Block, Text
from portal.workflows.words import Words


@dataclass(frozen=True)
class Case:
    """One condition and the blocks it leads to.

    `signed_by_sending`: the requester's sending stands for the steps this case passes over, as
    long as the protected values are those that were sent.
    """

    condition: str
    then: tuple[Block, ...]
    signed_by_sending: bool = False


@dataclass(frozen=True)
class Choose(Block):
    kind: ClassVar[str] = "choose"
    when: tuple[Case, ...]
    otherwise: tuple[Block, ...]
    title: Text = ""

    def branches(self) -> tuple[tuple[Block, ...], ...]:
        return (*(case.then for case in self.when), self.otherwise)


class ChooseKind:
    def read(self, raw: Mapping[str, Any], read_blocks: ReadBlocks) -> Choose:
        when = tuple(
            Case(case["if"], read_blocks(case["then"]), case.get("signed_by_sending", False))
            for case in raw["when"]
        )
        otherwise, title = read_blocks(raw["else"]), raw.get("title", "")
        return Choose(id=raw["choose"], when=when, otherwise=otherwise, title=title)

    def check(self, raw: Any, check: Checker, path: Path, check_blocks: CheckBlocks) -> None:
        block = check.keys(raw, path, required=("choose", "when", "else"), allowed=("title",))
        if "title" in block:
            check.text(block["title"], (*path, "title"))
        cases = block.get("when", [])
        if not isinstance(cases, list) or ("when" in block and not cases):
            check.add((*path, "when"), N_("A choice needs a list of at least one condition."))
            cases = []
        for at, case in enumerate(cases):
            self._check_case(case, check, (*path, "when", at), check_blocks)
        if "else" in block:
            check_blocks(block["else"], (*path, "else"))

    def _check_case(self, raw: Any, check: Checker, path: Path, check_blocks: CheckBlocks) -> None:
        case = check.keys(raw, path, required=("if", "then"), allowed=("signed_by_sending",))
        condition = case.get("if")
        if isinstance(condition, str) and condition.strip():
            check.findings.extend(check.check_expression(condition, (*path, "if")))
        elif "if" in case:
            check.add((*path, "if"), N_("A condition is missing here."))
        if not isinstance(case.get("signed_by_sending", False), bool):
            check.add((*path, "signed_by_sending"), N_("Write true or false."))
        if "then" in case:
            check_blocks(case["then"], (*path, "then"))

    def explain(
        self, block: Choose, words: Words, depth: int, explain_blocks: ExplainBlocks
    ) -> Iterator[str]:
        if block.title:
            yield words.line("choose_titled", depth, id=block.id, title=words.text(block.title))
        else:
            yield words.line("choose", depth, id=block.id)
        for case in block.when:
            yield words.line("if", depth + 1, condition=case.condition)
            if case.signed_by_sending:
                yield words.line("signed_by_sending", depth + 2)
            yield from explain_blocks(case.then, depth + 2)
        yield words.line("else", depth + 1)
        yield from explain_blocks(block.otherwise, depth + 2)
        yield words.line("unknown_holds", depth + 1)

    def expressions(self, block: Choose) -> tuple[str, ...]:
        return tuple(case.condition for case in block.when)

    def people_fields(self, block: Choose) -> frozenset[str]:
        return frozenset()

    def enter(self, run: Run, block: Choose) -> Move | Block:
        truths: list[Truth] = []
        for at, case in enumerate(block.when):
            truth = run.truth(block.id, at, case.condition)
            truths.append(truth)
            if truth.value is None:
                run.emit(ev.Held, block=block.id, why="unknown", unknown=truth.unknown)
                return Move.WAIT
            if truth.value:
                return self._take(run, block, at, truths)
        return self._take(run, block, None, truths)

    def _take(self, run: Run, block: Choose, case: int | None, truths: list[Truth]) -> Move | Block:
        taken = block.otherwise if case is None else block.when[case].then
        passed_over = tuple(
            inner.id
            for branch in block.branches()
            if branch is not taken
            for inner in _steps(branch)
        )
        run.emit(
            ev.Chosen, block=block.id, case=case, truths=tuple(truths), passed_over=passed_over
        )
        if case is not None and block.when[case].signed_by_sending and run.state.unsent:
            flow.send_back_to_sign(run)
            return Move.WAIT
        return taken[0] if taken else Move.ON

    def leave(self, run: Run, block: Choose) -> Move | Block:
        return Move.ON


def _steps(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if block.kind == "step":
            yield block
        for branch in block.branches():
            yield from _steps(branch)
