"""Cells of age and of probability and impact."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.quality.matrix import AGES, STEPS, by_age, matrix, place, span

TODAY = date(2026, 3, 10)
SCALE = st.decimals("0.01", "5", places=2)


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(-5, 500))))
def test_every_entry_lies_in_exactly_one_cell_whose_days_are_those_of_its_list(
    found: list[tuple[str, int]],
) -> None:
    days = [(kind, TODAY - timedelta(days=ago)) for kind, ago in found]
    cells = by_age(days, ["a", "b"], TODAY)
    assert sum(cells.values()) == len(found)
    for (age, kind), count in cells.items():
        first, last = age.days(TODAY)
        listed = [
            one for one, on in days if one == kind and min(on, TODAY) <= last
            and (first is None or on >= first)
        ]  # fmt: skip
        assert len(listed) == count


def test_the_ages_leave_no_gap() -> None:
    assert [age.least for age in AGES] == [0, 8, 31]
    assert all(sum(age.holds(days) for age in AGES) == 1 for days in range(400))


@given(st.lists(st.tuples(SCALE, SCALE)))
def test_a_cell_counts_what_its_list_shows(risks: list[tuple[Decimal, Decimal]]) -> None:
    cells = matrix((p, i, "low") for p, i in risks)
    for probability in range(1, STEPS + 1):
        for impact in range(1, STEPS + 1):
            (p_low, p_high), (i_low, i_high) = span(probability), span(impact)
            listed = [
                1
                for p, i in risks
                if Decimal(p_low) <= p <= Decimal(p_high) and Decimal(i_low) <= i <= Decimal(i_high)
            ]
            cell = cells.get((probability, impact))
            assert (cell.count if cell else 0) == len(listed)


def test_a_cell_is_as_bad_as_its_worst_risk_and_rounds_for_its_place_alone() -> None:
    cells = matrix([(Decimal("3.26"), Decimal("4.60"), "medium"), (Decimal(3), Decimal(5), "high")])
    assert cells[3, 5].count == 2
    assert cells[3, 5].level == "high"
    assert place(Decimal("2.5")) == 3, "half up"
    assert place(Decimal("2.49")) == 2
