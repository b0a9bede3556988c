"""Published examples of what work is owed: the rules of the US Department of Labor, and China's.

The examples of 29 CFR part 778 are told by their section.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.labor.pricing import HoursMissing, Priced, Work, price, regular_rate
from portal.labor.rules import rule_set
from portal.labor.units import (
    DayRate,
    Days,
    HourlyRate,
    Hours,
    MonthRate,
    PieceRate,
    Pieces,
    Quantity,
    Rate,
)

MONDAY = date(2026, 3, 2)
FEDERAL = rule_set([{"valid_from": "1938-10-24", "week_limit": "40", "over_factor": "1.5"}])
FACTORS = {"overtime_factor": "1.5", "rest_day_factor": "2", "holiday_factor": "3"}
CHINA = rule_set([{"valid_from": "1995-01-01", **FACTORS}])
CAPPED: Mapping[str, str] = {"valid_from": "2026-01-01", "day_cap": "3", **FACTORS}


def work(
    day: int, quantity: Quantity, rate: Rate, hours: str = "0", pay_class: str = "normal"
) -> Work:
    worked = Hours(Decimal(hours))
    on = MONDAY + timedelta(days=day)
    return Work((day, quantity), "w", on, pay_class, quantity, rate, worked=worked)


def hourly(day: int, hours: str, rate: str, pay_class: str = "normal") -> Work:
    return work(day, Hours(Decimal(hours)), HourlyRate(Decimal(rate)), pay_class=pay_class)


def pieces(day: int, earned: str, hours: str, unit: str = "m2") -> Work:
    return work(day, Pieces(Decimal(1), unit), PieceRate(Decimal(earned), unit), hours)


def owed(works: list[Work], rules=FEDERAL) -> str:  # type: ignore[no-untyped-def]
    return str(sum((one.amount for one in price(works, rules)), Decimal(0)))


def test_hourly_46_hours_at_12_are_588() -> None:
    """§ 778.110 (a)."""
    assert owed([*(hourly(day, "8", "12") for day in range(5)), hourly(5, "6", "12")]) == "588.00"


def test_a_production_bonus_belongs_to_the_regular_rate() -> None:
    """§ 778.110 (b): with a bonus of $46, 46 h at $12 cost 46 × $13 + 6 × $6.50 = $637."""
    with_bonus = [hourly(0, "40", "12"), pieces(5, "118", "6")]  # 6 h × $12 + $46
    assert regular_rate(with_bonus) == 13
    assert owed(with_bonus) == "637.00"


def test_a_pieceworker_with_waiting_time_is_owed_562_10() -> None:
    """§ 778.111 (a): $491 by the piece in 46 h, 4 h waiting at $5: $10.22 an hour, half of it more
    for 10 h.
    """
    week = [pieces(0, "491", "46"), hourly(4, "4", "5")]
    assert regular_rate(week) == Decimal("10.22")
    assert owed(week) == "562.10"
    extra = [one for one in price(week, FEDERAL) if one.pay_class == "weekday_ot"]
    assert sum(one.quantity.value for one in extra) == 10


def test_pieces_day_by_day_come_to_the_same() -> None:
    week = [pieces(day, "98.20", "9.2") for day in range(5)]
    assert owed([*week, hourly(5, "4", "5")]) == "562.10"


def test_flat_sums_per_day_are_divided_by_all_hours_worked() -> None:
    """§ 778.112: 5 days at $100, 50 h: $10 an hour, and half of it more for 10 h."""
    week = [work(day, Days(Decimal(1)), DayRate(Decimal(100)), "10") for day in range(5)]
    assert owed(week) == "550.00"


def test_two_rates_in_one_week_are_averaged_by_hours() -> None:
    """§ 778.115: 30 h at $15 and 20 h at $20: $17 an hour, and half of it more for 10 h."""
    week = [hourly(0, "30", "15"), hourly(3, "20", "20")]
    assert regular_rate(week) == 17
    assert owed(week) == "935.00"


def test_an_average_that_does_not_end_is_rounded_line_by_line() -> None:
    """48 h: 25 at $11.35 and 23 at $13.20, $587.35 straight: $12.2364... ÷ 2 more for 8 h."""
    week = [*(hourly(day, "5", "11.35") for day in range(5))]
    week += [hourly(day, "11.5", "13.20") for day in (5, 6)]
    lines = [(str(one.quantity.value), str(one.amount)) for one in price(week, FEDERAL)]
    assert lines[:5] == [("5", "56.75")] * 5
    assert lines[5:] == [("11.5", "151.80"), ("3.5", "46.20"), ("8.0", "154.55")]
    assert owed(week) == "636.30"


def test_each_line_is_rounded_half_up_once_and_a_sum_is_that_of_its_lines() -> None:
    """Three half hours at $10.01 are $5.005 each: three times $5.01, not $15.02 in all."""
    week = [hourly(day, "0.5", "10.01") for day in range(3)]
    assert [str(one.amount) for one in price(week, FEDERAL)] == ["5.01"] * 3
    assert owed(week) == "15.03"


def test_a_monthly_wage_is_an_hourly_one_by_21_75_days_of_8_hours() -> None:
    """China, 2008 no. 3: 5,220 a month are 240 a day and 30 an hour; 1.5, 2 and 3 times beyond."""
    hour = MonthRate(Decimal(5220)).per_hour()
    assert hour == HourlyRate(Decimal(30))
    rate = str(hour.value)
    month = [
        hourly(0, "2", rate, "weekday_ot"),
        hourly(5, "8", rate, "rest_day"),
        hourly(6, "8", rate, "holiday"),
    ]
    assert owed(month, CHINA) == "1290.00"  # 90 + 480 + 720
    assert str(round(MonthRate(Decimal(5000)).per_hour().value, 4)) == "28.7356"


def test_pieces_on_a_rest_day_are_paid_twice_their_price() -> None:
    """China, wage payment rules, article 13: the price of a piece takes the same factors."""
    wall = Pieces(Decimal("12.5"), "m3")
    made = work(5, wall, PieceRate(Decimal(180), "m3"), "8", "rest_day")
    assert owed([made], CHINA) == "4500.00"


def test_a_day_of_a_public_holiday_is_paid_three_times() -> None:
    day = work(0, Days(Decimal("0.5")), DayRate(Decimal(280)), "4", "holiday")
    assert owed([day], CHINA) == "420.00"


def test_overtime_beyond_the_cap_of_its_day_is_paid_straight_where_the_rules_say_so() -> None:
    day = [hourly(0, "8", "30"), hourly(0, "2", "30", "weekday_ot")]
    more = [*day, hourly(0, "2.5", "30", "weekday_ot"), hourly(1, "2", "30", "weekday_ot")]
    straight = rule_set([{**CAPPED, "beyond_cap": "straight"}])
    assert owed(more, straight) == "510.00"  # 240 + 3 × 45 + 1.5 × 30 + 2 × 45
    by_class = [(one.pay_class, str(one.quantity.value)) for one in price(more, straight)]
    assert by_class == [
        ("normal", "8"),
        ("weekday_ot", "2"),
        ("weekday_ot", "1"),
        ("normal", "1.5"),
        ("weekday_ot", "2"),
    ]
    assert owed(more, rule_set([CAPPED])) == "532.50"  # else all of it is overtime, and told


def test_a_cap_holds_for_hours_beyond_a_limit_too() -> None:
    rules = rule_set(
        [
            {
                "valid_from": "2026-01-01",
                "day_limit": "8",
                "over_factor": "1.5",
                "day_cap": "2",
                "beyond_cap": "straight",
            }
        ]
    )
    assert owed([hourly(0, "12", "10")], rules) == "130.00"  # 8 × 10 + 2 × 15 + 2 × 10


def test_a_week_begins_on_the_day_the_rules_name() -> None:
    rules = {"valid_from": "2026-01-01", "week_limit": "40", "over_factor": "1.5"}
    hours = [hourly(day, "8", "10") for day in range(6, 12)]  # from Sunday to Friday
    assert owed(hours, rule_set([rules])) == "480.00"  # 8 h in one week, 40 in the next
    assert owed(hours, rule_set([{**rules, "week_start": "sunday"}])) == "520.00"


def test_rules_that_count_hours_want_to_know_them() -> None:
    with pytest.raises(HoursMissing) as refused:
        price([work(0, Pieces(Decimal(3), "m2"), PieceRate(Decimal(9), "m2"))], FEDERAL)
    assert refused.value.work.day == MONDAY
    assert owed([work(0, Pieces(Decimal(3), "m2"), PieceRate(Decimal(9), "m2"))], CHINA) == "27.00"


@pytest.mark.parametrize(
    ("quantity", "rate"),
    [
        (Hours(Decimal(8)), DayRate(Decimal(280))),
        (Days(Decimal(1)), HourlyRate(Decimal(35))),
        (Pieces(Decimal(8), "m2"), PieceRate(Decimal(20), "m3")),
        (Pieces(Decimal(8), "m2"), HourlyRate(Decimal(20))),
    ],
)
def test_a_quantity_at_a_rate_of_another_unit_is_refused(quantity: Quantity, rate: Rate) -> None:
    with pytest.raises(TypeError, match="are not paid by"):
        price([work(0, quantity, rate, "8")], CHINA)


def test_every_line_says_its_unit() -> None:
    lines: list[Priced] = price([pieces(0, "491", "46"), hourly(4, "4", "5")], FEDERAL)
    assert [(one.quantity.unit, one.rate.unit) for one in lines] == [
        ("m2", "m2"),
        ("h", "h"),
        ("h", "h"),
    ]
