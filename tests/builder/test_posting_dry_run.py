"""What a draft's posting rules would change is told beforehand, and nothing is written."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from portal.db import db
from portal.ledgers.models import CostEntry, Posting
from tests.builder.postings_stage import AT, FILE, Works, works_on
from tests.conftest import Lending

DRY = f"{AT}/dry-run"


@pytest.fixture
def works(lending: Lending) -> Iterator[Works]:
    with works_on(lending) as made:
        _records(made)
        yield made


def _records(made: Works) -> None:
    made.record("PU-1", "100.00")
    made.record("PU-2", "50.50")
    made.record("PU-3", "7.00", state="submitted")
    made.record("PU-4", "900.00", state="rejected")


def test_rules_that_say_the_same_change_nothing(works: Works) -> None:
    works.write(works.text().replace('"final"', '"agreed"'))
    page = works.author.get(DRY)
    assert page.status_code == 200
    assert "3 were tried." in page.text
    assert "For none of them anything would be different." in page.text
    assert "Cost: Commitment" in page.text
    assert "150.50" in page.text


def test_entries_sums_and_lines_that_differ_are_told(works: Works) -> None:
    changed = works.text().replace('"row.amount"', '"row.amount * 2"')
    rules = json.loads(changed)
    rules["rules"][0]["when"] = "row.qty > 5"
    works.write(json.dumps(rules))
    page = works.stage.browser("vera").get(DRY).text
    assert "For 3 of them something would be different." in page
    assert "301.00" in page
    assert "<del>100.00</del> → <ins>200.00</ins>" in page
    assert "goes" in page
    assert "Secret PU-1" in page
    assert "01 Earth" in page
    with works.stage.look():
        for table in (Posting, CostEntry):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_who_may_not_read_a_record_sees_its_number_and_sums_alone(works: Works) -> None:
    works.write(works.text().replace('"row.amount"', '"row.amount * 2"'))
    page = works.author.get(DRY).text
    assert "PU-1" in page
    assert "301.00" in page
    assert "Secret" not in page
    assert "you may not read this record" in page
    assert "<del>100.00</del>" not in page
    assert "Earth" not in page


def test_the_newest_are_taken_and_may_be_taken_as_approved(works: Works) -> None:
    page = works.author.get(f"{DRY}?last=1").text
    assert "1 was tried." in page
    assert "Cost: Pending commitment" in page
    page = works.author.get(f"{DRY}?last=1&state=approved").text
    assert "Cost: Commitment" in page
    assert "Pending" not in page


@pytest.mark.parametrize("asked", ["last=0", "last=301", "last=x", "last=-3", "state=void"])
def test_what_cannot_be_tried_is_refused_by_name(works: Works, asked: str) -> None:
    answer = works.author.get(f"{DRY}?{asked}")
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_records_the_rules_would_refuse_are_counted(works: Works) -> None:
    rules = json.loads(works.text())
    rules["rules"][1]["set"]["amount"] = "crew_rate"
    rules["rules"][1]["when"] = "not is_empty(crew_rate) or total > 80"
    works.write(json.dumps(rules))
    page = works.author.get(DRY).text
    assert "1 of them would be refused" in page
    assert "Posting rule “final” finds no value for “amount”" in page


@pytest.fixture
def bare(lending: Lending) -> Iterator[Works]:
    with works_on(lending, with_rules=False) as made:
        yield made


def test_examples_stand_in_for_records(bare: Works) -> None:
    works = bare
    given = {
        "title": "Sand", "lines": [{"item": "Sand", "cost_code": "C1", "qty": "2", "price": "3"}]
    }  # fmt: skip
    cases = {
        "$schema": "../schema/cases-1.json",
        "form": "purchase",
        "cases": [{"name": "Plain <b>", "given": given}],
    }
    works.write(json.dumps(cases), "purchase.cases.json")
    page = works.author.get(DRY).text
    assert "There is no record yet" in page
    assert "Neither the rules in force nor those of the draft" in page
    rule = {
        "id": "actual", "ledger": "cost_entry", "on": "approved", "foreach": "lines",
        "set": {
            "bucket": "actual", "cost_code": "row.cost_code", "amount": "row.amount",
            "ccy": "project.currency", "effective_on": "record.approved_on",
        },
    }  # fmt: skip
    works.write(
        json.dumps(
            {"$schema": "../schema/postings-1.json", "postings": "purchase", "form": "purchase",
             "rules": [rule]}
        ),
        FILE,
    )  # fmt: skip
    page = works.author.get(DRY).text
    assert "Plain &lt;b&gt;" in page
    assert "Cost: Actual cost" in page
    assert "6.00" in page


def test_rules_with_errors_are_not_tried(works: Works) -> None:
    works.write(works.text().replace('"row.amount"', '"row.nothing"'))
    page = works.author.get(DRY)
    assert page.status_code == 200
    assert "The rules cannot be tried just now" in page.text
