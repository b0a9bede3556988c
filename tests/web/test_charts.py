"""A chart becomes data: places are numbers, what is read is text that no page takes for markup."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.charts import Chart, Mark, Point, Series, scale
from tests.charted import charts_of, tags_of
from tests.stage import Stage

HOSTILE = """</script><img src=x onerror=alert(1)> ' " & {a|b} \u2028 </figure>"""
PAGE = """{% from "components/chart.html" import chart %}{% call chart(it, "x") %}<svg></svg>{% endcall %}"""


def made(name: str) -> Chart:
    days = [date(2026, 3, 1), date(2026, 4, 1)]
    points = [Point(on, Decimal("-0.10"), f"−0.10 {name}", f"/x?name={name}") for on in days]
    return Chart(
        "day",
        [Series(name, name, "step", "ink", points)],
        levels=[(Decimal(-1), "-1"), (Decimal(0), name)],
        ticks=[(days[0], name)],
        marks=[Mark(name, "red", x=days[1]), Mark("", "ink", y=Decimal(0))],
    )


@pytest.mark.parametrize("name", ["Planned", HOSTILE])
def test_a_browser_reads_what_was_described_and_nothing_else(stage: Stage, name: str) -> None:
    with stage.app.test_request_context("/"):
        chart = made(name)
        page = stage.app.jinja_env.from_string(PAGE).render(it=chart)
        described = chart.described()
    assert charts_of(page) == [described]
    assert tags_of(page) == ["figure", "div", "svg"]


def test_places_are_numbers_and_days_have_their_text(stage: Stage) -> None:
    with stage.app.test_request_context("/"):
        found = made("Planned").described()
    assert found["days"] == {"2026-03-01": "1 Mar 2026", "2026-04-01": "1 Apr 2026"}
    assert found["levels"] == [[-1.0, "-1"], [0.0, "Planned"]]
    (series,) = found["series"]
    assert series["points"][0] == {
        "x": "2026-03-01", "y": -0.1, "shown": "−0.10 Planned", "href": "/x?name=Planned",
        "tone": None,
    }  # fmt: skip
    assert [(mark["x"], mark["y"]) for mark in found["marks"]] == [
        ("2026-04-01", None), (None, 0.0),
    ]  # fmt: skip


@given(st.decimals(0, Decimal("1e12"), places=2))
def test_a_scale_is_even_begins_at_zero_and_holds_the_most(most: Decimal) -> None:
    levels = scale(most)
    steps = {after - before for before, after in pairwise(levels)}
    assert levels[0] == 0
    assert levels[-1] >= most
    assert len(steps) == 1
    assert 2 <= len(levels) <= 6
    assert levels[-2] < max(most, 1)
