"""The balance by day on paper."""

from dataclasses import replace

from portal.reports.sheet import StepChart
from portal.reports.steps import TICK, Steps

CHART = StepChart(
    width=600, height=160, left=40, right=590, levels=((30, "20M"), (130, "0")), ticks=(), zero=130,
    past=(), ahead=(), today=(300, "Today"), low=((400, 120), "4.7M, 20 Jan 2027"), legend="",
)  # fmt: skip


def test_no_line_of_the_chart_strikes_through_the_label_of_the_lowest_point() -> None:
    for low in range(10, 150):
        base = Steps(replace(CHART, low=((400.0, float(low)), "low"))).label_at
        assert not any(base - TICK.size <= line <= base + 2 for line in (30, 130)), low
        assert 0 < base - low < 25, "it stays beside its point"
