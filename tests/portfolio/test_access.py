"""Figures belong to the project's people inside the company; for others they do not exist."""

import re

import pytest

from tests.ledgers.fixtures import Cast

PAGES = (
    "/projects/P1/cost",
    "/projects/P1/funds",
    "/projects/P1/labor",
    "/projects/P1/progress",
    "/projects/P1/entries?ledger=cost&column=left",
    "/projects/P1/entries?ledger=progress&column=readings",
    "/projects/P1/cost.xlsx",
    "/projects/P1/funds.xlsx",
    "/projects/P1/labor.xlsx",
    "/projects/P1/progress.xlsx",
    "/projects/P1/entries.xlsx?ledger=cost&column=left",
)


@pytest.mark.parametrize("page", PAGES)
def test_members_see_figures_and_nobody_else_learns_they_exist(cast: Cast, page: str) -> None:
    assert cast.browser("member").get(page).status_code == 200
    assert cast.browser("outsider").get(page).status_code == 404
    assert cast.browser("external").get(page).status_code == 404


def test_somebody_not_signed_in_is_sent_to_sign_in(cast: Cast) -> None:
    answer = cast.site.app.test_client().get("/projects/P1/cost")
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]


def test_an_unknown_project_is_not_found(cast: Cast) -> None:
    assert cast.browser("member").get("/projects/NOPE/cost").status_code == 404


def test_the_portfolio_of_an_outsider_is_empty_and_external_people_have_none(cast: Cast) -> None:
    empty = cast.browser("outsider").get("/portfolio")
    assert empty.status_code == 200
    assert "You are in no project yet" in empty.text
    assert "P1" not in empty.text
    assert cast.browser("external").get("/portfolio").status_code == 404
    assert cast.browser("external").get("/portfolio.xlsx").status_code == 404


def test_every_tab_of_a_project_leads_to_a_page_its_reader_may_see(cast: Cast) -> None:
    tabs = {who: tabs_of(cast, who) for who in ("member", "external")}
    assert tabs["external"] == ["/projects/P1", "/projects/P1/members"]
    assert set(tabs["member"]) >= {*tabs["external"], *(f"/projects/P1/{one}" for one in CENTERS)}
    for who, found in tabs.items():
        for address in found:
            assert cast.browser(who).get(address).status_code == 200, (who, address)


CENTERS = ("cost", "funds", "labor", "progress")


def tabs_of(cast: Cast, who: str) -> list[str]:
    page = cast.browser(who).get("/projects/P1").text
    found = re.search(r'<nav class="tab-bar.*?</nav>', page, re.S)
    assert found is not None
    return re.findall(r'href="([^"]+)"', found[0])
