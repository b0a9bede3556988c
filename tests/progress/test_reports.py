"""Look-ahead, checks, milestone trend, resources and simulation of a plan on file."""

import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.progress.loads import loads_of
from portal.progress.quality import checks_of, float_bands
from portal.progress.risk import pert_along_critical_path, simulations_of
from portal.progress.trend import trends_of
from tests.charted import charts_of
from tests.progress.planning import STARTS, Planning
from tests.progress.test_plan import cpm_1

BASE = "/projects/P1/progress"
PAGES = ("lookahead", "checks", "trend", "resources", "simulation")


def text(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page)))


def failing(planning: Planning) -> dict[str, list[str]]:
    with planning.planned() as plan:
        found = checks_of(plan, STARTS)
        return {one.key: [row.task.code for row in one.rows] for one in found if one.rows}


def test_a_sound_plan_passes_and_each_fault_is_found_with_its_tasks(planning: Planning) -> None:
    planning.add("A", "5")
    planning.add("B", "5", "A")
    assert failing(planning) == {}
    planning.add("C", "50", "A FS+15")
    planning.add("D", "2", "A FS-2")
    planning.add("E", "3", constraint="start_on", constraint_on="2026-03-20", deadline="2026-03-20")
    found = failing(planning)
    assert found["lags"] == ["C"]
    assert found["long"] == ["C"]
    assert found["leads"] == ["D"]
    assert found["hard"] == ["E"]
    assert found["negative"] == ["E"]
    assert found["no_before"] == ["E"]
    assert set(found["no_after"]) == {"B", "D", "E"}
    assert set(found["loose"]) == {"B", "D"}
    page = text(planning.browser("rita").get(f"{BASE}/checks").text)
    assert "Long lag: which links wait more than 10 working days?" in page
    with planning.planned() as plan:
        assert sum(count for _, count in float_bands(plan)) == 5


def test_work_out_of_sequence_and_work_nobody_reported_are_found(planning: Planning) -> None:
    planning.add("A", "5")
    planning.add("B", "5", "A")
    planning.add("C", "2")
    planning.update(date(2026, 3, 6), {"task": "B", "started_on": "2026-03-04", "percent": "20.00"})
    found = failing(planning)
    assert found["sequence"] == ["B"]
    assert set(found["undated"]) == {"A", "C"}


def test_the_look_ahead_lists_what_is_open_in_the_weeks_asked_for(planning: Planning) -> None:
    planning.add("A", "5", responsible=planning.people["eva"])
    planning.add("B", "5", "A")
    planning.add("C", "5", "B")
    planning.add("D", "5", "C")
    planning.update(
        date(2026, 3, 6), {"task": "A", "started_on": "2026-03-02", "finished_on": "2026-03-06"}
    )
    with planning.system(writing=True):
        pass
    browser = planning.browser("rita")
    page = text(browser.get(f"{BASE}/lookahead").text)
    assert "weeks" in page
    assert browser.get(f"{BASE}/lookahead.xlsx?weeks=4").data[:2] == b"PK"
    assert browser.get(f"{BASE}/lookahead?weeks=99999999").status_code == 200


def test_the_trend_dates_every_milestone_at_every_report(planning: Planning) -> None:
    planning.add("A", "10")
    planning.add("M", "", "A", type="milestone")
    planning.update(date(2026, 3, 4), {"task": "A", "started_on": "2026-03-02", "percent": "30.00"})
    planning.update(date(2026, 3, 11), {"task": "A", "percent": "40.00"})
    with planning.planned() as plan:
        found = trends_of(planning.brief(), plan)
    assert found.reports == [date(2026, 3, 4), date(2026, 3, 11)]
    (row,) = found.rows
    assert row.dates == [date(2026, 3, 13), date(2026, 3, 19)]
    assert row.days == 6
    assert "+6" in text(planning.browser("rita").get(f"{BASE}/trend").text)


def test_more_than_there_is_of_a_resource_is_named_with_days_and_tasks(planning: Planning) -> None:
    crane = planning.entry(
        "sam", "resource", "P1", code="R1", name="Crane", kind="machine", capacity="1.00"
    )
    one = [{"_id": "r1", "resource": crane, "units": "1.00"}]
    planning.add("A", "5", resources=one)
    planning.add("B", "3", "A SS+3", resources=one)
    planning.add("C", "2", "B", resources=one)
    with planning.planned() as plan:
        (load,) = loads_of(plan)
    (span,) = load.over
    assert (span.first, span.last, span.most) == (date(2026, 3, 5), date(2026, 3, 6), 2)
    assert [row.task.code for row in span.rows] == ["A", "B"]
    assert load.unit_days == 10
    answer = planning.browser("rita").get(f"{BASE}/resources").text
    (chart,) = charts_of(answer)
    assert [(p["x"], p["y"], p["shown"], p["tone"]) for p in chart["series"][0]["points"]] == [
        ("2026-03-02", 2, "2", "alarm"), ("2026-03-09", 1, "1", None),
    ]  # fmt: skip
    assert [(mark["name"], mark["y"]) for mark in chart["marks"]] == [("Available 1", 1)]
    page = text(answer)
    assert "over-allocated" in page
    assert "A Task A , B Task B" in page


def simulate(
    browser: FlaskClient, runs: str, seed: str, correlation: str = "", among: str = "all"
) -> TestResponse:
    page = browser.get(f"{BASE}/simulation").text
    found = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page))
    asked = {"runs": runs, "seed": seed, "correlation": correlation, "among": among}
    return browser.post(f"{BASE}/simulation", data={**found, **asked})


def test_mc_1_from_tasks_on_file_is_kept_with_its_seed(planning: Planning) -> None:
    planning.add("N", "10", spread="normal", shortest="4.00", longest="16.00")
    planning.add("T", "10", "N", spread="triangular", shortest="5.00", longest="15.00")
    planning.add("U", "10", "T", spread="uniform", shortest="8.00", longest="12.00")
    browser = planning.browser("sam")
    first = simulate(browser, "4000", "42")
    assert first.status_code == 303
    assert simulate(browser, "4000", "42").status_code == 303
    with planning.looking("rita"):
        project = planning.brief()
        newer, older = (dict(one.body) for one in simulations_of(project))
    assert newer == older
    assert abs(float(newer["mean"]) - 30) < 0.2
    assert abs(float(newer["deviation"]) - 3.0822) < 0.15
    assert sum(newer["bins"]) == 4000
    assert {one["code"]: one["criticality"] for one in newer["tasks"]} == {"N": 1, "T": 1, "U": 1}
    answer = browser.get(first.headers["Location"]).text
    (chart,) = charts_of(answer)
    told = [(name, p["shown"]) for (_, name), p in zip(
        chart["ticks"], chart["series"][0]["points"], strict=True
    )]  # fmt: skip
    beside = answer.partition("The same in figures")[2].partition("</table>")[0]
    assert told == re.findall(r'<td>([^<]+)</td><td class="num">([^<]+)</td>', beside)
    assert [int(shown) for _, shown in told] == newer["bins"]
    page = text(answer)
    assert "P80" in page
    assert "Seed 42" in page
    with planning.planned() as plan:
        pert = pert_along_critical_path(plan)
    assert pert is not None
    assert pert.expected == 30
    assert float(pert.deviation) == pytest.approx(3.0822, abs=1e-4)


def test_correlated_durations_are_kept_with_their_correlation_and_told(planning: Planning) -> None:
    for code in ("1", "2"):
        planning.add(code, type="summary")
        for at in "AB":
            planning.add(
                f"{code}{at}", "10", parent=code, spread="normal", shortest="4.00", longest="16.00"
            )
    planning.link("1B", "1A")
    planning.link("2A", "1B")
    planning.link("2B", "2A")
    browser = planning.browser("sam")
    for correlation, among, told in (
        ("0", "all", "Durations drawn alone"),
        ("0.5", "all", "Correlation 0.50 among all uncertain tasks"),
        ("0.50", "summary", "Correlation 0.50 among tasks below the same summary"),
    ):
        done = simulate(browser, "4000", "7", correlation, among)
        assert done.status_code == 303
        assert told in text(browser.get(done.headers["Location"]).text)
    with planning.looking("rita"):
        found = [float(one.body["deviation"]) for one in simulations_of(planning.brief())]
    # σ = 2 each: 4 alone; all pairs: 4·4 + 12·2 = 40; two pairs of two: 16 + 4·2 = 24
    assert found[::-1] == pytest.approx([4, 40**0.5, 24**0.5], rel=0.05)
    for wrong in ("1.5", "-0.1", "NaN", "x"):
        assert simulate(browser, "200", "7", wrong).status_code == 422


def test_the_chance_of_a_date_by_pert(planning: Planning) -> None:
    for at, code in enumerate("ABC"):
        after = ["ABC"[at - 1]] if at else []
        planning.add(code, "10", *after, spread="pert", shortest="6.00", longest="20.00")
    with planning.planned() as plan:
        found = pert_along_critical_path(plan, date(2026, 4, 16))
    assert found is not None
    # te = (6 + 40 + 20) / 6 = 11, σ² = (14 / 6)²; 34 working days until April 16
    assert found.expected == 33
    assert float(found.deviation) == pytest.approx(3**0.5 * 14 / 6, abs=1e-4)
    assert found.until_due == 34
    assert found.z == pytest.approx(1 / (3**0.5 * 14 / 6), abs=1e-4)
    assert found.chance == pytest.approx(0.5977, abs=1e-3)
    assert [one.code for one in found.path] == ["A", "B", "C"]
    browser = planning.browser("rita")
    page = text(browser.get(f"{BASE}/simulation?due=2026-04-16").text)
    assert "Standard score (z)" in page
    assert "59.8 %" in page
    assert browser.get(f"{BASE}/simulation?due=soon").status_code == 404


def test_a_simulation_needs_uncertainty_sense_and_the_right(planning: Planning) -> None:
    cpm_1(planning)
    assert simulate(planning.browser("sam"), "1000", "1").status_code == 409
    assert simulate(planning.browser("sam"), "1", "1").status_code == 422
    assert simulate(planning.browser("sam"), "x", "").status_code == 422
    page = planning.browser("rita").get(f"{BASE}/simulation").text
    assert 'name="runs"' not in page


@pytest.mark.parametrize("page", PAGES)
def test_pages_say_what_to_do_without_a_plan_and_nothing_to_strangers(
    planning: Planning, page: str
) -> None:
    answer = planning.browser("rita").get(f"{BASE}/{page}")
    assert answer.status_code == 200
    assert "style=" not in answer.text
    for login in ("olga", "eve"):
        assert planning.browser(login).get(f"{BASE}/{page}").status_code == 404
