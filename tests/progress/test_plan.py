"""The plan of a project, from tasks and progress filed with the shipped forms."""

from datetime import date
from decimal import Decimal

import pytest

from portal.errors import Invalid
from tests.progress.planning import Planning

CPM_1 = (
    ("A", "4"), ("B", "3"), ("C", "8", "A"), ("D", "7", "A"), ("E", "9", "B", "C"),
    ("F", "12", "B", "C"), ("G", "2", "D", "E"), ("H", "5", "D", "E"), ("I", "6", "F", "G"),
)  # fmt: skip


def cpm_1(planning: Planning) -> None:
    for code, days, *after in CPM_1:
        planning.add(code, days, *after)


def test_cpm_1_as_tasks_and_links_takes_thirty_days_and_a_c_f_i_are_critical(
    planning: Planning,
) -> None:
    cpm_1(planning)
    with planning.planned() as plan:
        assert plan.schedule is not None
        critical = [row.task.code for row in plan.rows if row.is_critical]
        assert critical == ["A", "C", "F", "I"]
        time = plan.material.calendars[""].time
        span = time.worked(plan.schedule.finish) - time.worked(plan.network.start)
        assert span == 30 * 480
        assert plan.finish == date(2026, 4, 10)  # six weeks of five days
        floats = {row.task.code: row.total_float for row in plan.rows}
        assert (floats["B"], floats["E"], floats["H"]) == (9, 1, 4)


def test_lags_link_types_and_calendars_move_dates(planning: Planning) -> None:
    six = planning.entry(
        "cleo", "work_calendar", None, name="Six days", shift="eight",
        weekdays=["1", "2", "3", "4", "5", "6"],
        exceptions=[{"_id": "r1", "first_day": "2026-03-14", "last_day": "2026-03-15", "worked": False}],
    )  # fmt: skip
    planning.add("A", "5")
    planning.add("B", "3", "A FS+2")
    planning.add("C", "2", "A SS+1")
    planning.add("D", "2", "A FF+1")
    planning.add("E", "6", "A", calendar=six)
    planning.add("M", "", "E", type="milestone")
    with planning.planned() as plan:
        days = {row.task.code: (row.starts_on, row.ends_on) for row in plan.rows}
    assert days["A"] == (date(2026, 3, 2), date(2026, 3, 6))
    assert days["B"] == (date(2026, 3, 11), date(2026, 3, 13))
    assert days["C"] == (date(2026, 3, 3), date(2026, 3, 4))
    assert days["D"] == (date(2026, 3, 6), date(2026, 3, 9))
    assert days["E"] == (date(2026, 3, 7), date(2026, 3, 13))  # Saturday worked, the 14th not
    assert days["M"][1] == date(2026, 3, 13)


def test_constraints_and_deadlines_show_negative_float(planning: Planning) -> None:
    planning.add("A", "5", constraint="start_from", constraint_on="2026-03-09")
    planning.add("B", "5", "A", deadline="2026-03-18")
    with planning.planned() as plan:
        rows = {row.task.code: row for row in plan.rows}
    assert rows["A"].starts_on == date(2026, 3, 9)
    assert rows["B"].ends_on == date(2026, 3, 20)
    assert rows["B"].total_float == rows["A"].total_float == -2


def test_progress_replaces_the_plan_up_to_the_data_date(planning: Planning) -> None:
    planning.add("A", "5")
    planning.add("B", "5", "A")
    first = planning.update(
        date(2026, 3, 6), {"task": "A", "started_on": "2026-03-03", "percent": "60.00"}
    )
    with planning.planned() as plan:
        rows = {row.task.code: row for row in plan.rows}
        assert plan.until == date(2026, 3, 6)
    assert (rows["A"].starts_on, rows["A"].ends_on) == (date(2026, 3, 3), date(2026, 3, 10))
    assert rows["A"].done == Decimal("0.6")
    assert rows["B"].ends_on == date(2026, 3, 17)
    planning.update(date(2026, 3, 10), {"task": "A", "percent": "80.00", "remaining": "3.00"})
    with planning.planned() as plan:
        ends = {row.task.code: row.ends_on for row in plan.rows}
        assert ends["A"] == date(2026, 3, 13)
    with planning.planned(until=date(2026, 3, 9)) as plan:
        ends = {row.task.code: row.ends_on for row in plan.rows}
        assert ends["A"] == date(2026, 3, 11)  # as known at the end of the 9th, 40 % still to come
    assert first


def test_what_is_not_approved_does_not_count_and_what_is_reopened_is_not_finished(
    planning: Planning,
) -> None:
    planning.add("A", "5")
    planning.update(date(2026, 3, 6), {"task": "A", "percent": "60.00"}, approved=False)
    with planning.planned() as plan:
        assert plan.until is None
        assert plan.rows[0].done == 0
    planning.update(
        date(2026, 3, 6), {"task": "A", "started_on": "2026-03-02", "finished_on": "2026-03-06"}
    )
    with planning.planned() as plan:
        assert plan.rows[0].is_finished
    planning.update(date(2026, 3, 9), {"task": "A", "percent": "90.00"})
    with planning.planned() as plan:
        assert not plan.rows[0].is_finished
        assert plan.rows[0].done == Decimal("0.9")


def test_progress_is_measured_as_the_task_says(planning: Planning) -> None:
    planning.add("A", "5", measure="quantity", planned_qty="200.00", unit="m")
    planning.add("B", "5", measure="fifty_fifty")
    planning.add("C", "5", measure="zero_hundred")
    steps = [
        {"_id": "r1", "step": "Rebar", "weight": "3.00"},
        {"_id": "r2", "step": "Pour", "weight": "1.00"},
    ]
    planning.add("D", "5", measure="steps", steps=steps)
    line = {"started_on": "2026-03-02", "percent": "10.00"}
    planning.update(
        date(2026, 3, 3),
        {"task": "A", "installed": "50.00", "started_on": "2026-03-02"},
        {"task": "B", **line},
        {"task": "C", **line},
        {"task": "D", "installed": "1.50", "started_on": "2026-03-02"},
    )
    with planning.planned() as plan:
        done = {row.task.code: float(row.done) for row in plan.rows}
    assert done == {"A": 0.25, "B": 0.5, "C": 0, "D": 0.875}


def test_a_summary_spans_what_stands_below_it(planning: Planning) -> None:
    planning.add("1", type="summary")
    planning.add("1.2", "4", parent="1")
    planning.add("1.10", "2", "1.2", parent="1")
    with planning.planned() as plan:
        assert [(row.task.code, row.depth) for row in plan.rows] == [
            ("1", 0),
            ("1.2", 1),
            ("1.10", 1),
        ]
        top = plan.rows[0]
    assert (top.starts_on, top.ends_on) == (date(2026, 3, 2), date(2026, 3, 9))


def test_a_circle_is_refused_when_it_is_filed_and_names_its_members(planning: Planning) -> None:
    cpm_1(planning)
    with pytest.raises(Invalid) as refused:
        planning.link("A", "I")
    said = refused.value.errors[0]
    assert said.path == "predecessors"
    assert said.message.args["members"] == "A → C → F → I → A"
    with planning.planned() as plan:
        assert plan.schedule is not None
