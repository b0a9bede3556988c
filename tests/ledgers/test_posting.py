"""A change of state moves figures, and leaving it takes them back exactly."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.definitions.posting_lines import compile_rules
from portal.errors import Invalid
from portal.forms.outcome import Facts
from portal.ledgers.models import Posting
from portal.ledgers.services import on_transition, preview
from portal.ledgers.values import typed_values
from portal.records.models import Record
from tests.ledgers.forms import CHANGE, Json, compiled, cost_rule
from tests.ledgers.world import NOW, World, balance, entries


@pytest.fixture
def change(world: World) -> Record:
    """A draft change of two lines, under rules for pending and final figures."""
    world.teach(CHANGE, cost_rule(), cost_rule("final", "approved"))
    return world.record(
        "change",
        {
            "reason": "Wet ground",
            "ready": "2026-05-01",
            "lines": [
                {"_id": "r1", "code": world.entry("cost_code", "C1"), "amount": "100.00"},
                {"_id": "r2", "code": world.entry("cost_code", "C2"), "amount": "-30.50"},
            ],
        },
    )


def test_submitting_posts_pending_lines_row_by_row(world: World, change: Record) -> None:
    world.move(change, "submitted")
    first, second = entries("cost_entry")
    assert (first.bucket, first.amount, first.row) == ("budget_pending", Decimal(100), "r1")
    assert (second.amount, second.row) == (Decimal("-30.50"), "r2")
    assert first.ccy == "CNY"
    assert first.effective_on == date(2026, 5, 1)
    assert first.project_id == world.project.id


def test_approving_takes_pending_back_and_posts_final(world: World, change: Record) -> None:
    world.move(change, "submitted")
    world.move(change, "approved")
    assert balance("cost_entry", bucket="budget_pending") == 0
    assert balance("cost_entry", bucket="budget_change") == Decimal("69.50")
    assert len(list(entries("cost_entry"))) == 6


@pytest.mark.parametrize("end", ["rejected", "withdrawn", "returned"])
def test_every_other_end_leaves_nothing_behind(world: World, change: Record, end: str) -> None:
    world.move(change, "submitted")
    world.move(change, end)
    assert balance("cost_entry") == 0


def test_voiding_an_approved_record_returns_the_figures(world: World, change: Record) -> None:
    world.move(change, "submitted")
    world.move(change, "approved")
    world.move(change, "void")
    assert balance("cost_entry") == 0
    assert balance("cost_entry", bucket="budget_change") == 0


def test_a_reversal_has_the_same_dimensions_and_points_to_what_it_takes_back(
    world: World, change: Record
) -> None:
    world.move(change, "submitted")
    world.move(change, "rejected", NOW + timedelta(days=90))
    statement = select(Posting).order_by(Posting.transition_seq)
    first, back = db.session.scalars(statement)
    assert back.reverses_id == first.id
    assert back.transition_seq == first.transition_seq + 1
    of_row = [entry for entry in entries("cost_entry") if entry.row == "r1"]
    before, after = sorted(of_row, key=lambda entry: entry.posting_id != first.id)
    assert (after.cost_code_id, after.bucket) == (before.cost_code_id, before.bucket)
    assert after.amount == -before.amount
    assert after.effective_on == date(2026, 6, 8)


def test_a_revised_register_entry_posts_its_new_content_only(world: World) -> None:
    world.teach(CHANGE, cost_rule("final", "approved"))
    code = world.entry("cost_code", "C1")
    lines = [{"_id": "r1", "code": code, "amount": "10.00"}]
    record = world.record("change", {"reason": "x", "ready": "2026-05-01", "lines": lines})
    world.move(record, "approved")
    record.data = {**record.data, "lines": [{**lines[0], "amount": "25.00"}]}
    world.move(record, "approved")
    assert balance("cost_entry") == 25
    record.data = {**record.data, "lines": []}
    world.move(record, "approved")
    assert balance("cost_entry") == 0


def test_posting_the_same_change_of_state_again_adds_nothing(world: World, change: Record) -> None:
    transition = world.move(change, "submitted")
    on_transition(transition)
    assert balance("cost_entry") == Decimal("69.50")
    assert len(list(entries("cost_entry"))) == 2


def test_what_was_taken_back_altogether_is_posted_anew(world: World, change: Record) -> None:
    world.move(change, "submitted")
    world.move(change, "returned")
    assert balance("cost_entry") == 0
    world.move(change, "submitted")
    assert balance("cost_entry") == Decimal("69.50")


def test_few_statements_take_back_and_post(world: World, change: Record) -> None:
    """One reads project and postings, one their entries; one writes postings, one entries."""
    world.move(change, "submitted")
    db.session.flush()
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement.split()[0])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        world.move(change, "approved")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert asked == ["SELECT", "SELECT", "INSERT", "INSERT"]


def test_the_database_refuses_a_second_posting_of_one_rule(world: World, change: Record) -> None:
    world.move(change, "submitted")
    (posting,) = db.session.scalars(select(Posting))
    again = {
        name: getattr(posting, name)
        for name in ("project_id", "record_id", "transition_seq", "rule", "state", "effective_on")
    }
    db.session.add(Posting(**again, posted_at=NOW))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_missing_value_refuses_the_decision_and_names_rule_and_field(
    world: World, change: Record
) -> None:
    rows = [change.data["lines"][0], {**change.data["lines"][1], "code": None}]
    change.data = {**change.data, "lines": rows}
    with pytest.raises(Invalid) as refused:
        world.move(change, "submitted")
    (error,) = refused.value.errors
    assert error.path == "lines[r2].code"
    assert "pending" in str(refused.value)
    assert list(entries("cost_entry")) == []


def test_an_amount_larger_than_a_ledger_holds_is_refused(world: World, change: Record) -> None:
    world.teach(CHANGE, cost_rule(set={"amount": "row.amount * 999999999999999"}))
    with pytest.raises(Invalid):
        world.move(change, "submitted")


def test_amounts_are_rounded_half_up_once_per_line(world: World, change: Record) -> None:
    world.teach(CHANGE, cost_rule(set={"amount": "row.amount * 0.0005"}))
    world.move(change, "submitted")
    assert [entry.amount for entry in entries("cost_entry")] == [Decimal("0.05"), Decimal("-0.02")]


def test_lines_that_move_nothing_are_not_posted(world: World, change: Record) -> None:
    world.teach(CHANGE, cost_rule(set={"amount": "row.amount * 0"}))
    world.move(change, "submitted")
    assert list(db.session.scalars(select(Posting))) == []


def test_a_condition_that_is_not_determined_posts_nothing(world: World, change: Record) -> None:
    world.teach(CHANGE, cost_rule(when="row.price > 0"))
    world.move(change, "submitted")
    assert list(entries("cost_entry")) == []


def test_fields_behind_a_link_are_read_from_the_linked_record(world: World) -> None:
    rule = {
        "id": "certify",
        "ledger": "funds_entry",
        "on": "approved",
        "foreach": "lines",
        "set": {
            "contract": "contract",
            "party": "contract.party",
            "stage": "certified",
            "direction": "contract.direction",
            "amount": "row.amount",
        },
    }
    world.teach(CHANGE, rule)
    party = world.entry("party", "Steel Ltd")
    contract = world.entry("contract", "K1", party=party, direction="out")
    lines = [{"_id": "r1", "amount": "10.00"}]
    data = {"reason": "x", "ready": "2026-05-01", "contract": contract, "lines": lines}
    world.move(world.record("change", data), "approved")
    (entry,) = entries("funds_entry")
    assert (entry.contract_id, entry.party_id, entry.direction) == (contract, party, "out")
    assert entry.effective_on == date(2026, 3, 10)


def test_a_linked_record_is_read_as_this_very_change_leaves_it(world: World) -> None:
    """Also when nothing of it was written yet."""
    world.teach(CHANGE, cost_rule("final", "approved", set={"party": "contract.party"}))
    old, new = world.entry("party", "Steel Ltd"), world.entry("party", "Timber Ltd")
    contract = world.entry("contract", "K1", party=old, direction="out")
    code = world.entry("cost_code", "C1")
    lines = [{"_id": "r1", "code": code, "amount": "10.00"}]
    data = {"reason": "x", "ready": "2026-05-01", "contract": contract, "lines": lines}
    change = world.record("change", data)
    linked = world.named["K1"]
    linked.data = {**linked.data, "party": new}
    world.move(change, "approved")
    (entry,) = entries("cost_entry")
    assert entry.party_id == new


def test_a_rule_is_given_what_it_reads_and_no_more() -> None:
    bound = {"amount": "sum(lines, row, row.amount)", "party": "contract.party"}
    raw = cost_rule("whole", "approved", foreach=None, set={"cost_code": "contract", **bound})
    (rule,) = compile_rules([raw], compiled(CHANGE))
    lines = [{"_id": "r1", "amount": "10.00", "qty": "3"}, {"_id": "r2", "amount": "2.50"}]
    data = {"note": "x", "ready": "2026-05-01", "contract": "K1", "lines": lines}
    facts = Facts(today=NOW.date(), links={"contract": {"party": "P1"}})
    values = typed_values([rule], compiled(CHANGE), data, facts)
    assert values["contract"]["party"] == "P1"
    assert [row["amount"] for row in values["lines"]] == [Decimal(10), Decimal("2.5")]
    assert "note" not in values
    assert "qty" not in values["lines"][0]


def test_a_preview_says_what_the_decision_will_move_and_writes_nothing(
    world: World, change: Record
) -> None:
    world.move(change, "submitted")
    before = len(list(entries("cost_entry")))
    moved = [
        (one.attributes["bucket"], one.attributes["amount"], one.takes_back)
        for one in preview(change, "approved", NOW)
    ]
    assert sorted(moved) == [
        ("budget_change", Decimal("-30.50"), False),
        ("budget_change", Decimal("100.00"), False),
        ("budget_pending", Decimal("-100.00"), True),
        ("budget_pending", Decimal("30.50"), True),
    ]
    assert len(list(entries("cost_entry"))) == before


def funds_rule(stage: str) -> Json:
    """A rule that posts 100 at a stage of money, of the contract if there is one."""
    return {
        "id": "money",
        "ledger": "funds_entry",
        "on": "approved",
        "set": {
            "stage": stage,
            "direction": "out",
            "contract": "contract",
            "settles": "record",
            "category": "reason",
            "amount": "sum(lines.amount)",
            "ccy": "project.currency",
            "effective_on": "ready",
        },
    }


def test_money_stands_without_a_contract_where_it_may(world: World, change: Record) -> None:
    world.teach(CHANGE, funds_rule("cash"))
    world.move(change, "approved")
    (entry,) = entries("funds_entry")
    assert (entry.contract_id, entry.settles_id) == (None, change.id)
    assert (entry.category, entry.amount) == ("Wet ground", Decimal("69.50"))


@pytest.mark.parametrize("stage", ["contract", "contract_change", "retention_hold"])
def test_money_that_means_nothing_without_its_contract_is_refused(
    world: World, change: Record, stage: str
) -> None:
    world.teach(CHANGE, funds_rule(stage))
    with pytest.raises(Invalid, match="contract"):
        world.move(change, "approved")
    assert list(entries("funds_entry")) == []


def test_the_database_refuses_a_retention_of_no_contract(world: World, change: Record) -> None:
    world.teach(CHANGE, funds_rule("cash"))
    world.move(change, "approved")
    (entry,) = entries("funds_entry")
    entry.stage = "retention_release"
    with pytest.raises(IntegrityError):
        db.session.flush()
