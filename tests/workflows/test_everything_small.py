"""K2: everything small, exhaustively: every vote and reject rule, every command."""

import copy
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from portal.workflows import commands as cmd
from portal.workflows import engine
from portal.workflows.definition import WorkflowDefinition, read_workflow
from portal.workflows.facts import Facts
from portal.workflows.refusals import Refusal
from portal.workflows.state import State
from tests.workflows.build import step, workflow
from tests.workflows.oracle import Oracle
from tests.workflows.test_random_histories import PROVING
from tests.workflows.world import World

PEOPLE = ("bob", "cat", "dan")
FACTS = Facts("2026-03-01T00:00:00+00:00", protected=frozenset({"amount"}))
RULES = [
    (need, reject, deadlock)
    for need, reject in [
        ("all", "one"),
        *product(("any", {"count": 2}, {"count": 3}), ("one", "impossible", "all")),
    ]
    for deadlock in (("hold", "reject", "return:start") if isinstance(need, dict) else (None,))
]


def commands(state: State, transfers: bool) -> Iterator[cmd.Command]:
    """Everything three people, the requester and an administrator can try in this state."""
    if state.with_requester:
        yield cmd.Resubmit(person="ann", version=state.version)
    yield cmd.Withdraw(person="ann")
    epoch = len(state.epochs)
    for person in PEOPLE:
        here: dict[str, Any] = {"person": person, "epoch": epoch, "version": state.version}
        yield cmd.Approve(**here)
        yield cmd.Reject(**here, comment="no")
        yield cmd.Return(**here, to="start", comment="mend it")
        yield cmd.Vacate(person="root", leaver=person)
        yield cmd.Edit(**here, changes=(cmd.Change("amount"),), new_version=state.version + 1)
        for to in ("ann", *PEOPLE) if transfers else ():
            yield cmd.Transfer(**here, to=to)
    for to in ("ann", "dan"):
        yield cmd.Assign(person="root", epoch=epoch, to=to)


class Explorer:
    """Walks every sequence of commands up to a depth; states already seen are not entered again."""

    def __init__(self, raw: dict[str, Any], world: World, *, transfers: bool) -> None:
        self.definition: WorkflowDefinition = read_workflow(raw)
        self.raw, self.world, self.transfers = raw, world, transfers
        self.seen: dict[State, int] = {}
        self.visited: set[str] = set()

    def explore(self, depth: int) -> set[str]:
        """The ways it can stand after at most so many commands."""
        oracle = Oracle(self.raw, FACTS.protected)
        self._take(None, oracle, cmd.Start(person="ann", version=1), depth)
        return self.visited

    def _take(self, state: State | None, oracle: Oracle, command: cmd.Command, depth: int) -> None:
        facts = engine.gather(self.definition, state, command, FACTS, self.world.answer)
        decided = engine.decide(self.definition, state, command, facts)
        if isinstance(decided, Refusal) or not decided:
            return
        for event in decided:
            state = engine.evolve(state, event)
        assert state is not None
        oracle = copy.deepcopy(oracle)
        oracle.command([event.to_json() for event in decided])
        self.visited.add(state.outcome or state.status)
        if self.seen.get(state, -1) >= depth:
            return
        self.seen[state] = depth
        if depth:
            for following in commands(state, self.transfers):
                self._take(state, oracle, following, depth - 1)


@pytest.mark.parametrize("rules", RULES, ids=str)
def test_one_step_of_three_people(rules: tuple[Any, str, str | None]) -> None:
    need, reject, deadlock = rules
    keys: dict[str, Any] = {"need": need, "reject": reject}
    if deadlock:
        keys["on_deadlock"] = deadlock
    raw = workflow(
        step("s1", **keys, may={"return": {"start": "rerun"}, "transfer": "any"}),
        max_returns=1,
    )
    world = World(roles={"r1": PEOPLE})
    visited = Explorer(raw, world, transfers=False).explore(depth=6 if PROVING else 5)
    assert visited >= {"approved", "rejected", "withdrawn", "returned", "open"}


@pytest.mark.parametrize("empty", ["hold", "reject", "skip", {"go": {"role": "r2"}}], ids=str)
def test_three_steps_kept_apart(empty: Any) -> None:
    free: dict[str, Any] = {
        "may": {"return": {"start": "rerun"}, "transfer": "any"},
        "fields": {"edit": ["amount"]},
    }
    raw = workflow(
        step("s1", **free),
        step("s2", need={"count": 2}, reject="impossible", on_deadlock="return:s1", **free),
        step("s3", who={"role": "r2"}, **free),
        distinct=[["s1", "s3"], ["s2", "s3"]],
        empty=empty,
        max_returns=1,
        on_protected_change="restart_from:s2",
    )
    world = World(roles={"r1": ("bob", "cat", "ann"), "r2": ("cat", "dan")})
    assert "withdrawn" in Explorer(raw, world, transfers=True).explore(depth=4)


def test_three_steps_in_depth() -> None:
    """Without transfers and edits, deep enough to reach every end."""
    raw = workflow(
        step("s1", may={"return": {"start": "rerun"}}),
        step("s2", need="all", may={"return": {"s1": "rerun"}}),
        step("s3", who={"role": "r2"}),
        distinct=[["s1", "s2", "s3"]],
        max_returns=1,
    )
    world = World(roles={"r1": ("bob", "cat"), "r2": ("dan",)})
    explorer = Explorer(raw, world, transfers=False)
    assert explorer.explore(depth=7) >= {"approved", "rejected", "withdrawn", "stuck"}
