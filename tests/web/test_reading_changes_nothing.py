"""A crawl of every page one can read leaves every table as it was, sessions excepted."""

import re

import pytest
from werkzeug.routing import Rule

from portal.approvals.models import Task
from tests.bounds import PROVE
from tests.stage import Stage

PER_PERSON = ("rita", "mark", "audrey", "paul")


def addresses(stage: Stage, known: dict[str, list[str]]) -> list[str]:
    """Every GET rule with every known value of its parts."""
    found: list[str] = []
    for rule in stage.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            found += filled(rule, known)
    return sorted(set(found))


def filled(rule: Rule, known: dict[str, list[str]]) -> list[str]:
    texts = [rule.rule]
    for part in rule.arguments:
        texts = [
            re.sub(rf"<(?:[^:>]+:)?{part}>", value, text)
            for text in texts
            for value in known.get(part, ["1"])
        ]
    return texts


@pytest.mark.parametrize("login", PER_PERSON)
def test_whatever_is_opened_nothing_changes(stage: Stage, login: str) -> None:
    draft = stage.draft()
    filed = stage.filed(stage.large())
    stage.approve(filed, "carl")
    done = stage.filed()
    stage.approve(done, "carl", "mark")
    person = stage.people[login]
    known = {
        "record_id": [draft, filed, done],
        "task_id": [row.id for row in stage.rows(Task, person_id=person)] or ["1"],
        "form_key": ["purchase", "crew"],
        "module": ["works"],
        "key": ["works"],
        "code": ["P1"],
        "project_code": ["P1"],
        "person_id": [person],
        "number": ["1"],
        "kind": ["xlsx", "pdf"],
        "name": ["purchase.form.json"],
    }
    browser = stage.browser(login)
    browser.get("/")
    before = stage.fingerprint()
    statuses: dict[str, int] = {}
    for address in addresses(stage, known):
        for headers in ({}, {"HX-Request": "true"}):
            answer = browser.get(address, headers=headers)
            statuses[address] = max(answer.status_code, statuses.get(address, 0))
        if PROVE or login == PER_PERSON[0]:  # asked for heads alone, the same pages are made
            browser.head(address)
    assert {url: status for url, status in statuses.items() if status >= 500} == {}
    assert sum(status == 200 for status in statuses.values()) >= 10
    assert stage.fingerprint() == before
