"""Start: the forms one may file in the current project, those used lately first."""

import re

import pytest

from tests.stage import Stage

HTMX = {"HX-Request": "true"}


def tiles(page: str) -> dict[str, list[tuple[str, str]]]:
    """Heading → (title, address) of its tiles."""
    main = page.partition("<main")[2]
    found: dict[str, list[tuple[str, str]]] = {}
    for part in main.split('<h2 class="section-heading">')[1:]:
        heading, _mark, rest = part.partition("</h2>")
        found[heading] = re.findall(
            r'<a class="start-tile" href="([^"]+)">.*?<strong>(.*?)</strong>', rest, re.S
        )
        found[heading] = [(title, address) for address, title in found[heading]]
    return found


def offered(stage: Stage, login: str, query: str = "") -> set[str]:
    answer = stage.browser(login).get(f"/start{query}")
    assert answer.status_code == 200, answer.text
    return {title for found in tiles(answer.text).values() for title, _address in found}


def test_everybody_is_offered_what_they_may_file_here(stage: Stage) -> None:
    assert offered(stage, "rita") >= {"Purchase", "Crew", "Appraisal"}
    assert "Cost code" not in offered(stage, "rita")
    assert "Cost code" in offered(stage, "cleo")
    assert offered(stage, "eve") < offered(stage, "rita"), "external people file less"


def test_each_tile_opens_its_form_in_the_current_project(stage: Stage) -> None:
    browser = stage.browser("ron")
    page = browser.get("/start").text
    assert "In project P1 Project P1" in page
    [addresses] = tiles(page).values()
    assert len(addresses) >= 3
    for _title, address in addresses:
        assert browser.get(address.replace("&amp;", "&")).status_code == 200
    assert ("Purchase", "/forms/purchase/new?project=P1") in addresses


def test_forms_of_the_company_are_offered_without_a_project(stage: Stage) -> None:
    page = stage.browser("cleo").get("/start").text
    found = {one for group in tiles(page).values() for one in group}
    assert found == {("Cost code", "/forms/cost_code/new")}


def test_what_was_filed_lately_stands_first(stage: Stage) -> None:
    assert list(tiles(stage.browser("ron").get("/start").text)) == ["Money"]
    stage.filed(login="ron")
    stage.entry("ron", "crew", "P1", code="C7", name="Rebar crew", rate="90")
    found = tiles(stage.browser("ron").get("/start").text)
    assert list(found) == ["Lately used", "Money"]
    assert [title for title, _address in found["Lately used"]] == ["Crew", "Purchase"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("PURCH", {"Purchase"}),
        ("  crew ", {"Crew"}),
        ("", {"Purchase", "Crew", "Appraisal", "Allotment"}),
        ("%25", set()),
        ("zzz", set()),
        ("%ff", set()),
        ("x" * 5_000, set()),
    ],
)
def test_tiles_are_found_by_a_part_of_their_title(
    stage: Stage, query: str, found: set[str]
) -> None:
    assert offered(stage, "rita", f"?q={query}") == found


def test_what_is_not_found_says_so_and_leads_back(stage: Stage) -> None:
    page = stage.browser("rita").get("/start?q=<b>zzz").text
    assert "No form is called “&lt;b&gt;zzz”" in page
    assert "Show all forms" in page


def test_who_may_file_nothing_is_told_what_to_do(stage: Stage) -> None:
    for login in ("nobody", "audrey"):
        page = stage.browser(login).get("/start").text
        assert "There is no form you may file here" in page
        assert "Show all forms" not in page


def test_the_current_project_is_the_one_chosen_last(stage: Stage) -> None:
    browser = stage.browser("olga")
    assert "In project P2" in browser.get("/start").text
    with browser.session_transaction() as cookie:
        cookie["project"] = stage.projects["P1"]
    page = browser.get("/start").text
    assert "In project P2" in page, "nobody works in a project they are not in"
    assert "P1" not in page.partition("<main")[2]


def test_start_speaks_both_languages(stage: Stage) -> None:
    for login in ("rita", "nobody"):
        stage.speaks_chinese(login)
    rita, nobody = (stage.browser(one).get("/start").text for one in ("rita", "nobody"))
    assert "发起新单据" in rita
    assert "班组" in {title for title, _address in tiles(rita)["成本与资金"]}
    assert "这里没有您可填报的表单" in nobody
    assert "没有名为“zzz”的表单" in stage.browser("rita").get("/start?q=zzz").text


def test_start_answers_as_page_and_to_scripts_alike(stage: Stage) -> None:
    browser = stage.browser("rita")
    for headers in ({}, HTMX, {**HTMX, "HX-Boosted": "true"}):
        answer = browser.get("/start", headers=headers)
        assert answer.status_code == 200
        assert "Purchase" in answer.text


def test_who_is_not_signed_in_is_asked_to(stage: Stage) -> None:
    answer = stage.app.test_client().get("/start")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")


def test_looking_for_a_form_writes_nothing(stage: Stage) -> None:
    browser = stage.browser("rita")
    browser.get("/")
    before = stage.fingerprint()
    for headers in ({}, HTMX):
        for query in ("", "?q=crew", "?q=zzz"):
            browser.get(f"/start{query}", headers=headers)
    assert stage.fingerprint() == before
