"""Baselines, earned value and earned schedule from progress filed with the shipped forms."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from io import BytesIO
from itertools import combinations

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook
from werkzeug.test import TestResponse

from portal.audit.queries import verify
from portal.calendars.working_time import (
    IDLE,
    STANDARD_DAY,
    WorkingTime,
    start_of,
    week,
    working_time,
)
from portal.errors import Forbidden
from portal.ledgers.models import Snapshot
from portal.progress.baselines import Baseline, Frozen, baselines_of
from portal.progress.curve import BOTTOM, HEIGHT, NAME_HIGH, NAME_WIDTH, Line, named_apart
from portal.progress.earned import Earned, earned_by, periods_of, planned_by, schedule_of
from portal.progress.periods import Length, Periods
from portal.progress.plan import plan_of
from portal.progress.services import freeze_baseline
from portal.schedule.earned_value import EarnedSchedule, EarnedValue
from portal.schedule.undefined import Undefined
from tests.charted import charts_of, read_points
from tests.progress.planning import Planning

LIST = "/projects/P1/progress/baselines"
PAGE = "/projects/P1/progress/earned"
THIRD_WEEK = date(2026, 3, 22)


def text(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page)))


def freeze_as(browser: FlaskClient, name: str) -> TestResponse:
    page = browser.get(LIST).text
    found = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page))
    return browser.post(LIST, data={**found, "name": name})


def weeks(planning: Planning, *values: str) -> None:
    """A task a week, one after the other, each with its value."""
    for at, value in enumerate(values, start=1):
        after = [f"W{at - 1}"] if at > 1 else []
        planning.add(f"W{at}", "5", *after, budget=f"{value}.00")


def reckoned(planning: Planning, on: date) -> Earned:
    with planning.looking("rita"):
        project = planning.brief()
        plan = plan_of(project, until=on)
        return earned_by(project, plan, baselines_of(project)[0], on)


def done(code: str, week: int, percent: str) -> dict[str, str]:
    return {"task": code, "started_on": f"2026-03-{2 + 7 * (week - 1):02}", "percent": percent}


def evm_1(planning: Planning) -> Earned:
    weeks(planning, "10000", "10000", "20000", "30000", "30000")
    freeze_as(planning.browser("sam"), "Contract plan")
    planning.update(
        THIRD_WEEK, done("W1", 1, "100.00"), done("W2", 2, "100.00"), done("W3", 3, "75.00")
    )
    planning.spend(date(2026, 3, 10), "20000.00")
    planning.spend(date(2026, 3, 20), "16000.00")
    planning.spend(date(2026, 3, 23), "999.00")  # after the data date
    return reckoned(planning, THIRD_WEEK)


def test_evm_1_from_progress_updates_and_actual_cost(planning: Planning) -> None:
    value = evm_1(planning).value
    assert (value.bac, value.pv, value.ev, value.ac) == (100_000, 40_000, 35_000, 36_000)
    assert (value.schedule_variance, value.cost_variance) == (-5_000, -1_000)
    assert value.spi == Decimal("0.875")
    assert isinstance(value.cpi, Decimal)
    assert round(value.cpi, 7) == Decimal("0.9722222")
    assert isinstance(value.eac, Decimal)
    assert round(value.eac, 2) == Decimal("102857.14")  # never BAC by a rounded CPI: 103,092.78


def test_es_1_from_progress_updates(planning: Planning) -> None:
    weeks(planning, "20", "20", "20")
    freeze_as(planning.browser("sam"), "Contract plan")
    planning.update(
        THIRD_WEEK, done("W1", 1, "100.00"), done("W2", 2, "100.00"), done("W3", 3, "50.00")
    )
    found = reckoned(planning, THIRD_WEEK)
    one = found.schedule
    assert [point.planned for point in found.curve] == [0, 20, 40, 60]
    assert (one.actual, one.earned, one.variance) == (3, Decimal("2.5"), Decimal("-0.5"))
    assert isinstance(one.spi, Decimal)
    assert round(one.spi, 4) == Decimal("0.8333")
    assert one.duration == Decimal("3.6")
    assert found.forecast_finish == date(2026, 3, 25)  # three weeks and three of five days


def test_a_corrected_update_replaces_and_never_adds(planning: Planning) -> None:
    before = evm_1(planning).value.ev
    planning.update(THIRD_WEEK, done("W3", 3, "50.00"))
    assert reckoned(planning, THIRD_WEEK).value.ev == before - 5_000
    planning.update(date(2026, 3, 25), done("W3", 3, "100.00"))
    assert reckoned(planning, THIRD_WEEK).value.ev == before - 5_000  # then it was so
    assert reckoned(planning, date(2026, 3, 25)).value.ev == before + 5_000


def test_without_anything_spent_or_earned_ratios_are_undefined_with_their_reason(
    planning: Planning,
) -> None:
    weeks(planning, "100")
    freeze_as(planning.browser("sam"), "Contract plan")
    value = reckoned(planning, date(2026, 3, 1)).value
    assert isinstance(value.spi, Undefined)
    assert isinstance(value.cpi, Undefined)
    page = text(planning.browser("rita").get(f"{PAGE}?until=2026-03-01").text)
    assert "– Nothing was planned by this date." in page
    assert "– Nothing was spent by this date." in page
    assert "– No time has passed yet." in page


def test_every_figure_leads_to_tasks_or_entries_that_come_to_it(planning: Planning) -> None:
    evm_1(planning)
    browser = planning.browser("rita")
    page = browser.get(PAGE).text
    assert "style=" not in page
    assert "102,857.14" in page
    rows = dict(re.findall(r'<tr id="figure-(\w+)">.*?<a href="([^"]+)"', page, re.S))
    assert set(rows) >= {"pv", "ev", "ac", "bac"}
    parts = text(browser.get(unescape(rows["ev"])).text)
    assert "Total 100,000.00 40,000.00 35,000.00 -5,000.00" in parts
    spent = text(browser.get(unescape(rows["ac"])).text)
    assert "36,000.00" in spent
    assert "999.00" not in spent
    (sheet,) = [load_workbook(BytesIO(browser.get(f"{PAGE}.xlsx").data)).get_sheet_by_index(0)]
    assert sheet.to_python()[-1][2:6] == [100000, 40000, "", 35000]
    assert browser.get(f"{PAGE}.pdf").data[:5] == b"%PDF-"
    for login in ("olga", "eve"):
        for address in (PAGE, f"{PAGE}/tasks", f"{PAGE}.xlsx", f"{PAGE}.pdf", LIST):
            assert planning.browser(login).get(address).status_code == 404


def test_every_point_of_the_curve_leads_to_what_it_was_made_of_then(planning: Planning) -> None:
    evm_1(planning)
    browser = planning.browser("rita")
    page = browser.get(PAGE).text
    table = page.partition('caption class="visually-hidden">Planned, earned and spent')[2]
    link = r'<td class="num">(?:<a [^>]*href="([^"]+)"[^>]*>([^<]+)</a>|<span)'
    rows = [re.findall(link, one) for one in table.partition("</table>")[0].split("<tr")[2:]]
    assert len(rows) >= 6
    assert [one[0][1] for one in rows][:5] == [
        "0.00", "10,000.00", "20,000.00", "40,000.00", "70,000.00",
    ]  # fmt: skip
    told = 0
    for (tasks, planned), (_tasks, earned), (spent, paid) in rows:
        parts = text(browser.get(unescape(tasks)).text).partition("Total 100,000.00 ")[2]
        assert parts.startswith(f"{planned} {earned}".strip()), tasks
        if paid:
            told += 1
            assert paid in text(browser.get(unescape(spent)).text), spent
    assert told == 4, "what is not known yet leads nowhere"


def test_the_chart_tells_the_figures_of_the_table_and_leads_where_they_lead(
    planning: Planning,
) -> None:
    evm_1(planning)
    page = planning.browser("rita").get(PAGE).text
    table = page.partition('caption class="visually-hidden">Planned, earned and spent')[2]
    link = r'<td class="num">(?:<a [^>]*href="([^"]+)"[^>]*>([^<]+)</a>|<span)'
    rows = table.partition("</table>")[0].split("<tr")[2:]
    days = [re.findall(r"<td[^>]*>(\d+ \w+ \d+)", one)[0] for one in rows]
    cells = [re.findall(link, one) for one in rows]
    (chart,) = charts_of(page)
    for at, key in enumerate(("planned", "earned", "spent")):
        table_says = [
            (on, row[at][1], unescape(row[at][0]))
            for on, row in zip(days, cells, strict=True)
            if row[at][1]
        ]
        assert read_points(chart, key) == table_says
        drawn = next(one for one in chart["series"] if one["key"] == key)["points"]
        assert [f"{point['y']:,.2f}" for point in drawn] == [shown for _on, shown, _ in table_says]


def test_baselines_stay_as_they_were_and_their_difference_names_what_changed(
    planning: Planning,
) -> None:
    weeks(planning, "100", "100")
    planning.add("M", "", "W2", type="milestone")
    browser = planning.browser("sam")
    assert freeze_as(browser, " ").status_code == 422
    address = freeze_as(browser, "Contract plan").headers["Location"]
    first = address.split("/")[-1].split("?")[0]
    kept = browser.get(f"{LIST}/{first}.json").get_json()
    planning.revise("W1", duration="8.00", budget="150.00")
    planning.add("N", "2", "W1")
    page = text(browser.get(f"{LIST[:-1]}-difference?from={first}").text)
    assert "Added 1 Deleted 0 Shifted 3" in page
    assert (
        "W1 Task W1 shifted 2 Mar 2026 – 6 Mar 2026 2 Mar 2026 – 11 Mar 2026 – +3 +3 50.00" in page
    )
    assert "M Task M shifted" in page
    assert browser.get(f"{LIST}/{first}.json").get_json() == kept
    freeze_as(browser, "After the flood")
    with planning.looking("rita"):
        newest = baselines_of(planning.brief())[0]
        second, name = newest.id, newest.name
    assert name == "After the flood"
    turned = text(browser.get(f"{LIST[:-1]}-difference?from={second}&to={first}").text)
    assert "What moved since “Contract plan”" in turned
    shown = browser.get(f"/projects/P1/progress/schedule?baseline={first}").text
    assert "+3" in text(shown)
    assert shown.count('class="old"') >= 3
    assert browser.get(f"{LIST[:-1]}-difference.xlsx?from={first}").data[:2] == b"PK"
    with planning.system():
        assert verify().whole


def test_a_baseline_is_frozen_by_planners_alone_and_not_from_nothing(planning: Planning) -> None:
    assert freeze_as(planning.browser("sam"), "Empty").status_code == 409
    planning.add("A", "5")
    with planning.looking("rita") as viewer, pytest.raises(Forbidden):
        freeze_baseline(actor=viewer, project=planning.brief(), name="x", now=planning.now())
    page = planning.browser("rita").get(LIST).text
    assert "Freeze the plan as it stands" not in page


def test_when_all_is_done_time_stops_and_the_day_it_ended_is_told(planning: Planning) -> None:
    weeks(planning, "20", "20")
    freeze_as(planning.browser("sam"), "Contract plan")
    lines = [done(f"W{at}", at, "100.00") for at in (1, 2)]
    finished = [
        {**one, "finished_on": f"2026-03-{day}"}
        for one, day in zip(lines, ("06", "13"), strict=True)
    ]
    planning.update(THIRD_WEEK, *finished)
    found = reckoned(planning, THIRD_WEEK)
    one = found.schedule
    assert (one.earned, one.actual, one.planned, one.spi) == (2, 2, 2, 1)
    assert found.forecast_finish == found.planned_finish == date(2026, 3, 13)


TIMES = (
    working_time(
        week([STANDARD_DAY] * 5 + [IDLE] * 2, {date(2026, 10, day): IDLE for day in range(1, 8)})
    ),
    working_time(week([STANDARD_DAY] * 6 + [IDLE])),
    working_time(week([STANDARD_DAY] * 7)),
)
LENGTHS: tuple[Length, ...] = ("week", "month")


def baseline_of(*tasks: tuple[date, int, str, WorkingTime]) -> Baseline:
    """A plan of tasks: from a day on, so many worked days, what they are worth, their calendar."""
    made = {}
    for at, (first, days, budget, time) in enumerate(tasks):
        opens = time.worked(start_of(first))
        begins, ends = time.opening(opens), time.closing(opens + days * 480)
        made[str(at)] = Frozen(
            str(at), str(at), "", "task", 0, begins, ends, days * 480, Decimal(budget), time, ()
        )  # fmt: skip
    found = Baseline(Snapshot())
    found.tasks = made  # type: ignore[misc]
    return found


def paced(
    plan: Baseline, on: date, length: Length, earned: Decimal | None = None
) -> tuple[Periods, EarnedSchedule]:
    """The earned schedule at the end of a day; as much is earned as is planned, if nothing is said."""
    pv = plan.planned(start_of(date.fromordinal(on.toordinal() + 1)))
    value = EarnedValue(pv, pv if earned is None else earned, Decimal(1), plan.budget)
    periods = periods_of(plan, length)
    return periods, schedule_of(value, periods, planned_by(plan, periods), plan.ends_on, on)


def end_of(made: tuple[Periods, EarnedSchedule]) -> date:
    periods, one = made
    assert isinstance(one.duration, Decimal)
    return periods.at(one.duration)


TASK = st.tuples(
    st.dates(date(2026, 1, 1), date(2027, 3, 1)), st.integers(1, 200),
    st.sampled_from(["0", "10", "333.33"]), st.sampled_from(TIMES),
)  # fmt: skip


@given(st.lists(TASK, min_size=1, max_size=6), st.integers(0, 900), st.sampled_from(LENGTHS))
def test_who_is_on_plan_is_foreseen_to_end_on_the_planned_day(
    tasks: list[tuple[date, int, str, WorkingTime]], days: int, length: Length
) -> None:
    plan = baseline_of(*tasks, (tasks[0][0], 5, "10", TIMES[0]))
    on = min(date.fromordinal(plan.starts_on.toordinal() + days), plan.ends_on)
    made = paced(plan, on, length)
    _, one = made
    if plan.planned(start_of(on) + 1440) == plan.budget:
        assert one.earned == one.planned, "all is earned: ES is PD"
        made = paced(plan, plan.ends_on, length)
        _, one = made
    if one.actual:
        assert (one.spi, one.variance) == (1, 0)
        assert end_of(made) == plan.ends_on


@pytest.mark.parametrize("length", LENGTHS)
def test_a_plan_that_ends_within_a_month_lasts_no_whole_month(length: Length) -> None:
    first = date(2026, 1, 1)
    plan = baseline_of((first, 213, "213", TIMES[2]))  # evenly, every day, until August 1
    assert plan.ends_on == date(2026, 8, 1)
    _, one = paced(plan, date(2026, 4, 30), "month")
    assert (one.earned, one.actual, one.spi) == (4, 4, 1)
    assert one.planned == 7 + Decimal(1) / 31
    for on in (date(2026, 4, 30), date(2026, 5, 14), plan.ends_on):
        assert end_of(paced(plan, on, length)) == plan.ends_on
    _, whole = paced(plan, plan.ends_on, length)
    assert (whole.earned, whole.spi) == (whole.planned, 1)
    slow = paced(plan, date(2026, 4, 30), length, Decimal(60))  # half of 120 days' work
    assert abs((end_of(slow) - date(2027, 3, 3)).days) <= 10, (
        "twice the 213 days, in months of 28 to 31"
    )


@given(
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.integers(0, 900),
    st.sampled_from(LENGTHS),
    st.sets(st.integers(0, 6), max_size=6),
)
def test_working_days_counted_in_periods_are_found_again(
    first: date, days: int, length: Length, idle: set[int]
) -> None:
    periods = Periods(first, length, lambda day: day.weekday() not in idle)
    on = date.fromordinal(first.toordinal() + days)
    found = periods.at(periods.passed(on))
    assert found <= on
    assert all(
        not periods.works(date.fromordinal(one)) for one in range(found.toordinal() + 1, on.toordinal() + 1)
    )  # fmt: skip
    assert periods.at(periods.passed(found)) == found or found < first


@given(
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.integers(0, 900),
    st.sampled_from(LENGTHS),
)
def test_days_counted_in_periods_are_found_again(first: date, days: int, length: Length) -> None:
    periods = Periods(first, length)
    on = date.fromordinal(first.toordinal() + days)
    assert periods.at(periods.passed(on)) == on
    assert periods.day(periods.count(on)) > on


ENDS = st.tuples(st.sampled_from([84.0, 200.0, 260.0, 830.0]), st.floats(16, 266))


@given(st.lists(ENDS, min_size=1, max_size=3))
def test_names_of_curves_never_stand_over_each_other(ends: list[tuple[float, float]]) -> None:
    keys = ("planned", "earned", "spent")
    lines = [Line(key, "", *end) for key, end in zip(keys, ends, strict=False)]
    found = named_apart(lines)
    assert [one.key for one in found] == [one.key for one in lines]
    for one, other in combinations(found, 2):
        beside = abs(one.x - other.x) < NAME_WIDTH
        assert not beside or abs(one.name_at - other.name_at) >= NAME_HIGH - 0.2
    assert all(0 < one.name_at <= HEIGHT - BOTTOM + 0.1 for one in found)
