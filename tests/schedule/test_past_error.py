"""How far forecasts were off: the figures of the misses, and what a method would have foreseen."""

from decimal import Decimal

import pytest

from portal.schedule.earned_value import EarnedSchedule, EarnedValue
from portal.schedule.past_error import (
    cost_foreseen,
    miss_in_percent,
    past_error,
    time_foreseen,
)
from portal.schedule.undefined import Undefined


def decimals(*values: str) -> list[Decimal]:
    return [Decimal(one) for one in values]


def test_misses_have_a_mean_with_its_sign_a_mean_size_and_what_four_of_five_keep_within() -> None:
    found = past_error(decimals("-2", "1", "4", "7", "0"))
    assert found is not None
    assert (found.count, found.mean, found.size, found.within) == (5, 2, Decimal("2.8"), 4)
    one = past_error(decimals("-3"))
    assert one is not None
    assert (one.mean, one.size, one.within) == (-3, 3, 3)
    assert past_error([]) is None


def test_by_the_pace_of_then_earned_schedule_foresees_when_work_would_be_earned() -> None:
    then = EarnedSchedule(Decimal("2"), Decimal("4"), Decimal("10"))  # half as quick as planned
    assert time_foreseen(then, Decimal("5")) == 10
    assert time_foreseen(then, then.planned) == then.duration
    assert time_foreseen(then, then.earned) == then.actual
    for nothing in (EarnedSchedule(Decimal(0), Decimal(4), Decimal(9)),
                    EarnedSchedule(Decimal(0), Decimal(0), Decimal(9))):  # fmt: skip
        assert isinstance(time_foreseen(nothing, Decimal(3)), Undefined)


def test_by_the_cost_of_then_work_costs_its_value_by_cpi() -> None:
    then = EarnedValue(pv=Decimal(50), ev=Decimal(40), ac=Decimal(60), bac=Decimal(200))
    assert cost_foreseen(then, Decimal(20)) == 30
    left = then.bac - then.ev
    eac = then.eac
    assert isinstance(eac, Decimal)
    assert cost_foreseen(then, left) == eac - then.ac, "what is left costs EAC - AC"
    assert miss_in_percent(Decimal(33), Decimal(30)) == 10
    assert miss_in_percent(Decimal(33), Decimal(0)) is None
    for ev, ac in ((0, 10), (10, 0)):
        one = EarnedValue(pv=Decimal(5), ev=Decimal(ev), ac=Decimal(ac), bac=Decimal(9))
        foreseen = cost_foreseen(one, Decimal(5))
        assert isinstance(foreseen, Undefined)
        assert miss_in_percent(Decimal(5), foreseen) is None


@pytest.mark.parametrize("count", [1, 2, 4, 5, 6, 10])
def test_four_of_five_are_never_fewer(count: int) -> None:
    misses = [Decimal(at) for at in range(count)]
    found = past_error(misses)
    assert found is not None
    assert sum(one <= found.within for one in misses) >= count * 0.8
