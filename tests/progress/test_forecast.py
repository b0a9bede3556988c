"""Forecasts with their inputs, and how far earlier ones were from what then happened."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from portal.db import db
from portal.progress.adjustments import Adjusted, adjustments_of
from portal.progress.hindsight import hindsight_of
from portal.progress.own_past import closed_projects, median
from portal.progress.plan import plan_of
from portal.progress.services import freeze_baseline
from portal.projects import services as projects
from portal.projects.models import Project
from portal.projects.queries import brief_of
from portal.web.viewer import current_viewer
from tests.conftest import Lending
from tests.progress.planning import Planning
from tests.progress.test_earned import text, weeks

PAGE = "/projects/P1/progress/forecast"


def froze(planning: Planning, name: str = "Contract plan") -> None:
    """A baseline as of the stage's own time."""
    with planning.acting("sam") as viewer:
        freeze_baseline(actor=viewer, project=planning.brief(), name=name, now=planning.now())


def said(code: str, start: str, percent: str = "100.00", finish: str = "") -> dict[str, str]:
    line = {"task": code, "started_on": f"2026-03-{start}", "percent": percent}
    return {**line, "finished_on": f"2026-03-{finish}"} if finish else line


@pytest.fixture
def late(planning: Planning, lending: Lending) -> Planning:
    """Four weeks of work worth 100 each. The first report of March 6 is on time; then W2 takes two
    days longer than planned, and all of it costs more.
    """
    return lending.once(_four_weeks_late, planning)


def _four_weeks_late(planning: Planning) -> Planning:
    weeks(planning, "100", "100", "100", "100")
    froze(planning)
    planning.spend(date(2026, 3, 5), "110.00")
    planning.update(date(2026, 3, 6), said("W1", "02", finish="06"))
    planning.update(date(2026, 3, 13), said("W2", "09", "60.00"))
    planning.spend(date(2026, 3, 13), "90.00")
    planning.update(date(2026, 3, 17), said("W2", "09", finish="17"))
    planning.spend(date(2026, 3, 17), "50.00")
    return planning


def test_each_report_is_dated_by_what_was_on_file_then_and_measured_by_what_came(
    late: Planning,
) -> None:
    with late.looking("rita"):
        project = late.brief()
        cuts = hindsight_of(project, plan_of(project))
    assert [cut.on for cut in cuts] == [date(2026, 3, 13), date(2026, 3, 6)]
    second, first = cuts
    (miss,) = first.tasks
    assert miss.row.task.code == "W2"
    assert (miss.foreseen, miss.row.ends_on, miss.off) == (date(2026, 3, 13), date(2026, 3, 17), 2)
    assert miss.ahead == 7
    (again,) = second.tasks
    assert (again.foreseen, again.off) == (date(2026, 3, 17), 0), (
        "60 % leave two days after the 13th"
    )
    assert first.end == date(2026, 3, 27)
    assert second.end == date(2026, 3, 31)


def test_earned_schedule_and_cost_of_then_are_measured_by_the_work_earned_since(
    late: Planning,
) -> None:
    with late.looking("rita"):
        project = late.brief()
        second, first = hindsight_of(project, plan_of(project))
    assert first.reached is not None
    assert first.reached.pace == 1, "a week's work by its Friday is on plan"
    assert first.reached.foreseen == date(2026, 3, 13), "another week's work by the next Friday"
    assert (first.reached.happened, first.reached.off) == (date(2026, 3, 17), 4)
    assert first.paid is not None
    assert (first.paid.earned, first.paid.spent) == (100, 140)
    assert first.paid.by_trend == 110  # CPI of then: 100 / 110
    assert first.paid.off_plan == 40
    assert round(first.paid.off_trend or Decimal(0), 2) == Decimal("27.27")
    assert second.paid is not None
    assert (second.paid.earned, second.paid.spent) == (40, 50)
    assert second.paid.by_trend == 50  # 160 earned for 200
    assert second.paid.off_trend == 0


def test_what_became_known_later_takes_no_part_in_an_earlier_forecast(late: Planning) -> None:
    def told() -> list[object]:
        with late.looking("rita"):
            project = late.brief()
            return [
                (cut.on, cut.end, [(one.foreseen, one.row.task.code) for one in cut.tasks])
                for cut in hindsight_of(project, plan_of(project))
            ]

    before = told()
    late.now.at = datetime.combine(date(2026, 3, 20), time(9), UTC)
    late.revise("W3", duration="20.00")  # the plan of now ends much later
    late.update(date(2026, 3, 6), said("W1", "02", "50.00"))  # the old report, corrected today
    late.update(date(2026, 3, 6), said("W1", "02", finish="06"))
    froze(late, "After the change")
    after = told()
    assert [one[:2] for one in after] == [one[:2] for one in before]  # type: ignore[index]


def test_the_page_tells_inputs_forecasts_and_past_errors_and_leads_to_the_tasks(
    late: Planning,
) -> None:
    browser = late.browser("rita")
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "style=" not in page.text
    told = text(page.text)
    assert "What happened is known up to 17 Mar 2026." in told
    assert "Data date: 17 Mar 2026 · Tasks still open: 2 · Critical tasks: 2 31 Mar 2026" in told
    assert "mean +1, mean size 1, four of five within 2 (working days); 2 forecasts" in told
    assert "Budget at completion (BAC): 400.00 · Earned value (EV): 200.00" in told
    assert "Actual cost (AC): 250.00 · Cost performance (CPI): 0.8 500.00" in told
    assert "mean +13.6, mean size 13.6, four of five within 27.3 (%); 2 forecasts" in told
    assert f'href="{PAGE}?on=2026-03-06#tasks"' in page.text
    tasks = text(browser.get(f"{PAGE}?on=2026-03-06").text)
    assert "W2 Task W2 13 Mar 2026 17 Mar 2026 +2" in tasks
    assert browser.get(f"{PAGE}?on=2026-03-07").status_code == 404
    assert browser.get(f"{PAGE}?on=soon").status_code == 404
    late.speaks_chinese("rita")
    chinese = text(late.browser("rita").get(PAGE).text)
    assert "任务实际完成与计划预测相差几天？" in chinese
    assert "平均 +1，平均绝对偏差 1，八成不超过 2（工作日）；共 2 次预测" in chinese
    assert "Foreseen" not in chinese


def test_without_reports_baseline_or_plan_the_page_says_what_is_missing(planning: Planning) -> None:
    browser = planning.browser("rita")
    assert "This project has no plan yet" in browser.get(PAGE).text
    planning.add("A", "5")
    told = text(browser.get(PAGE).text)
    assert "There is no earlier report to look back at" in told
    assert "Nothing that was foreseen has happened yet." in told
    for login in ("olga", "eve"):
        assert planning.browser(login).get(PAGE).status_code == 404


def test_own_closed_projects_one_may_see_tell_how_plans_came_out(planning: Planning) -> None:
    weeks(planning, "100", "100")
    froze(planning)
    planning.update(date(2026, 3, 6), said("W1", "02", finish="06"))
    planning.update(date(2026, 3, 20), said("W2", "09", finish="20"))
    planning.spend(date(2026, 3, 20), "300.00")
    with planning.system(writing=True):
        db.session.get_one(Project, planning.projects["P1"]).status = "closed"
    told = text(planning.browser("rita").get(PAGE).text)
    assert "How did own closed projects come out?" not in told, "a project is not its own past"
    with planning.system():
        other = brief_of(db.session.get_one(Project, planning.projects["P2"]))
    with planning.looking("rita"):
        (one,) = closed_projects(other)
    assert (one.promised, one.ended, one.days) == (date(2026, 3, 13), date(2026, 3, 20), 7)
    assert one.time == Decimal(19) / 12
    assert one.cost == Decimal("1.5")
    assert median([one.time, one.time * 3, Decimal(1)]) == one.time
    assert median([Decimal(1), Decimal(2)]) == Decimal("1.5")
    with planning.looking("olga"):
        assert closed_projects(other) == [], "who may not see a project learns nothing of it"
    with planning.system(writing=True):
        for login, role in (("rita", "member"), ("sam", "project_engineer")):
            projects.add_member(
                actor=None, project_id=other.id, person_id=planning.people[login], role=role,
                now=planning.now(),
            )  # fmt: skip
    work = {"type": "task", "duration": "5.00", "duration_unit": "d", "measure": "physical"}
    planning.entry("sam", "task", "P2", code="X", name="Task X", **work)
    with planning.acting("sam") as viewer:
        freeze_baseline(actor=viewer, project=other, name="Promise", now=planning.now())
    told = text(planning.browser("rita").get("/projects/P2/progress/forecast").text)
    assert "Closed projects: 1 · Duration of what was planned, median: 158.3 %" in told
    assert "Baseline: Promise 9 Mar 2026" in told, "5 days, become 8"
    assert "P1 Project P1 13 Mar 2026 20 Mar 2026 +7 158.3 % 150 %" in told


def test_forecasts_of_cost_codes_stand_against_what_was_spent_since(planning: Planning) -> None:
    planning.add("W1", "5")
    planning.spend(date(2026, 3, 2), "500.00")  # before any forecast
    planning.spend(date(2026, 3, 3), "100.00", "forecast_adj")
    planning.spend(date(2026, 3, 4), "70.00")

    def found() -> list[Adjusted]:
        with planning.looking("rita"):
            return adjustments_of(current_viewer(), planning.brief())

    (only,) = found()
    assert (only.to_come, only.spent, only.by_latest, only.off) == (100, 70, None, None)
    planning.spend(date(2026, 3, 5), "50.00", "forecast_adj")
    _, first = found()
    assert (first.by_latest, first.is_beyond, first.off) == (120, False, None)
    planning.spend(date(2026, 3, 6), "55.00")
    second, first = found()
    assert (first.spent, first.off) == (125, 25), "beyond: at least so far off"
    assert (second.to_come, second.spent, second.off) == (50, 55, 10)
    planning.spend(date(2026, 3, 9), "0.00", "forecast_adj")
    last, second, first = found()
    assert first.is_settled
    assert (first.by_latest, second.by_latest, last.by_latest) == (125, 55, None)
    assert (last.happened, last.is_settled) == (None, False)
    told = text(planning.browser("rita").get(PAGE).text)
    assert "3 Mar 2026 100.00 125.00 125.00 +25 %" in told
    assert "9 Mar 2026 0.00 0.00 – still open" in told
    assert "mean +17.5, mean size 17.5, four of five within 25 (%); 2 forecasts." in told


def test_looking_back_is_computed_anew_after_a_change_alone(
    late: Planning, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> int:
        with late.looking("rita"):
            project = late.brief()
            return len(hindsight_of(project, plan_of(project)))

    assert look() == 2
    with monkeypatch.context() as patched:
        patched.setattr("portal.progress.hindsight.report_days", lambda _project: [])
        assert look() == 2, "kept"
    late.update(date(2026, 3, 20), said("W3", "18", "40.00"))
    assert look() == 3
