"""The drawing of how far cost codes used their budgets: in its frame, whatever the amounts."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.costs.bars import HEAD, MOST, ROW, Use, draw_bars, nearest_first

AMOUNTS = st.decimals(Decimal("-99999999999.99"), Decimal("99999999999.99"), places=2)
USES = st.lists(
    st.builds(
        Use, st.text(), st.uuids().map(str), AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, st.none() | AMOUNTS
    ),
    max_size=14,
)


def use(key: str, budget: str, bound: str, spent: str = "0", forecast: str | None = None) -> Use:
    told = None if forecast is None else Decimal(forecast)
    whole = Decimal(budget)
    return Use(key, key, whole, Decimal(bound), Decimal(spent), whole, told)


@given(USES)
def test_every_bar_stays_within_the_drawing(uses: list[Use]) -> None:
    bars = draw_bars(nearest_first(uses))
    assert len(bars.rows) <= MOST
    length = bars.end - bars.left
    for row in bars.rows:
        assert 0 <= row.bound <= length
        assert 0 <= row.spent <= length
        assert row.forecast is None or 0 <= row.forecast <= length
        assert HEAD <= row.y <= bars.height - ROW
    assert bars.left < bars.budget <= bars.end
    assert {percent for _, percent in bars.ticks} >= {0, 100}


@given(USES)
def test_who_used_most_stands_first(uses: list[Use]) -> None:
    shown = nearest_first(uses)
    assert [one.reach for one in shown] == sorted((one.reach for one in shown), reverse=True)
    assert all(one.reach > 0 for one in shown)


def test_a_bar_reaches_the_line_exactly_when_its_budget_is_used() -> None:
    bars = draw_bars([use("a", "200", "200", "100", "260")])
    (row,) = bars.rows
    assert abs(bars.left + row.bound - bars.budget) < 0.1
    assert abs(row.spent - row.bound / 2) < 0.1
    assert row.forecast is not None
    assert row.forecast > row.bound
    assert (row.is_over, row.percent) == (True, 130)


def test_what_has_no_budget_stands_first_and_says_no_share() -> None:
    shown = nearest_first([use("a", "10", "20"), use("b", "0", "1"), use("c", "0", "0")])
    assert [one.key for one in shown] == ["b", "a"]
    first = draw_bars(shown).rows[0]
    assert (first.percent, first.is_over) == (None, True)


def test_a_negative_budget_is_none() -> None:
    assert use("a", "-5", "1").reach.is_infinite()
    assert use("a", "-5", "-1").reach == 0


def test_a_forecast_is_held_against_the_budget_with_what_is_pending() -> None:
    pending = Use("a", "a", Decimal(100), Decimal(90), Decimal(10), Decimal(130), Decimal(130))
    assert pending.reach == Decimal("0.9")
    overrun = Use("a", "a", Decimal(100), Decimal(90), Decimal(10), Decimal(130), Decimal(143))
    assert overrun.reach == Decimal("1.1")
