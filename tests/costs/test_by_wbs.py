"""The sheet by elements of the work breakdown: the same totals, led back to the same entries."""

import re
from typing import Any

import pytest
from flask import Flask

from portal.costs.by_wbs import elements_below, plain_columns, wbs_sheets
from portal.costs.columns import sheet_in_force
from portal.costs.queries import cost_sheets
from portal.db import SYSTEM, db, set_context
from portal.ledgers.models import CostEntry
from portal.projects.queries import brief_of
from tests.ledgers.fixtures import Cast
from tests.ledgers.reading import total
from tests.ledgers.site import Site


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context(), app.test_request_context():
        yield Site(app)
        db.session.rollback()


def element(site: Site, code: str, **data: Any) -> str:
    given = {"code": code, "name": f"Part {code}", **data}
    return site.world.record("wbs", given, number=f"W{code}", state="approved").id


def spread(site: Site) -> tuple[str, str]:
    """Cost on an element, on one below it, and on none."""
    quay = element(site, "1")
    beams = element(site, "1.1", parent_element=quay)
    code = site.entry("cost_code", "77", "Glass")
    for place, amount in ((quay, "10"), (beams, "200"), (None, "3000")):
        made = site.cost(("budget_orig", code, amount), ("actual", code, amount))
        db.session.query(CostEntry).filter_by(record_id=made.id).update({"wbs_id": place})
    db.session.flush()
    return quay, beams


def test_groups_include_what_lies_below_and_the_rest_has_a_row_of_its_own(site: Site) -> None:
    quay, beams = spread(site)
    brief = brief_of(site.world.project)
    (sheet,) = wbs_sheets(brief, every=True)
    told = [
        (row.node.code.code if row.node else None, row.figures["actual"].value)
        for row in sheet.rows
    ]
    assert told == [("1", 210), ("1.1", 200), (None, 3000)]
    assert elements_below(brief, quay) == (quay, beams)
    assert elements_below(brief, "nothing") == ("nothing",)


def test_its_totals_are_those_by_cost_code(site: Site) -> None:
    spread(site)
    brief = brief_of(site.world.project)
    (by_wbs,), (by_code,) = wbs_sheets(brief, every=True), cost_sheets(brief)
    columns = plain_columns(sheet_in_force(), every=True)
    assert {"open_commitment", "to_complete", "used"}.isdisjoint(one.key for one in columns)
    for column in columns:
        assert by_wbs.total[column.key].value == by_code.total[column.key].value


def test_every_figure_leads_to_entries_that_come_to_it(cast: Cast) -> None:
    with cast.site.app.app_context():
        set_context(db.session(), SYSTEM)
        spread(cast.site)
        db.session.commit()
    browser = cast.browser("member")
    page = browser.get("/projects/P1/cost?rows=wbs").text
    assert "Rows by cost code" in page
    links = re.findall(r'href="(/projects/P1/entries[^"]+wbs[^"]+)"[^>]*>([-\d.,]+)', page)
    assert len(links) > 10
    for address, text in links:
        found = browser.get(address.replace("&amp;", "&"))
        assert found.status_code == 200, address
        assert f"{total(found.text):,.2f}" == text, address
    assert browser.get("/projects/P1/cost.xlsx?rows=wbs").status_code == 200
    assert cast.browser("outsider").get("/projects/P1/cost?rows=wbs").status_code == 404


def test_without_elements_there_is_no_switch(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P1/cost?rows=wbs").text
    assert "Rows by WBS element" not in page
    assert "Cost per cost code" in page
