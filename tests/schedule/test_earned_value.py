"""Earned value and earned schedule: the published cases, identities, edges."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Invalid
from portal.schedule.earned_value import (
    EarnedSchedule,
    EarnedValue,
    by_fixed_share,
    by_quantity,
    by_steps,
    earned_schedule,
)  # fmt: skip
from portal.schedule.undefined import Undefined

D = Decimal
EVM_1 = EarnedValue(pv=D(40_000), ev=D(35_000), ac=D(36_000), bac=D(100_000))
amounts = st.decimals(0, 10**9, places=2)
positive = st.decimals("0.01", 10**9, places=2)


def rounded(value: object, places: int = 2) -> Decimal:
    assert isinstance(value, Decimal), value
    return round(value, places)


def test_evm_1() -> None:
    assert (EVM_1.schedule_variance, EVM_1.cost_variance) == (D(-5_000), D(-1_000))
    assert EVM_1.spi == D(".875")
    assert rounded(EVM_1.cpi, 7) == D(".9722222")


def test_the_estimate_is_made_with_the_ratio_as_it_is_not_as_it_is_shown() -> None:
    assert rounded(EVM_1.eac) == D("102857.14")
    assert round(EVM_1.bac / rounded(EVM_1.cpi), 2) == D("103092.78")  # what must not come out
    assert rounded(EVM_1.etc) == D("66857.14")
    assert rounded(EVM_1.vac) == D("-2857.14")
    assert EVM_1.eac_as_planned == D(101_000)
    assert rounded(EVM_1.eac_of_both) == D("112408.16")
    assert rounded(EVM_1.tcpi_of_budget, 4) == D("1.0156")
    assert rounded(EVM_1.tcpi_of_estimate, 4) == D(".9722")


@given(positive, positive, positive, positive)
def test_the_estimates_keep_their_identities(
    pv: Decimal, ev: Decimal, ac: Decimal, bac: Decimal
) -> None:
    one = EarnedValue(pv, ev, ac, bac)
    eac, etc, vac, cpi = one.eac, one.etc, one.vac, one.cpi
    assert isinstance(eac, Decimal)
    assert isinstance(etc, Decimal)
    assert isinstance(vac, Decimal)
    assert isinstance(cpi, Decimal)
    near = D("1e-12") * max(eac, bac, D(1))
    assert abs(eac * cpi - bac) <= near
    assert abs(ac + etc - eac) <= near
    assert abs(vac + eac - bac) <= near


def test_what_cannot_be_divided_is_no_figure_and_says_why() -> None:
    nothing = EarnedValue(D(0), D(0), D(0), D(100))
    assert isinstance(nothing.spi, Undefined)
    assert "planned" in str(nothing.spi.reason)
    for one in (nothing.cpi, nothing.eac, nothing.eac_of_both, nothing.etc, nothing.vac):
        assert isinstance(one, Undefined)
        assert "spent" in str(one.reason)
    spent = EarnedValue(D(10), D(5), D(100), D(100))
    assert isinstance(spent.tcpi_of_budget, Undefined)
    assert "budget" in str(spent.tcpi_of_budget.reason)
    unearned = EarnedValue(D(10), D(0), D(5), D(100)).eac
    assert isinstance(unearned, Undefined)
    assert "earned" in str(unearned.reason)
    assert isinstance(EarnedValue(D(10), D(10), D(5), D(10)).tcpi_of_estimate, Undefined)


def test_es_1() -> None:
    made = earned_schedule([D(0), D(20), D(40), D(60)], D(50), D(3))
    assert (made.earned, made.variance) == (D("2.5"), D("-.5"))
    assert rounded(made.spi, 4) == D(".8333")
    assert rounded(made.duration, 4) == D("3.6")
    assert made.estimate(D(1)) == D("3.5")


def test_a_plateau_counts_to_its_end_and_beyond_the_plan_nothing_is_added() -> None:
    flat = [D(0), D(20), D(20), D(20), D(60)]
    assert earned_schedule(flat, D(20), D(3)).earned == D(3)
    assert earned_schedule(flat, D(40), D(3)).earned == D("3.5")
    assert (
        earned_schedule(flat, D(60), D(3)).earned == earned_schedule(flat, D(99), D(3)).earned == 4
    )


def test_a_part_of_a_period_counts_as_much_of_it_as_was_planned() -> None:
    planned, ends = [D(0), D(20), D(40), D(50)], [D(0), D(1), D(2), D("2.4")]
    made = earned_schedule(planned, D(45), D(2), ends)
    assert (made.earned, made.planned) == (D("2.2"), D("2.4"))
    assert earned_schedule(planned, D(50), D("2.4"), ends).spi == 1
    assert earned_schedule(planned, D(30), D(1), ends) == EarnedSchedule(D("1.5"), D(1), D("2.4"))
    whole = [D(0), D(1), D(2), D(3)]
    for earned in planned:
        assert earned_schedule(planned, earned, D(1), whole) == earned_schedule(
            planned, earned, D(1)
        )


def test_what_stands_still_now_as_planned_is_on_plan() -> None:
    flat = [D(0), D(20), D(20), D(20), D(60)]
    for now in (1, 2, 3):
        assert earned_schedule(flat, D(20), D(now)).spi == 1
    assert earned_schedule(flat, D(20), D(4)).earned == 3


def test_plans_that_have_no_earned_schedule() -> None:
    with pytest.raises(Invalid, match="period 2"):
        earned_schedule([D(0), D(20), D(10)], D(5), D(1))
    with pytest.raises(Invalid):
        earned_schedule([], D(5), D(1))
    with pytest.raises(Invalid):
        earned_schedule([D(10)], D(5), D(1))


def test_no_time_and_nothing_earned_have_no_pace() -> None:
    assert isinstance(EarnedSchedule(D(0), D(0), D(4)).spi, Undefined)
    assert isinstance(EarnedSchedule(D(0), D(0), D(4)).duration, Undefined)
    assert isinstance(EarnedSchedule(D(0), D(2), D(4)).duration, Undefined)
    assert isinstance(EarnedSchedule(D(0), D(2), D(4)).estimate(D(0)), Undefined)


@given(st.lists(amounts, min_size=1, max_size=8), amounts)
def test_the_plan_at_the_earned_time_is_what_was_earned(
    steps: list[Decimal], part: Decimal
) -> None:
    planned = [D(0)]
    for step in steps:
        planned.append(planned[-1] + step)
    earned = min(part, planned[-1])
    at = earned_schedule(planned, earned, D(1)).earned
    whole = int(at)
    value = planned[whole]
    if at != whole:
        value += (at - whole) * (planned[whole + 1] - planned[whole])
    assert abs(value - earned) <= D("1e-9")
    assert 0 <= at <= len(steps)


def test_measures_of_progress() -> None:
    assert by_quantity(D(30), D(40)) == D(".75")
    assert by_quantity(D(50), D(40)) == 1
    assert isinstance(by_quantity(D(1), D(0)), Undefined)
    assert by_steps([(D(1), D(1)), (D(3), D(".5"))]) == D(".625")
    assert isinstance(by_steps([]), Undefined)
    half = D(".5")
    assert by_fixed_share(started=False, finished=False, at_start=half) == 0
    assert by_fixed_share(started=True, finished=False, at_start=half) == half
    assert by_fixed_share(started=True, finished=True, at_start=half) == 1
