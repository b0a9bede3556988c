"""K8: what must not matter does not: order of votes, names of people, branches never taken."""

from itertools import permutations, product
from typing import Any

import pytest

from portal.workflows import commands as cmd
from portal.workflows.state import Seat
from portal.workflows.votes import verdict
from tests.workflows.build import Chance, any_approval, any_command, step, workflow
from tests.workflows.world import Approval, World

PEOPLE = ("bob", "cat", "dan")
UNORDERED = [
    ("all", "one"),
    *product(("any", {"count": 2}, {"count": 3}), ("impossible", "all")),
]


def voted(raw: dict[str, Any], votes: list[tuple[str, str]]) -> Approval:
    approval = Approval(raw, World(roles={"r1": PEOPLE}))
    approval.do(cmd.Start(person="ann", version=1))
    for person, vote in votes:
        here: dict[str, Any] = {"person": person, "epoch": 1, "version": 1, "comment": "c"}
        approval.do(cmd.Approve(**here) if vote == "approve" else cmd.Reject(**here))
    return approval


@pytest.mark.parametrize(("need", "reject"), UNORDERED, ids=str)
def test_the_order_of_independent_votes_changes_nothing(need: Any, reject: str) -> None:
    keys = {"on_deadlock": "hold"} if isinstance(need, dict) else {}
    raw = workflow(step("s1", need=need, reject=reject, **keys))
    for votes in product(("approve", "reject"), repeat=3):
        if need == "all" and votes.count("reject") > 1:
            continue  # the second rejection comes too late; the outcome is the same all the same
        outcomes = {
            (a.now.outcome, a.now.status)
            for order in permutations(zip(PEOPLE, votes, strict=True))
            for a in [voted(raw, list(order))]
        }
        assert len(outcomes) == 1, (votes, outcomes)


def test_one_rejection_with_any_lets_the_first_answer_win() -> None:
    """The one exception of WORKFLOWS 1.5, told to the admin."""
    raw = workflow(step("s1", need="any", reject="one"))
    first_yes = voted(raw, [("bob", "approve"), ("cat", "reject")])
    first_no = voted(raw, [("cat", "reject"), ("bob", "approve")])
    assert (first_yes.now.outcome, first_no.now.outcome) == ("approved", "rejected")


@pytest.mark.parametrize(("need", "reject"), [("any", "one"), *UNORDERED], ids=str)
def test_the_verdict_does_not_look_at_the_order_of_seats(need: Any, reject: str) -> None:
    rule = need if isinstance(need, str) else need["count"]
    kinds = [
        Seat("p", (), vote="approve"),
        Seat("p", (), vote="reject"),
        Seat("p", ()),
        Seat("p", (), place="vacant"),
        Seat("p", (), place="replaced"),
    ]
    for seats in product(kinds, repeat=3):
        found = {verdict(rule, reject, order) for order in permutations(seats)}
        assert len(found) == 1, seats


def test_adding_a_seat_never_turns_a_counted_approval_around() -> None:
    """D8, for the needs in which the number of seats is not the quorum."""
    kinds = [Seat("p", (), vote="approve"), Seat("p", (), vote="reject"), Seat("p", ())]
    for need, reject in product(("any", 2, 3), ("one", "impossible", "all")):
        for seats in product(kinds, repeat=3):
            if verdict(need, reject, seats) == "approved":
                assert verdict(need, reject, (*seats, Seat("q", ()))) == "approved"


def replayed(seed: int, rename: dict[str, str]) -> list[str]:
    """A history by chance, with other names; the kinds of its events or refusals."""
    at, kinds = Chance(seed), []
    original = any_approval(at)
    other = any_approval(Chance(seed))
    for _ in range(20):
        command = any_command(at, original)
        original.do(command)
        swap = {
            key: rename.get(value, value)
            for key, value in command.__dict__.items()
            if key in ("person", "to", "leaver")
        }
        other.world.truths = dict(original.world.truths)
        other.world.inactive = {rename.get(p, p) for p in original.world.inactive}
        other.world.roles = {
            role: tuple(rename.get(p, p) for p in people)
            for role, people in original.world.roles.items()
        }
        kinds.append(",".join(other.do(type(command)(**{**command.__dict__, **swap}))))
    return kinds


def test_names_of_people_do_not_matter() -> None:
    rename = {"ann": "dan", "dan": "ann", "bob": "cat", "cat": "bob"}
    for seed in range(40):
        same = replayed(seed, {})
        renamed = replayed(seed, rename)
        assert same == renamed, seed


def test_a_branch_never_taken_changes_nothing() -> None:
    dead = {"choose": "never", "when": [{"if": "no", "then": [step("dead")]}], "else": []}
    for seed in range(100):
        at = Chance(seed)
        plain = any_approval(at)
        raw = {**plain.raw, "blocks": [*plain.raw["blocks"], dead]}
        longer = Approval(raw, plain.world, plain.protected, plain.reads)
        for _ in range(20):
            command = any_command(at, plain)
            plain.do(command)
            longer.do(command)
            kinds = [e.kind for e in longer.log if getattr(e, "block", "") != "never"]
            assert kinds == [e.kind for e in plain.log], seed
            assert longer.now.outcome == plain.now.outcome, seed


def test_all_of_three_equals_three_steps_of_one() -> None:
    together = workflow(step("s1", need="all"))
    apart = workflow(*(step(f"s{n}", who={"role": f"x{n}"}) for n in (1, 2, 3)))
    for votes in product(("approve", "reject"), repeat=3):
        one = voted(together, list(zip(PEOPLE, votes, strict=True)))
        three = Approval(apart, World(roles={f"x{n}": (p,) for n, p in enumerate(PEOPLE, 1)}))
        three.do(cmd.Start(person="ann", version=1))
        for epoch, (person, vote) in enumerate(zip(PEOPLE, votes, strict=True), 1):
            here: dict[str, Any] = {"person": person, "epoch": epoch, "version": 1, "comment": "c"}
            three.do(cmd.Approve(**here) if vote == "approve" else cmd.Reject(**here))
        assert one.now.outcome == three.now.outcome, votes
