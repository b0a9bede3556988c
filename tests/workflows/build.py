"""Sound definitions, worlds and commands, drawn by anything that can pick from a list."""

import random
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from portal.workflows import commands as cmd
from tests.workflows.world import PEOPLE, Approval, World

T = TypeVar("T")
ROLES = ("r1", "r2", "r3")
FIELDS = ("amount", "note", "paid_on")


class Picker(Protocol):
    def pick(self, options: Sequence[T]) -> T: ...


class Chance:
    """Picks by a seeded generator."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def pick(self, options: Sequence[T]) -> T:
        return self._random.choice(options)


def step(step_id: str, **keys: Any) -> dict[str, Any]:
    """A step with the plainest rules, unless told otherwise."""
    plain = {"title": step_id, "who": {"role": "r1"}, "need": "any", "reject": "one"}
    return {"step": step_id, **plain, **keys}


def workflow(*blocks: dict[str, Any], withdraw: str = "", **policy: Any) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "workflow": "w",
        "language": 1,
        "form": "f",
        "title": {"en": "W", "zh": "流程"},
        "blocks": list(blocks),
    }
    if withdraw:
        raw["start"] = {"withdraw": withdraw}
    if policy:
        raw["policy"] = policy
    return raw


def any_workflow(at: Picker) -> dict[str, Any]:
    """A definition that passes the publish checks by construction."""
    made = _Made(at)
    blocks = made.blocks((), depth=0)
    if not made.always:
        blocks.append(made.step(tuple(made.passed)))
    top = [b.get("step") or b.get("choose") for b in blocks if "cc" not in b]
    steps = made.steps
    policy: dict[str, Any] = {"max_returns": at.pick((0, 1, 2, 5))}
    if len(steps) > 1 and at.pick((True, True, False)):
        first = at.pick(steps)
        policy["distinct"] = [[first, at.pick([s for s in steps if s != first])]]
    policy["empty"] = at.pick(("hold", "hold", "reject", "skip", {"go": {"role": "r3"}}))
    if at.pick((True, False)):
        policy["on_protected_change"] = f"restart_from:{at.pick(top)}"
    if at.pick((True, False)):
        policy["protected"] = ["amount"]
    rules = ("until_first_decision", "never", "until_end", f"until:{at.pick(steps)}")
    return workflow(*blocks, withdraw=at.pick(rules), **policy)


class _Made:
    def __init__(self, at: Picker) -> None:
        self.at, self.count = at, 0
        self.steps: list[str] = []
        self.passed: list[str] = []
        self.always = False

    def _name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def blocks(self, before: tuple[str, ...], depth: int) -> list[dict[str, Any]]:
        made = []
        for _ in range(self.at.pick((1, 2, 3) if depth == 0 else (0, 1, 2))):
            kind = self.at.pick(("step", "step", "step", "choose", "cc"))
            if kind == "step" or (kind == "choose" and depth > 1):
                block = self.step(before)
                self.always = self.always or depth == 0
                before = (*before, block["step"])
            elif kind == "choose":
                block, before = self.choose(before, depth)
            else:
                block = {"cc": self._name("i"), "who": {"role": self.at.pick(ROLES)}}
            made.append(block)
        if depth == 0:
            self.passed = list(before)
        return made

    def choose(self, before: tuple[str, ...], depth: int) -> tuple[dict[str, Any], tuple[str, ...]]:
        name = self._name("c")
        before = (*before, name)
        when = [
            {
                "if": f"q{self.at.pick((1, 2, 3))}",
                "then": self.blocks(before, depth + 1),
                "signed_by_sending": self.at.pick((False, True)),
            }
            for _ in range(self.at.pick((1, 2)))
        ]
        return {"choose": name, "when": when, "else": self.blocks(before, depth + 1)}, before

    def step(self, before: tuple[str, ...]) -> dict[str, Any]:
        at, name = self.at, self._name("s")
        self.steps.append(name)
        targets = ("start", *before)
        made = step(
            name, who=at.pick((*({"role": r} for r in ROLES), [{"role": "r1"}, {"role": "r2"}]))
        )
        made["need"] = at.pick(("any", "all", {"count": 1}, {"count": 2}, {"count": 3}))
        by = "one" if made["need"] == "all" else at.pick(("one", "impossible", "all"))
        back = f"return:{at.pick(targets)}"
        made["reject"] = at.pick((by, by, {"by": by, "then": at.pick(("end", back))}))
        if isinstance(made["need"], dict):
            made["on_deadlock"] = at.pick(("reject", "hold", back))
        made["may"] = {"return": {t: "rerun" for t in targets if at.pick((True, False))}}
        transfer = at.pick((None, "same_rule", "any", "any"))
        if transfer:
            made["may"]["transfer"] = transfer
        made["fields"] = {"edit": [f for f in FIELDS if at.pick((True, True, False))]}
        return made


def any_world(at: Picker) -> World:
    subsets = [
        (),
        ("ann",),
        ("bob",),
        ("bob", "cat"),
        ("cat", "dan"),
        ("bob", "cat", "dan"),
        PEOPLE,
    ]
    return World(
        roles={role: at.pick(subsets[1:] + subsets[3:]) for role in ROLES[:2]}
        | {"r3": at.pick(subsets)},
        truths={f"q{n}": at.pick((True, True, False, False, None)) for n in (1, 2, 3)},
    )


def any_approval(at: Picker) -> Approval:
    raw = any_workflow(at)
    declared = frozenset(raw["policy"].get("protected", ()))
    protected = declared | at.pick((frozenset(), frozenset({"note"})))
    first = next(iter(raw["blocks"][0].values()))
    reads = at.pick(({}, {str(first): frozenset({"amount", "note"})}))
    return Approval(raw, any_world(at), protected, reads)


def any_command(at: Picker, approval: Approval) -> cmd.Command:
    """Something somebody might try: mostly sensible, often not allowed."""
    state = approval.state
    if state is None:
        return cmd.Start(person="ann", version=1)
    seats = [(e.number, s.person) for e, s in state.open_seats()]
    epochs = [e.number for e in state.epochs] or [1]
    epoch, person = at.pick(seats) if seats else (at.pick(epochs), at.pick(PEOPLE))
    if at.pick((True, False, False, False)):
        person = at.pick(PEOPLE)
    if at.pick((True, *[False] * 7)):
        epoch = at.pick((*epochs, epochs[-1] + 1))
    version = at.pick((*[state.version] * 9, state.version - 1))
    here: dict[str, Any] = {"person": person, "epoch": epoch, "version": version, "comment": "why"}
    kind = at.pick(_MENU)
    if kind in ("assign", "refresh", "resubmit", "withdraw", "terminate", "vacate"):
        return _around(at, kind, person, epoch, approval)
    changes = tuple(
        cmd.Change(f, was_empty=at.pick((True, False)), computed=at.pick((True, False, False)))
        for f in FIELDS
        if at.pick((True, False, False))
    )
    if kind == "approve":
        return cmd.Approve(**here)
    if kind == "approve_edit":
        return cmd.Approve(**here, changes=changes, new_version=state.version + 1)
    if kind == "edit":
        return cmd.Edit(**here, changes=changes, new_version=state.version + 1)
    if kind == "reject":
        return cmd.Reject(**here)
    if kind == "return":
        targets = ["start", *(b.id for b in approval.definition.all_blocks())]
        visited = state.epoch(epoch)
        offered = approval.step(visited.step).returns if visited else ()
        return cmd.Return(**here, to=at.pick((*offered, *offered, at.pick(targets))))
    return cmd.Transfer(**here, to=at.pick(tuple(p for p in PEOPLE if p != person)))


_MENU = (
    *["approve"] * 6,
    *["transfer", "return", "edit", "approve_edit", "reject"] * 2,
    *["assign", "refresh", "resubmit", "resubmit", "withdraw", "vacate"],
    "terminate",
)


def _around(at: Picker, kind: str, person: str, epoch: int, approval: Approval) -> cmd.Command:
    state, world = approval.now, approval.world
    if kind == "assign":
        return cmd.Assign(person="root", epoch=epoch, to=at.pick(PEOPLE))
    if kind == "refresh":
        world.roles[at.pick(ROLES)] = at.pick((("bob", "dan"), ("cat",), PEOPLE))
        world.truths[at.pick(tuple(world.truths))] = at.pick((True, False))
        return cmd.Refresh(person="root")
    if kind == "vacate":
        leaver = at.pick((person, person, "ann", "dan"))
        if at.pick((True, False)):
            world.inactive.add(leaver)
        return cmd.Vacate(person="root", leaver=leaver)
    if kind == "resubmit":
        return cmd.Resubmit(person=at.pick(("ann", "ann", person)), version=state.version + 1)
    if kind == "withdraw":
        return cmd.Withdraw(person=at.pick(("ann", "ann", person)))
    return cmd.Terminate(person="root", comment=at.pick((*[""] * 5, "hopeless")))
