"""Working time: counting forwards and backwards, held against a walk minute by minute."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calendars.working_time import (
    ALL_DAY,
    DAY,
    IDLE,
    STANDARD_DAY,
    Shifts,
    Week,
    WorkingTime,
    moment_of,
    start_of,
    time_of,
    week,
    working_time,
)  # fmt: skip
from portal.errors import Invalid

OFFICE = week([STANDARD_DAY] * 5 + [IDLE] * 2)
SPAN = 12  # days the oracle walks


@st.composite
def shifts(draw: st.DrawFn) -> Shifts:
    edges = sorted(draw(st.sets(st.integers(0, DAY // 60), max_size=6)))
    edges = edges[: len(edges) // 2 * 2]
    return tuple((a * 60, b * 60) for a, b in zip(edges[::2], edges[1::2], strict=True))


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    days = draw(st.lists(shifts(), min_size=7, max_size=7))
    if not any(days):
        days[3] = STANDARD_DAY
    near = st.dates(date(1990, 1, 1), date(1990, 1, SPAN))
    return week(days, draw(st.dictionaries(near, shifts(), max_size=3)))


def minutes(said: Week) -> list[bool]:
    """Whether each minute of the first days is worked."""
    found = []
    for at in range(SPAN):
        today = said.on(date(1990, 1, 1) + timedelta(days=at))
        found += [any(a <= m < b for a, b in today) for m in range(DAY)]
    return found


@given(weeks(), st.data())
def test_counting_is_walking(said: Week, data: st.DataObject) -> None:
    axis, walked = WorkingTime(said), minutes(said)
    moment = data.draw(st.integers(0, SPAN * DAY - 1))
    worked = sum(walked[:moment])
    assert axis.worked(moment) == worked
    closing, opening = axis.closing(worked), axis.opening(worked)
    assert closing <= moment <= opening
    assert axis.worked(closing) == axis.worked(opening) == worked
    assert not any(walked[closing : min(opening, len(walked))])
    if opening < len(walked):
        assert walked[opening]
    if closing:
        assert walked[closing - 1]


def test_a_friday_ends_on_friday_and_the_next_work_opens_on_monday() -> None:
    axis = working_time(OFFICE)
    friday = moment_of(datetime(2026, 11, 27, 17, 0, tzinfo=UTC))
    worked = axis.worked(friday)
    assert time_of(axis.closing(worked)) == datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    assert time_of(axis.opening(worked)) == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert axis.worked(moment_of(datetime(2026, 11, 28, 12, 0, tzinfo=UTC))) == worked


def test_a_holiday_and_its_make_up_day() -> None:
    changed = week(OFFICE.days, {date(2026, 10, 1): IDLE, date(2026, 10, 10): STANDARD_DAY})
    usual, axis = working_time(OFFICE), working_time(changed)

    def worked_in(days: WorkingTime, first: date, last: date) -> int:
        return days.worked(start_of(last + timedelta(days=1))) - days.worked(start_of(first))

    assert worked_in(usual, date(2026, 9, 28), date(2026, 10, 4)) == 5 * 480
    assert worked_in(axis, date(2026, 9, 28), date(2026, 10, 4)) == 4 * 480
    assert worked_in(axis, date(2026, 10, 5), date(2026, 10, 11)) == 6 * 480


def test_around_the_clock_is_the_clock() -> None:
    axis = working_time(week([ALL_DAY] * 7))
    for moment in (1, DAY, DAY + 1, 40 * 366 * DAY + 7):
        assert axis.worked(moment) == moment == axis.closing(moment) == axis.opening(moment)


@pytest.mark.parametrize(
    "days",
    [[STANDARD_DAY] * 6, [IDLE] * 7, [((600, 500),)] * 7, [((0, 700), (600, 800))] * 7,
     [((-5, 60),)] * 7, [((0, DAY + 1),)] * 7],
)  # fmt: skip
def test_a_week_that_is_none_is_refused(days: list[Shifts]) -> None:
    with pytest.raises(Invalid):
        week(days)


@pytest.mark.parametrize("act", [
    lambda axis: axis.worked(-1), lambda axis: axis.closing(-1), lambda axis: axis.opening(-1),
    lambda axis: axis.closing(10**9), lambda axis: axis.worked(10**9),
])  # fmt: skip
def test_beyond_the_ends_of_time_is_refused(act: object) -> None:
    with pytest.raises(Invalid):
        act(working_time(OFFICE))  # type: ignore[operator]
