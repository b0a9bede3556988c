"""Which visits to a step are waits."""

from datetime import UTC, datetime, timedelta

from portal.approvals import services as approvals
from portal.approvals.models import Task
from portal.foresight.steps import step_of
from portal.foresight.visits import Decision, Seat, visits_of
from portal.projects.queries import project_brief
from tests.approvals.test_edit_at_step import with_quantity
from tests.stage import Stage, stage

__all__ = ["stage"]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def seat(epoch: int, opened: float, closed: float | None) -> Seat:
    """Somebody asked from a day to a day."""
    ends = None if closed is None else NOON + timedelta(days=closed)
    return Seat("a", epoch, "r", NOON + timedelta(days=opened), ends)


def waits(seats: list[Seat], *decisions: tuple[int, int]) -> list[tuple[float, float | None]]:
    """From which day to which one each wait was, decisions told as (epoch, seen)."""
    found = visits_of(seats, [Decision("a", *one) for one in decisions])
    day = timedelta(days=1)
    return [((v.opened - NOON) / day, v.closed and (v.closed - NOON) / day) for v in found]


def test_a_visit_in_which_nobody_decided_is_no_wait() -> None:
    assert waits([seat(1, 0, 4), seat(2, 4, 4)], (1, 1)) == [(0, 4)]
    assert waits([seat(1, 0, 4)]) == []
    assert waits([seat(1, 0, None)]) == [(0, None)], "it waits still"
    assert visits_of([seat(1, 0, 4)], [Decision("another", 1, 1)]) == []


def test_a_step_is_over_when_its_last_seat_is_closed() -> None:
    assert waits([seat(1, 0, 2), seat(1, 1, 5)], (1, 1)) == [(0, 5)]
    assert waits([seat(1, 0, 2), seat(1, 0, None)], (1, 1)) == [(0, None)]


def test_a_change_and_the_decision_in_one_act_are_one_wait() -> None:
    assert waits([seat(3, 0, 4), seat(4, 4, 4)], (4, 3)) == [(0, 4)]
    one, two = seat(3, 0, 4), [seat(4, 4, 4), seat(4, 4, 6)]
    assert waits([one, *two], (4, 3), (4, 4)) == [(0, 6)], "somebody else decides after it"
    assert waits([one, seat(4, 4, 6), seat(5, 6, 6)], (3, 3), (4, 3), (5, 4)) == [(0, 6)]


def visits_at(stage: Stage, step: str) -> list[float]:
    """The days every finished visit to a step of a purchase took."""
    now = stage.now()
    with stage.looking("mark"):
        project = project_brief(stage.projects["P1"])
        assert project is not None
        told = step_of(project, "purchase", step, now)
    return [round(float(one.days(now)), 2) for one in told[0].waits.finished] if told else []


def steps(stage: Stage, record_id: str) -> dict[int, str]:
    """The steps of a record by its visits."""
    return {one.epoch: one.step for one in stage.rows(Task, record_id=record_id)}


def test_who_changes_and_approves_in_one_act_ends_one_wait(stage: Stage) -> None:
    record_id = stage.filed()
    stage.now.at += timedelta(days=4)
    stage.decide("approve", "carl", record_id, data=with_quantity(stage, record_id, "13"))
    known = steps(stage, record_id)
    assert known[1] == known[2], "the engine began the step anew for the decision"
    assert visits_at(stage, known[1]) == [4]


def test_who_sends_back_has_decided_and_who_withdraws_has_not(stage: Stage) -> None:
    back, gone = stage.filed(), stage.filed()
    stage.approve(back, "carl")
    stage.now.at += timedelta(days=3)
    stage.decide("send_back", "mark", back, to="start")
    with stage.acting("rita") as viewer:
        approvals.withdraw(actor=viewer, record_id=gone, comment="", now=stage.now())
    known = steps(stage, back)
    assert visits_at(stage, known[1]) == [0], "that of carl alone"
    assert visits_at(stage, known[2]) == [3]
