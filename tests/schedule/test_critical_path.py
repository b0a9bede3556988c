"""The critical path method against its equations, published cases, calendars, actuals."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given

from portal.calendars.working_time import (
    DAY,
    IDLE,
    STANDARD_DAY,
    moment_of,
    time_of,
    week,
    working_time,
)  # fmt: skip
from portal.errors import Invalid
from portal.schedule.critical_path import Dates, compute
from portal.schedule.network import Activity, Constraint, ConstraintType, Link, LinkType, Network
from portal.schedule.order import Cycle
from tests.schedule.plans import CLOCK, START, mixed, plan, plans


def at(*when: int) -> int:
    return moment_of(datetime(*when, tzinfo=UTC))


def day(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


OFFICE = working_time(week([STANDARD_DAY] * 5 + [IDLE] * 2))
SIX_DAYS = working_time(week([STANDARD_DAY] * 6 + [IDLE]))
CPM_1 = {"A": 4, "B": 3, "C": 8, "D": 7, "E": 9, "F": 12, "G": 2, "H": 5, "I": 6}
CPM_1_LINKS = [
    ("A", "C"), ("A", "D"), ("B", "E"), ("C", "E"), ("B", "F"), ("C", "F"), ("D", "G"), ("E", "G"),
    ("D", "H"), ("E", "H"), ("F", "I"), ("G", "I"),
]  # fmt: skip


def test_cpm_1_takes_thirty_and_its_critical_path_is_a_c_f_i() -> None:
    made = compute(plan(CPM_1, *CPM_1_LINKS))
    assert made.finish - START == 30
    assert sorted(made.critical) == ["A", "C", "F", "I"]


def test_cpm_1_in_working_days_ends_on_the_thirtieth_working_day() -> None:
    monday = at(2026, 3, 2, 8, 0)
    activities = {key: Activity(key, days * 480, OFFICE) for key, days in CPM_1.items()}
    made = compute(Network(activities, [Link(a, b) for a, b in CPM_1_LINKS], monday))
    assert time_of(made.finish) == day(2026, 4, 10, 17, 0)  # six weeks of five days
    assert sorted(made.critical) == ["A", "C", "F", "I"]


def by_the_equations(network: Network) -> dict[str, tuple[int, ...]]:
    """ES, EF, LS, LF, TF, FF as DOMAIN 5.2 writes them, by iterating until nothing moves."""
    d = {key: one.duration for key, one in network.activities.items()}
    es, changed = dict.fromkeys(d, START), True
    while changed:
        changed = False
        for link in network.links:
            i, j, lag = link.predecessor, link.successor, link.lag
            bound = {
                LinkType.FS: es[i] + d[i] + lag,
                LinkType.SS: es[i] + lag,
                LinkType.FF: es[i] + d[i] + lag - d[j],
                LinkType.SF: es[i] + lag - d[j],
            }[link.type]
            if bound > es[j]:
                es[j], changed = bound, True
    ef = {key: es[key] + d[key] for key in d}
    end = max(ef.values())
    lf, changed = dict.fromkeys(d, end), True
    ff = {key: end - ef[key] for key in d}
    while changed:
        changed = False
        for link in network.links:
            i, j, lag = link.predecessor, link.successor, link.lag
            bound, spare = {
                LinkType.FS: (lf[j] - d[j] - lag, es[j] - lag - ef[i]),
                LinkType.SS: (lf[j] - d[j] - lag + d[i], es[j] - lag - es[i]),
                LinkType.FF: (lf[j] - lag, ef[j] - lag - ef[i]),
                LinkType.SF: (lf[j] - lag + d[i], ef[j] - lag - es[i]),
            }[link.type]
            ff[i] = min(ff[i], spare)
            if bound < lf[i]:
                lf[i], changed = bound, True
    return {
        key: (es[key], ef[key], lf[key] - d[key], lf[key], lf[key] - ef[key], ff[key]) for key in d
    }


def figures(one: Dates) -> tuple[int | None, ...]:
    return (
        one.early_start, one.early_finish, one.late_start, one.late_finish,
        one.total_float, one.free_float,
    )  # fmt: skip


@given(plans())
def test_round_the_clock_it_is_the_equations(network: Network) -> None:
    made = compute(network)
    assert {key: figures(one) for key, one in made.dates.items()} == by_the_equations(network)
    assert made.critical, "some path takes the whole time"


@given(mixed())
def test_on_any_calendars_no_link_is_broken_and_every_start_has_its_reason(
    network: Network,
) -> None:
    made = compute(network)
    for link in network.links:
        before, after = made.dates[link.predecessor], made.dates[link.successor]
        axis, ruler = after.activity.calendar, link.calendar or after.activity.calendar
        left = before.start if link.type.leaves_start else before.finish
        met = after.early_start if link.type.meets_start else after.early_finish
        if link.calendar is None:
            assert met >= axis.worked(left) + link.lag
        else:
            assert met >= axis.worked(ruler.closing(ruler.worked(left) + link.lag))
    for one in made.dates.values():
        axis = one.activity.calendar
        assert one.early_finish == one.early_start + one.activity.duration
        assert axis.worked(one.start) == one.early_start
        assert axis.worked(one.finish) == one.early_finish
        assert one.early_start >= axis.worked(network.start)
        held = one.driver is not None or one.early_start == axis.worked(network.start)
        assert held, "it would start earlier"
        assert one.total_float is not None
        assert one.free_float is not None
        assert one.free_float <= one.total_float
        assert one.total_float >= 0


@given(mixed(shortest=1))
def test_a_slip_of_the_total_float_ends_no_later_and_a_minute_more_does(network: Network) -> None:
    # A start between two shifts is one point of its axis but two moments to others' calendars.
    links = [one for one in network.links if not one.type.leaves_start]
    network = replace(network, links=links)
    made = compute(network)
    for key, one in made.dates.items():
        assert one.total_float is not None
        for more, is_held in ((0, True), (1, False)):
            moved = one.late_start + more
            axis = one.activity.calendar
            limit = Constraint(ConstraintType.START_FROM, axis.opening(moved))
            again = replace(
                network,
                activities={**network.activities, key: replace(one.activity, constraint=limit)},
            )
            finish = compute(again).finish
            assert finish == made.finish if is_held else finish > made.finish


def test_a_lag_runs_on_the_successors_calendar_unless_said() -> None:
    friday = at(2026, 3, 6, 8, 0)
    pour, strip = Activity("pour", 480, SIX_DAYS), Activity("strip", 480, OFFICE)
    network = Network({"pour": pour, "strip": strip}, [Link("pour", "strip", lag=480)], friday)
    assert time_of(compute(network).dates["strip"].start) == day(2026, 3, 10, 8, 0)
    cures = Link("pour", "strip", lag=2 * DAY, calendar=CLOCK)
    made = compute(replace(network, links=[cures]))
    assert time_of(made.dates["strip"].start) == day(2026, 3, 9, 8, 0)  # Sunday 17:00 passes
    own = Link("pour", "strip", lag=480, calendar=SIX_DAYS)
    made = compute(replace(network, links=[own]))
    assert time_of(made.dates["strip"].start) == day(2026, 3, 9, 8, 0)  # Saturday counts


def test_a_finish_limit_that_cannot_be_kept_is_negative_float() -> None:
    network = plan({"A": 10, "B": 5}, ("A", "B"))
    due = Constraint(ConstraintType.FINISH_BY, START + 12)
    late = replace(network.activities["B"], constraint=due)
    made = compute(replace(network, activities={**network.activities, "B": late}))
    assert [made.dates[key].total_float for key in "AB"] == [-3, -3]
    assert made.finish == START + 15
    by_deadline = replace(network.activities["B"], deadline=START + 12)
    same = compute(replace(network, activities={**network.activities, "B": by_deadline}))
    assert [same.dates[key].total_float for key in "AB"] == [-3, -3]


def test_constraints_bend_dates_but_not_logic() -> None:
    network = plan({"A": 10, "B": 5, "C": 2}, ("A", "B"))
    kinds = ConstraintType

    def start_of_b(type: ConstraintType, at: int) -> tuple[int, int | None]:
        limit = Constraint(type, START + at)
        held = replace(network.activities["B"], constraint=limit)
        one = compute(replace(network, activities={**network.activities, "B": held})).dates["B"]
        return one.start - START, one.total_float

    assert start_of_b(kinds.START_FROM, 20) == (20, 0)
    assert start_of_b(kinds.START_ON, 20) == (20, 0)
    assert start_of_b(kinds.START_ON, 8) == (10, -2)
    assert start_of_b(kinds.FINISH_ON, 30) == (25, 0)
    assert start_of_b(kinds.FINISH_FROM, 30) == (25, 0)
    assert start_of_b(kinds.START_BY, 8) == (10, -2)


def test_work_as_late_as_possible_takes_its_free_float_and_no_more() -> None:
    network = plan({"A": 10, "B": 2, "C": 1, "D": 1}, ("A", "D"), ("B", "C"), ("C", "D"))
    late = Constraint(ConstraintType.LATE)
    changed = {key: replace(network.activities[key], constraint=late) for key in "BC"}
    made = compute(replace(network, activities={**network.activities, **changed}))
    assert [made.dates[key].start - START for key in "ABCD"] == [0, 7, 9, 10]
    assert made.finish == START + 11


def test_what_has_begun_keeps_its_start_and_the_rest_waits_for_the_data_date() -> None:
    network = plan({"A": 10, "B": 10, "C": 4}, ("A", "B"), ("B", "C"))
    done = replace(network.activities["A"], actual_start=START, actual_finish=START + 14)
    begun = replace(network.activities["B"], actual_start=START + 12, remaining=6)
    made = compute(
        replace(
            network,
            activities={**network.activities, "A": done, "B": begun},
            data_date=START + 20,
        )
    )
    a, b, c = (made.dates[key] for key in "ABC")
    assert (a.start, a.finish, a.total_float) == (START, START + 14, None)
    assert (b.start, b.resume, b.finish) == (START + 12, START + 20, START + 26)
    assert (c.start, c.finish, c.total_float) == (START + 26, START + 30, 0)


def test_work_begun_out_of_order_still_waits_with_what_remains() -> None:
    network = plan({"A": 10, "B": 10}, ("A", "B"))
    begun = replace(network.activities["B"], actual_start=START + 2, remaining=5)
    made = compute(
        replace(network, activities={**network.activities, "B": begun}, data_date=START + 4)
    )
    assert made.dates["A"].start == START + 4
    assert (made.dates["B"].start, made.dates["B"].resume) == (START + 2, START + 14)
    assert made.finish == START + 19


def test_a_milestone_closes_the_day_that_brings_it() -> None:
    friday = at(2026, 3, 6, 8, 0)
    activities = {
        "work": Activity("work", 480, OFFICE),
        "done": Activity("done", 0, OFFICE),
        "next": Activity("next", 480, SIX_DAYS),
    }
    made = compute(Network(activities, [Link("work", "done"), Link("done", "next")], friday))
    assert time_of(made.dates["done"].start) == day(2026, 3, 6, 17, 0)
    assert time_of(made.dates["next"].start) == day(2026, 3, 7, 8, 0)


def test_near_critical_is_within_its_share_of_the_whole() -> None:
    made = compute(plan(CPM_1, *CPM_1_LINKS))
    floats = {key: one.total_float for key, one in made.dates.items()}
    for percent in (5, 10, 40):
        near = {key for key, tf in floats.items() if tf and tf <= 30 * percent / 100}
        assert set(made.near_critical(percent)) == near


def test_a_circle_is_named_in_the_order_of_its_waiting() -> None:
    with pytest.raises(Cycle) as told:
        compute(plan(dict.fromkeys("ABCDE", 1), *[
            ("A", "B"), ("B", "C"), ("C", "D"), ("D", "B"), ("D", "E"),
        ]))  # fmt: skip
    members = told.value.members
    assert members[0] == members[-1]
    assert set(members) == {"B", "C", "D"}
    assert all(pair in {("B", "C"), ("C", "D"), ("D", "B")}
               for pair in itertools.pairwise(members))  # fmt: skip


def test_a_link_to_itself_or_to_nobody_is_refused() -> None:
    with pytest.raises(Cycle):
        compute(plan({"A": 1}, ("A", "A")))
    with pytest.raises(Invalid, match="X"):
        compute(plan({"A": 1}, ("A", "X")))


def test_an_empty_plan_ends_where_it_begins() -> None:
    assert compute(Network({}, [], START)).finish == START
