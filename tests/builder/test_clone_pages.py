"""The page that makes a module like another one."""

import re
from typing import Any

import pytest

from portal import clock, paths
from portal.builder import queries
from portal.builder.cloning.sources import the_source
from portal.definitions import services
from portal.errors import NotFound
from tests.accounts.stage import Browser
from tests.builder.conftest import Desk
from tests.records.pages import controls

CLONE = "/modules/site_visit/clone"


def typed(browser: Browser, address: str = CLONE, **more: str) -> dict[str, Any]:
    """What the page would send, with some inputs filled in."""
    page = browser.get(address)
    assert page.status_code == 200
    values = controls(page.text, "clone-form")
    del values["csrf_token"]
    return {**values, **{name.replace("__", "-"): value for name, value in more.items()}}


def test_a_module_is_made_like_another_and_published_at_once(desk: Desk) -> None:
    author = desk.browser()
    assert CLONE in author.get("/modules/site_visit").text
    sent = typed(author, title_en="Safety walk", title_zh="安全巡查", site_visit__letters="SW")
    assert sent["site_visit-title_en"] == ["Site visit (copy)"]
    answer = author.post(CLONE, **sent)
    assert answer.location == "/modules/safety_walk/draft"
    with desk.stage.look():
        files = dict(queries.the_draft("safety_walk").files)
        revision = queries.the_draft("safety_walk").revision
    assert set(files) == {"module.json", *(
        f"safety_walk.{kind}.json" for kind in ("form", "workflow", "cases")
    )}  # fmt: skip
    assert '"SW-{project.code}-{yyyy}-{seq:4}"' in files["safety_walk.form.json"]
    assert '{"en": "Safety walk", "zh": "安全巡查"}' in files["module.json"]
    done = author.post("/modules/safety_walk/draft/publish", revision=str(revision), note="")
    assert done.location == "/modules/safety_walk"
    with desk.stage.look():
        assert queries.the_module("safety_walk").release is not None


def test_a_page_sent_twice_makes_one_module(desk: Desk) -> None:
    author = desk.browser()
    sent = typed(author, key="walk")
    assert author.post(CLONE, **sent).location == author.post(CLONE, **sent).location
    with desk.stage.look():
        assert [one.brief.key for one in queries.module_rows()] == ["site_visit", "walk"]


def test_what_is_wrong_is_said_at_its_input_and_nothing_typed_is_lost(desk: Desk) -> None:
    author = desk.browser()
    hostile = '"><script>alert(1)</script>'
    sent = typed(
        author, title_en=hostile, key="Site visit!", site_visit__letters="SV",
        site_visit__title_en="", site_visit__title_zh="",
    )  # fmt: skip
    page = author.post(CLONE, **sent)
    assert page.status_code == 422
    assert "<script>alert" not in page.text
    assert "Small letters, digits and _" in page.text
    assert "The numbers of “Site visit” begin with these letters." in page.text
    assert 'href="#site_visit-title_en"' in page.text
    assert controls(page.text, "clone-form")["key"] == ["Site visit!"]
    assert author.post(CLONE, **typed(author, key="site_visit")).status_code == 422
    assert author.post(CLONE, **typed(author, key="payment")).status_code == 422, "shipped"
    assert author.post(CLONE, **typed(author, title_en="x" * 81)).status_code == 422
    assert author.post(CLONE, **typed(author, title_en="", title_zh="")).status_code == 422
    with desk.stage.look():
        assert len(queries.module_rows()) == 1


def test_a_module_that_came_with_the_portal_is_cloned_before_it_is_published(desk: Desk) -> None:
    author = desk.browser()
    assert "/modules/payment/clone" in author.get("/modules").text
    page = author.get("/modules/payment/clone").text
    assert "It needs modules that are not in use here yet" in page
    assert "The original posts to: Funds, Cost" in page
    answer = author.post(
        "/modules/parties/clone", **typed(author, "/modules/parties/clone", key="firms")
    )
    assert answer.location == "/modules/firms/draft"
    page = author.get(answer.location).text
    assert "1 list was left out" in page
    assert "firms.form.json" in page
    values = typed(author, "/modules/payment/clone", key="advances", postings="none")
    assert (
        "in the way of its release"
        in author.get(author.post("/modules/payment/clone", **values).location).text
    )


def test_what_cannot_follow_is_said_before_the_module_is_made(desk: Desk) -> None:
    author = desk.browser()
    assert "cannot follow" not in author.get(CLONE).text
    with desk.stage.work():
        folders = [one.parent for one in paths.DEFINITIONS.glob("*/module.json")]
        services.publish_folders(paths=sorted(folders), actor=None, now=clock.now())
    page = author.get("/modules/contracts/clone").text
    assert "4 posting rules cannot follow: their entries name a record of the original" in page
    assert re.search(r"[0-9]+ lists cannot follow: the records in them link to the original.", page)
    made = author.post("/modules/contracts/clone",
                       **typed(author, "/modules/contracts/clone", key="leases"))  # fmt: skip
    assert made.location == "/modules/leases/draft"
    assert "4 posting rules were left out" in author.get(made.location).text
    assert "cannot follow" not in author.get("/modules/day_labor/clone").text


def test_only_authors_clone(desk: Desk) -> None:
    for login in ("vera", "rick"):
        browser = desk.browser(login)
        assert browser.get(CLONE).status_code == 403
        assert browser.post(CLONE, key="walk").status_code == 403
    assert CLONE not in desk.browser("vera").get("/modules/site_visit").text
    assert desk.browser().get("/modules/none/clone").status_code == 404


def test_a_module_that_was_never_published_has_nothing_to_clone(desk: Desk) -> None:
    author = desk.browser()
    author.post(CLONE, **typed(author, key="walk"))
    assert author.get("/modules/walk/clone").status_code == 404
    assert "/modules/walk/clone" not in author.get("/modules/walk").text
    with desk.stage.look(), pytest.raises(NotFound):
        the_source("walk")
