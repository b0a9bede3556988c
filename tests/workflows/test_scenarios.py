"""The scenarios of WORKFLOWS 4.2 that concern steps, choices and copies, as a table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from portal.workflows import commands as cmd
from tests.workflows.build import step, workflow
from tests.workflows.world import Approval, World

Script = list[tuple[Any, list[str]]]
RETURNS = {"return": {"start": "rerun"}}
TEAM = ("bob", "cat", "dan")


def start(person: str = "ann") -> cmd.Start:
    return cmd.Start(person=person, version=1)


def yes(person: str, epoch: int = 1, version: int = 1, **more: Any) -> cmd.Approve:
    return cmd.Approve(person=person, epoch=epoch, version=version, **more)


def no(person: str, epoch: int = 1, version: int = 1) -> cmd.Reject:
    return cmd.Reject(person=person, epoch=epoch, version=version, comment="no")


def back(person: str, epoch: int, to: str = "start", version: int = 1) -> cmd.Return:
    return cmd.Return(person=person, epoch=epoch, version=version, to=to, comment="mend it")


def give(person: str, to: str, epoch: int = 1, version: int = 1) -> cmd.Transfer:
    return cmd.Transfer(person=person, epoch=epoch, version=version, to=to)


def again(version: int = 2) -> cmd.Resubmit:
    return cmd.Resubmit(person="ann", version=version)


def leave(person: str) -> Callable[[World], cmd.Vacate]:
    def left(world: World) -> cmd.Vacate:
        world.inactive.add(person)
        return cmd.Vacate(person="root", leaver=person)

    return left


def join(role: str, *people: str) -> Callable[[World], cmd.Refresh]:
    def joined(world: World) -> cmd.Refresh:
        world.roles[role] = people
        return cmd.Refresh(person="root")

    return joined


def assign(to: str, epoch: int = 1) -> cmd.Assign:
    return cmd.Assign(person="root", epoch=epoch, to=to)


WITHDRAW = cmd.Withdraw(person="ann")
ENDED = ["voted", "closed", "ended"]
NEXT = ["voted", "closed", "entered"]


@dataclass
class Scenario:
    id: str
    raw: dict[str, Any]
    script: Script
    end: str
    roles: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"r1": TEAM})
    truths: dict[str, bool | None] = field(default_factory=dict)
    never: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.id


TWO = workflow(step("s1"), step("s2", may=RETURNS))
BIG = {"choose": "c1", "when": [{"if": "big", "then": [step("s2")]}], "else": []}

SCENARIOS = [
    Scenario(
        "W01 a chain of two",
        TWO,
        [
            (start(), ["started", "entered"]),
            (yes("bob"), NEXT),
            (yes("cat", 2), ENDED),
        ],
        "approved",
    ),
    Scenario(
        "W04 an exclusive choice, taken",
        workflow(step("s1"), BIG),
        [
            (start(), ["started", "entered"]),
            (yes("bob"), ["voted", "closed", "chosen", "entered"]),
            (yes("cat", 2), ENDED),
        ],
        "approved",
        truths={"big": True},
    ),
    Scenario(
        "W05 an exclusive choice, not taken",
        workflow(step("s1"), BIG),
        [
            (start(), ["started", "entered"]),
            (yes("bob"), ["voted", "closed", "chosen", "ended"]),
        ],
        "approved",
        never=("skipped",),
    ),
    Scenario(
        "a condition that cannot be determined holds; it never drops into else",
        workflow(step("s1"), BIG),
        [
            (start(), ["started", "entered"]),
            (yes("bob"), ["voted", "closed", "held"]),
            (cmd.Refresh(person="root"), ["[still_unknown]"]),
        ],
        "stuck",
        truths={"big": None},
        never=("chosen", "ended"),
    ),
    Scenario(
        "W12 copies never block",
        workflow(
            {"cc": "i1", "who": {"role": "r1"}}, step("s1"), {"cc": "i2", "who": {"role": "x"}}
        ),
        [
            (start(), ["started", "copied", "entered"]),
            (yes("bob"), ["voted", "closed", "copied", "ended"]),
        ],
        "approved",
    ),
    Scenario(
        "W26 withdrawn while everybody votes",
        workflow(step("s1", need="all"), withdraw="until_end"),
        [
            (start(), ["started", "entered"]),
            (yes("bob"), ["voted"]),
            (WITHDRAW, ["closed", "withdrawn", "ended"]),
            (yes("cat"), ["[already_closed]"]),
        ],
        "withdrawn",
    ),
    Scenario(
        "W29 any one: the first answer counts, the second gets a sentence",
        TWO,
        [
            (start(), ["started", "entered"]),
            (yes("bob"), NEXT),
            (yes("cat"), ["[already_approved]"]),
            (no("cat"), ["[already_approved]"]),
        ],
        "open",
    ),
    Scenario(
        "W34 two of three",
        workflow(step("s1", need={"count": 2}, reject="impossible", on_deadlock="reject")),
        [
            (start(), ["started", "entered"]),
            (no("bob"), ["voted"]),
            (yes("cat"), ["voted"]),
            (yes("dan"), ENDED),
        ],
        "approved",
    ),
    Scenario(
        "two rejections make two of three impossible",
        workflow(step("s1", need={"count": 2}, reject="impossible", on_deadlock="hold")),
        [
            (start(), ["started", "entered"]),
            (no("bob"), ["voted"]),
            (no("cat"), ENDED),
            (yes("dan"), ["[already_rejected]"]),
        ],
        "rejected",
    ),
    Scenario(
        "disagreement where everybody would have to reject is a deadlock",
        workflow(step("s1", need={"count": 2}, reject="all", on_deadlock="return:start")),
        [
            (start(), ["started", "entered"]),
            (no("bob"), ["voted"]),
            (no("cat"), ["voted", "closed", "returned"]),
        ],
        "returned",
    ),
    Scenario(
        "too few people for the count: never lowered silently",
        workflow(step("s1", need={"count": 3}, reject="one", on_deadlock="hold")),
        [
            (start(), ["started", "entered", "stalled"]),
            (assign("ann"), ["[requester_decides]"]),
            (assign("cat"), ["[has_seat]"]),
            (assign("dan"), ["seated"]),
            (yes("bob"), ["voted"]),
        ],
        "open",
        roles={"r1": ("ann", "bob", "cat")},
    ),
    Scenario(
        "W44 the requester in the role gets no seat, the others decide",
        TWO,
        [
            (start("bob"), ["started", "entered"]),
            (yes("bob"), ["[not_your_task]"]),
            (yes("cat"), NEXT),
        ],
        "open",
    ),
    Scenario(
        "W44 nobody is left but the requester: hold",
        TWO,
        [
            (start("bob"), ["started", "entered", "stalled"]),
            (yes("bob"), ["[not_your_task]"]),
        ],
        "stuck",
        roles={"r1": ("bob",)},
        never=("skipped",),
    ),
    Scenario(
        "W45 transfer back to the requester",
        workflow(step("s1", may={"transfer": "any"})),
        [
            (start(), ["started", "entered"]),
            (give("bob", "ann"), ["[transfer_to_requester]"]),
            (give("bob", "eve"), ["transferred"]),
            (give("eve", "ann"), ["[transfer_to_requester]"]),
            (yes("bob"), ["[not_your_task]"]),
            (yes("eve"), ENDED),
        ],
        "approved",
    ),
    Scenario(
        "transfer within the same rule only",
        workflow(step("s1", who={"role": "r1"}, may={"transfer": "same_rule"})),
        [
            (start(), ["started", "entered"]),
            (join("r1", "bob", "dan"), ["[not_stuck]"]),
            (give("bob", "eve"), ["[outside_rule]"]),
            (give("bob", "dan"), ["transferred"]),
            (yes("dan"), ENDED),
        ],
        "approved",
        roles={"r1": ("bob", "cat")},
    ),
    Scenario(
        "a separation of duties hole by transfer is closed",
        workflow(step("s1"), step("s2", may={"transfer": "any"}), distinct=[["s1", "s2"]]),
        [
            (start(), ["started", "entered"]),
            (yes("bob"), NEXT),
            (yes("bob", 2), ["[not_your_task]"]),
            (give("cat", "bob", 2), ["[distinct]"]),
            (yes("dan", 2), ENDED),
        ],
        "approved",
    ),
    Scenario(
        "votes before a return do not bar",
        workflow(step("s1"), step("s2", may=RETURNS), distinct=[["s1", "s2"]]),
        [
            (start(), ["started", "entered"]),
            (yes("bob"), NEXT),
            (back("cat", 2), ["closed", "returned"]),
            (again(), ["resubmitted", "entered"]),
            (yes("cat", 3, 2), NEXT),
            (yes("bob", 4, 2), ENDED),
        ],
        "approved",
    ),
    Scenario(
        "W49 an empty role holds; filling the role and refreshing frees it",
        TWO,
        [
            (start(), ["started", "entered", "stalled"]),
            (cmd.Refresh(person="root"), ["[nobody_found]"]),
            (join("r1", "bob"), ["seated"]),
            (yes("bob"), NEXT),
        ],
        "open",
        roles={},
        never=("skipped",),
    ),
    Scenario(
        "W49 the administrator assigns somebody who passes all checks",
        TWO,
        [
            (start(), ["started", "entered", "stalled"]),
            (assign("ann"), ["[requester_decides]"]),
            (assign("eve"), ["seated"]),
            (assign("bob"), ["[not_stuck]"]),
            (yes("eve"), [*NEXT, "stalled"]),
        ],
        "stuck",
        roles={},
    ),
    Scenario(
        "an empty step goes to the people of the empty policy",
        workflow(step("s1"), empty={"go": {"role": "r2"}}),
        [
            (start(), ["started", "entered"]),
            (yes("dan"), ENDED),
        ],
        "approved",
        roles={"r1": ("ann",), "r2": ("ann", "dan")},
    ),
    Scenario(
        "an empty step rejects, if the definition says so",
        workflow(step("s1"), empty="reject"),
        [(start(), ["started", "entered", "closed", "ended"])],
        "rejected",
        roles={},
    ),
    Scenario(
        "S6 skipping everything still needs one approval",
        workflow(step("s1"), step("s2"), empty="skip"),
        [
            (start(), ["started", "skipped", "skipped", "entered", "stalled"]),
            (assign("bob", 1), ["seated"]),
            (yes("bob"), ENDED),
        ],
        "approved",
        roles={},
    ),
    Scenario(
        "W50 an approver leaves: the vote is refused, cast votes stay, out of reach is stuck",
        workflow(step("s1", need="all")),
        [
            (start(), ["started", "entered"]),
            (yes("bob"), ["voted"]),
            (leave("cat"), ["vacated", "stalled"]),
            (yes("cat"), ["[not_your_task]"]),
            (yes("dan"), ["voted"]),
            (assign("bob"), ["[has_seat]"]),
            (assign("eve"), ["seated"]),
            (yes("eve"), ENDED),
        ],
        "approved",
    ),
    Scenario(
        "W50 the rest is enough: nothing stops",
        workflow(step("s1", need={"count": 2}, reject="impossible", on_deadlock="hold")),
        [
            (start(), ["started", "entered"]),
            (leave("cat"), ["vacated"]),
            (yes("bob"), ["voted"]),
            (yes("dan"), ENDED),
        ],
        "approved",
    ),
    Scenario(
        "a leaver's session that is still open cannot decide",
        TWO,
        [
            (start(), ["started", "entered"]),
            (lambda world: (world.inactive.add("bob"), yes("bob"))[1], ["[not_active]"]),
        ],
        "open",
    ),
    Scenario(
        "W54 return into a step of three with one vote: a new epoch without votes",
        workflow(step("s1", need="all"), step("s2", may={"return": {"s1": "rerun"}})),
        [
            (start(), ["started", "entered"]),
            *[(yes(p), ["voted"]) for p in ("bob", "cat")],
            (yes("dan"), NEXT),
            (back("bob", 2, "s1"), ["closed", "returned", "entered"]),
            (yes("bob"), ["[already_approved]"]),
            (yes("bob", 2), ["[already_returned]"]),
            *[(yes(p, 3), ["voted"]) for p in ("bob", "cat")],
            (yes("dan", 3), NEXT),
        ],
        "open",
    ),
    Scenario(
        "W55 rerun after a return to the requester",
        TWO,
        [
            (start(), ["started", "entered"]),
            (yes("bob"), NEXT),
            (back("cat", 2), ["closed", "returned"]),
            (yes("cat", 2), ["[already_returned]"]),
            (cmd.Resubmit(person="bob", version=2), ["[not_requester]"]),
            (again(), ["resubmitted", "entered"]),
            (again(3), ["[not_returned]"]),
            (yes("bob", 3, 1), ["[record_changed]"]),
            (yes("bob", 3, 2), NEXT),
            (yes("bob", 4, 2), ENDED),
        ],
        "approved",
    ),
    Scenario(
        "returns are bounded; reject remains",
        workflow(step("s1", may=RETURNS), max_returns=1),
        [
            (start(), ["started", "entered"]),
            (back("bob", 1), ["closed", "returned"]),
            (again(), ["resubmitted", "entered"]),
            (back("bob", 2, version=2), ["[too_many_returns]"]),
            (no("bob", 2, 2), ENDED),
        ],
        "rejected",
    ),
    Scenario(
        "an automatic return beyond the bound ends as rejected",
        workflow(step("s1", reject={"by": "one", "then": "return:start"}), max_returns=1),
        [
            (start(), ["started", "entered"]),
            (no("bob"), ["voted", "closed", "returned"]),
            (again(), ["resubmitted", "entered"]),
            (no("bob", 2, 2), ENDED),
        ],
        "rejected",
    ),
    Scenario(
        "a return needs a comment and an offer",
        TWO,
        [
            (start(), ["started", "entered"]),
            (back("bob", 1), ["[return_not_offered]"]),
            (yes("bob"), NEXT),
            (cmd.Return(person="cat", epoch=2, version=1, to="start"), ["[comment_required]"]),
        ],
        "open",
    ),
    Scenario(
        "W56 withdraw after the first vote: until_first_decision",
        workflow(step("s1", need="all")),
        [
            (start(), ["started", "entered"]),
            (cmd.Withdraw(person="bob"), ["[not_requester]"]),
            (yes("bob"), ["voted"]),
            (WITHDRAW, ["[withdraw_decided]"]),
        ],
        "open",
    ),
    Scenario(
        "W56 withdraw after the first vote: until:<block> by milestone",
        workflow(step("s1"), step("s2"), step("s3"), withdraw="until:s3"),
        [
            (start(), ["started", "entered"]),
            (yes("bob"), NEXT),
            (yes("bob", 2), NEXT),
            (WITHDRAW, ["[withdraw_passed]"]),
        ],
        "open",
    ),
    Scenario(
        "W56 withdraw after the first vote: until_end",
        workflow(step("s1"), step("s2"), withdraw="until_end"),
        [
            (start(), ["started", "entered"]),
            (yes("bob"), NEXT),
            (WITHDRAW, ["closed", "withdrawn", "ended"]),
            (WITHDRAW, ["[ended_withdrawn]"]),
        ],
        "withdrawn",
    ),
    Scenario(
        "never withdraw",
        workflow(step("s1"), withdraw="never"),
        [(start(), ["started", "entered"]), (WITHDRAW, ["[withdraw_never]"])],
        "open",
    ),
    Scenario(
        "W59 the vote that made the quorum stands: its seat cannot move",
        workflow(
            step(
                "s1",
                need={"count": 2},
                reject="impossible",
                on_deadlock="hold",
                may={"transfer": "any"},
            )
        ),
        [
            (start(), ["started", "entered"]),
            (yes("bob"), ["voted"]),
            (give("bob", "eve"), ["[you_decided]"]),
            (leave("bob"), []),
            (yes("cat"), ENDED),
        ],
        "approved",
    ),
    Scenario(
        "W74 one stale record among many: only that one is refused",
        TWO,
        [
            (start(), ["started", "entered"]),
            (yes("bob", 1, 0), ["[record_changed]"]),
            (yes("bob"), NEXT),
        ],
        "open",
    ),
    Scenario(
        "the administrator ends what nobody can finish, with a reason",
        TWO,
        [
            (start(), ["started", "entered", "stalled"]),
            (cmd.Terminate(person="root", comment=" "), ["[comment_required]"]),
            (cmd.Terminate(person="root", comment="merged"), ["closed", "withdrawn", "ended"]),
            (assign("bob"), ["[already_closed]"]),
        ],
        "withdrawn",
        roles={},
    ),
    Scenario(
        "a returned record whose requester left is stuck",
        TWO,
        [
            (start(), ["started", "entered"]),
            (yes("bob"), NEXT),
            (back("cat", 2), ["closed", "returned"]),
            (leave("ann"), ["vacated"]),
            (again(), ["[not_active]"]),
        ],
        "stuck",
    ),
    Scenario(
        "nothing happens before the start, nor twice",
        TWO,
        [
            (yes("bob"), ["[not_started]"]),
            (start(), ["started", "entered"]),
            (start(), ["[already_started]"]),
            (yes("bob", 7), ["[no_such_task]"]),
        ],
        "open",
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_scenario(scenario: Scenario) -> None:
    world = World(roles=dict(scenario.roles), truths=dict(scenario.truths))
    approval = Approval(scenario.raw, world)
    for made, expected in scenario.script:
        command = made(world) if callable(made) else made
        assert approval.do(command) == expected, command
    assert (approval.now.outcome or approval.now.status) == scenario.end
    assert not {event.kind for event in approval.log} & set(scenario.never)
