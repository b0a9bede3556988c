"""Projects: who creates, changes and sees them."""

from datetime import date

import pytest
from sqlalchemy import select

from portal import clock
from portal.audit import queries as audit
from portal.db import db
from portal.errors import Forbidden, Invalid, NotFound
from portal.projects import queries, services
from portal.projects.models import Project
from tests.accounts.stage import Stage

FACTS = {
    "code": "p-9",
    "name": "North bridge",
    "status": "active",
    "department_id": "",
    "currency": "CNY",
    "zone": "Asia/Shanghai",
    "starts_on": "2026-01-05",
    "ends_on": "2027-06-30",
    "weekdays": ["1", "2", "3", "4", "5", "6"],
    "holidays": "2026-10-01..2026-10-03",
    "workdays": "2026-10-10",
}


def stored(stage: Stage, code: str) -> Project | None:
    with stage.look():
        return db.session.scalars(select(Project).where(Project.code == code)).first()


def test_a_project_is_created_with_its_calendar(stage: Stage) -> None:
    answer = stage.browser("otto").post("/projects", **FACTS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/projects/P-9/members")
    project = stored(stage, "P-9")
    assert project is not None
    assert project.starts_on == date(2026, 1, 5)
    assert project.calendar == {
        "weekdays": [1, 2, 3, 4, 5, 6],
        "holidays": ["2026-10-01", "2026-10-02", "2026-10-03"],
        "workdays": ["2026-10-10"],
    }
    with stage.look():
        assert [row.action for row in audit.of_object("project", project.id)] == ["project.create"]


def test_the_same_page_sent_twice_creates_one_project(stage: Stage) -> None:
    browser = stage.browser("otto")
    first = browser.post("/projects", request_key="k1", **FACTS)
    second = browser.post("/projects", request_key="k1", **FACTS)
    assert first.headers["Location"] == second.headers["Location"]
    assert second.status_code == 303
    other = browser.post("/projects", request_key="k1", **{**FACTS, "code": "P-10"})
    assert other.status_code == 422
    assert stored(stage, "P-10") is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "P 9!"}, "Use 1 to 20 capital letters"),
        ({"code": "P-1"}, "Another project has this code."),
        ({"name": ""}, "Please fill this in."),
        ({"ends_on": "2025-01-01"}, "The end lies before the start."),
        ({"weekdays": []}, "Choose at least one working day."),
        ({"holidays": "soon"}, "soon is not a date"),
        ({"status": "x"}, "is-invalid"),
        ({"starts_on": "5.1.2026"}, "is-invalid"),
    ],
)
def test_wrong_entries_are_answered_at_their_field_with_what_was_typed(
    stage: Stage, wrong: dict[str, object], said: str
) -> None:
    answer = stage.browser("otto").post("/projects", **{**FACTS, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert "2026-10-01..2026-10-03" in answer.text or "holidays" in wrong


@pytest.mark.parametrize("login", ["rick", "mia", "nora", "vera", "eve"])
def test_only_people_administrators_create_projects(stage: Stage, login: str) -> None:
    browser = stage.browser(login)
    assert browser.get("/projects/new").status_code == 403
    assert browser.post("/projects", **FACTS).status_code == 403
    with stage.work(), pytest.raises(Forbidden):
        services.create_project(
            actor=stage.viewer(login), code="X", name="X", currency="CNY", zone="UTC",
            now=clock.now(),
        )  # fmt: skip


def test_members_see_their_projects_and_nothing_of_others(stage: Stage) -> None:
    browser = stage.browser("rick")
    page = browser.get("/projects").text
    assert "Project P-1" in page
    assert "Project P-2" not in page
    for url in ("/projects/P-2", "/projects/P-2/members", "/projects/P-2/settings"):
        assert browser.get(url).status_code == 404
    assert browser.post("/projects/P-2/settings", **FACTS).status_code == 404


@pytest.mark.parametrize("login", ["ada", "otto", "vera"])
def test_auditors_and_people_administrators_see_every_project(stage: Stage, login: str) -> None:
    assert stage.browser(login).get("/projects/P-2").status_code == 200


def test_the_list_is_narrowed_and_says_when_nothing_matches(stage: Stage) -> None:
    browser = stage.browser("otto")
    assert "Project P-2" not in browser.get("/projects?q=P-1").text
    assert "No project matches" in browser.get("/projects?q=nothing").text
    assert "No project matches" in browser.get("/projects?status=closed").text
    assert "Project P-1" in browser.get("/projects?q=P-1&status=bogus").text


def test_somebody_in_no_project_is_told_so(stage: Stage) -> None:
    assert "You are in no project yet" in stage.browser("nora").get("/projects").text


def test_the_manager_changes_the_project_and_members_do_not(stage: Stage) -> None:
    facts = {**FACTS, "code": "P-1", "name": "Renamed"}
    assert stage.browser("rick").post("/projects/P-1/settings", **facts).status_code == 403
    assert stage.browser("rick").get("/projects/P-1/settings").status_code == 403
    mia = stage.browser("mia")
    assert 'value="Project P-1"' in mia.get("/projects/P-1/settings").text
    assert mia.post("/projects/P-1/settings", **facts).headers["Location"] == "/projects/P-1"
    project = stored(stage, "P-1")
    assert project is not None
    assert project.name == "Renamed"


def test_the_currency_stays_once_figures_stand_on_it(stage: Stage) -> None:
    from portal.projects.services import projects as module

    before = list(module._in_use)
    services.register_use(lambda project_id: project_id == stage.projects["P-1"])
    try:
        with stage.work(), pytest.raises(Invalid) as refused:
            services.edit_project(
                actor=None, project_id=stage.projects["P-1"], currency="USD", now=clock.now()
            )
        assert refused.value.errors[0].path == "currency"
        with stage.work():
            services.edit_project(
                actor=None, project_id=stage.projects["P-2"], currency="USD", now=clock.now()
            )
    finally:
        module._in_use[:] = before


def test_a_project_one_may_not_see_cannot_be_chosen(stage: Stage) -> None:
    browser = stage.browser("rick")
    chosen = browser.post("/projects/choose", project_id=stage.projects["P-1"], next="/projects")
    assert chosen.headers["Location"] == "/projects"
    assert browser.post("/projects/choose", project_id=stage.projects["P-2"]).status_code == 404


def test_the_scope_holds_for_queries_and_briefs_are_for_labels(stage: Stage) -> None:
    with stage.app.test_request_context():
        from portal.db import set_context

        set_context(db.session(), stage_viewer(stage, "rick"))
        assert [one.code for one in queries.visible_projects()] == ["P-1"]
        with pytest.raises(NotFound):
            queries.the_project(stage.projects["P-2"])
        assert queries.members(stage.projects["P-2"]) == []
        brief = queries.project_brief(stage.projects["P-2"])
        assert brief is not None
        assert brief.code == "P-2"


def stage_viewer(stage: Stage, login: str) -> object:
    with stage.look():
        return stage.viewer(login)
