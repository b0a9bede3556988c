"""Decision points: nothing behind one begins before an approved decision takes it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import unescape

import pytest

from portal import paths
from portal.calendars.working_time import start_of
from portal.definitions import services as definitions
from portal.errors import FieldError, Invalid
from portal.progress.points import points_of
from portal.progress.quality import checks_of
from portal.progress.standing import standings
from portal.progress.waiting import undecided, waiting
from tests.conftest import Lending
from tests.progress.planning import STARTS, Planning
from tests.records.pages import open_page

CHOICE = [{"_id": "o1", "option": "Bored"}, {"_id": "o2", "option": "Driven"}]
BASE = "/projects/P1/progress"


def text(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page)))


@pytest.fixture
def deciding(planning: Planning, lending: Lending) -> Planning:
    """A plan whose piles wait for a decision; decisions are filed here."""
    return lending.once(_decision_awaited, planning)


def _decision_awaited(planning: Planning) -> Planning:
    with planning.system(writing=True):
        folder = paths.DEFINITIONS / "decisions"
        definitions.publish_folders(paths=[folder], actor=None, now=planning.now())
    planning.add("S", "5", name="Survey")
    planning.add("D", "", "S", type="decision", name="How to pile")
    planning.add("P", "10", "D", name="Piles")
    planning.add("Q", "5", "P", name="Caps")
    planning.add("E", "3", "D FS-2", name="Early setting out")
    return planning


def decide(planning: Planning, on: date, point: str = "D", approved: bool = True) -> str:
    """File a decision for a point, and let who decides sign it."""
    data = {
        "question": "How to pile?", "context": "Vibration.", "options": CHOICE, "chosen": "Bored",
        "reason": "Quiet.", "decided_on": on.isoformat(), "decider": planning.people["mark"],
        "decision_point": planning.tasks[point],
    }  # fmt: skip
    record_id = planning.draft("sam", data, "decision")
    planning.submit(record_id, "sam")
    if approved:
        planning.decide("approve", "mark", record_id)
    return record_id


def refused(planning: Planning, as_of: date, line: Mapping[str, str]) -> Sequence[FieldError]:
    """Why an update of one line is not taken."""
    with pytest.raises(Invalid) as told:
        planning.update(as_of, line)
    return told.value.errors


def surveyed(planning: Planning, as_of: date = date(2026, 3, 11)) -> None:
    """The survey is done, as it was planned, and told some days later."""
    planning.update(as_of, {"task": "S", "started_on": "2026-03-02", "finished_on": "2026-03-06"})


def starts(planning: Planning) -> dict[str, date]:
    with planning.planned() as plan:
        return {row.task.code: row.starts_on for row in plan.work}


def test_what_waits_for_an_undecided_point_begins_after_the_data_date(deciding: Planning) -> None:
    assert starts(deciding)["P"] == date(2026, 3, 9)
    surveyed(deciding)
    assert starts(deciding)["P"] == date(2026, 3, 12)
    decision = decide(deciding, date(2026, 3, 10), approved=False)
    assert starts(deciding)["P"] == date(2026, 3, 12)
    deciding.decide("approve", "mark", decision)
    with deciding.planned() as plan:
        (row,) = (one for one in plan.work if one.task.code == "D")
        assert (row.is_finished, row.ends_on, row.done) == (True, date(2026, 3, 10), 1)
        assert undecided(plan) == []
    with deciding.planned(until=date(2026, 3, 9)) as plan:
        assert [one.task.code for one in undecided(plan)] == ["D"]


def test_a_decision_taken_after_the_data_date_holds_its_successors_until_then(
    deciding: Planning,
) -> None:
    surveyed(deciding, date(2026, 3, 9))
    deciding.now.at = deciding.now.at.replace(day=16)
    decide(deciding, date(2026, 3, 16))
    assert starts(deciding)["P"] == date(2026, 3, 17)


def test_progress_behind_an_undecided_point_is_refused_and_leads_to_the_decision(
    deciding: Planning,
) -> None:
    surveyed(deciding)
    for line in (
        {"task": "P", "started_on": "2026-03-10"},
        {"task": "P", "percent": "5.00"},
        {"task": "P", "finished_on": "2026-03-11", "started_on": "2026-03-10"},
        {"task": "Q", "started_on": "2026-03-10"},
    ):
        (error,) = refused(deciding, date(2026, 3, 11), line)
        assert error.path == "lines[r0].task"
        assert error.see == deciding.tasks["D"]
        assert "How to pile" in str(error.message)
    deciding.update(date(2026, 3, 11), {"task": "P", "remaining": "10.00"})
    deciding.update(date(2026, 3, 11), {"task": "E", "started_on": "2026-03-10"})
    deciding.add("F", "3", "D FF", name="Piling mats")
    mats = {"task": "F", "started_on": "2026-03-10"}
    deciding.update(date(2026, 3, 11), mats)
    (error,) = refused(deciding, date(2026, 3, 11), mats | {"finished_on": "2026-03-11"})
    assert "cannot be finished" in str(error.message)


def test_a_point_is_reached_by_a_decision_alone_where_decisions_are_filed(
    deciding: Planning,
) -> None:
    surveyed(deciding)
    line = {"task": "D", "finished_on": "2026-03-11"}
    (error,) = refused(deciding, date(2026, 3, 11), line)
    assert "reached by an approved decision" in str(error.message)
    decide(deciding, date(2026, 3, 11))
    deciding.update(date(2026, 3, 12), {"task": "P", "started_on": "2026-03-12"})
    assert starts(deciding)["P"] == date(2026, 3, 12)


def test_without_the_register_of_decisions_progress_reaches_a_point(planning: Planning) -> None:
    planning.add("D", "", type="decision")
    planning.add("P", "5", "D")
    (error,) = refused(planning, date(2026, 3, 3), {"task": "P", "started_on": "2026-03-03"})
    assert "cannot have begun" in str(error.message)
    planning.update(date(2026, 3, 3), {"task": "D", "finished_on": "2026-03-03"})
    planning.update(date(2026, 3, 4), {"task": "P", "started_on": "2026-03-04"})


def test_a_voided_decision_opens_its_point_again_and_begun_work_is_told(deciding: Planning) -> None:
    surveyed(deciding)
    decide(deciding, date(2026, 3, 11))
    deciding.update(date(2026, 3, 11), {"task": "P", "started_on": "2026-03-10"})

    def begun_undecided() -> list[str]:
        with deciding.planned() as plan:
            found = {one.key: one for one in checks_of(plan, date(2026, 3, 12))}
            return [row.task.code for row in found["undecided"].rows]

    assert begun_undecided() == ["P"]  # it began a day before the decision
    with deciding.system(writing=True):
        from portal.db import db
        from portal.records.models import Record

        for record in db.session.scalars(db.select(Record).filter_by(form="decision")):
            record.state = "void"
    assert begun_undecided() == ["P"]
    with deciding.planned() as plan:
        held = waiting(plan, undecided(plan))
        names = {plan.tasks[key].code: one for key, one in held.items()}
    assert not names["P"].to_begin
    assert names["P"].to_end
    assert names["Q"].to_begin


def test_pages_say_what_is_due_what_it_blocks_and_where_to_decide(deciding: Planning) -> None:
    surveyed(deciding)
    tasks, sam, rita = deciding.tasks, deciding.browser("sam"), deciding.browser("rita")
    for page in ("schedule", "lookahead", "checks"):
        said = text(sam.get(f"{BASE}/{page}").text)
        assert "Decisions that are due" in said, page
        assert "D How to pile : not taken; 2 tasks cannot go on before it is." in said, page
    begun = re.search(r'href="(/forms/decision/new[^"]+)"', sam.get(f"{BASE}/schedule").text)
    assert begun
    form = sam.get(unescape(begun[1])).text
    assert "How to pile" in form
    assert tasks["D"] in form
    assert "blocked by a decision that is due" in rita.get(f"{BASE}/schedule").text
    point, blocked = (text(rita.get(f"{BASE}/tasks/{tasks[one]}").text) for one in "DP")
    assert "This decision is due and not taken" in point
    assert "It cannot begin before the decision “D How to pile” is taken." in blocked
    assert "blocked" in text(sam.get(f"/records/{tasks['P']}").text)
    decide(deciding, date(2026, 3, 11))
    taken = text(rita.get(f"{BASE}/tasks/{tasks['D']}").text)
    assert "By which decision was it taken? " in taken
    assert "DC-P1-2026-001 How to pile?" in taken
    assert "Decisions that are due" not in rita.get(f"{BASE}/schedule").text


def test_the_refusal_on_the_page_links_to_the_point(deciding: Planning) -> None:
    surveyed(deciding)
    row = {"_id": "r0", "task": deciding.tasks["P"], "started_on": "2026-03-10"}
    data = {"title": "Too early", "as_of": "2026-03-11", "lines": [row]}
    record_id = deciding.draft("eva", data, "progress_update")
    browser = deciding.browser("eva")
    answer = open_page(browser, f"/records/{record_id}/edit").post("submit")
    assert answer.status_code == 422
    assert f'href="/records/{deciding.tasks["D"]}"' in answer.text


def test_the_standing_of_a_plan_follows_a_decision(deciding: Planning) -> None:
    browser = deciding.browser("sam")
    page = browser.get(f"{BASE}/baselines").text
    found = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page))
    browser.post(f"{BASE}/baselines", data={**found, "name": "First"})
    surveyed(deciding, date(2026, 3, 9))

    def late() -> int:
        with deciding.looking("rita"):
            project = deciding.brief()
            return standings([project], deciding.now())[project.id].days_late

    before = late()
    deciding.now.at = deciding.now.at.replace(day=16)
    decide(deciding, date(2026, 3, 16))
    assert late() > before


def test_a_point_whose_date_is_still_to_come_blocks_without_being_due(deciding: Planning) -> None:
    with deciding.planned() as plan:
        found = points_of(deciding.brief(), plan, STARTS)
        assert [one.row.task.code for one in found.open] == ["D"]
        assert found.due == []
        assert found.marks == {}
        late = points_of(deciding.brief(), plan, date(2026, 3, 6))
        assert {plan.tasks[key].code: mark for key, mark in late.marks.items()} == {
            "D": "due", "P": "blocked", "Q": "blocked",
        }  # fmt: skip
        assert start_of(date(2026, 3, 6)) < found.open[0].row.finish
