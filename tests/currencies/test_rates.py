"""Dated rates: the latest from a day or before; sums in one currency, or why there is none."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.currencies.rates import NoRate, Rate, joined, rates

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
USD = [Rate("USD", MARCH, Decimal("7.12")), Rate("USD", JANUARY, Decimal("7.02"))]
JPY = Rate("JPY", JANUARY, Decimal("4.785") / 100)
KNOWN = rates("CNY", [*USD, JPY])


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (JANUARY, "7.02"),
        (date(2026, 2, 28), "7.02"),
        (MARCH, "7.12"),
        (date(2030, 1, 1), "7.12"),
    ],
)
def test_the_latest_rate_from_a_day_or_before_counts(day: date, value: str) -> None:
    assert KNOWN.on("USD", day).value == Decimal(value)


@pytest.mark.parametrize(
    ("currency", "day"), [("USD", JANUARY - timedelta(days=1)), ("EUR", MARCH), ("", MARCH)]
)
def test_without_a_rate_nothing_is_guessed(currency: str, day: date) -> None:
    with pytest.raises(NoRate) as refused:
        KNOWN.on(currency, day)
    assert (refused.value.currency, refused.value.day) == (currency, day)


def test_the_own_currency_is_worth_one_on_every_day() -> None:
    assert KNOWN.on("CNY", date(1949, 10, 1)).value == 1


def test_each_amount_is_rounded_once_half_up_and_then_added() -> None:
    told = KNOWN.told({"CNY": Decimal("0.01"), "USD": Decimal("1.005"), "JPY": Decimal(1)}, MARCH)
    assert told.value == Decimal("0.01") + Decimal("7.16") + Decimal("0.05")
    assert [(one.currency, one.since) for one in told.rates] == [("JPY", JANUARY), ("USD", MARCH)]


def test_a_sum_that_lacks_a_rate_is_not_defined_and_says_which() -> None:
    told = KNOWN.told({"USD": Decimal(1), "EUR": Decimal(2), "AED": Decimal(3)}, MARCH)
    assert (told.value, told.missing) == (None, ["AED", "EUR"])
    other = KNOWN.told({"EUR": Decimal(0), "USD": Decimal(-2)}, MARCH)
    assert (other.value, other.missing) == (Decimal("-14.24"), [])
    used, missing = joined([told, other])
    assert ([one.currency for one in used], missing) == (["USD"], ["AED", "EUR"])


@given(
    st.dictionaries(
        st.sampled_from(["CNY", "USD", "JPY"]),
        st.decimals(-(10**9), 10**9, places=2),
        max_size=3,
    )
)
def test_a_sum_is_that_of_its_parts(amounts: dict[str, Decimal]) -> None:
    whole = KNOWN.told(amounts, MARCH).value
    parts = [KNOWN.told({key: amount}, MARCH).value for key, amount in amounts.items()]
    assert whole == sum((one for one in parts if one is not None), Decimal(0))
