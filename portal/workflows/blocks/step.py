"""`step`: people decide. Reading it, entering it, and what follows from the votes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from portal.workflows import events as ev
from portal.workflows import flow
from portal.workflows.blocks import step_check, step_words
from portal.workflows.blocks.kind import CheckBlocks, ExplainBlocks, ReadBlocks
from portal.workflows.duties import admitted
from portal.workflows.findings import Checker, Path
from portal.workflows.people import Candidate, PeopleRule, read_people
from portal.workflows.run import Move, Run
from portal.workflows.state import Epoch
from portal.workflows.tree import Block, Text
from portal.workflows.votes import verdict
from portal.workflows.words import Words

RETURN = "return:"


@dataclass(frozen=True)
class StepFields:
    """What the people of the step may do with fields, beyond reading them all."""

    edit: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    require: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step(Block):
    """`need` is any, all or a number; `reject_then` and `on_deadlock` may be `return:<id>`."""

    kind: ClassVar[str] = "step"
    title: Text
    who: PeopleRule
    need: str | int
    reject: str
    reject_then: str = "end"
    on_deadlock: str | None = None
    returns: tuple[str, ...] = ()
    transfer: str | None = None
    fields: StepFields = field(default_factory=StepFields)
    meaning: Text | None = None


def _target(action: str) -> str | None:
    return action.removeprefix(RETURN) if action.startswith(RETURN) else None


class StepKind:
    def read(self, raw: Mapping[str, Any], read_blocks: ReadBlocks) -> Step:
        need, reject, may = raw["need"], raw["reject"], raw.get("may", {})
        fields = raw.get("fields", {})
        by_rule = {"by": reject} if isinstance(reject, str) else reject
        return Step(
            id=raw["step"],
            title=raw["title"],
            who=read_people(raw["who"]),
            need=need if isinstance(need, str) else int(need["count"]),
            reject=by_rule["by"],
            reject_then=by_rule.get("then", "end"),
            on_deadlock=raw.get("on_deadlock"),
            returns=tuple(may.get("return", {})),
            transfer=may.get("transfer"),
            fields=StepFields(**{key: tuple(paths) for key, paths in fields.items()}),
            meaning=raw.get("meaning"),
        )

    def check(self, raw: Any, check: Checker, path: Path, check_blocks: CheckBlocks) -> None:
        step_check.check_step(raw, check, path)

    def explain(
        self, block: Step, words: Words, depth: int, explain_blocks: ExplainBlocks
    ) -> Iterator[str]:
        return step_words.explain_step(block, words, depth)

    def expressions(self, block: Step) -> tuple[str, ...]:
        return ()

    def people_fields(self, block: Step) -> frozenset[str]:
        return block.who.fields_read()

    def enter(self, run: Run, block: Step) -> Move | Block:
        found = run.people(block.id, block.who)
        seats, barred = admitted(run.definition, run.state, block.id, found)
        policy, instead = run.definition.policy, False
        if not seats and policy.empty == "skip":
            run.emit(ev.Skipped, step=block.id, why="empty", barred=barred)
            return Move.ON
        if not seats and policy.empty_go is not None:
            found = run.people(block.id, policy.empty_go, "empty")
            seats, more = admitted(run.definition, run.state, block.id, found)
            barred, instead = tuple(dict.fromkeys(barred + more)), bool(seats)
        number = run.state.next_epoch
        run.emit(
            ev.Entered, step=block.id, epoch=number, seats=seats, barred=barred, instead=instead
        )
        if not seats:
            self._nobody(run, block, number)
        else:
            settle(run, number)
        return Move.WAIT

    def leave(self, run: Run, block: Step) -> Move | Block:
        return Move.ON

    def _nobody(self, run: Run, block: Step, number: int) -> None:
        if run.definition.policy.empty == "reject":
            run.emit(ev.Closed, step=block.id, epoch=number, outcome="rejected")
            flow.end(run, "rejected")
        else:
            run.emit(ev.Stalled, step=block.id, epoch=number, why="empty")


def step_of(run: Run, epoch: Epoch) -> Step:
    """The step an epoch visits."""
    block = run.definition.block(epoch.step)
    if not isinstance(block, Step):
        msg = f"{epoch.step} is not a step"
        raise TypeError(msg)
    return block


def settle(run: Run, number: int) -> None:
    """Compute the outcome of an open epoch and do what follows from it."""
    epoch = run.epoch(number)
    step = step_of(run, epoch)
    outcome = verdict(step.need, step.reject, epoch.seats)
    if outcome == "approved":
        run.emit(ev.Closed, step=step.id, epoch=number, outcome="approved")
        flow.advance(run, step)
    elif outcome == "rejected":
        _close_as(run, step, number, "rejected", step.reject_then)
    elif outcome == "deadlock" and step.on_deadlock not in (None, "hold"):
        _close_as(run, step, number, "deadlock", step.on_deadlock or "reject")
    elif outcome == "deadlock":
        stall(run, epoch, "deadlock")
    elif outcome == "vacant":
        _fill_vacant(run, step, epoch)


def stall(run: Run, epoch: Epoch, why: str) -> None:
    """The step waits for an administrator; said once."""
    if epoch.stalled is None:
        run.emit(ev.Stalled, step=epoch.step, epoch=epoch.number, why=why)


def _close_as(run: Run, step: Step, number: int, outcome: str, then: str) -> None:
    run.emit(ev.Closed, step=step.id, epoch=number, outcome=outcome)
    target = _target(then)
    if target is None:
        flow.end(run, "rejected")
    else:
        flow.send_back_by_rule(run, step=step.id, to=target, why=outcome)


def _fill_vacant(run: Run, step: Step, epoch: Epoch) -> None:
    """The empty policy, for a step whose people left so that it cannot be approved any more."""
    policy = run.definition.policy
    if policy.empty == "reject":
        _close_as(run, step, epoch.number, "rejected", "end")
    elif policy.empty == "skip":
        run.emit(ev.Closed, step=step.id, epoch=epoch.number, outcome="skipped")
        run.emit(ev.Skipped, step=step.id, why="empty")
        flow.advance(run, step)
    elif policy.empty_go is None or not seat_more(
        run, epoch, run.people(step.id, policy.empty_go, "empty"), why="empty"
    ):
        stall(run, epoch, "vacant")


def seat_more(
    run: Run, epoch: Epoch, found: tuple[Candidate, ...], *, why: str, comment: str = ""
) -> bool:
    """Give the admitted among the found, who have no seat yet, one; then settle. False if none."""
    seats, barred = admitted(run.definition, run.state, epoch.step, found)
    seats = tuple(c for c in seats if epoch.live_seat(c.person) is None)
    if not seats:
        return False
    vacant = sum(seat.place == "vacant" for seat in epoch.seats)
    fills = min(vacant, 1) if why == "assigned" else vacant
    run.emit(
        ev.Seated,
        step=epoch.step,
        epoch=epoch.number,
        why=why,
        seats=seats,
        fills=fills,
        barred=barred,
        comment=comment,
    )
    settle(run, epoch.number)
    return True
