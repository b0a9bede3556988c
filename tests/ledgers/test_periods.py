"""Closed months: what comes late is booked in the first open one and keeps its own date."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.approvals import services as approvals
from portal.approvals import voiding
from portal.errors import Invalid
from portal.ledgers.models import CostEntry
from portal.ledgers.periods import booked_on
from portal.projects.models import Project
from tests.approvals.conftest import billing, stage
from tests.approvals.racing import Act, in_between
from tests.conftest import ON_POSTGRES
from tests.stage import Stage

__all__ = ["billing", "stage"]

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
YESTERDAY = date(2026, 3, 1)
TODAY = date(2026, 3, 2)


@given(DAYS, DAYS)
def test_an_entry_is_booked_on_its_day_or_on_the_first_open_one(day: date, closed: date) -> None:
    assert booked_on(day, None) == day
    found = booked_on(day, closed)
    assert found > closed
    assert found == (day if day > closed else closed + timedelta(days=1))


def close(stage: Stage, until: date = YESTERDAY) -> str:
    return stage.entry("rita", "month", "P1", name="February", until=until.isoformat())


def closed(stage: Stage) -> date | None:
    found: date | None = stage.rows(Project, code="P1")[0].closed_until
    return found


def days(stage: Stage) -> set[tuple[date, date]]:
    """(effective, booked) of every cost entry."""
    return {(one.effective_on, one.booked_on) for one in stage.rows(CostEntry)}


def test_what_is_signed_for_a_closed_month_is_booked_in_the_open_one(billing: Stage) -> None:
    record_id = billing.filed()
    assert days(billing) == {(TODAY, TODAY)}
    billing.now.at += timedelta(days=3)
    close(billing, TODAY)
    billing.approve(record_id, "carl", "mark")
    late = {pair for pair in days(billing) if pair[0] != pair[1]}
    assert all(booked == TODAY + timedelta(days=1) for _, booked in late)
    assert billing.problems() == {}


def test_nothing_already_booked_moves_when_a_month_closes(billing: Stage) -> None:
    record_id = billing.filed()
    billing.approve(record_id, "carl", "mark")
    before = days(billing)
    billing.now.at += timedelta(days=3)
    close(billing, TODAY)
    assert days(billing) == before
    billing.now.at += timedelta(days=1)
    void(billing, record_id)
    taken = days(billing) - before
    assert taken
    assert all(booked > TODAY for _, booked in taken), "a closed month stays as it was"


def void(stage: Stage, record_id: str) -> None:
    with stage.acting("mark") as mark:
        voiding.void(
            actor=mark, record_id=record_id, seen_revision=stage.record(record_id).revision,
            reason="x", now=stage.now(),
        )  # fmt: skip


def test_a_closing_that_is_void_opens_its_months_again(billing: Stage) -> None:
    first = close(billing, YESTERDAY - timedelta(days=31))
    second = close(billing, YESTERDAY)
    assert closed(billing) == YESTERDAY
    void(billing, second)
    assert closed(billing) == YESTERDAY - timedelta(days=31)
    void(billing, first)
    assert closed(billing) is None


@pytest.mark.parametrize("until", [TODAY, TODAY + timedelta(days=40)])
def test_a_month_that_is_not_over_is_not_closed(billing: Stage, until: date) -> None:
    with pytest.raises(Invalid, match="not over"):
        close(billing, until)
    assert closed(billing) is None


def test_a_revised_closing_counts_as_it_stands(billing: Stage) -> None:
    record_id = close(billing, YESTERDAY)
    data = {**billing.record(record_id).data, "until": "2026-01-31"}
    billing.submit(record_id, "rita", data=data)
    assert closed(billing) == date(2026, 1, 31)


def approving(stage: Stage, record_id: str) -> Act:
    task_id, seen = stage.task("carl", record_id)

    def act(place: Stage) -> None:
        with place.acting("carl") as carl:
            approvals.reject(actor=carl, task_id=task_id, seen=seen, comment="no", now=stage.now())

    return act


def closing(stage: Stage, record_id: str) -> Act:
    revision = stage.record(record_id).revision

    def act(place: Stage) -> None:
        with place.acting("rita") as rita:
            approvals.submit(
                actor=rita, record_id=record_id, seen_revision=revision, now=stage.now()
            )

    return act


@pytest.mark.parametrize("close_first", [True, False])
def test_who_posts_and_who_closes_wait_for_each_other(billing: Stage, close_first: bool) -> None:
    at = 1
    data: Callable[[str], dict[str, Any]] = lambda day: {"name": "March", "until": day}  # noqa: E731
    while True:
        record_id = billing.filed()
        billing.now.at += timedelta(days=1)
        until = (billing.now.at - timedelta(days=1)).date()
        month = billing.draft("rita", data(until.isoformat()), "month")
        acts = closing(billing, month), approving(billing, record_id)
        done = in_between(billing, *(acts if close_first else acts[::-1]), at)
        if done is None:
            break
        assert all(one.won for one in done), done
        assert closed(billing) == until
        at += 4
        if not ON_POSTGRES and at > 2:
            break
    assert at > 1
