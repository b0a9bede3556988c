"""The standing checks find what was tampered with, and say nothing about healthy books."""

from decimal import Decimal

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, insert, update

from portal.db import db
from portal.ids import new_id
from portal.ledgers.cli import ledger
from portal.ledgers.models import CostEntry, Posting
from portal.ledgers.reconciliation import all_problems
from portal.records.models import Record
from tests.ledgers.forms import CHANGE, cost_rule
from tests.ledgers.world import NOW, World, entries


@pytest.fixture
def change(world: World) -> Record:
    world.teach(CHANGE, cost_rule(), cost_rule("final", "approved"))
    lines = [{"_id": "r1", "code": world.entry("cost_code", "C1"), "amount": "10.00"}]
    record = world.record(
        "change", {"reason": "x", "ready": "2026-05-01", "lines": lines}, number="CR-1"
    )
    world.move(record, "submitted")
    return record


def problems() -> list[str]:
    db.session.flush()
    return [str(problem.message) for problem in all_problems(NOW)]


def test_healthy_books_say_nothing(world: World, change: Record) -> None:
    assert problems() == []
    world.move(change, "approved")
    world.move(change, "void")
    assert problems() == []


def test_a_posted_state_without_postings_is_found(world: World, change: Record) -> None:
    db.session.execute(delete(CostEntry))
    db.session.execute(delete(Posting))
    (said,) = problems()
    assert "CR-1 is submitted, but its rule “pending” has posted nothing" in said


def test_a_state_that_left_its_postings_behind_is_found(world: World, change: Record) -> None:
    db.session.execute(update(Record).where(Record.id == change.id).values(state="rejected"))
    said = problems()
    assert any("never taken back" in one for one in said)
    assert any("add up to 10" in one for one in said)


def test_an_entry_that_differs_from_its_document_is_found(world: World, change: Record) -> None:
    db.session.execute(update(CostEntry).values(amount=11))
    (said,) = problems()
    assert "says 10.00" in said
    assert "say 11" in said


def test_a_reversal_that_does_not_cancel_is_found(world: World, change: Record) -> None:
    world.move(change, "approved")
    back = next(entry for entry in entries("cost_entry") if entry.amount < 0)
    db.session.execute(update(CostEntry).where(CostEntry.id == back.id).values(amount=-9))
    assert any("taking back “pending”" in one for one in problems())


def test_an_entry_of_another_register_is_found(world: World, change: Record) -> None:
    stray = world.entry("team", "T1")
    db.session.execute(update(CostEntry).values(cost_code_id=stray))
    assert any("names a team where a cost_code belongs" in one for one in problems())


def test_an_entry_without_a_rule_in_its_document_is_found(world: World, change: Record) -> None:
    (entry,) = entries("cost_entry")
    posting = {
        "id": new_id(),
        "project_id": entry.project_id,
        "record_id": change.id,
        "transition_seq": 9,
        "rule": "invented",
        "state": "submitted",
        "effective_on": entry.effective_on,
        "posted_at": NOW,
    }
    db.session.execute(insert(Posting), [posting])
    copy = {c.key: getattr(entry, c.key) for c in CostEntry.__mapper__.column_attrs}
    copy |= {"id": new_id(), "posting_id": posting["id"]}
    db.session.execute(insert(CostEntry), [copy])
    assert any("“invented” says 0" in one for one in problems())


def test_the_command_counts_entries_and_names_differences(
    app: Flask, world: World, change: Record
) -> None:
    db.session.commit()
    run = CliRunner().invoke
    sound = run(ledger, ["verify"], obj=lambda: app)
    assert (sound.exit_code, "1 entries agree with their records" in sound.output) == (0, True)
    db.session.execute(update(CostEntry).values(amount=Decimal("11.00")))
    db.session.commit()
    broken = run(ledger, ["verify"], obj=lambda: app)
    assert broken.exit_code == 1
    assert "CR-1: rule “pending” says 10.00" in broken.output
    assert "differences among 1 entries" in broken.output
