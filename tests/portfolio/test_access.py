"""Figures belong to the project's people inside the company; for others they do not exist."""

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
