"""Hours become pay: the published examples, a naive reading of the same rules, and units."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.labor.pricing import Priced, Work, price
from portal.labor.rules import NoRules, rule_set
from portal.labor.units import DayRate, Days, HourlyRate, Hours, MonthRate, PieceRate, Pieces, pay

CHINA = rule_set(
    [
        {
            "valid_from": "1995-01-01",
            "overtime_factor": "1.50",
            "rest_day_factor": "2.00",
            "holiday_factor": "3.00",
        }
    ]
)
FEDERAL = rule_set([{"valid_from": "1938-10-24", "week_limit": "40.00", "over_factor": "1.50"}])
MONDAY = date(2026, 3, 2)


def work(day: int, hours: str, rate: str = "6", pay_class: str = "normal", **more: object) -> Work:
    return Work(
        more.pop("key", day),
        str(more.pop("worker", "w")),
        MONDAY + timedelta(days=day),
        pay_class,
        Hours(Decimal(hours)),
        HourlyRate(Decimal(rate)),
        **more,  # type: ignore[arg-type]
    )


def total(lines: list[Priced]) -> Decimal:
    return sum((one.amount for one in lines), Decimal(0))


def test_lab_1_46_hours_at_6_in_a_week_are_294() -> None:
    lines = price([work(day, "9.2") for day in range(5)], FEDERAL)
    assert total(lines) == Decimal("294.00")
    by_class: dict[str, Decimal] = defaultdict(Decimal)
    for one in lines:
        by_class[one.pay_class] += one.quantity.value
    assert by_class == {"normal": Decimal(40), "weekday_ot": Decimal(6)}
    assert {one.rate.value for one in lines} == {Decimal(6), Decimal(9)}


def test_forty_hours_are_240_and_six_more_in_the_same_week_make_294() -> None:
    forty = [work(day, "8") for day in range(5)]
    assert total(price(forty, FEDERAL)) == Decimal("240.00")
    assert total(price([*forty, work(5, "6")], FEDERAL)) == Decimal("294.00")
    assert total(price([*forty, work(7, "6")], FEDERAL)) == Decimal("276.00")  # the next week


def test_hours_priced_before_count_towards_the_week_and_make_no_line() -> None:
    before = [work(day, "8", is_known=True) for day in range(5)]
    (line,) = price([*before, work(5, "6")], FEDERAL)
    assert (line.pay_class, line.amount) == ("weekday_ot", Decimal("54.00"))


def test_with_two_rates_only_half_the_weighted_average_is_added() -> None:
    # 30 h at 12 and 20 h at 8: straight 520, regular rate 10.40, premium 10 x 5.20 = 52.
    lines = price([work(0, "30", "12"), work(3, "20", "8")], FEDERAL)
    assert total(lines) == Decimal("572.00")


def test_china_pays_by_the_class_of_the_hours() -> None:
    lines = price(
        [
            work(0, "8", "30"),
            work(0, "2", "30", "weekday_ot"),
            work(6, "8", "30", "rest_day"),
            work(7, "8", "30", "holiday"),
        ],
        CHINA,
    )
    assert [str(one.amount) for one in lines] == ["240.00", "90.00", "480.00", "720.00"]


def test_a_limit_by_day_counts_the_tickets_of_a_day_together() -> None:
    by_day = rule_set([{"valid_from": "2020-01-01", "day_limit": "8", "over_factor": "1.5"}])
    lines = price([work(0, "6", key="a"), work(0, "4", key="b"), work(1, "8")], by_day)
    assert total(lines) == Decimal("114.00")  # 8 x 6 + 2 x 9, and 8 x 6
    assert [one.work.key for one in lines if one.pay_class == "weekday_ot"] == ["b"]


def test_the_version_in_force_on_the_day_counts() -> None:
    rules = rule_set(
        [
            {"valid_from": "2026-03-03", "overtime_factor": "2.00"},
            {"valid_from": "2026-01-01", "overtime_factor": "1.50"},
        ]
    )
    lines = price([work(day, "1", "10", "weekday_ot") for day in range(3)], rules)
    assert [str(one.amount) for one in lines] == ["15.00", "20.00", "20.00"]
    with pytest.raises(NoRules) as refused:
        price([work(-90, "1")], rules)
    assert refused.value.day == MONDAY - timedelta(days=90)


@pytest.mark.parametrize(
    "versions",
    [
        [{"valid_from": "2026-01-01", "day_limit": "8", "week_limit": "40"}],
        [{"valid_from": "2026-01-01"}, {"valid_from": "2026-01-01"}],
        [{"valid_from": "2026-01-01", "overtime_factor": "0.5"}],
        [{"valid_from": "2026-01-01", "week_limit": "40", "over_factor": "0.5"}],
    ],
)
def test_rules_that_contradict_themselves_are_refused(versions: list[dict[str, str]]) -> None:
    with pytest.raises(ValueError, match="."):
        rule_set(versions)


def test_hours_at_a_daily_rate_are_a_type_error() -> None:
    assert pay(Hours(Decimal(8)), HourlyRate(Decimal(30))) == 240
    assert pay(Days(Decimal("1.5")), DayRate(Decimal(240))) == 360
    assert pay(Pieces(Decimal(12)), PieceRate(Decimal(3))) == 36
    for quantity, rate in (
        (Hours(Decimal(8)), DayRate(Decimal(240))),
        (Days(Decimal(1)), HourlyRate(Decimal(30))),
        (Hours(Decimal(8)), PieceRate(Decimal(3))),
    ):
        with pytest.raises(TypeError, match="not paid by"):
            pay(quantity, rate)


def test_a_day_and_a_month_become_hours_by_the_standard_alone() -> None:
    assert DayRate(Decimal(240)).per_hour() == HourlyRate(Decimal(30))
    assert MonthRate(Decimal(5220)).per_hour() == HourlyRate(Decimal(30))
    assert DayRate(Decimal(240)).per_hour(Decimal(10)) == HourlyRate(Decimal(24))


hours = st.decimals("0.25", "14", places=2)
rates = st.decimals("5", "90", places=2)
weeks = st.lists(
    st.tuples(st.integers(0, 13), hours, rates, st.sampled_from(["w1", "w2"])), max_size=20
)


def _works(given: list[tuple[int, Decimal, Decimal, str]]) -> list[Work]:
    return [
        work(day, str(many), str(rate), worker=who, key=place)
        for place, (day, many, rate, who) in enumerate(given)
    ]


@given(weeks)
def test_a_week_is_worth_straight_pay_and_half_the_average_beyond_forty(given) -> None:  # type: ignore[no-untyped-def]
    """A naive reading per worker and week; each line is at most half a cent away from its own."""
    lines = price(_works(given), FEDERAL)
    expected = Decimal(0)
    groups: dict[tuple[str, int], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for day, many, rate, who in given:
        groups[who, day // 7].append((many, rate))
    for rows in groups.values():
        worked = sum(many for many, _ in rows)
        straight = sum(many * rate for many, rate in rows)
        expected += straight + max(Decimal(0), worked - 40) * (straight / worked) / 2
    assert abs(total(lines) - expected) <= Decimal("0.00501") * len(lines)


@given(weeks, st.sampled_from([CHINA, FEDERAL]))
def test_no_hour_is_lost_and_none_is_paid_below_its_rate(given, rules) -> None:  # type: ignore[no-untyped-def]
    works = _works(given)
    lines = price(works, rules)
    priced: dict[object, Decimal] = defaultdict(Decimal)
    for one in lines:
        priced[one.work.key] += one.quantity.value
        assert one.quantity.value > 0
        assert one.rate.value >= one.work.rate.value
        exact = one.quantity.value * one.rate.value
        assert one.amount == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert priced == {one.key: one.hours for one in works}


@given(weeks, st.randoms())
def test_the_sum_does_not_depend_on_the_order_of_the_tickets(given, chance) -> None:  # type: ignore[no-untyped-def]
    works = _works([(day, many, Decimal(20), who) for day, many, _rate, who in given])
    mixed = list(works)
    chance.shuffle(mixed)
    one, other = (
        sum(line.quantity.value for line in price(order, FEDERAL) if line.pay_class == "weekday_ot")
        for order in (works, mixed)
    )
    assert one == other
