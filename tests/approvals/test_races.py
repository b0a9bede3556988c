"""Two or more at the same moment: one wins, the others get a sentence, nothing is lost or doubled.

Each race is run from a common start in two applications on one database; then, on PostgreSQL, with
the first one stopped before each of its statements in turn (on SQLite the write lock makes every
later stop the same as the first).
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest

from portal.accounts.services import deactivate_person
from portal.approvals import services as approvals
from portal.approvals.models import ApprovalEvent
from portal.audit.models import AuditRow
from portal.audit.queries import verify
from portal.ledgers.models import CostEntry, Posting
from portal.records import comments, services
from portal.records.models import Comment, Record
from tests.approvals.racing import Act, Done, in_between, together
from tests.bounds import PROVE
from tests.conftest import ON_POSTGRES
from tests.stage import Stage

STEP = 1 if PROVE else 7


def decide(verb: str, login: str) -> Callable[[Stage, str], Act]:
    """A decision on what the person sees before the race."""

    def prepared(stage: Stage, record_id: str) -> Act:
        task_id, seen = stage.task(login, record_id)
        more: dict[str, object] = {}
        if verb in {"reject", "send_back"}:
            more["comment"] = "because"
        if verb == "send_back":
            more["to"] = "start"
        data = dict(stage.record(record_id).data)
        if verb == "edit":
            more["data"] = {**data, "lines": [{**data["lines"][0], "qty": "11"}]}
        if login == "mark" and verb == "approve":
            more["data"] = {**data, "budget_line": "B"}

        def act(place: Stage) -> None:
            with place.acting(login) as viewer:
                getattr(approvals, verb)(
                    actor=viewer, task_id=task_id, seen=seen, now=stage.now(), **more
                )

        return act

    return prepared


def withdraw(stage: Stage, record_id: str) -> Act:
    def act(place: Stage) -> None:
        with place.acting("rita") as rita:
            opened = services.get(record_id)  # as its page does, before anything is locked
            approvals.withdraw(actor=rita, record_id=record_id, comment="", now=stage.now())
            assert opened.state == "withdrawn"

    return act


def submit(stage: Stage, record_id: str) -> Act:
    seen = stage.record(record_id).revision

    def act(place: Stage) -> None:
        with place.acting("rita") as rita:
            opened = services.get(record_id)  # as its page does, before anything is locked
            approvals.submit(actor=rita, record_id=record_id, seen_revision=seen, now=stage.now())
            assert opened.state == "submitted"

    return act


def leave(login: str) -> Callable[[Stage, str], Act]:
    def prepared(stage: Stage, record_id: str) -> Act:
        def act(place: Stage) -> None:
            with place.acting("paul") as paul:
                deactivate_person(actor=paul, person_id=stage.people[login], now=stage.now())

        return act

    return prepared


def draft(stage: Stage) -> str:
    return stage.draft()


def at_check(stage: Stage) -> str:
    return stage.filed()


def at_board(stage: Stage) -> str:
    record_id = stage.filed(stage.large())
    stage.approve(record_id, "carl")
    return record_id


def one_vote_short(stage: Stage) -> str:
    record_id = at_board(stage)
    stage.approve(record_id, "beth")
    return record_id


def at_sign(stage: Stage) -> str:
    record_id = stage.filed()
    stage.approve(record_id, "carl")
    return record_id


def returned(stage: Stage) -> str:
    record_id = stage.filed()
    stage.decide("send_back", "carl", record_id, to="start")
    return record_id


@dataclass(frozen=True)
class Race:
    """How it begins, who acts, how many win, and how it may stand afterwards."""

    begin: Callable[[Stage], str]
    acts: tuple[Callable[[Stage, str], Act], ...]
    winners: tuple[int, ...]
    ends: tuple[str, ...]


RACES = {
    "the last two votes": Race(
        one_vote_short, (decide("approve", "bob"), decide("approve", "bill")), (1,), ("submitted",)
    ),
    "all votes of a count": Race(
        at_board,
        (decide("approve", "beth"), decide("approve", "bob"), decide("approve", "bill")),
        (2,),
        ("submitted",),
    ),
    "approve and reject": Race(
        at_check, (decide("approve", "carl"), decide("reject", "chloe")), (1,),
        ("submitted", "rejected"),
    ),
    "approve and return": Race(
        at_check, (decide("approve", "carl"), decide("send_back", "chloe")), (1,),
        ("submitted", "returned"),
    ),
    "approve and withdraw": Race(
        at_sign, (decide("approve", "mark"), withdraw), (1,), ("approved", "withdrawn")
    ),
    "approve, return and withdraw": Race(
        at_check, (decide("approve", "carl"), decide("send_back", "chloe"), withdraw), (1, 2),
        ("withdrawn",),
    ),
    "vote and edit": Race(
        at_check, (decide("approve", "carl"), decide("edit", "chloe")), (1,), ("submitted",)
    ),
    "two edits": Race(
        at_check, (decide("edit", "carl"), decide("edit", "chloe")), (1,), ("submitted",)
    ),
    "the same vote twice": Race(
        at_sign, (decide("approve", "mark"), decide("approve", "mark")), (1,), ("approved",)
    ),
    "two submits": Race(draft, (submit, submit), (1,), ("submitted",)),
    "two resubmits": Race(returned, (submit, submit), (1,), ("submitted",)),
    "resubmit and withdraw": Race(returned, (submit, withdraw), (1, 2), ("submitted", "withdrawn")),
    "a vote and the leaving of the voter": Race(
        at_sign, (decide("approve", "mark"), leave("mark")), (1, 2), ("approved", "submitted")
    ),
}  # fmt: skip


def judge(stage: Stage, race: Race, record_id: str, done: list[Done]) -> None:
    assert sum(one.won for one in done) in race.winners, done
    record = stage.record(record_id)
    assert record.state in race.ends
    votes = Counter(
        (row.actor_id, row.data["epoch"])
        for row in stage.rows(ApprovalEvent, record_id=record_id, kind="voted")
    )
    assert set(votes.values()) <= {1}
    assert figures(stage, record_id) == {
        "submitted": {"commit_pending": record.amount}, "approved": {"commit": record.amount},
    }.get(record.state, {})  # fmt: skip
    assert stage.problems() == {}


def figures(stage: Stage, record_id: str) -> dict[str, Decimal]:
    """What a record's postings add up to, by bucket."""
    posted = {row.id for row in stage.rows(Posting, record_id=record_id)}
    found: dict[str, Decimal] = {}
    for entry in stage.rows(CostEntry):
        if entry.posting_id in posted:
            found[entry.bucket] = found.get(entry.bucket, Decimal(0)) + entry.amount
    return {bucket: amount for bucket, amount in found.items() if amount}


@pytest.mark.parametrize("name", RACES)
def test_at_the_same_moment_one_wins(stage: Stage, name: str) -> None:
    race = RACES[name]
    once = "leaving" in name
    for _ in range(1 if once else 3):
        record_id = race.begin(stage)
        acts = [prepare(stage, record_id) for prepare in race.acts]
        judge(stage, race, record_id, together(stage, *acts))


@pytest.mark.parametrize("name", [n for n in RACES if "leaving" not in n])
def test_wherever_the_first_is_interrupted_one_wins(stage: Stage, name: str) -> None:
    race = RACES[name]
    tried, at = 0, 1
    while True:
        record_id = race.begin(stage)
        first, second = (prepare(stage, record_id) for prepare in race.acts[:2])
        pair = Race(race.begin, race.acts[:2], (1, 2), (*race.ends, "returned", "submitted"))
        done = in_between(stage, first, second, at)
        if done is None:
            break
        judge(stage, pair if len(race.acts) > 2 else race, record_id, done)
        tried, at = tried + 1, at + STEP
        if not ON_POSTGRES and at > 2:
            break
    assert tried >= 1


def test_numbers_have_neither_gap_nor_twin_under_parallel_submitters(stage: Stage) -> None:
    drafts = [stage.draft("rita" if n % 2 else "ron") for n in range(12)]

    def filing(part: int) -> Act:
        def act(place: Stage) -> None:
            for number, record_id in enumerate(drafts):
                if number % 4 == part:
                    place.submit(record_id, "rita" if number % 2 else "ron")

        return act

    done = together(stage, *(filing(part) for part in range(4)))
    assert all(one.won for one in done)
    numbers = sorted(row.number for row in stage.rows(Record, form="purchase"))
    assert numbers == [f"PU-P1-2026-{n:04d}" for n in range(1, 13)]
    assert stage.problems() == {}


def test_a_unique_value_is_given_once(stage: Stage) -> None:
    drafts = [
        stage.draft(login, stage.purchase(code="ONE")) for login in ("rita", "ron", "carl", "mark")
    ]

    def filing(record_id: str, login: str) -> Act:
        return lambda place: place.submit(record_id, login)

    acts = [
        filing(record_id, login)
        for record_id, login in zip(drafts, ("rita", "ron", "carl", "mark"), strict=True)
    ]
    done = together(stage, *acts)
    assert [one.won for one in done].count(True) == 1
    assert {one.refused.status for one in done if one.refused} == {422}
    assert stage.problems() == {}


def test_the_audit_chain_has_neither_gap_nor_fork_under_parallel_writers(stage: Stage) -> None:
    record_id = stage.filed()
    before = len(stage.rows(AuditRow))
    writers = ("rita", "ron", "carl", "chloe", "mark", "beth")

    def saying(login: str) -> Act:
        def act(place: Stage) -> None:
            for number in range(5):
                with place.acting(login) as viewer:
                    comments.add_comment(
                        actor=viewer, record=services.get(record_id), text=f"{number}",
                        now=stage.now(),
                    )  # fmt: skip

        return act

    done = together(stage, *(saying(login) for login in writers))
    assert all(one.won for one in done)
    assert len(stage.rows(Comment)) == 30
    with stage.system():
        verdict = verify()
    assert verdict.whole
    assert verdict.checked == before + 30
