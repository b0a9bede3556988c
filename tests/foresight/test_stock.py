"""Stock: figures reckoned by hand, and what must hold of any movements."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foresight.stock import MONTH, Move, Open, Stock, stock_of

TODAY = date(2026, 3, 30)


def came(on: date, qty: str) -> Move:
    return Move(on, Decimal(qty), is_receipt=True)


def went(on: date, qty: str) -> Move:
    return Move(on, Decimal(qty), is_receipt=False)


def weekly_tens(*more: Move) -> list[Move]:
    """A hundred come on March 2; ten go on each of the four Mondays after it."""
    mondays = [date(2026, 3, 2) + timedelta(days=7 * at) for at in range(1, 5)]
    return [came(date(2026, 3, 2), "100"), *(went(on, "10") for on in mondays), *more]


def test_what_is_on_hand_lasts_as_long_as_four_weeks_of_use_say() -> None:
    found = stock_of(weekly_tens(), [], TODAY)
    assert (found.received, found.issued, found.on_hand) == (100, 40, 60)
    assert found.by_month == 10, "40 in 28 days"
    assert found.by_two_months == Decimal(280) / 29, "it came 29 days ago: no longer is looked at"
    assert found.weeks_left == 6
    assert found.runs_out == date(2026, 5, 11)


def test_what_came_back_was_not_used() -> None:
    found = stock_of(weekly_tens(went(TODAY, "-4")), [], TODAY)
    assert (found.on_hand, found.by_month) == (64, 9)
    assert found.runs_out == TODAY + timedelta(days=49), "64 ÷ 9 × 7 = 49.8 days"


def test_of_material_that_came_lately_the_days_since_count_a_week_at_least() -> None:
    fresh = stock_of([came(TODAY, "50"), went(TODAY, "5")], [], TODAY)
    assert fresh.by_month == 5, "a day of use is no week of it"
    two_weeks = [came(date(2026, 3, 17), "50"), went(date(2026, 3, 18), "8")]
    assert stock_of(two_weeks, [], TODAY).by_month == 4, "8 in 14 days"


def test_what_is_entered_for_later_does_not_count_yet() -> None:
    found = stock_of(weekly_tens(came(TODAY + timedelta(days=1), "500")), [], TODAY)
    assert found.received == 100


@pytest.mark.parametrize(
    ("on_hand", "arrives", "verdict"),
    [
        ("100", None, "enough"),  # ten weeks
        ("19", None, "order"),  # 13 days, an order takes 14
        ("20", None, "enough"),  # 14 days
        ("30", 20, "enough"),  # 21 days, it comes a day before
        ("30", 22, "order"),  # it comes a day late
        ("10", -3, "chase"),  # it should be here
        ("100", -3, "enough"),
        ("0", 5, "out"),
        ("-2", None, "out"),
    ],
)
def test_the_run_out_and_the_delivery_say_what_to_do(
    on_hand: str, arrives: int | None, verdict: str
) -> None:
    moves = weekly_tens()
    moves[0] = came(date(2026, 3, 2), str(Decimal(on_hand) + 40))
    orders = [] if arrives is None else [Open("o", Decimal(7), TODAY + timedelta(days=arrives))]
    found = stock_of(moves, orders, TODAY)
    assert found.verdict == verdict
    assert found.needs_acting == (verdict in ("order", "chase", "out"))
    assert found.ordered == (7 if orders else 0)


def test_what_nobody_used_for_four_weeks_runs_out_on_no_day() -> None:
    moves = [came(date(2026, 1, 5), "10"), went(date(2026, 2, 20), "8")]
    found = stock_of(moves, [], TODAY)
    assert (found.verdict, found.runs_out, found.weeks_left) == ("unused", None, None)
    assert found.by_two_months == 1, "8 in 56 days: the 8 weeks tell it was used before"


def test_the_proposal_covers_four_weeks_and_the_lead_less_what_there_is() -> None:
    found = stock_of(weekly_tens(), [Open("o", Decimal("5.5"), TODAY)], TODAY, lead=35)
    assert found.proposed() == 25, "10 × 9 weeks − 60 − 5.5 = 24.5, in whole units"
    assert stock_of(weekly_tens(), [], TODAY, lead=1).proposed() == 1, "one at least"


def test_what_is_requested_counts_as_what_comes_and_calms_once_it_is_enough() -> None:
    moves = weekly_tens()
    moves[0] = came(date(2026, 3, 2), "55")  # 15 are left: 10 days
    asked = [Open("a", Decimal(30), TODAY), Open("b", Decimal("5.5"), TODAY)]
    some = stock_of(moves, [], TODAY, requests=asked[:1])
    assert (some.requested, some.proposed(), some.verdict) == (30, 15, "order"), "60 − 15 − 30"
    assert some.asks_for_more
    whole = stock_of(moves, [], TODAY, requests=[*asked, Open("c", Decimal("9.5"), TODAY)])
    assert (whole.requested, whole.verdict, whole.needs_acting) == (45, "requested", False)
    assert not whole.asks_for_more
    late = [Open("o", Decimal(9), TODAY + timedelta(days=20))]
    assert stock_of(moves, late, TODAY, requests=asked).verdict == "order", "0.5 are lacking"


def test_a_request_hides_neither_what_is_used_up_nor_what_is_late() -> None:
    moves = weekly_tens()
    moves[0] = came(date(2026, 3, 2), "40")
    found = stock_of(moves, [], TODAY, requests=[Open("a", Decimal(60), TODAY)])
    assert (found.verdict, found.needs_acting, found.asks_for_more) == ("out", True, False)
    moves[0] = came(date(2026, 3, 2), "50")
    due = [Open("o", Decimal(7), TODAY - timedelta(days=3))]
    assert stock_of(moves, due, TODAY, requests=[Open("a", Decimal(60), TODAY)]).verdict == "chase"
    assert stock_of(weekly_tens(), [], TODAY, requests=due).verdict == "enough"


def test_earlier_days_foretold_four_weeks_by_the_same_method() -> None:
    began = TODAY - timedelta(days=3 * MONTH)
    moves = [
        came(began, "1000"),
        went(began + timedelta(days=7), "40"),  # the four weeks before the second cut: 40
        went(began + timedelta(days=35), "50"),  # then 50
        went(began + timedelta(days=63), "45"),  # then 45
    ]
    found = stock_of(moves, [], TODAY)
    told = [(one.foretold, one.came, one.off) for one in found.windows]
    assert told == [(50, 45, -10), (Decimal(280) * 4 / 28, 50, 25)]
    assert [one.last for one in found.windows] == [TODAY, TODAY - timedelta(days=28)]
    assert found.past is not None
    assert (found.past.count, found.past.mean, found.past.size) == (
        2,
        Decimal("7.5"),
        Decimal("17.5"),
    )


QUANTITIES = st.decimals("0.001", "500", places=3)
DAYS = st.integers(0, 120).map(lambda back: TODAY - timedelta(days=back))
MOVES = st.lists(
    st.builds(Move, DAYS, QUANTITIES, is_receipt=st.booleans(), record=st.sampled_from("abc")),
    max_size=20,
)


@given(MOVES)
def test_on_hand_is_the_sum_of_movements_and_lasts_to_the_day_it_runs_out(
    moves: Sequence[Move],
) -> None:
    found: Stock = stock_of(moves, [], TODAY)
    assert found.on_hand == sum(one.qty if one.is_receipt else -one.qty for one in moves)
    if found.runs_out is None:
        assert found.verdict == "unused"
        return
    days = (found.runs_out - TODAY).days
    if found.on_hand > 0 and days < 10_000:
        daily = found.by_month / 7
        assert days * daily <= found.on_hand + Decimal("0.000001")
        assert (days + 1) * daily > found.on_hand - Decimal("0.000001")
    else:
        assert days in (0, 10_000)


@given(MOVES)
def test_the_order_of_movements_makes_no_difference(moves: Sequence[Move]) -> None:
    assert stock_of(moves, [], TODAY) == stock_of(list(reversed(moves)), [], TODAY)
