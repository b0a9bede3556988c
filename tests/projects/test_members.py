"""Members of a project and their roles."""

import pytest

from portal import clock
from portal.accounts import services as accounts
from portal.errors import Forbidden, Invalid
from portal.projects import queries, services
from tests.accounts.stage import Stage


def roles(stage: Stage, login: str, code: str = "P-1") -> tuple[str, ...]:
    with stage.look():
        found = {one.login: one.roles for one in queries.members(stage.projects[code])}
    return found.get(login, ())


def test_the_manager_adds_a_member_who_sees_the_project_at_once(stage: Stage) -> None:
    nora = stage.browser("nora")
    assert nora.get("/projects/P-1").status_code == 404
    answer = stage.browser("mia").post(
        "/projects/P-1/members", person_id=stage.people["nora"], role="member"
    )
    assert answer.status_code == 303
    assert nora.get("/projects/P-1").status_code == 200


def test_a_person_holds_several_roles_and_loses_one(stage: Stage) -> None:
    mia = stage.browser("mia")
    mia.post("/projects/P-1/members", person_id=stage.people["rick"], role="project_manager")
    assert roles(stage, "rick") == ("member", "project_manager")
    mia.post("/projects/P-1/members/remove", person_id=stage.people["rick"], role="project_manager")
    assert roles(stage, "rick") == ("member",)


@pytest.mark.parametrize("login", ["rick", "eve", "vera"])
def test_members_and_auditors_do_not_staff(stage: Stage, login: str) -> None:
    browser = stage.browser(login)
    assert "Add a member" not in browser.get("/projects/P-1/members").text
    sent = {"person_id": stage.people["nora"], "role": "member"}
    assert browser.post("/projects/P-1/members", **sent).status_code == 403
    sent = {"person_id": stage.people["mia"]}
    assert browser.post("/projects/P-1/members/remove", **sent).status_code == 403
    assert roles(stage, "mia") == ("project_manager",)


def test_nobody_staffs_a_project_they_do_not_see(stage: Stage) -> None:
    sent = {"person_id": stage.people["mia"], "role": "member"}
    assert stage.browser("mia").post("/projects/P-2/members", **sent).status_code == 404


def test_nobody_gives_themself_a_project_role_they_lack(stage: Stage) -> None:
    now = clock.now()
    with stage.work():
        otto = stage.viewer("otto")
        facts = {"project_id": stage.projects["P-1"], "person_id": otto.person_id, "now": now}
        services.add_member(actor=otto, role="member", **facts)
        with pytest.raises(Forbidden):
            services.add_member(actor=otto, role="cost_engineer", **facts)


def test_an_external_person_joins_only_their_own_project(stage: Stage) -> None:
    with stage.work(), pytest.raises(Invalid):
        services.add_member(
            actor=None, project_id=stage.projects["P-2"], person_id=stage.people["eve"],
            role="member", now=clock.now(),
        )  # fmt: skip


@pytest.mark.parametrize(
    "sent", [{"person_id": "", "role": "member"}, {"person_id": "ghost", "role": "member"},
             {"role": "emperor"}, {"role": ""}]
)  # fmt: skip
def test_wrong_choices_are_answered_with_the_page(stage: Stage, sent: dict[str, str]) -> None:
    facts = {"person_id": stage.people["nora"], "role": "member", **sent}
    answer = stage.browser("mia").post("/projects/P-1/members", **facts)
    assert answer.status_code == 422
    assert "is-invalid" in answer.text


def test_a_leaver_is_no_longer_a_holder_but_stays_a_name(stage: Stage) -> None:
    with stage.work():
        assert queries.holders(stage.projects["P-1"], "project_manager") == [stage.people["mia"]]
        accounts.deactivate_person(actor=None, person_id=stage.people["mia"], now=clock.now())
        assert queries.holders(stage.projects["P-1"], "project_manager") == []
    assert "has left" in stage.browser("otto").get("/projects/P-1/members").text


def test_type_ahead_finds_by_name_login_and_title(stage: Stage) -> None:
    with stage.work():
        accounts.edit_person(
            actor=None, person_id=stage.people["nora"], title="造价工程师", now=clock.now()
        )
    browser = stage.browser("rick")
    for sought in ("nor", "NORA", "造价"):
        items = browser.get("/people/find", query_string={"q": sought}).get_json()["items"]
        assert [item["text"] for item in items] == ["Nora"]
    assert browser.get("/people/find?q=%25").get_json()["items"] == []
    assert stage.browser().get("/people/find?q=a").status_code == 302
