"""Importing people: checked first, row by row, never twice."""

import io
import re
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.accounts import queries, services
from portal.accounts.models import Person
from portal.admin import imported_cells
from portal.audit import queries as audit
from portal.db import db
from portal.errors import Invalid
from tests.accounts.stage import Stage

LIST = (
    "login,name,email,department,title,project,language\n"
    "li.wei,李伟,li.wei@example.com,ENG,项目经理,,zh\n"
    "rick,Richard,,,Site engineer,,\n"
    "nora,Nora,evil@example.org,,,,\n"
    "bad login,Bad,,,,,\n"
    "li.wei,Twice,,,,,\n"
    "sup,Supervisor,,,,P-1,\n"
    "lost,Lost,,NOPE,,,\n"
)


def count(stage: Stage) -> int:
    with stage.look():
        return db.session.scalar(select(func.count(Person.id))) or 0


def audited(stage: Stage) -> int:
    with stage.look():
        return len(audit.page(before=None, limit=1_000))


@pytest.fixture
def company(stage: Stage) -> Stage:
    with stage.work():
        services.create_department(actor=None, code="ENG", name="Engineering", now=clock.now())
    return stage


def test_checking_writes_nothing_and_says_what_would_happen(company: Stage) -> None:
    browser = company.browser("otto")
    before = (count(company), audited(company))
    page = browser.post("/admin/people/import", do="check", text=LIST)
    assert page.status_code == 200
    assert "2 new, 1 changed, 0 as they are, 4 refused" in page.text
    assert "There is no department “NOPE”." in page.text
    assert (count(company), audited(company)) == before


def test_importing_brings_in_the_good_rows_and_reports_the_others(company: Stage) -> None:
    browser, before = company.browser("otto"), count(company)
    page = browser.post("/admin/people/import", do="import", text=LIST)
    assert "The list is in: 2 new, 1 changed, 4 refused." in page.text
    assert count(company) == before + 2
    with company.look():
        ids = queries.people_by_login(["li.wei", "rick", "nora", "sup"])
        wei = db.session.get_one(Person, ids["li.wei"])
        assert (wei.name, wei.title, wei.language) == ("李伟", "项目经理", "zh")
        assert wei.department is not None
        assert wei.department.code == "ENG"
        rick = db.session.get_one(Person, ids["rick"])
        assert (rick.name, rick.email) == ("Richard", "rick@example.com")
        nora = db.session.get_one(Person, ids["nora"])
        assert nora.email == "nora@example.com"  # an author is not taken over by a list
        sup = db.session.get_one(Person, ids["sup"])
        assert (sup.external, sup.project_id) == (True, company.projects["P-1"])
        assert audit.verify().whole


def test_importing_the_same_list_again_changes_nothing(company: Stage) -> None:
    browser = company.browser("otto")
    browser.post("/admin/people/import", do="import", text=LIST)
    before = (count(company), audited(company))
    page = browser.post("/admin/people/import", do="import", text=LIST)
    assert "0 new, 0 changed, 4 refused" in page.text
    assert (count(company), audited(company)) == before


def test_a_file_is_read_and_carried_to_the_import(company: Stage) -> None:
    browser = company.browser("otto")
    data = "登录名,姓名\nwang.fang,王芳\n".encode("gb18030")
    page = browser.post("/admin/people/import", do="check", file=(io.BytesIO(data), "people.csv"))
    assert "1 new" in page.text
    assert "wang.fang,王芳" in page.text


def test_the_report_is_downloadable_and_harmless(company: Stage) -> None:
    page = company.browser("otto").post(
        "/admin/people/import", do="check", text="login,name\n=cmd,Evil\nok.ok,=1+1"
    )
    report = unquote(page.text.split('href="data:text/csv;charset=utf-8,')[1].split('"')[0])
    assert "'=cmd" in report
    assert ",'=1+1" in report


def test_roles_in_a_list_must_be_declared(company: Stage) -> None:
    page = company.browser("otto").post(
        "/admin/people/import", do="check", text="login,name,roles\nx1,X,people_admin;director"
    )
    assert "There is no company role “people_admin”." in page.text


def test_an_empty_or_foreign_file_is_refused_with_a_reason(company: Stage) -> None:
    browser = company.browser("otto")
    for text in ("", "a,b\n1,2", "\x01\x02"):
        page = browser.post("/admin/people/import", do="check", text=text)
        assert page.status_code == 422
        assert "error-summary" in page.text


def test_user_text_in_a_list_is_shown_as_text(company: Stage) -> None:
    page = company.browser("otto").post(
        "/admin/people/import", do="check", text="login,name\nx1,<script>alert(1)</script>"
    )
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def test_the_empty_list_names_its_columns(company: Stage) -> None:
    answer = company.browser("otto").get("/admin/people/import/template.csv")
    assert answer.text.startswith("\ufefflogin,name,email")
    assert "attachment" in answer.headers["Content-Disposition"]


def checked(stage: Stage, text: str) -> str:
    page = stage.browser("otto").post("/admin/people/import", do="check", text=text)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_a_problem_is_reported_at_its_line_of_the_file(company: Stage) -> None:
    page = company.browser("otto").post(
        "/admin/people/import", do="check", text="\nlogin,name\n\n\na.a,A\n\nbad login,B\n"
    )
    report = unquote(page.text.split('href="data:text/csv;charset=utf-8,')[1].split('"')[0])
    assert [line.split(",")[:2] for line in report.splitlines()[1:]] == [
        ["5", "a.a"],
        ["7", "bad login"],
    ]


def test_a_change_is_said_from_what_to_what(company: Stage) -> None:
    text = "login,name,title,department,language,project\nrick,Ricardo,Chief,ENG,中文,P-1\n"
    said = checked(company, text)
    for change in (
        "Full name: Rick → Ricardo",
        "Position: – → Chief",
        "Department: – → Engineering",
        "Language: English → 中文",
        "External, in the project: – → P-1",
    ):
        assert change in said


def test_an_empty_cell_clears_nothing(company: Stage) -> None:
    browser = company.browser("otto")
    browser.post(
        "/admin/people/import", do="import",
        text="login,name,email,phone,title,department\nrick,Rick,r@x.org,123,Chief,ENG\n",
    )  # fmt: skip
    text = "login,name,email,phone,title,department,language,zone\nrick,,,,,,,\n"
    assert "0 new, 0 changed, 1 as they are, 0 refused" in checked(company, text)
    browser.post("/admin/people/import", do="import", text=text)
    with company.look():
        rick = db.session.get_one(Person, queries.people_by_login(["rick"])["rick"])
        assert (rick.name, rick.email, rick.phone) == ("Rick", "r@x.org", "123")
        assert (rick.title, rick.department_id is None) == ("Chief", False)


def test_a_new_person_needs_a_name(company: Stage) -> None:
    assert "Give the name." in checked(company, "login,name\nnew.one,\n")


@pytest.mark.parametrize(
    ("cell", "language"),
    [("zh", "zh"), ("zh-CN", "zh"), ("ZH_hans", "zh"), ("中文", "zh"), ("简体中文", "zh"),
     ("en", "en"), ("en-GB", "en"), ("English", "en"), ("英文", "en"),
     ("fr", None), ("zhuang", None), ("Engl", None), ("中", None)],
)  # fmt: skip
def test_a_language_is_one_of_two_or_refused(
    company: Stage, cell: str, language: str | None
) -> None:
    known = imported_cells.Known
    with company.look():
        if language is None:
            with pytest.raises(Invalid, match="There is no language"):
                imported_cells.values_of({"language": cell}, known())
        else:
            assert imported_cells.values_of({"language": cell}, known()) == {"language": language}


def test_a_huge_cell_does_not_fill_the_report(company: Stage) -> None:
    huge = "x" * 5_000
    page = company.browser("otto").post(
        "/admin/people/import", do="check", text=f"login,name\n{huge},A\nb.b,{huge}\n"
    )
    shown = page.text.split("Row by row", 1)[1].split("</table>")[0]
    report = page.text.split("data:text/csv")[1].split('"')[0]
    for text in (shown, report):
        assert "x" * 80 in text
        assert "x" * 81 not in text


@pytest.mark.parametrize("login", ["nora", "vera", "rick", "eve"])
def test_only_people_administrators_import(company: Stage, login: str) -> None:
    browser = company.browser(login)
    assert browser.get("/admin/people/import").status_code == 403
    assert browser.post("/admin/people/import", do="import", text=LIST).status_code == 403
