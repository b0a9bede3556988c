"""Simulated schedules against what is known of the sums of independent durations."""

import math
from dataclasses import replace
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calendars.working_time import IDLE, STANDARD_DAY, week, working_time
from portal.errors import Invalid
from portal.schedule.critical_path import compute
from portal.schedule.monte_carlo import Correlation, simulate
from portal.schedule.network import Activity, Link, LinkType, Network
from portal.schedule.spread import Spread
from tests.schedule.plans import CLOCK, START, mixed_begun, plan, plans

DAY = 1440
RUNS = 4000
MC_1 = {
    "N": Spread("normal", 4 * DAY, 10 * DAY, 16 * DAY),
    "T": Spread("triangular", 5 * DAY, 10 * DAY, 15 * DAY),
    "U": Spread("uniform", 8 * DAY, 10 * DAY, 12 * DAY),
}
IN_SERIES = plan(dict.fromkeys(MC_1, 10 * DAY), ("N", "T"), ("T", "U"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mc_1_mean_30_and_standard_deviation_3_0822(seed: int) -> None:
    made = simulate(IN_SERIES, MC_1, seed=seed, runs=RUNS)
    assert abs(made.mean / DAY - 30) < 4 * 3.0822 / math.sqrt(RUNS)
    assert abs(made.deviation / DAY - 3.0822) < 4 * 3.0822 / math.sqrt(2 * RUNS)
    square = sum(one.deviation**2 for one in MC_1.values())
    assert math.sqrt(square) / DAY == pytest.approx(3.0822, abs=1e-4)


def test_the_same_seed_gives_the_same_result_and_another_one_another() -> None:
    one, same, other = (simulate(IN_SERIES, MC_1, seed=s, runs=200) for s in (7, 7, 8))
    assert one == same
    assert one.finishes != other.finishes


def test_percentiles_rise_and_every_activity_of_a_chain_is_always_critical() -> None:
    made = simulate(IN_SERIES, MC_1, seed=1, runs=RUNS)
    days = [made.percentile(one) for one in (10, 50, 80, 90)]
    assert days == sorted(days)
    assert abs(made.span(50) / DAY - 30) < 0.3
    assert made.chance(made.percentile(80)) >= 0.8
    assert set(made.criticality.values()) == {1.0}
    assert made.sensitivity["T"] == pytest.approx(2.0412 / 3.0822, abs=0.06)


def test_of_two_ways_the_longer_one_is_critical_more_often() -> None:
    two = plan({"A": 10 * DAY, "B": 9 * DAY, "E": DAY}, ("A", "E"), ("B", "E"))
    spreads = {
        key: Spread("uniform", 5 * DAY, 9 * DAY, d * DAY) for key, d in (("A", 15), ("B", 13))
    }
    made = simulate(two, spreads, seed=1, runs=RUNS)
    # A is the longer of U(5, 15) and U(5, 13) with probability 0.6
    assert made.criticality["A"] == pytest.approx(0.6, abs=0.04)
    assert made.criticality["A"] + made.criticality["B"] == pytest.approx(1, abs=0.01)
    assert made.criticality["E"] == 1


@given(plans())
def test_without_uncertainty_every_run_is_the_critical_path_itself(network: Network) -> None:
    dated = compute(network)
    made = simulate(network, {}, seed=1, runs=2)
    assert set(made.finishes) == {dated.finish} or dated.finish <= START
    if dated.finish > START:
        critical = {key for key, share in made.criticality.items() if share}
        assert critical == set(dated.critical)


def test_calendars_actuals_and_link_types_are_kept_to() -> None:
    office = working_time(week([STANDARD_DAY] * 5 + [IDLE] * 2))
    activities = {
        "A": Activity("A", 5 * 480, office, actual_start=START, remaining=960),
        "B": Activity("B", 3 * DAY, CLOCK),
        "C": Activity("C", 480, office),
    }
    links = [Link("A", "B", LinkType.SS, 60), Link("B", "C", LinkType.FF, -30)]
    network = Network(activities, links, START, START + DAY)
    dated = compute(network)
    made = simulate(network, {}, seed=1, runs=1)
    assert made.finishes == [dated.finish]
    half = simulate(
        replace(network, links=[]),
        {"A": Spread("uniform", 5 * 480, 5 * 480, 5 * 480)},
        seed=1,
        runs=1,
    )
    assert half.finishes[0] <= dated.finish


@given(mixed_begun())
def test_on_any_calendars_every_run_without_uncertainty_ends_as_computed(network: Network) -> None:
    assert simulate(network, {}, seed=1, runs=1).finishes == [compute(network).finish]


def test_no_correlation_is_what_independent_draws_give() -> None:
    grouped = Correlation(0, dict.fromkeys(MC_1, "all"))
    alone = simulate(IN_SERIES, MC_1, seed=5, runs=300)
    assert simulate(IN_SERIES, MC_1, seed=5, runs=300, correlation=grouped) == alone
    of_nobody = Correlation(0.7, {"X": "all"})
    assert simulate(IN_SERIES, MC_1, seed=5, runs=300, correlation=of_nobody) == alone


SIXES = dict.fromkeys("ABCD", 10 * DAY)
CHAIN = plan(SIXES, ("A", "B"), ("B", "C"), ("C", "D"))


def by_theory(kind: str, strength: float, deviation: float) -> float:
    """The variance of the sum of four durations of one group: Σσ² + Σ r σσ. With a Gaussian copula
    normals are correlated as their scores, uniforms by 6/π asin(ρ/2).
    """
    r = strength if kind == "normal" else 6 / math.pi * math.asin(strength / 2)
    return deviation**2 * (4 + 12 * r)


@pytest.mark.parametrize("kind", ["normal", "uniform"])
@pytest.mark.parametrize("strength", [0.2, 0.5, 0.9, 1])
def test_the_whole_of_correlated_durations_has_the_variance_theory_gives(
    kind: str, strength: float
) -> None:
    spread = Spread(kind, 7 * DAY, 10 * DAY, 13 * DAY)  # type: ignore[arg-type]
    together = Correlation(strength, dict.fromkeys(SIXES, "all"))
    made = simulate(CHAIN, dict.fromkeys(SIXES, spread), seed=3, runs=RUNS, correlation=together)
    theory = math.sqrt(by_theory(kind, strength, spread.deviation))
    assert abs(made.deviation - theory) < 4 * theory / math.sqrt(2 * RUNS)
    assert abs(made.mean - 40 * DAY) < 4 * theory / math.sqrt(RUNS)


def test_durations_of_other_groups_stay_independent() -> None:
    spread = Spread("normal", 7 * DAY, 10 * DAY, 13 * DAY)
    groups = {"A": "one", "B": "one", "C": "two", "D": "two"}
    made = simulate(
        CHAIN, dict.fromkeys(SIXES, spread), seed=3, runs=RUNS, correlation=Correlation(1, groups)
    )
    theory = math.sqrt(2 * (2 * spread.deviation) ** 2)
    assert abs(made.deviation - theory) < 4 * theory / math.sqrt(2 * RUNS)


@given(st.floats(0, 1), st.integers(0, 999))
def test_the_same_seed_and_correlation_give_the_same_result(strength: float, seed: int) -> None:
    together = Correlation(strength, dict.fromkeys(MC_1, "all"))
    one, same = (
        simulate(IN_SERIES, MC_1, seed=seed, runs=20, correlation=together) for _ in range(2)
    )
    assert one == same


@pytest.mark.parametrize("kind", ["pert", "triangular", "uniform", "normal"])
@pytest.mark.parametrize("mode", [50, 60, 93, 100])
def test_durations_by_scores_have_the_mean_and_deviation_of_their_spread(
    kind: str, mode: int
) -> None:
    spread = Spread(kind, 50, mode, 100)  # type: ignore[arg-type]
    of, count = spread.by_score(), 4000
    scores = NormalDist()
    values = [of(scores.inv_cdf((at + 0.5) / count)) for at in range(count)]
    mean = sum(values) / count
    deviation = math.sqrt(sum((one - mean) ** 2 for one in values) / count)
    assert values == sorted(values)
    assert mean == pytest.approx(spread.mean, abs=0.05)
    if kind != "pert":
        assert deviation == pytest.approx(spread.deviation, rel=0.01)
    else:  # the beta distribution itself; (b - a) / 6 is how the method takes its deviation
        a, b = 1 + 4 * (mode - 50) / 50, 1 + 4 * (100 - mode) / 50
        assert deviation == pytest.approx(50 * math.sqrt(a * b / 252), rel=0.01)


def test_a_correlation_out_of_bounds_is_refused() -> None:
    for strength in (-0.1, 1.1, math.nan):
        with pytest.raises(Invalid):
            Correlation(strength)


@given(st.sampled_from(["pert", "triangular", "uniform", "normal"]), st.integers(0, 99))
def test_draws_stay_within_their_bounds(kind: str, seed: int) -> None:
    draw = Spread(kind, 50, 60, 100).draw(Random(seed))  # type: ignore[arg-type]
    values = [draw() for _ in range(200)]
    if kind == "normal":
        assert min(values) >= 0
    else:
        assert 50 <= min(values) <= max(values) <= 100


def test_durations_out_of_order_and_senseless_counts_are_refused() -> None:
    with pytest.raises(Invalid):
        Spread("pert", 3, 2, 5)
    with pytest.raises(Invalid):
        Spread("pert", 1, 6, 5)
    for runs in (0, 20_001):
        with pytest.raises(Invalid):
            simulate(IN_SERIES, MC_1, seed=1, runs=runs)
