"""What will hold a project up, as people see it: tasks, approvals, resources, material."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from portal import clock
from portal.calendars.working_time import working_time
from portal.definitions import queries as definitions
from portal.foresight.capacity import capacities, weeks_of
from portal.foresight.crews import crews_of
from portal.foresight.drivers import drivers_of
from portal.foresight.materials import may_read_stock, site_of
from portal.foresight.steps import step_of, steps_of
from portal.progress.hindsight import hindsight_of
from portal.progress.loads import loads_of, worked_loads
from portal.progress.plan import plan_of
from portal.progress.working import Calendar, own_week
from portal.projects.queries import project_brief
from tests.house import House, house
from tests.labor.test_pages import DAYS
from tests.labor.yard import Yard
from tests.progress.conftest import planning
from tests.progress.planning import Planning
from tests.progress.test_earned import text
from tests.progress.test_forecast import late, said
from tests.progress.test_forecast_exports import sheets, yard
from tests.progress.test_reports import simulate
from tests.purchasing import chain

__all__ = ["house", "late", "planning", "yard"]
PAGE = "/projects/P1/progress/bottlenecks"
TODAY = date(2026, 3, 30)


def on(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Look at the pages at some moment."""
    fixed = SimpleNamespace(now=lambda: moment, date_in=clock.date_in)
    for module in ("page", "routes"):
        monkeypatch.setattr(f"portal.foresight.{module}.clock", fixed)


def supplied(house: House) -> None:
    """Ten of twenty tons came on March 2; two went out on each of the next two Mondays, one came
    back. The rest is promised for April 1.
    """
    house.budget("5000.00")
    order = chain.ordered(house, chain.asked(house, "20"), "20")
    chain.received(house, order, "10")
    house.now.at = datetime(2026, 3, 16, 2, tzinfo=UTC)
    for kind, qty, day in (("issue", "2", 9), ("issue", "2", 16), ("return", "1", 16)):
        house.file(
            "stan", "stock_issue", kind=kind, purpose="Pile caps", moved_on=f"2026-03-{day:02}",
            taken_by="Steel team", lines=[{"_id": "s1", "material": house.entries["rebar"], "qty": qty}],
        )  # fmt: skip


def brief(stage: Any, code: str = "P1") -> Any:
    found = project_brief(stage.projects[code])
    assert found is not None
    return found


def test_the_page_stands_below_progress_among_the_tabs_of_a_project(planning: Planning) -> None:
    page = planning.browser("rita").get(PAGE).text
    tabs = page.partition('class="tab-bar"')[2].partition("</nav>")[0]
    current = re.findall(r'href="([^"]+)" aria-current', tabs)
    assert current == ["/projects/P1/progress"]


def test_stock_is_read_from_receipts_issues_and_orders(house: House) -> None:
    supplied(house)
    with house.looking("max") as viewer:
        assert may_read_stock(viewer, house.projects["P1"])
        site = site_of(brief(house), TODAY)
    (one,) = site.materials
    stock = one.stock
    assert (one.label, one.unit) == ("M-01 Rebar HRB400", "t")
    assert (stock.received, stock.issued, stock.on_hand) == (10, 3, 7)
    assert stock.by_month == Decimal("0.75"), "3 in 28 days"
    assert stock.runs_out == TODAY + timedelta(days=65)
    assert [(row.qty, row.on) for row in stock.orders] == [(10, date(2026, 4, 1))]
    assert (stock.verdict, site.lead) == ("enough", 1)
    assert [site.papers[move.record].form for move in one.moves] == [
        "goods_receipt", "stock_issue", "stock_issue", "stock_issue",
    ]  # fmt: skip


def test_the_rest_of_a_closed_order_is_not_expected(house: House) -> None:
    supplied(house)
    with house.looking("max"):
        (order,) = [key for key, one in site_of(brief(house), TODAY).papers.items()
                    if one.form == "purchase_order"]  # fmt: skip
    chain.closed(house, "order", order)
    with house.looking("max"):
        (one,) = site_of(brief(house), TODAY).materials
    assert one.stock.orders == []


def test_the_page_leads_from_a_material_to_its_movements_and_to_the_next_request(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplied(house)
    house.now.at = datetime(2026, 5, 4, 2, tzinfo=UTC)  # nothing came of the rest
    on(monkeypatch, house.now.at)
    house.file(
        "stan", "stock_issue", kind="issue", purpose="Caps", moved_on="2026-04-20", taken_by="Team",
        lines=[{"_id": "s1", "material": house.entries["rebar"], "qty": "6"}],
    )  # fmt: skip
    rebar = house.entries["rebar"]
    for login, may in (("stan", True), ("quin", False)):
        browser = house.browser(login)
        page = browser.get(PAGE)
        assert page.status_code == 200
        assert "style=" not in page.text
        assert f'href="{PAGE}/stock/{rebar}"' in page.text
        detail = browser.get(f"{PAGE}/stock/{rebar}")
        assert "10 received, 9 issued" in text(detail.text)
        (way,) = re.findall(r'href="(/forms/purchase_request/new[^"]*)"', detail.text) or [""]
        assert bool(way) is may
    begun = house.browser("stan").get(way_of(house, rebar))
    assert begun.status_code == 200
    assert "Replenish M-01 Rebar HRB400" in begun.text
    assert 'value="2026-05-08"' in begun.text, "the day it runs out: one ton, 6 in four weeks"
    assert rebar in begun.text


def test_what_is_requested_is_not_proposed_again_until_it_is_ordered_or_given_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplied(house)
    house.now.at = datetime(2026, 5, 4, 2, tzinfo=UTC)
    on(monkeypatch, house.now.at)
    rebar, today = house.entries["rebar"], date(2026, 5, 4)
    house.file(
        "stan", "stock_issue", kind="issue", purpose="Caps", moved_on="2026-04-20", taken_by="Team",
        lines=[{"_id": "s1", "material": rebar, "qty": "6.9"}],
    )  # fmt: skip

    def stock() -> Any:
        with house.looking("max"):
            return site_of(brief(house), today).materials[0].stock

    with house.looking("max"):
        (old,) = [one for one in site_of(brief(house), today).papers.values()
                  if one.form == "purchase_order"]  # fmt: skip
    chain.closed(house, "order", old.id)
    assert (stock().verdict, stock().proposed(), stock().requested) == ("order", 8, 0)
    request = chain.request(house, "10")
    assert [(one.record, one.qty) for one in stock().requests] == [(request, 10)]
    assert stock().verdict == "requested"
    page = house.browser("stan").get(PAGE).text
    assert "Already requested" in page
    assert f'href="/records/{request}"' in page
    assert "purchase_request/new" not in page
    detail = text(house.browser("stan").get(f"{PAGE}/stock/{rebar}").text)
    assert "What is requested and not ordered yet?" in detail
    house.speaks_chinese("stan")
    assert "已申请" in house.browser("stan").get(PAGE).text

    house.pass_on(request, "sam", "max")
    assert stock().requested == 10
    order = chain.order(house, request, "4")
    assert (stock().ordered, stock().requested) == (0, 10), "an order in approval orders nothing"
    house.pass_on(order, "carla", "max")
    assert (stock().ordered, stock().requested) == (4, 6)
    chain.closed(house, "request", request)
    assert (stock().ordered, stock().requested) == (4, 0)
    sent_back = chain.request(house, "10")
    house.decide("send_back", "sam", sent_back, to="start")
    assert stock().requests == [], "its requester has it: nobody buys it"


def test_stock_is_told_to_nobody_who_reads_no_requests(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.looking("max") as viewer:
        whole = dict(definitions.read_reach(viewer))
        project = house.projects["P1"]
        assert may_read_stock(viewer, project)
        whole.pop("purchase_request")
        monkeypatch.setattr(definitions, "read_reach", lambda _viewer: whole)
        assert not may_read_stock(viewer, project)


def way_of(house: House, material: str) -> str:
    page = house.browser("stan").get(f"{PAGE}/stock/{material}").text
    return re.findall(r'href="(/forms/purchase_request/new[^"]*)"', page)[0].replace("&amp;", "&")


def test_parts_of_stock_are_told_to_nobody(house: House) -> None:
    supplied(house)
    with house.looking("olga") as viewer:
        assert not may_read_stock(viewer, house.projects["P1"])
    for login in ("olga", "olaf"):
        browser = house.browser(login)
        for path in ("", ".xlsx", ".pdf", f"/stock/{house.entries['rebar']}", "/step?form=x"):
            assert browser.get(f"{PAGE}{path}").status_code == 404
    mine = house.browser("max")
    assert mine.get(f"{PAGE}/stock/nothing").status_code == 404
    assert mine.get(f"{PAGE}/step?form=purchase_order&step=nothing").status_code == 404


def test_steps_tell_how_long_documents_wait_and_lead_to_those_one_may_see(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.budget("5000.00")
    first = chain.request(house, "1")
    house.now.at += timedelta(days=2)
    house.decide("approve", "sam", first)
    second = chain.request(house, "2")
    house.now.at += timedelta(days=5)
    now = house.now.at
    with house.looking("max"):
        found = {(one.form, one.step): one.waits for one in steps_of(brief(house), now)}
        step = next(key for key in found if key[0] == "purchase_request" and found[key].finished)
        waits = found[step]
        assert [one.record for one in waits.finished] == [first]
        assert round(waits.median or Decimal(0), 3) == 2
        assert [one.record for one in waits.waiting] == [second]
        assert round(waits.oldest or Decimal(0), 3) == 5
        assert waits.is_longer_than_usual
        told = step_of(brief(house), *step, now)
        assert told is not None
        assert set(told[1]) == {first, second}
    on(monkeypatch, now)
    page = house.browser("max").get(f"{PAGE}/step?form={step[0]}&step={step[1]}")
    assert page.status_code == 200
    for one in (first, second):
        assert f'href="/records/{one}"' in page.text
    assert 'data-label="Days"' in page.text, "a phone tells what a figure is"
    house.speaks_chinese("max")
    chinese = text(house.browser("max").get(f"{PAGE}/step?form={step[0]}&step={step[1]}").text)
    assert "单据 发出日" in chinese
    with house.looking("olga"):
        assert steps_of(brief(house), now) == [], "nobody else's documents"


CRANE = {"code": "R1", "name": "Crane", "kind": "people", "capacity": "1.00"}


def busy(planning: Planning) -> str:
    """A crane for two tasks that meet on March 5 and 6."""
    crane = planning.entry("sam", "resource", "P1", **CRANE)
    one = [{"_id": "r1", "resource": crane, "units": "1.00"}]
    planning.add("A", "5", resources=one)
    planning.add("B", "3", "A SS+3", resources=one)
    return crane


def test_weeks_are_told_in_hours_and_the_first_lack_by_its_day_and_tasks(
    planning: Planning,
) -> None:
    busy(planning)
    with planning.looking("rita"):
        project = planning.brief()
        plan = plan_of(project)
        (one,) = capacities(project, plan, [], date(2026, 3, 4))
    assert one.over is not None
    assert (one.over.first, one.lacks) == (date(2026, 3, 5), 1)
    assert [row.task.code for row in one.over.rows] == ["A", "B"]
    first, second, *rest = one.weeks
    # from Wednesday on: A on three days, B on Thursday and Friday; three days are left
    assert (first.monday, first.needed, first.available, first.is_over) == (
        date(2026, 3, 2), 40, 24, True,
    )  # fmt: skip
    assert (second.needed, second.available, second.is_over) == (8, 40, False)
    assert {week.needed for week in rest} == {0}


def test_a_week_counts_the_working_days_that_are_left_of_it() -> None:
    calendar = Calendar("", "", working_time(own_week({"weekdays": [1, 2, 3, 4, 5, 6]})))
    saturday = date(2026, 3, 7)
    first, second, *_ = weeks_of({saturday: Decimal(3)}, Decimal(2), calendar, saturday)
    assert (first.needed, first.available, first.is_over) == (24, 16, True)
    assert (second.needed, second.available, second.is_over) == (0, 96, False)


def test_an_earlier_plan_is_measured_by_what_was_worked(planning: Planning) -> None:
    crane = busy(planning)
    planning.update(date(2026, 3, 2), said("A", "02", "20.00"))
    planning.update(date(2026, 4, 3), said("A", "02", finish="03"), said("B", "05", finish="13"))
    with planning.looking("rita"):
        project = planning.brief()
        plan = plan_of(project)
        worked = worked_loads(plan, date(2026, 3, 3), date(2026, 3, 30))
        (one,) = capacities(project, plan, hindsight_of(project, plan), date(2026, 4, 4)) or [None]
    assert worked == {crane: 8}, "A on the 3rd; B on seven days from the 5th to the 13th"
    assert one is None, "nothing is asked for any more"
    planning.add("C", "2", resources=[{"_id": "r1", "resource": crane, "units": "1.00"}])
    with planning.looking("rita"):
        plan = plan_of(project)
        (again,) = capacities(project, plan, hindsight_of(project, plan), date(2026, 4, 4))
    (told,) = again.windows
    assert (told.foretold, told.came) == (7, 8), "four days of A and three of B were asked for"
    assert round(told.off or Decimal(0), 2) == Decimal("14.29")


def test_day_labor_stands_beside_what_the_plan_asks_for(yard: Yard) -> None:
    for day in DAYS:
        yard.ticket(day, hours={"anna": "8.00"})
    with yard.looking("nora"):
        project = brief(yard, "Y1")
        plan = plan_of(project)
        found = crews_of(project, plan, loads_of(plan), DAYS[-1] + timedelta(days=1))
        assert found is not None
        assert [one.workers for one in found.spans] == [None, 1, None, None]
        assert found.spans[1].most == 1
        assert found.grows_by is None
        assert crews_of(project, plan, [], DAYS[-1] + timedelta(days=90)) is None


def test_without_a_simulation_float_and_what_is_left_say_what_holds_the_end(late: Planning) -> None:
    late.add("Q", "2")
    with late.looking("rita"):
        project = late.brief()
        plan = plan_of(project)
        found = drivers_of(project, plan, hindsight_of(project, plan))
    assert [one.row.task.code for one in found.rows] == ["W3", "W4"]
    assert {one.left for one in found.rows} == {5}
    assert [one.late for one in found.rows] == [2, 2]
    assert (found.simulation, found.rows[0].criticality) == (None, None)
    assert found.critical is not None
    assert (found.critical.count, found.critical.mean) == (2, 1), "W2 came 2 days late, then 0"
    assert found.others is None


def test_a_simulation_says_what_drives_the_end(planning: Planning) -> None:
    planning.add("S", "2", spread="uniform", shortest="1.00", longest="3.00")
    planning.add("N", "10", spread="uniform", shortest="4.00", longest="16.00")
    planning.add("T", "5", "N", "S")
    simulate(planning.browser("sam"), "500", "7")
    with planning.looking("rita"):
        project = planning.brief()
        plan = plan_of(project)
        found = drivers_of(project, plan, [])
    assert [one.row.task.code for one in found.rows] == ["N", "T"]
    first = found.rows[0]
    assert first.criticality == 1
    assert first.weight == first.sensitivity
    assert found.rows[1].sensitivity is None
    page = text(planning.browser("rita").get(PAGE).text)
    assert "By criticality × sensitivity of the simulation of" in page


def test_the_page_is_there_in_both_languages_and_can_be_taken_along(
    late: Planning, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(late)
    on(monkeypatch, datetime(2026, 3, 18, 2, tzinfo=UTC))
    browser = late.browser("rita")
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "style=" not in page.text
    told = text(page.text)
    assert "Which tasks will hold the end?" in told
    assert "Which material" not in told, "nothing is received here by documents"
    assert f'href="{PAGE}"' in browser.get("/projects/P1/progress/forecast").text
    found = sheets(browser.get(f"{PAGE}.xlsx").data)
    assert list(found) == ["Tasks", "Approvals", "Capacity", "Weeks"]
    assert len(found["Weeks"]) == 7
    printed = browser.get(f"{PAGE}.pdf")
    assert (printed.status_code, printed.mimetype) == (200, "application/pdf")
    assert f'href="{PAGE}.pdf"' in browser.get("/projects/P1/exports").text
    late.speaks_chinese("rita")
    chinese = text(late.browser("rita").get(PAGE).text)
    assert "哪些任务会拖住完工？" in chinese
    assert "foreseen" not in chinese
    assert "mean +" not in chinese


def test_on_a_phone_every_table_is_cards_with_the_heads_beside_the_figures(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplied(house)
    on(monkeypatch, house.now.at)
    browser = house.browser("stan")
    for path in ("", f"/stock/{house.entries['rebar']}"):
        page = browser.get(f"{PAGE}{path}").text
        tables = re.findall(r'<table class="([^"]*)"', page)
        assert tables
        assert {"data stack"} == set(tables)
        assert not re.findall(r'<td class="num[^"]*">', page), "a bare figure says nothing"


def test_an_empty_project_says_what_to_do(planning: Planning) -> None:
    told = text(planning.browser("rita").get(PAGE).text)
    assert "No open task holds the end" in told
    assert "Nothing was asked of anybody here lately" in told
    assert "No task asks for a resource yet" in told
    for login in ("olga", "eve"):
        assert planning.browser(login).get(PAGE).status_code == 404
