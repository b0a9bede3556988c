"""Tasks and links typed as a grid: tried, saved all or none, and what moved is said with why."""

import re
from datetime import date
from html import unescape

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from portal.progress.links import Said, links_text, parse_links
from portal.progress.moved import difference
from portal.progress.plan import plan_of
from portal.schedule.network import LinkType
from tests.progress.planning import Planning
from tests.progress.test_plan import cpm_1

EDIT = "/projects/P1/progress/edit"


def grid(page: str) -> dict[str, str]:
    """The grid as a browser would send it."""
    found = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page))
    cells = re.findall(r'name="([a-z]+-[\w-]+)" value="([^"]*)"', page)
    found |= {name: unescape(value) for name, value in cells}
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="(\w+)" selected', body)
        assert chosen
        found[name] = chosen[1]
    return found


def text(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page)))


def send(browser: FlaskClient, changes: dict[str, str], where: str = EDIT) -> TestResponse:
    return browser.post(where, data={**grid(browser.get(EDIT).text), **changes})


def test_tasks_and_links_are_added_and_what_moved_is_said_with_its_driver(
    planning: Planning,
) -> None:
    cpm_1(planning)
    browser = planning.browser("sam")
    f, i = planning.tasks["F"], planning.tasks["I"]
    new = {"code-n1": "X", "name-n1": "Extra check", "duration-n1": "3d", "links-n1": "F, A SS+1d"}
    changes = {f"duration-{f}": "14 d", f"links-{i}": "F, G, X", **new}
    tried = send(browser, changes, f"{EDIT}/try")
    assert tried.status_code == 200
    assert "What saving would move" in tried.text
    assert "Extra check" in tried.text
    with planning.planned() as plan:
        assert len(plan.rows) == 9  # nothing was kept
    saved = send(browser, changes)
    assert saved.status_code == 303
    page = text(browser.get(saved.headers["Location"]).text)
    assert "17 Apr 2026 before: 10 Apr 2026" in page
    assert "I Task I 3 Apr 2026 – 10 Apr 2026 10 Apr 2026 – 17 Apr 2026 +5" in page
    assert "its own predecessors changed; held by X Extra check" in page
    assert "its own duration changed" in page
    with planning.planned() as plan:
        assert plan.finish == date(2026, 4, 17)
        assert [row.task.code for row in plan.rows if row.is_critical] == ["A", "C", "F", "I", "X"]


def test_a_circle_and_other_mistakes_save_nothing_and_keep_what_was_typed(
    planning: Planning,
) -> None:
    cpm_1(planning)
    browser = planning.browser("sam")
    a, b = planning.tasks["A"], planning.tasks["B"]
    refused = send(browser, {f"links-{a}": "I", f"name-{b}": "Renamed"})
    assert refused.status_code == 422
    assert re.search("would wait for each other: [A-I → ]*I → A", text(refused.text))
    assert 'value="Renamed"' in refused.text
    wrong = {
        f"duration-{a}": "soon", f"links-{b}": "Q, A XX", "code-n1": "A", "name-n1": "Twice",
        "duration-n1": "1",
    }  # fmt: skip
    page = send(browser, wrong)
    assert page.status_code == 422
    said = text(page.text)
    assert "“soon” is no duration" in said
    assert "There is no task “Q”" in said
    assert "“A XX” is no predecessor" in said
    with planning.planned() as plan:
        assert {row.task.name for row in plan.rows} == {f"Task {code}" for code in "ABCDEFGHI"}
    twice = send(browser, {"code-n1": "A", "name-n1": "Twice", "duration-n1": "1"})
    assert "The code “A” is used twice." in text(twice.text)
    below = send(browser, {"code-n1": "Z", "name-n1": "Z", "duration-n1": "1", "parent-n1": "9"})
    assert "There is no task “9” to stand below." in text(below.text)


def test_a_link_turned_round_is_saved_in_one_act(planning: Planning) -> None:
    planning.add("A", "5")
    planning.add("B", "3", "A")
    a, b = planning.tasks["A"], planning.tasks["B"]
    saved = send(planning.browser("sam"), {f"links-{a}": "B", f"links-{b}": ""})
    assert saved.status_code == 303
    with planning.planned() as plan:
        assert {row.task.code: row.starts_on for row in plan.rows} == {
            "A": date(2026, 3, 5),
            "B": date(2026, 3, 2),
        }


def test_a_row_somebody_changed_meanwhile_is_not_overwritten(planning: Planning) -> None:
    planning.add("A", "5")
    browser = planning.browser("sam")
    seen = grid(browser.get(EDIT).text)
    planning.revise("A", name="Changed elsewhere")
    answer = browser.post(EDIT, data={**seen, f"duration-{planning.tasks['A']}": "9 d"})
    assert answer.status_code == 422
    assert "saved elsewhere" in answer.text
    with planning.planned() as plan:
        assert plan.rows[0].task.name == "Changed elsewhere"


def test_only_who_plans_the_project_edits(planning: Planning) -> None:
    planning.add("A", "5")
    assert planning.browser("rita").get(EDIT).status_code == 403
    assert planning.browser("olga").get(EDIT).status_code == 404
    assert planning.browser("eve").get(EDIT).status_code == 404
    page = planning.browser("rita").get("/projects/P1/progress/schedule").text
    assert EDIT not in page
    assert EDIT in planning.browser("sam").get("/projects/P1/progress/schedule").text


def test_what_was_known_then_is_compared_with_now(planning: Planning) -> None:
    planning.add("A", "5")
    planning.add("B", "5", "A")
    then = planning.now()
    planning.revise("A", duration="8.00")
    planning.add("C", "1", "B")
    with planning.looking("rita"):
        project = planning.brief()
        found = difference(plan_of(project, known_at=then), plan_of(project))
    told = {one.task.code: (one.kind, one.days) for one in found.rows}
    assert told == {"A": ("changed", 3), "B": ("moved", 3), "C": ("added", 0)}
    assert planning.browser("rita").get("/projects/P1/progress/moved?since=x").status_code == 404


CODES = st.sampled_from(["A", "1.2", "HB-2", "1 SS", "SS"])
SAID = st.builds(
    Said,
    CODES,
    st.sampled_from(list(LinkType)),
    st.decimals(-99, 99, places=2).map(lambda one: one + 0),
    st.sampled_from(["d", "h"]),
)


@given(st.lists(SAID, max_size=4))
def test_what_is_written_is_read_again(links: list[Said]) -> None:
    found, wrong = parse_links(links_text(links), {"A", "1.2", "HB-2", "1 SS", "SS"})
    assert wrong == []
    assert [(one.code, one.type, one.lag) for one in found] == [
        (one.code, one.type, one.lag) for one in links
    ]
