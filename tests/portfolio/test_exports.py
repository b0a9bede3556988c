"""The export center: every export there is, each for whom it is."""

import re
from html import unescape

from flask import Flask

from tests.labor.conftest import yard
from tests.labor.yard import Yard
from tests.ledgers.fixtures import Cast

__all__ = ["yard"]

FORMATS = re.compile(r"/projects/<[^>]+>/[^<]*\.(xlsx|pdf|csv|xml|ics)$")
BOTH = re.compile(r"/projects/<code>/[^<]*\.<any\(xlsx, pdf\):kind>$")
OTHERWISE = {  # of a choice made on their pages
    "portfolio.entries_file",
    "progress.baseline_difference_file",
    "costs.difference_file",
    "funds.parts_file",
    "funds.expected_file",
    "funds.due_export",
    "funds.checks_export",
    "funds.accounts_export",
}


def links(page: str) -> set[str]:
    return {unescape(one) for one in re.findall(r'href="(/[^"]+)"', page)}


def test_everything_that_can_be_taken_along_stands_there_and_arrives(cast: Cast) -> None:
    browser = cast.browser("member")
    page = browser.get("/projects/P1/exports")
    assert page.status_code == 200
    found = {one for one in links(page.text) if re.search(r"\.(xlsx|pdf|csv|xml|ics)", one)}
    assert len(found) > 10
    for address in sorted(found):
        answer = browser.get(address)
        assert answer.status_code == 200, address


def test_no_export_of_a_project_is_forgotten(app: Flask, cast: Cast) -> None:
    page = links(cast.browser("member").get("/projects/P1/exports").text)
    wages = {"labor.wages_export", "labor.wages_printed", "labor.ledger_export",
             "labor.ledger_printed"}  # fmt: skip
    addresses = [
        (rule.endpoint, rule.rule.replace("<code>", "P1").replace("<any(xlsx, pdf):kind>", kind))
        for rule in app.url_map.iter_rules()
        for kind in ("xlsx", "pdf")
        if (BOTH.match(rule.rule) or (FORMATS.match(rule.rule) and rule.arguments == {"code"}))
        and rule.endpoint not in OTHERWISE | wages
    ]
    assert len(addresses) > 30
    assert [one for one in addresses if one[1] not in page] == []


def test_wages_are_offered_to_whom_they_concern_alone(yard: Yard) -> None:
    offered = {
        login: "/labor/wages.xlsx" in yard.browser(login).get("/projects/Y1/exports").text
        for login in ("mark", "nora")
    }
    assert offered == {"mark": True, "nora": False}


def test_who_sees_no_figures_finds_no_exports(cast: Cast) -> None:
    assert cast.browser("outsider").get("/projects/P1/exports").status_code == 404
    assert cast.browser("external").get("/projects/P1/exports").status_code in {403, 404}
