"""Whatever happens to records, the ledgers say what a naive reckoning of their states says."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.costs.columns import leading_to_entries
from portal.db import db
from portal.ledgers.models import CostEntry, Posting
from portal.ledgers.queries import lines, sums
from portal.ledgers.reconciliation import all_problems
from portal.ledgers.services import on_transition, preview
from portal.records.models import Record
from tests.bounds import PROVE
from tests.ledgers.forms import CHANGE, cost_rule
from tests.ledgers.world import NOW, World, balance, make_world

NEXT = {
    "draft": ("submitted", "approved"),
    "submitted": ("approved", "rejected", "returned", "withdrawn"),
    "returned": ("submitted", "withdrawn"),
    "approved": ("approved", "void", "returned"),
}
AMOUNTS = st.decimals(Decimal("-9999.99"), Decimal("9999.99"), places=2)
STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 3), st.lists(AMOUNTS, max_size=3)), max_size=14
)


@dataclass
class Reckoning:
    """What stands, worked out without postings: the content of each record while in its state."""

    standing: dict[str, tuple[str, Decimal]] = field(default_factory=dict)

    def moved(self, record: Record) -> None:
        total = sum((Decimal(row["amount"]) for row in record.data["lines"]), Decimal(0))
        buckets = {"submitted": "budget_pending", "approved": "budget_change"}
        self.standing.pop(record.id, None)
        if record.state in buckets:
            self.standing[record.id] = (buckets[record.state], total)

    def sum(self, bucket: str) -> Decimal:
        return sum((total for b, total in self.standing.values() if b == bucket), Decimal(0))


@pytest.fixture
def stage(app: Flask) -> tuple[World, str]:
    with app.app_context():
        world = make_world()
        world.teach(CHANGE, cost_rule(), cost_rule("final", "approved"))
        yield world, world.entry("cost_code", "C1")
        db.session.rollback()


def _rows(code: str, amounts: list[Decimal]) -> list[dict[str, str]]:
    return [{"_id": f"r{n}", "code": code, "amount": f"{a:.2f}"} for n, a in enumerate(amounts)]


def _play(
    world: World, code: str, steps: list[tuple[int, int, list[Decimal]]]
) -> tuple[list[Record], Reckoning]:
    """Three records stumble through their states; their content may change on the way."""
    data = {"reason": "x", "ready": "2026-05-01", "lines": []}
    records = [world.record("change", data) for _ in range(3)]
    reckoning = Reckoning()
    for number, (which, choice, amounts) in enumerate(steps):
        record = records[which]
        moves = NEXT.get(record.state)
        if moves is None:
            continue
        if record.state in ("draft", "returned", "approved"):
            record.data = {**data, "lines": _rows(code, amounts)}
        transition = world.move(record, moves[choice % len(moves)], NOW + timedelta(days=number))
        on_transition(transition)
        reckoning.moved(record)
    return records, reckoning


def test_sums_equal_the_reckoning_and_reversals_net_to_zero(stage: tuple[World, str]) -> None:
    world, code = stage

    @given(STEPS)
    def equal(steps: list[tuple[int, int, list[Decimal]]]) -> None:
        with db.session.begin_nested() as inside:
            records, reckoning = _play(world, code, steps)
            for bucket in ("budget_pending", "budget_change"):
                assert balance("cost_entry", bucket=bucket) == reckoning.sum(bucket)
            for record in records:
                if record.state in ("rejected", "withdrawn", "void", "returned"):
                    assert balance("cost_entry", record_id=record.id) == 0
            _pairs_net_to_zero()
            assert list(all_problems(NOW)) == []
            inside.rollback()

    equal()


def _pairs_net_to_zero() -> None:
    pair = func.coalesce(Posting.reverses_id, Posting.id)
    reversed_ids = select(Posting.reverses_id).where(Posting.reverses_id.is_not(None))
    statement = (
        select(pair, CostEntry.cost_code_id, CostEntry.bucket, func.sum(CostEntry.amount))
        .join(Posting, Posting.id == CostEntry.posting_id)
        .where(pair.in_(reversed_ids))
        .group_by(pair, CostEntry.cost_code_id, CostEntry.bucket)
    )
    assert all(row[3] == 0 for row in db.session.execute(statement))


def test_the_list_behind_every_column_adds_up_to_its_figure(stage: tuple[World, str]) -> None:
    world, code = stage

    # each example asks for the entries of every column, twice
    some = settings(max_examples=2_000 if PROVE else 25)
    every = [one for one in leading_to_entries().values() if one.ledger == "cost_entry"]

    @some
    @given(STEPS)
    def adds_up(steps: list[tuple[int, int, list[Decimal]]]) -> None:
        with db.session.begin_nested() as inside:
            _play(world, code, steps)
            (group,) = sums(every, (), [world.project.id], {}) or [None]
            for column in every:
                figure = group.values[column.key] if group else Decimal(0)
                for hide in (False, True):
                    found = lines(column, [world.project.id], {}, hide_canceled=hide)
                    assert found.total == figure
                    shown = sum((line.value for line in found.lines), Decimal(0))
                    assert shown == figure
                    assert not found.lines or found.lines[-1].running == figure
            inside.rollback()

    adds_up()


def test_a_preview_equals_what_the_decision_then_moves(stage: tuple[World, str]) -> None:
    world, code = stage

    @given(st.lists(AMOUNTS, max_size=4), st.sampled_from(["approved", "rejected", "returned"]))
    def equals(amounts: list[Decimal], decision: str) -> None:
        with db.session.begin_nested() as inside:
            data = {"reason": "x", "ready": "2026-05-01", "lines": _rows(code, amounts)}
            record = world.record("change", data)
            world.move(record, "submitted")
            before = {bucket: balance("cost_entry", bucket=bucket) for bucket in _BUCKETS}
            foreseen = preview(record, decision, NOW)
            world.move(record, decision)
            for bucket in _BUCKETS:
                moved = balance("cost_entry", bucket=bucket) - before[bucket]
                assert moved == sum(
                    (e.attributes["amount"] for e in foreseen if e.attributes["bucket"] == bucket),
                    Decimal(0),
                )
            inside.rollback()

    equals()


_BUCKETS = ("budget_pending", "budget_change")


def test_paging_keeps_the_running_total(stage: tuple[World, str]) -> None:
    world, code = stage
    data = {"reason": "x", "ready": "2026-05-01", "lines": _rows(code, [Decimal(1)] * 25)}
    world.move(world.record("change", data), "approved")
    column = leading_to_entries()["changes"]
    pages = [
        lines(column, [world.project.id], {}, page=page, page_rows=10) for page in (1, 2, 3, 4)
    ]
    assert [len(page.lines) for page in pages] == [10, 10, 5, 5]
    assert [page.lines[-1].running for page in pages] == [10, 20, 25, 25]
    assert pages[0].pages == 3
