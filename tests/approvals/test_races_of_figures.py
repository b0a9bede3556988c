"""Figures counted from other records, by two people at the same moment: no rule is slipped past."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from portal.approvals import services as approvals
from portal.db import db
from portal.records.models import Record
from tests.approvals.racing import Act, Done, in_between, together
from tests.conftest import ON_POSTGRES
from tests.stage import Stage


def drafted(stage: Stage, login: str, form: str, **data: Any) -> str:
    return stage.draft(login, {"title": "March", **data}, form)


def bill(stage: Stage, login: str, amount: str = "400") -> str:
    return drafted(stage, login, "bill", crew=stage.entries["crew"], amount=amount)


def sending(stage: Stage, record_id: str, login: str, **data: Any) -> Act:
    """Send a draft, or revise a register entry, as seen before the race."""
    seen = stage.record(record_id)
    given = {**seen.data, **data} if data else None

    def act(place: Stage) -> None:
        with place.acting(login) as viewer:
            approvals.submit(
                actor=viewer, record_id=record_id, seen_revision=seen.revision, data=given,
                now=stage.now(),
            )  # fmt: skip

    return act


def deciding(stage: Stage, verb: str, record_id: str, login: str, **data: Any) -> Act:
    """A decision on what is seen before the race."""
    task_id, seen = stage.task(login, record_id)
    more = {"data": {**stage.record(record_id).data, **data}} if data else {}

    def act(place: Stage) -> None:
        with place.acting(login) as viewer:
            getattr(approvals, verb)(
                actor=viewer, task_id=task_id, seen=seen, now=stage.now(), **more
            )

    return act


def two_bills(stage: Stage) -> tuple[Act, Act]:
    """Two bills of one crew are sent."""
    first, second = (sending(stage, bill(stage, one), one) for one in ("rita", "ron"))
    return first, second


def two_edits(stage: Stage) -> tuple[Act, Act]:
    """The checkers of two shares raise both."""
    made = [drafted(stage, "rita", "share", percent="40") for _ in range(2)]
    for one in made:
        stage.submit(one)
    first, second = (
        deciding(stage, "edit", one, login, percent="60")
        for one, login in zip(made, ("carl", "chloe"), strict=True)
    )
    return first, second


def two_revisions(stage: Stage) -> tuple[Act, Act]:
    """Two entries of a register are raised."""
    made = [stage.entry("rita", "quota", "P1", title=one, percent="40") for one in ("a", "b")]
    first, second = (
        sending(stage, one, login, percent="60")
        for one, login in zip(made, ("rita", "ron"), strict=True)
    )
    return first, second


RACES: dict[str, Callable[[Stage], tuple[Act, Act]]] = {
    "two bills of one contract": two_bills,
    "two edits at their steps": two_edits,
    "two revisions of register entries": two_revisions,
}


def one_was_refused(done: list[Done]) -> None:
    assert sum(one.won for one in done) == 1, done
    assert {one.refused.status for one in done if one.refused} == {422}


@pytest.mark.parametrize("name", RACES)
def test_what_both_count_lets_only_one_pass(billing: Stage, name: str) -> None:
    one_was_refused(together(billing, *RACES[name](billing)))
    assert billing.problems() == {}


@pytest.mark.parametrize("name", RACES)
def test_wherever_the_first_is_interrupted_only_one_passes(billing: Stage, name: str) -> None:
    at = 1
    while done := in_between(billing, *RACES[name](billing), at):
        one_was_refused(done)
        clear(billing)
        at += 3
        if not ON_POSTGRES and at > 2:
            break
    assert at > 1


def test_a_bill_sent_while_the_former_is_approved_never_misses_it(billing: Stage) -> None:
    at = 1
    while True:
        former, later = bill(billing, "rita"), bill(billing, "ron", "700")
        billing.submit(former)
        send, approve = sending(billing, later, "ron"), deciding(billing, "approve", former, "carl")
        done = in_between(billing, send, approve, at)
        if done is None:
            break
        assert [one.won for one in done] == [False, True], f"stopped before statement {at}"
        clear(billing)
        at += 1
        if not ON_POSTGRES and at > 2:
            break


def clear(stage: Stage) -> None:
    """Nothing filed so far counts any more."""
    with stage.system(writing=True):
        counting = Record.form.in_(("bill", "share", "quota"))
        db.session.execute(update(Record).where(counting).values(state="void"))
