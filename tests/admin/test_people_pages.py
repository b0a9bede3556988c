"""Pages of people administration: they work, refuse others, and answer bad input at the field."""

import re

import pytest

from portal import clock
from portal.accounts import leaving, queries, services
from portal.accounts.models import Person
from portal.db import db
from tests.accounts.stage import Stage

PERSON = {
    "name": "New Person",
    "login": "new.person",
    "email": "new@example.com",
    "phone": "",
    "title": "Engineer",
    "department_id": "",
    "language": "zh",
    "zone": "",
    "project_id": "",
}
PAGES = (
    "/admin",
    "/admin/people",
    "/admin/people?state=all&q=a&role=system:auditor&page=1",
    "/admin/people/new",
    "/admin/people/import",
    "/admin/departments",
    "/admin/departments/new",
    "/admin/roles",
    "/admin/company",
)


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_opens_in_both_languages(stage: Stage, url: str, language: str) -> None:
    browser = stage.browser("ada")
    browser.post("/language", language=language)
    assert browser.get(url).status_code == 200


@pytest.mark.parametrize("url", PAGES)
def test_people_without_roles_stay_outside(stage: Stage, url: str) -> None:
    assert stage.browser("rick").get(url).status_code == 403
    assert stage.browser().get(url).status_code == 302


@pytest.mark.parametrize("login", ["nora", "vera", "oskar"])
def test_other_administrators_see_roles_but_no_people(stage: Stage, login: str) -> None:
    browser = stage.browser(login)
    assert browser.get("/admin").status_code == 200
    assert browser.get("/admin/roles").status_code == 200
    assert browser.get("/admin/people").status_code == 403
    assert browser.get(f"/admin/people/{stage.people['rick']}").status_code == 403
    answer = browser.post(f"/admin/people/{stage.people['rick']}/leave")
    assert answer.status_code == 403


def test_a_person_is_created_invited_and_signs_in(stage: Stage) -> None:
    otto = stage.browser("otto")
    answer = otto.post("/admin/people", **PERSON)
    assert answer.status_code == 303
    page = otto.post(answer.headers["Location"] + "/invite")
    found = re.search(r'value="http://localhost(/welcome/[^"]+)"', page.text)
    assert found is not None
    browser = stage.browser()
    words = {"password": "four words make it", "again": "four words make it"}
    assert browser.post(found[1], **words).status_code == 303
    assert 'lang="zh-CN"' in browser.get("/me").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"login": "rick"}, "Somebody has this sign-in name already."),
        ({"login": "Ä"}, "Use 2 to 80 small letters"),
        ({"email": "rick@example.com"}, "Somebody has this e-mail address already."),
        ({"email": "no address"}, "This is not an e-mail address."),
        ({"name": "  "}, "Please fill this in."),
        ({"external": "y"}, "An external person needs the one project they see."),
        ({"department_id": "ghost"}, "is-invalid"),
        ({"zone": "Mars"}, "is not a time zone"),
    ],
)
def test_wrong_entries_are_answered_at_their_field(
    stage: Stage, wrong: dict[str, str], said: str
) -> None:
    answer = stage.browser("otto").post("/admin/people", **{**PERSON, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert "is-invalid" in answer.text
    assert 'value="Engineer"' in answer.text


def test_a_person_is_changed_and_nobody_grants_by_extra_fields(stage: Stage) -> None:
    url = f"/admin/people/{stage.people['rick']}"
    facts = {**PERSON, "login": "rick", "name": "Rick Renamed"}
    answer = stage.browser("otto").post(
        url, **facts, password_hash="x", active="", system_roles="author", id="1"
    )
    assert answer.status_code == 303
    with stage.look():
        rick = db.session.get_one(Person, stage.people["rick"])
        assert (rick.name, rick.active) == ("Rick Renamed", True)
        assert queries.roles_of(rick.id)["system"] == frozenset()
    assert stage.browser("rick").is_signed_in


def test_a_leaver_is_signed_out_and_what_they_hold_is_named(stage: Stage) -> None:
    def three(person_id: str) -> int:
        return 3 if person_id == stage.people["rick"] else 0

    with stage.work():
        services.create_department(
            actor=None, code="E", name="Engineering", head_id=stage.people["rick"],
            now=clock.now(),
        )  # fmt: skip
    rick, otto = stage.browser("rick"), stage.browser("otto")
    url = f"/admin/people/{stage.people['rick']}"
    leaving.register_leaver(three)
    try:
        otto.post(f"{url}/leave")
    finally:
        leaving.on_leaver.remove(three)
    page = otto.get(url).text
    assert "3 tasks still wait for this person" in page
    assert "Departments without a head now: Engineering." in page
    assert not rick.is_signed_in
    assert stage.browser().post("/sign-in", login="rick", password="x").status_code == 422
    otto.post(f"{url}/return")
    assert stage.browser("rick").is_signed_in


def test_nobody_lets_themself_leave(stage: Stage) -> None:
    otto = stage.browser("otto")
    url = f"/admin/people/{stage.people['otto']}"
    otto.post(f"{url}/leave")
    assert "You cannot let yourself leave." in otto.get(url).text


def test_the_list_is_narrowed_by_state_and_says_when_nobody_matches(stage: Stage) -> None:
    otto = stage.browser("otto")
    with stage.work():
        services.deactivate_person(actor=None, person_id=stage.people["mia"], now=clock.now())
    assert ">Mia<" not in otto.get("/admin/people?q=mia").text
    assert ">Mia<" in otto.get("/admin/people?q=mia&state=left").text
    assert ">Eve External<" in otto.get("/admin/people?state=external").text
    assert "Nobody matches" in otto.get("/admin/people?q=zzzz").text
    for odd in ("page=-3", "page=x", "page=99999999", "state='", "q=%25"):
        assert otto.get(f"/admin/people?{odd}").status_code == 200
    assert otto.get("/admin/people?role=%00").status_code == 400
    assert otto.get("/admin/people/%00").status_code == 400


def test_an_unknown_person_or_department_is_not_found(stage: Stage) -> None:
    otto = stage.browser("otto")
    for url in ("/admin/people/ghost", "/admin/departments/ghost"):
        assert otto.get(url).status_code == 404
        assert otto.post(url, **PERSON, code="x").status_code == 404
    for verb in ("invite", "leave", "return", "sign-out", "roles"):
        answer = otto.post(f"/admin/people/ghost/{verb}", role="company:director", do="grant")
        assert answer.status_code == 404


def test_departments_are_made_moved_and_shown_as_a_tree(stage: Stage) -> None:
    otto = stage.browser("otto")
    assert "No departments yet" in otto.get("/admin/departments").text
    facts = {"code": "A", "name": "Top", "parent_id": "", "head_id": stage.people["mia"]}
    assert otto.post("/admin/departments", **facts).status_code == 303
    with stage.look():
        top = queries.departments()[0].id
    below = {"code": "B", "name": "Below", "parent_id": top, "head_id": ""}
    assert otto.post("/admin/departments", **below).status_code == 303
    page = otto.get("/admin/departments").text
    assert page.index(">Top<") < page.index(">Below<")
    assert 'class="tree-1"' in page
    with stage.look():
        bottom = queries.departments()[1].id
    answer = otto.post(f"/admin/departments/{top}", **{**facts, "parent_id": bottom})
    assert answer.status_code == 422
    assert "cannot stand below itself" in answer.text


def test_the_company_is_changed_but_not_its_currency(stage: Stage) -> None:
    otto = stage.browser("otto")
    facts = {
        "name": "Renamed Builders", "language": "zh", "zone": "Asia/Tokyo", "currency": "USD",
        "weekdays": ["1", "2"], "holidays": "2026-10-01", "workdays": "",
    }  # fmt: skip
    assert otto.post("/admin/company", **facts).status_code == 303
    with stage.look():
        company = queries.company()
        assert company is not None
        assert (company.name, company.currency, company.zone) == (
            "Renamed Builders",
            "CNY",
            "Asia/Tokyo",
        )
        assert company.calendar["weekdays"] == [1, 2]
    answer = otto.post("/admin/company", **{**facts, "holidays": "soon"})
    assert answer.status_code == 422


def test_names_are_shown_as_text_wherever_they_stand(stage: Stage) -> None:
    payload = '<img src=x onerror="alert(1)">{{7*7}}'
    with stage.work():
        services.edit_person(
            actor=None, person_id=stage.people["mia"], name=payload, title=payload, now=clock.now()
        )
    ada = stage.browser("ada")
    pages = (
        "/admin/people",
        f"/admin/people/{stage.people['mia']}",
        "/admin/roles",
        "/projects",
        "/projects/P-1",
        "/projects/P-1/members",
        "/admin/departments/new",
    )
    for url in pages:
        text = ada.get(url).text
        assert "<img src=x" not in text
        assert "{{7*7}}" in text
