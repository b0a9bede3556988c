"""Sixteen places where posting on approval breaks, one by one, through the shipped forms.

The numbers are those of the list in the domain description (4.3): pending figures, several
ledgers, relief, to-date figures, runs, readings, re-parenting, tax, allocation, two at once,
releases, amendments, closed months, wages, typed tables, wrong rules.
"""

import json
import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError

from portal import paths
from portal.approvals import services as approvals
from portal.approvals import voiding
from portal.costs.services import freeze
from portal.db import db
from portal.definitions import services as definitions
from portal.errors import Invalid
from portal.ids import new_id
from portal.ledgers.models import LEDGERS, CostEntry, FundsEntry, Posting
from portal.projects import services as projects
from portal.projects.queries import project_brief
from tests.approvals.racing import Act, together
from tests.house import House, house
from tests.purchasing.chain import asked, ordered, received, request

__all__ = ["house"]

CHANGE_SIGNERS = ("pete", "dora", "fay")


def _own(house: House, ledger: Any, where: Mapping[str, Any]) -> list[Any]:
    """The entries of what a test files: the registers of the house moved something before."""
    kept = set(house.entries.values())
    return [one for one in house.rows(ledger, **where) if one.record_id not in kept]


def by_bucket(house: House, **where: Any) -> dict[str, Decimal]:
    """The sums of cost entries, those of nothing left out."""
    found: dict[str, Decimal] = {}
    for one in _own(house, CostEntry, where):
        found[one.bucket] = found.get(one.bucket, Decimal(0)) + one.amount
    return {bucket: amount for bucket, amount in found.items() if amount}


def by_stage(house: House, **where: Any) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for one in _own(house, FundsEntry, where):
        found[one.stage] = found.get(one.stage, Decimal(0)) + one.amount
    return {stage: amount for stage, amount in found.items() if amount}


def open_and_actual(house: House) -> list[Decimal]:
    return [house.figures()[key] for key in ("open_commitment", "actual")]


def contract(house: House, direction: str = "expense", **more: Any) -> str:
    """A contract of 1,000 units at 109.00 including 9 % tax."""
    line = {
        "_id": "c1", "item": "1", "description": "Piles", "unit": "m", "qty": "1000",
        "unit_price": "109.00", "cost_code": house.entries["cost_code"],
    }  # fmt: skip
    party = house.entries["supplier" if direction == "expense" else "owner"]
    data = {
        "code": f"K-{direction}", "name": "Piling", "direction": direction,
        "signed_on": "2026-03-01", "party": party, "tax_percent": "9.00", "payment_days": 30,
        "lines": [line], "advance_rule": "none", "retention_percent": "0.00",
        "retention_cap_percent": "0.00",
    }  # fmt: skip
    return house.entry("bea", "contract", "P1", **{**data, **more})


def change(house: House, scope: str, **more: Any) -> str:
    """A change of 200.00 on its way."""
    line = {
        "_id": "l1", "cost_code": house.entries["cost_code"], "description": "More piles",
        "qty": "2", "unit": "m", "unit_price": "100.00",
    }  # fmt: skip
    data = {
        "title": "More piles", "reason": "site", "affected_scope": "Berth 1",
        "description": "Rock", "scope": scope, "lines": [line], "probability_before": 3,
        "impact_before": 3, "probability_after": 1, "impact_after": 2,
    }  # fmt: skip
    return house.file("quin", "change_request", **{**data, **more})


def application(house: House, of: str, qty: str, **more: Any) -> str:
    """A payment application that measures so many units."""
    number = house.now().strftime("%H%M%S")
    data = {
        "contract": of, "period_to": more.pop("period_to", "2026-03-02"),
        "invoice_no": f"F-{number}", "invoice_date": "2026-03-02",
        "lines": [{"_id": "c1", "this_qty": qty}],
    }  # fmt: skip
    return house.file("bea", "payment", **{**data, **more})


def certified(house: House, of: str, qty: str, **more: Any) -> str:
    return house.pass_on(application(house, of, qty, **more), "sam", "carla", "max")


def void(house: House, record_id: str, login: str) -> None:
    with house.acting(login) as viewer:
        seen = house.record(record_id).revision
        voiding.void(
            actor=viewer, record_id=record_id, seen_revision=seen, reason="x", now=house.now()
        )


def test_trap_01_pending_figures_follow_every_event_not_approval_alone(house: House) -> None:
    record_id = change(house, "out", owner_contract=contract(house, "income"), owner_amount="250")
    assert by_bucket(house) == {"commit_pending": 200, "budget_pending": 200}
    house.decide("send_back", "pete", record_id, to="start")
    assert by_bucket(house) == {}
    house.submit(record_id, "quin")
    assert by_bucket(house) == {"commit_pending": 200, "budget_pending": 200}
    house.pass_on(record_id, *CHANGE_SIGNERS)
    assert by_bucket(house) == {"commit_change": 200, "budget_change": 200}
    void(house, record_id, "carla")
    assert by_bucket(house) == {}
    assert house.problems() == {}


@pytest.mark.parametrize(
    ("scope", "buckets", "stages"),
    [
        ("in", {"commit_change": 200}, {}),
        ("budget_only", {"budget_change": 200}, {}),
        ("out", {"commit_change": 200, "budget_change": 200}, {"contract_change": 250}),
    ],
)
def test_trap_02_the_scope_decides_which_ledgers_move_all_or_none(
    house: House, scope: str, buckets: dict[str, int], stages: dict[str, int]
) -> None:
    income = contract(house, "income")
    more = {"owner_contract": income, "owner_amount": "250"} if scope == "out" else {}
    record_id = change(house, scope, **more)
    house.pass_on(record_id, *CHANGE_SIGNERS[:-1])
    before = by_bucket(house)

    def refuse(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "INSERT INTO funds_entry" in statement or "INSERT INTO cost_entry" in statement:
            raise RuntimeError("the disk is full")

    with house.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", refuse)
    try:
        with pytest.raises((RuntimeError, StatementError)):
            house.pass_on(record_id, CHANGE_SIGNERS[-1])
    finally:
        event.remove(engine, "before_cursor_execute", refuse)
    assert (by_bucket(house), house.record(record_id).state) == (before, "submitted")
    house.pass_on(record_id, CHANGE_SIGNERS[-1])
    assert by_bucket(house, record_id=record_id) == buckets
    assert by_stage(house, record_id=record_id) == stages


def test_trap_03_what_is_received_relieves_what_was_committed_and_an_overrun_shows(
    house: House,
) -> None:
    house.budget("1000.00")
    placed = ordered(house, asked(house, "3"), "3")
    assert open_and_actual(house) == [300, 0]
    received(house, placed, "2")
    assert open_and_actual(house) == [100, 200]
    over = received(house, placed, "2", over_reason="One more bundle")
    assert open_and_actual(house) == [0, 400]
    assert house.figures()["available"] == 600
    void(house, over, "carla")
    assert open_and_actual(house) == [100, 200]


def test_trap_04_to_date_figures_post_differences_and_n_stays_while_n_plus_one_stands(
    house: House,
) -> None:
    of = contract(house)
    first = certified(house, of, "300", period_to="2026-03-01")
    second = certified(house, of, "200")
    data = house.record(second).data
    assert (data["work_to_date"], data["work_this"]) == ("54500.00", "21800.00")
    assert by_stage(house)["certified"] == 54_500
    with pytest.raises(Invalid) as refused:
        void(house, first, "carla")
    assert str(house.record(second).number) in str(refused.value.errors[0].message)
    void(house, second, "carla")
    void(house, first, "carla")
    assert by_stage(house) == {"contract": 109_000}
    again = certified(house, of, "100")
    assert house.record(again).data["work_previous"] == "0.00"


def test_trap_07_a_frozen_sheet_keeps_its_own_tree(house: House) -> None:
    house.budget("1000.00")
    parent = house.entry("carla", "cost_code", None, code="0", name="Materials", type="material")
    with house.acting("max") as manager:
        project = project_brief(house.projects["P1"])
        assert project is not None
        kept = freeze(actor=manager, project=project, name="March", now=house.now())
        before, digest = json.loads(json.dumps(kept.body)), kept.sha256
    own = house.entries["cost_code"]
    data = {**house.record(own).data, "parent_code": parent}
    house.submit(own, "carla", data=data)
    with house.acting("max"):
        from portal.costs.snapshots import frozen, the_snapshot

        found = the_snapshot(project, kept.id)
        assert (found.body, found.sha256) == (before, digest)
        assert frozen(project) != before
    with pytest.raises(Invalid):
        void(house, own, "carla")


def test_trap_08_cost_is_without_tax_and_cash_with_it(house: House) -> None:
    of = contract(house)
    certified(house, of, "100")
    assert by_bucket(house) == {"commit": 100_000, "actual": 10_000}
    assert by_stage(house) == {"contract": 109_000, "certified": 10_900}
    [signed] = _own(house, FundsEntry, {"stage": "contract"})
    assert (signed.tax, signed.net) == (9_000, 100_000)


def test_trap_09_a_payment_settles_in_parts_and_never_more_than_is_open(house: House) -> None:
    claim = certified(house, contract(house), "100")
    with house.system(writing=True):
        projects.add_member(
            actor=None, project_id=house.projects["P1"], person_id=house.people["cass"],
            role="member", now=house.now(),
        )  # fmt: skip

    def pay(amount: str, number: str) -> str:
        return house.entry(
            "cass", "payment_voucher", "P1", application=claim, paid_on="2026-03-02",
            voucher_no=number, partial_amount=amount, method="cash",
        )  # fmt: skip

    first = pay("4000.00", "V-1")
    with pytest.raises(Invalid):
        pay("6900.01", "V-2")
    with pytest.raises(Invalid):
        pay("100.00", "V-1")
    pay("6900.00", "V-3")
    with pytest.raises(Invalid):
        pay("0.01", "V-4")
    assert by_stage(house)["cash"] == 10_900
    with pytest.raises(Invalid):
        void(house, claim, "carla")
    void(house, first, "fay")
    assert by_stage(house)["cash"] == 6_900, "what is taken back is open again"
    pay("4000.00", "V-5")


def approving(house: House, record_id: str, login: str) -> Act:
    task_id, seen = house.task(login, record_id)

    def act(place: Any) -> None:
        with place.acting(login) as viewer:
            approvals.approve(actor=viewer, task_id=task_id, seen=seen, now=house.now())

    return act


def test_trap_10_two_requests_that_fit_alone_and_not_together(house: House) -> None:

    house.budget("700.00")
    pair = [request(house, "4"), request(house, "4")]
    for one in pair:
        house.pass_on(one, "sam")
    done = together(house, *(approving(house, one, "max") for one in pair))
    assert sum(one.won for one in done) == 1, done
    assert house.figures()["available"] == 300


def test_trap_11_a_record_keeps_the_rules_it_was_signed_under(house: House, tmp_path: Path) -> None:
    house.budget("1000.00")
    before = house.figures()["budget"] if "budget" in house.figures() else house.figures()
    folder = tmp_path / "budget"
    shutil.copytree(paths.DEFINITIONS / "budget", folder)
    file = folder / "budget.postings.json"
    rules = json.loads(file.read_text("utf-8"))
    rules["rules"][0]["set"]["amount"] = "round(row.amount / 2, 2)"
    file.write_text(json.dumps(rules), "utf-8")
    cases = folder / "budget.cases.json"
    told = json.loads(cases.read_text("utf-8"))
    for case in told["cases"]:
        case.pop("postings", None)
    cases.write_text(json.dumps(told), "utf-8")
    with house.system(writing=True):
        definitions.publish_folder(path=folder, actor=None, now=house.now())
    after = house.figures()["budget"] if "budget" in house.figures() else house.figures()
    assert after == before, "publishing moves no figure"
    assert house.problems() == {}
    house.budget("1000.00")
    assert by_bucket(house) == {"budget_orig": 1500}
    assert house.problems() == {}


def test_trap_13_a_closed_month_stays_and_late_entries_keep_their_date(house: House) -> None:
    of = contract(house)
    late = application(house, of, "100", period_to="2026-03-01")
    house.now.at += timedelta(days=5)
    closing = house.file("quin", "month_close", title="March", until="2026-03-05", is_complete=True)
    house.pass_on(closing, "carla", "fay")
    house.pass_on(late, "sam", "carla", "max")
    [actual] = _own(house, CostEntry, {"bucket": "actual"})
    assert (actual.effective_on, actual.booked_on) == (date(2026, 3, 1), date(2026, 3, 6))
    void(house, closing, "fay")
    assert house.problems() == {}


@pytest.mark.parametrize("ledger", sorted(LEDGERS))
def test_trap_15_every_ledger_has_columns_of_its_own_that_the_database_holds(
    house: House, ledger: str
) -> None:
    house.budget("1000.00")
    posting = house.rows(Posting)[0]
    model = LEDGERS[ledger]
    plain = {
        "id": new_id(), "posting_id": posting.id, "record_id": posting.record_id,
        "project_id": posting.project_id, "row": "", "effective_on": date(2026, 3, 2),
        "booked_on": date(2026, 3, 2),
    }  # fmt: skip
    with house.system(), pytest.raises(IntegrityError):
        db.session.execute(insert(model), [plain])
        db.session.flush()
    wrong: Mapping[str, Any] = {**plain, "posting_id": new_id()}
    with house.system(), pytest.raises(IntegrityError):
        db.session.execute(insert(model), [wrong])
        db.session.commit()


@pytest.mark.parametrize("harm", ["changed", "gone", "doubled", "state"])
def test_trap_16_whatever_was_bent_behind_the_books_is_found(house: House, harm: str) -> None:
    record_id = house.budget("1000.00")
    assert house.problems() == {}
    with house.system(writing=True):
        if harm == "changed":
            db.session.execute(update(CostEntry).values(amount=Decimal("999.99")))
        elif harm == "gone":
            db.session.execute(delete(CostEntry))
        elif harm == "state":
            from portal.records.models import Record

            db.session.execute(
                update(Record).where(Record.id == record_id).values(state="withdrawn")
            )
        else:
            one = db.session.scalars(
                select(CostEntry).where(CostEntry.record_id == record_id)
            ).one()
            copy = {c.key: getattr(one, c.key) for c in CostEntry.__mapper__.column_attrs}
            db.session.execute(insert(CostEntry), [{**copy, "id": new_id()}])
    found = house.problems()
    assert "ledgers" in found, found
    number = str(house.record(record_id).number)
    assert any(number in line for line in found["ledgers"])
