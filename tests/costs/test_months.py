"""The page of the budget by month: what falls until then, how it came about, who chooses."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from python_calamine import load_workbook
from sqlalchemy import select

from portal.audit.models import AuditRow
from portal.costs.services import choose_basis
from portal.db import SYSTEM, db, set_context
from portal.errors import Forbidden, Invalid
from portal.ledgers.pages import ProjectBrief
from portal.projects.models import Project
from portal.web.viewer import Viewer
from tests.approvals.test_pages import token
from tests.ledgers.fixtures import Cast
from tests.ledgers.reading import number, total
from tests.ledgers.world import NOW

PAGE = "/projects/P1/cost/months"


def spread(cast: Cast) -> str:
    """A budget over four months and what was spent of it; the code's id."""
    with cast.site.app.app_context():
        set_context(db.session(), SYSTEM)
        code = cast.site.entry("cost_code", "77", "Roof")
        over = {"spread_from": "2026-05-10", "spread_until": "2026-08-20"}
        cast.site.cost(("budget_orig", code, "1000.00"), **over)
        cast.site.cost(("budget_orig", code, "40.00"))
        cast.site.cost(("actual", code, "300.00"), day="2026-05-15")
        cast.site.cost(("actual", code, "10.00"), day="2026-07-15")
        db.session.commit()
        return code


def months(page: str) -> list[list[str]]:
    """The rows of the last table but the rules: month, then figures."""
    table = re.findall(r"<table.*?</table>", page, re.S)[-2]
    cells = [
        re.findall(r"<td.*?</td>", row, re.S) for row in re.findall(r"<tr>.*?</tr>", table, re.S)
    ]
    return [[re.sub(r"<[^>]+>|below zero", "", one).strip() for one in row] for row in cells if row]


def test_the_page_shows_each_month_and_how_one_came_about(cast: Cast) -> None:
    code = spread(cast)
    browser = cast.browser("member")
    rows = months(browser.get(f"{PAGE}?cost_code={code}").text)
    assert [row[:3] for row in rows] == [
        ["At any time", "40.00", "0.00"],
        ["May 2026", "290.00", "300.00"],
        ["Jun 2026", "540.00", "300.00"],
        ["Jul 2026", "790.00", "310.00"],
        ["Aug 2026", "1,040.00", "310.00"],
    ]
    told = browser.get(f"{PAGE}?cost_code={code}&until=2026-06").text
    assert "How it came about by the end of Jun 2026" in told
    (whole,) = re.findall(r'<tr class="sum">.*?</tr>', told, re.S)
    assert "540.00" in whole
    assert re.search(r"May 2026</td>.*?Aug 2026</td>.*?1,000.00.*?500.00", told, re.S)


def test_what_was_spent_by_then_leads_to_entries_that_come_to_it(cast: Cast) -> None:
    code = spread(cast)
    browser = cast.browser("member")
    page = browser.get(f"{PAGE}?cost_code={code}").text
    found = re.findall(r'href="(/projects/P1/entries\?[^"]*)"[^>]*>([\d.,]+)<', page)
    assert len(found) == 5
    for address, text in found:
        answer = browser.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert number(text) == 0 or total(answer.text) == number(text), address


def test_it_is_taken_along_and_printed(cast: Cast) -> None:
    code = spread(cast)
    browser = cast.browser("member")
    answer = browser.get(f"{PAGE}.xlsx?cost_code={code}")
    rows = load_workbook(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert ["2026-06", "CNY", 540.0, 300.0] in [row[:4] for row in rows]
    assert rows[0][0] == "Until the end of"
    (page,) = PdfReader(BytesIO(browser.get(f"{PAGE}.pdf").data)).pages
    assert "Until the end of" in page.extract_text()
    assert "A budget without months of its own" in page.extract_text()
    assert browser.get(PAGE).status_code == 200
    assert browser.get("/projects/P2/cost/months").status_code == 200


def test_who_may_pass_a_stop_chooses_and_a_manager_does_not(cast: Cast) -> None:
    with cast.site.app.app_context():
        set_context(db.session(), SYSTEM)
        project = cast.site.world.project
        row = db.session.scalars(select(Project).where(Project.code == "P1")).one()
        brief = ProjectBrief(row.id, row.code, row.name, row.currency, row.zone, row.status)
        manager = Viewer(person_id="x", project_roles={row.id: frozenset({"project_manager"})})
        with pytest.raises(Forbidden):
            choose_basis(actor=manager, project=brief, column="available_static", now=NOW)
        director = Viewer(person_id=cast.ids["member"], roles=frozenset({"director"}))
        for column in ("left", "used", "nothing"):
            with pytest.raises(Invalid):
                choose_basis(actor=director, project=brief, column=column, now=NOW)
        choose_basis(actor=director, project=brief, column="available_static", now=NOW)
        db.session.commit()
        noted = db.session.scalars(select(AuditRow).where(AuditRow.action == "project.edit")).one()
        assert noted.detail == {"budget_basis": ["", "available_static"]}
        assert project is not None
    page = cast.browser("member").get(PAGE).text
    assert "Available (static)" in page
    assert "Control it by this" not in page


def test_nobody_posts_it_who_may_not(cast: Cast) -> None:
    browser = cast.browser("member")
    data = {"csrf_token": token(browser), "column": "available_static"}
    assert browser.post(PAGE, data=data).status_code == 403
    assert cast.browser("outsider").get(PAGE).status_code == 404
