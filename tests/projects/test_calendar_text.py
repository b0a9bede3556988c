"""Calendars as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Invalid
from portal.projects import calendar_text


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", []),
        ("2026-10-01", ["2026-10-01"]),
        ("2026-10-03, 2026-10-01\n2026-10-01", ["2026-10-01", "2026-10-03"]),
        ("2026-12-31..2027-01-02", ["2026-12-31", "2027-01-01", "2027-01-02"]),
        ("2026-10-01、2026-10-02；2026-10-05", ["2026-10-01", "2026-10-02", "2026-10-05"]),
    ],
)
def test_days_are_read_one_by_one_or_as_spans(text: str, days: list[str]) -> None:
    assert calendar_text.dates_in(text, path="holidays") == days


@pytest.mark.parametrize(
    "text",
    ["1 October", "2026-02-30", "2026-10-07..2026-10-01", "2026-01-01..2099-01-01", "..", "x" * 99],
)
def test_what_is_no_day_is_named_at_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        calendar_text.dates_in(text, path="workdays")
    assert refused.value.errors[0].path == "workdays"


@given(st.sets(st.dates(), max_size=20))
def test_written_days_read_back_the_same(days: set[object]) -> None:
    stored = sorted(str(day) for day in days)
    assert calendar_text.dates_in(calendar_text.as_text(stored), path="x") == stored


def test_a_calendar_needs_a_working_day_and_no_day_is_both() -> None:
    with pytest.raises(Invalid):
        calendar_text.calendar([], [], [])
    with pytest.raises(Invalid):
        calendar_text.calendar([8], [], [])
    with pytest.raises(Invalid):
        calendar_text.calendar([1], ["2026-10-01"], ["2026-10-01"])
    assert calendar_text.calendar([5, 1, 1], [], []) == {
        "weekdays": [1, 5],
        "holidays": [],
        "workdays": [],
    }
