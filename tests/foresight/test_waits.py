"""Waits at a step of approval, reckoned by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from portal.foresight.waits import Visit, middle, waits_of
from portal.schedule.past_error import four_of_five

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def visit(back: float, days: float | None, record: str = "r") -> Visit:
    """Over so many days before now after so many days; still open where `days` is None."""
    if days is None:
        return Visit(record, NOW - timedelta(days=back), None)
    closed = NOW - timedelta(days=back)
    return Visit(record, closed - timedelta(days=days), closed)


def test_finished_waits_have_a_median_and_what_four_of_five_keep_within() -> None:
    found = waits_of([visit(10 + n, days) for n, days in enumerate((1, 2, 3, 4, 10))], NOW)
    assert (found.median, found.within) == (3, 4)
    assert (len(found.finished), found.waiting, found.oldest) == (5, [], None)
    assert not found.is_longer_than_usual


def test_what_waits_is_counted_the_oldest_first_and_told_when_longer_than_usual() -> None:
    waiting = [visit(2.5, None, "young"), visit(6, None, "old")]
    found = waits_of([*waiting, visit(5, 3)], NOW)
    assert [one.record for one in found.waiting] == ["old", "young"]
    assert (found.oldest, found.median, found.within) == (6, 3, 3)
    assert found.is_longer_than_usual
    assert found.weight == 6
    assert found.waiting[1].days(NOW) == Decimal("2.5")


def test_what_was_over_before_90_days_counts_for_looking_back_alone() -> None:
    found = waits_of([visit(91, 8), visit(89, 2)], NOW)
    assert [one.days(NOW) for one in found.finished] == [2]


def test_each_month_is_foretold_by_the_twelve_weeks_before_it() -> None:
    every = [
        visit(100, 9),  # more than twelve weeks before the last month, not before the second
        visit(60, 2),
        visit(40, 4),
        visit(20, 5),
        visit(10, 7),
    ]
    found = waits_of(every, NOW)
    told = [(one.foretold, one.came, one.off, one.count) for one in found.windows]
    # the last four weeks: 5 and 7, foretold by 9 (100 days back: within 28 + 84), 2 and 4
    # the four before: 4, foretold by 9 and 2; before those: 2, foretold by 9
    assert told == [(4, 6, 2, 2), (Decimal("5.5"), 4, Decimal("-1.5"), 1), (9, 2, -7, 1)]
    assert found.past is not None
    assert (found.past.count, found.past.size) == (3, Decimal("3.5"))


def test_without_anything_before_nothing_was_foretold() -> None:
    found = waits_of([visit(3, 1)], NOW)
    assert (found.windows, found.past) == ([], None)
    nothing = waits_of([], NOW)
    assert (nothing.median, nothing.within, nothing.weight) == (None, None, 0)


@pytest.mark.parametrize(
    ("values", "median", "most"),
    [((), None, None), ((3,), 3, 3), ((4, 1), Decimal("2.5"), 4), ((1, 2, 3, 4, 5), 3, 4)],
)
def test_the_middle_and_four_of_five(values: tuple[int, ...], median: object, most: object) -> None:
    exact = [Decimal(one) for one in values]
    assert (middle(exact), four_of_five(exact)) == (median, most)
