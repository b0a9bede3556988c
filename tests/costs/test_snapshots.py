"""A frozen sheet stays as it was; what moved since is told code by code."""

import re
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.audit.queries import verify
from portal.costs.services import freeze
from portal.costs.snapshots import differences, frozen
from portal.db import SYSTEM, db, set_context
from portal.errors import Conflict, Forbidden
from portal.ledgers.models import Snapshot
from portal.projects.queries import project_brief
from portal.web.viewer import Viewer
from tests.ledgers.fixtures import Cast
from tests.ledgers.site import Site
from tests.ledgers.world import NOW

LIST = "/projects/P1/cost/snapshots"


def freeze_as(browser: FlaskClient, name: str, *, seen: str = LIST) -> TestResponse:
    """The form sent with a name, by somebody who looks at a page."""
    page = browser.get(seen).text
    found = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page))
    return browser.post(LIST, data={**found, "name": name})


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context(), app.test_request_context():
        yield Site(app)
        db.session.rollback()


def test_what_moved_names_codes_and_columns_that_did_and_no_others(site: Site) -> None:
    steel, piles = site.entry("cost_code", "02", "Steel"), site.entry("cost_code", "01", "Piles")
    site.cost(("budget_orig", steel, "100"), ("budget_orig", piles, "50"))
    project = project_brief(site.world.project.id)
    assert project is not None
    before = frozen(project)
    assert differences(before, frozen(project)) == []
    site.cost(("actual", steel, "30"))
    (moved,) = differences(before, frozen(project))
    assert [row.code for row in moved.rows] == ["02"]
    deltas = moved.rows[0].deltas
    assert (deltas["actual"].before, deltas["actual"].after) == (Decimal(0), Decimal(30))
    assert deltas["left"].change == -30
    assert deltas["original"].change == 0
    assert "original" not in {one["id"] for one in moved.columns}
    assert "used" not in {one["id"] for one in moved.columns}
    assert moved.total["actual"].change == 30
    site.cost(("actual", piles, "5"), currency="EUR")
    assert {one.currency for one in differences(before, frozen(project))} == {"CNY", "EUR"}


def test_a_code_that_came_or_went_counts_from_nothing(site: Site) -> None:
    project = project_brief(site.world.project.id)
    assert project is not None
    before = frozen(project)
    steel = site.entry("cost_code", "02", "Steel")
    site.cost(("budget_orig", steel, "100"))
    after = frozen(project)
    (came,), (went,) = differences(before, after), differences(after, before)
    assert came.rows[0].deltas["original"].before is None
    assert came.rows[0].deltas["original"].change == 100
    assert went.rows[0].deltas["original"].change == -100


def test_nothing_is_frozen_by_outsiders_nor_from_nothing(site: Site) -> None:
    project = project_brief(site.world.project.id)
    assert project is not None
    outsider = Viewer(person_id=site.world.requester.id)
    with pytest.raises(Forbidden):
        freeze(actor=outsider, project=project, name="x", now=NOW)
    member = Viewer(person_id=site.world.requester.id, project_roles={project.id: frozenset("m")})
    with pytest.raises(Conflict):
        freeze(actor=member, project=project, name="x", now=NOW)


def test_a_sheet_is_frozen_looked_at_exported_and_compared(cast: Cast) -> None:
    browser = cast.browser("member")
    assert "No sheet is frozen yet" in browser.get(LIST).text
    refused = freeze_as(browser, " ")
    assert refused.status_code == 422
    assert "Please fill this in." in refused.text
    answer = freeze_as(browser, "March 2026")
    assert answer.status_code == 303
    address = answer.headers["Location"]
    page = browser.get(address).text
    assert "-90,000.00" in page
    assert "Structural steel" in page
    assert browser.get(f"{address}.xlsx").data[:2] == b"PK"
    kept = browser.get(f"{address}.json").get_json()
    with cast.site.app.app_context():
        set_context(db.session(), SYSTEM)
        one = db.session.scalars(db.select(Snapshot)).one()
        assert (kept["name"], kept["sha256"]) == ("March 2026", one.sha256)
        assert kept["sheets"] == one.body["sheets"]
        assert verify().whole
    same = browser.get(f"/projects/P1/cost/difference?from={one.id}").text
    assert "Nothing moved" in same
    with cast.site.app.app_context():
        set_context(db.session(), SYSTEM)
        codes = {row["code"]: row["id"] for row in kept["sheets"][0]["rows"]}
        cast.site.cost(("actual", codes["02"], "1234.00"))
        db.session.commit()
    moved = browser.get(f"/projects/P1/cost/difference?from={one.id}&to=now").text
    assert "+1,234.00" in moved
    assert "Excavation" not in moved.split("<tbody>")[1].split("</tbody>")[0]
    assert browser.get(address).text.count("-90,000.00") == page.count("-90,000.00")
    second = freeze_as(browser, "April").headers["Location"].split("/")[-1].split("?")[0]
    turned = browser.get(f"/projects/P1/cost/difference?from={second}&to={one.id}").text
    assert "What moved since “March 2026”" in turned


def test_a_snapshot_belongs_to_its_project(cast: Cast) -> None:
    browser = cast.browser("member")
    address = freeze_as(browser, "March").headers["Location"].split("?")[0]
    key = address.split("/")[-1]
    for page in (address, f"{address}.xlsx", f"{address}.json", LIST):
        assert cast.browser("outsider").get(page).status_code == 404
        assert cast.browser("external").get(page).status_code == 404
    assert freeze_as(cast.browser("outsider"), "x", seen="/portfolio").status_code == 404
    assert browser.get(f"/projects/P2/cost/snapshots/{key}").status_code == 404
    assert browser.get(f"/projects/P2/cost/difference?from={key}").status_code == 404
    assert browser.get("/projects/P1/cost/difference").status_code == 404
