"""The expected chain is what then happens, on the same facts."""

from typing import Any

from portal.workflows import commands as cmd
from portal.workflows.definition import read_workflow
from portal.workflows.facts import Facts
from portal.workflows.preview import Entry, expected_chain, outcome_after, remaining_chain
from tests.workflows.build import Chance, any_approval, step, workflow
from tests.workflows.world import Approval, World

FACTS = Facts("2026-03-01T00:00:00+00:00")
TEAM = {"r1": ("ann", "bob", "cat"), "r2": ("dan",)}
CHOICE = {"choose": "c1", "when": [{"if": "big", "then": [step("s2", who={"role": "r2"})]}]}


def expected(raw: dict[str, Any], world: World) -> tuple[Entry, ...]:
    return expected_chain(
        read_workflow(raw), requester="ann", version=1, facts=FACTS, answer=world.answer
    )


def short(entries: tuple[Entry, ...]) -> list[tuple[str, str, list[str]]]:
    return [(e.step, e.status, [p.person for p in e.people]) for e in entries]


def test_before_sending_every_step_names_its_people_and_why() -> None:
    raw = workflow(step("s1"), {**CHOICE, "else": []}, step("s3", who={"role": "r2"}))
    entries = expected(raw, World(TEAM, {"big": True}))
    assert short(entries) == [
        ("s1", "next", ["bob", "cat"]),
        ("s2", "next", ["dan"]),
        ("s3", "next", ["dan"]),
    ]
    reason = entries[0].people[0].reasons[0]
    assert (reason.rule, reason.value) == ("role", "r1")


def test_a_step_passed_over_says_so() -> None:
    raw = workflow(step("s1"), {**CHOICE, "else": []}, step("s3"))
    entries = expected(raw, World(TEAM, {"big": False}))
    assert [(e.step, e.status, e.why) for e in entries] == [
        ("s1", "next", None),
        ("s2", "skipped", "condition"),
        ("s3", "next", None),
    ]


def test_an_unknown_condition_ends_the_preview_and_names_the_field() -> None:
    raw = workflow(step("s1"), {**CHOICE, "else": []}, step("s3"))
    entries = expected(raw, World(TEAM, {"big": None}))
    assert (entries[-1].step, entries[-1].status, entries[-1].unknown) == ("c1", "held", ("big",))
    assert entries[-1].title == ""
    titled = workflow(step("s1"), {**CHOICE, "title": "By size", "else": []}, step("s3"))
    assert expected(titled, World(TEAM, {"big": None}))[-1].title == "By size"


def test_a_step_that_would_find_nobody_is_shown() -> None:
    entries = expected(workflow(step("s1"), step("s2", who={"role": "x"})), World(TEAM))
    assert [(e.step, e.status, e.why) for e in entries] == [
        ("s1", "next", None),
        ("s2", "held", "empty"),
    ]


def test_who_is_kept_apart_is_shown_with_the_condition() -> None:
    raw = workflow(step("s1"), step("s2"), distinct=[["s1", "s2"]])
    first, second = expected(raw, World(TEAM))
    assert [(p.person, p.unless) for p in first.people] == [("bob", None), ("cat", None)]
    assert sorted((p.person, p.unless) for p in second.people) == [("bob", "s1"), ("cat", "s1")]


def test_a_way_to_the_end_is_looked_for() -> None:
    """If bob takes the first step nobody is left for the second; cat can take it."""
    raw = workflow(step("s1"), step("s2", who={"role": "r3"}), distinct=[["s1", "s2"]])
    entries = expected(raw, World({**TEAM, "r3": ("bob",)}))
    assert [(e.step, e.status) for e in entries] == [("s1", "next"), ("s2", "next")]


def test_while_running_it_shows_done_now_and_next() -> None:
    raw = workflow(step("s1"), step("s2", need="all"), step("s3", who={"role": "r2"}))
    approval = Approval(raw, World(TEAM))
    approval.do(cmd.Start(person="ann", version=1))
    approval.do(cmd.Approve(person="cat", epoch=1, version=1))
    approval.do(cmd.Approve(person="bob", epoch=2, version=1))
    entries = remaining_chain(
        approval.definition, approval.now, facts=FACTS, answer=approval.world.answer
    )
    assert [(e.step, e.status, e.epoch) for e in entries] == [
        ("s1", "done", 1),
        ("s2", "now", 2),
        ("s3", "next", None),
    ]
    assert [(p.person, p.vote) for p in entries[1].people] == [("bob", "approve"), ("cat", None)]


def test_a_returned_record_shows_what_follows_a_resubmission() -> None:
    raw = workflow(step("s1", may={"return": {"start": "rerun"}}), step("s2"))
    approval = Approval(raw, World(TEAM))
    approval.do(cmd.Start(person="ann", version=1))
    approval.do(cmd.Return(person="bob", epoch=1, version=1, to="start", comment="why"))
    entries = remaining_chain(
        approval.definition, approval.now, facts=FACTS, answer=approval.world.answer
    )
    assert [(e.step, e.status) for e in entries] == [("s1", "next"), ("s2", "next")]


def test_an_ended_approval_shows_what_was() -> None:
    approval = Approval(workflow(step("s1")), World(TEAM))
    approval.do(cmd.Start(person="ann", version=1))
    approval.do(cmd.Approve(person="bob", epoch=1, version=1))
    entries = remaining_chain(
        approval.definition, approval.now, facts=FACTS, answer=approval.world.answer
    )
    assert [(e.step, e.status) for e in entries] == [("s1", "done")]


def test_the_preview_cannot_disagree_with_what_then_happens() -> None:
    """On the same facts, the steps expected are the steps entered when everybody approves."""
    compared = 0
    for seed in range(300):
        approval = any_approval(Chance(seed))
        expected_steps = [
            e.step
            for e in expected(approval.raw, approval.world)
            if e.status in ("next", "held") and e.step in approval.oracle.steps
        ]
        approval.do(cmd.Start(person="ann", version=1))
        while approval.now.status == "open":
            epoch, seat = next(approval.now.open_seats())
            approval.do(cmd.Approve(person=seat.person, epoch=epoch.number, version=1))
        entered = [e.step for e in approval.now.standing_epochs()]
        if approval.now.outcome == "approved" and approval.now.returns == 0:
            assert expected_steps == entered, seed
            compared += 1
    assert compared > 50


def outcome(approval: Approval, command: cmd.Command) -> str | None:
    return outcome_after(
        approval.definition, approval.now, command, facts=FACTS, answer=approval.world.answer
    )


def test_the_last_approval_is_known_before_it_is_given() -> None:
    approval = Approval(workflow(step("s1"), step("s2", need="all")), World(TEAM))
    approval.do(cmd.Start(person="ann", version=1))
    assert outcome(approval, cmd.Approve(person="bob", epoch=1, version=1)) is None
    approval.do(cmd.Approve(person="bob", epoch=1, version=1))
    last = [cmd.Approve(person=who, epoch=2, version=1) for who in ("bob", "cat")]
    assert outcome(approval, last[0]) is None, "another one of all is still missing"
    approval.do(last[0])
    assert outcome(approval, last[0]) is None, "who voted cannot vote again"
    assert outcome(approval, last[1]) == "approved"


def test_what_an_approval_leads_to_is_what_then_happens() -> None:
    ended = 0
    for seed in range(300):
        approval = any_approval(Chance(seed))
        approval.do(cmd.Start(person="ann", version=1))
        while approval.now.status == "open":
            epoch, seat = next(approval.now.open_seats())
            command = cmd.Approve(person=seat.person, epoch=epoch.number, version=1)
            foreseen = outcome(approval, command)
            approval.do(command)
            assert foreseen == approval.now.outcome, seed
            ended += foreseen is not None
    assert ended > 50
