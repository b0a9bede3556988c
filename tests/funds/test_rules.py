"""The rules behind the pages: ageing, retention and advances, the three flows, shares, accuracy."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.funds.accuracy import accuracy_of, missed_by
from portal.funds.ageing import BUCKETS, aged, bucket
from portal.funds.drawing import NARROW, WIDE, draw
from portal.funds.matching import exceptions, matches, suspects
from portal.funds.money import Key, Money
from portal.funds.open_items import OpenItem, standing
from portal.funds.projection import Month
from portal.funds.retention import Held, advances, retentions
from portal.funds.returns import deposits_out
from portal.funds.shares import split

TODAY = date(2026, 4, 15)


def entry(
    stage: str, amount: int | str, document: str = "d", *, into: bool = False, **more: object
) -> Money:
    contract = more.pop("contract", "c1")
    on = more.pop("on", TODAY)
    key = Key("in" if into else "out", "CNY", contract, None)  # type: ignore[arg-type]
    return Money(document, stage, key, Decimal(amount), on, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-1, "not_due"), (0, "to_30"), (30, "to_30"), (31, "to_60"), (60, "to_60"), (61, "to_90"),
        (90, "to_90"), (91, "over_90"), (4000, "over_90"),
    ],
)  # fmt: skip
def test_a_day_falls_into_its_bucket(days: int, expected: str) -> None:
    assert bucket(TODAY - timedelta(days=days), TODAY) == expected


def test_who_has_waited_longest_stands_first_and_nothing_is_lost() -> None:
    def item(document: str, party: str, days: int, amount: int) -> OpenItem:
        key = Key("out", "CNY", f"of {party}", None)
        due = TODAY - timedelta(days=days)
        return OpenItem(document, key, party, due, Decimal(amount), Decimal(0))

    items = [
        item("1", "a", 10, 5),
        item("2", "b", 100, 7),
        item("3", "a", 70, 11),
        item("4", "c", -3, 2),
    ]
    found = aged(items, TODAY)
    assert [one.party for one in found] == ["b", "a", "c"]
    assert found[1].amounts == {
        "not_due": 0, "to_30": 5, "to_60": 0, "to_90": 11, "over_90": 0
    }  # fmt: skip
    assert sum((one.total for one in found), Decimal(0)) == 25
    assert [key for key, _first in BUCKETS] == list(found[0].amounts)


def test_retention_is_held_released_returned_and_overdue_in_between() -> None:
    entries = [
        entry("certified", 1000, "a", due=TODAY),
        entry("retention_hold", 50, "a"),
        entry("retention_release", 30, "r", due=TODAY - timedelta(days=1)),
    ]
    (held,) = retentions(entries, standing(entries).items)
    assert (held.held, held.released, held.outstanding, held.unpaid) == (50, 30, 20, 30)
    assert held.is_overdue(TODAY)
    assert not held.is_overdue(TODAY - timedelta(days=1))  # due that day is not late
    paid = [*entries, entry("cash", 30, "v", settles="r")]
    (held,) = retentions(paid, standing(paid).items)
    assert (held.unpaid, held.due, held.is_overdue(TODAY)) == (0, None, False)


def test_an_advance_is_open_until_it_is_recovered() -> None:
    entries = [
        entry("advance", 500, "c1"),
        entry("certified", 1600, "a"),
        entry("advance_recovery", 220, "a"),
    ]
    (found,) = advances(entries)
    assert (found.paid, found.recovered, found.open, found.certified) == (500, 220, 280, 1600)


def test_the_three_flows_of_a_contract_and_what_does_not_fit() -> None:
    entries = [
        entry("certified", 1000, "a", contract="over"),
        entry("invoiced", 1060, "i", contract="over", party="p"),
        entry("certified", 800, "b", contract="bare"),
        entry("cash", 700, "v", contract="bare", party="p"),
        entry("certified", 300, "c", contract="fits"),
        entry("invoiced", 300, "j", contract="fits", party="other"),
        entry("cash", 200, "w", contract="fits", party="other"),
        entry("cash", 100, "x", contract="early", party="p"),
    ]
    sides = {"over": "p", "bare": "p", "fits": "p", "early": "p"}
    found = {
        (one.contract, one.why): one.amount
        for one in exceptions(entries, sides, {"early": Decimal(100)})
    }
    assert found == {
        ("over", "above_certified"): 60,
        ("bare", "not_invoiced"): 800,
        ("bare", "paid_without_invoice"): 700,
        ("fits", "other_invoicer"): 300,
        ("fits", "other_payee"): 200,
    }
    gaps = {one.contract: one.gap for one in matches(entries)}
    assert (gaps["over"], gaps["bare"], gaps["fits"]) == (1060, -700, 100)


def test_payments_look_alike_by_payee_amount_and_days_but_not_to_one_document_twice() -> None:
    def paid(document: str, days: int, amount: int = 100, party: str | None = "p") -> Money:
        on = TODAY + timedelta(days=days)
        return entry("cash", amount, document, on=on, party=party, id=document)

    found = suspects(
        [paid("a", 0), paid("b", 10), paid("c", 40), paid("d", 1, 99), paid("e", 1, 100, "q")]
    )
    assert [[one.document for one in each.entries] for each in found] == [["a", "b"]]
    assert suspects([paid("a", 0), paid("b", 11)]) == []
    assert suspects([paid("a", 0, party=None), paid("b", 1, party=None)]) == []


def test_a_deposit_is_out_until_all_of_it_came_back() -> None:
    out = entry("deposit", 300, "d1", due=date(2026, 12, 31))
    part = entry("deposit", 100, "r1", into=True, settles="d1")
    (held,) = deposits_out([out, part])
    assert (held.amount, held.due, held.key.direction) == (200, date(2026, 12, 31), "in")
    rest = entry("deposit", 200, "r2", into=True, settles="d1")
    assert deposits_out([out, part, rest]) == []


SHARES = st.lists(st.integers(1, 97), min_size=1, max_size=4).filter(lambda x: sum(x) < 100)


@given(SHARES, st.decimals(-(10**9), 10**9, places=2))
def test_parts_of_a_split_always_add_up(shares: list[int], amount: Decimal) -> None:
    given_shares = {str(n): Decimal(one) for n, one in enumerate(shares)}
    given_shares["rest"] = 100 - sum(given_shares.values())
    parts = split(amount, given_shares)
    assert sum(parts.values()) == amount
    largest = max(given_shares, key=lambda key: (given_shares[key], key))
    for key, part in parts.items():
        if key != largest:
            assert abs(part - amount * given_shares[key] / 100) <= Decimal("0.005")


def test_shares_that_do_not_total_100_split_nothing() -> None:
    with pytest.raises(ValueError, match="100"):
        split(Decimal(10), {"a": Decimal("99.99")})


def month(first: date, **amounts: int) -> Month:
    names = ("opening", "carried", "actual_in", "actual_out", "expected_in", "expected_out")
    every = {name: Decimal(0) for name in (*names, "planned_in", "planned_out")}
    return Month(first, **{**every, **{name: Decimal(one) for name, one in amounts.items()}})


def test_plan_accuracy_compares_months_that_are_over_in_and_out_apart() -> None:
    months = [
        month(date(2026, 1, 1), actual_out=50),  # nothing was planned
        month(date(2026, 2, 1), planned_in=100, actual_in=80, planned_out=100, actual_out=120),
        month(date(2026, 4, 1), planned_out=500),  # not over yet
    ]
    found = accuracy_of(months, TODAY)
    assert [one.first.month for one in found.months] == [2]
    assert missed_by(months[1]) == 40  # 20 too little in and 20 too much out are no draw
    assert found.share == Decimal("0.8")
    assert accuracy_of(months[:1], TODAY).share is None
    wild = [month(date(2026, 2, 1), planned_out=10, actual_out=900)]
    assert accuracy_of(wild, TODAY).share == 0


STEPS = st.lists(
    st.tuples(st.integers(0, 150), st.integers(-(10**8), 10**8)),
    min_size=1,
    max_size=12,
    unique_by=lambda step: step[0],
).map(lambda found: [(TODAY + timedelta(days=d), Decimal(a)) for d, a in sorted(found)])


@given(STEPS, st.sampled_from([WIDE, NARROW]))
def test_the_curve_stays_inside_its_picture_and_marks_the_lowest_point(
    future: list[tuple[date, Decimal]], room: object
) -> None:
    past = [(TODAY - timedelta(days=60), Decimal(100))]
    assert room in (WIDE, NARROW)
    curve = draw(past, future, room)  # type: ignore[arg-type]
    low = min(future, key=lambda step: (step[1], step[0]))
    assert (curve.low_on, curve.low_balance) == low
    left, right, height = curve.room.left, curve.room.right, curve.room.height
    assert left <= curve.low[0] <= right
    assert all(0 <= level.y <= height for level in curve.levels)
    assert curve.levels[0].amount <= min(low[1], Decimal(0))
    assert bool(curve.below) == (low[1] < 0)


def test_retention_the_contract_makes_due_is_overdue_though_nobody_released_it() -> None:
    first, last = date(2026, 3, 1), date(2027, 3, 1)
    lapses = ((first, Decimal("0.6")), (last, Decimal("0.4")))
    held = Held("c", "out", None, Decimal(1000), Decimal(0), Decimal(0), None, lapses)
    assert held.overdue(first) == 0, "on its day it is not late yet"
    after = first + timedelta(days=1)
    assert (held.unreleased(after), held.overdue_since(after)) == (600, first)
    partly = replace(held, released=Decimal(600), unpaid=Decimal(200), due=first)
    assert (partly.unreleased(after), partly.overdue(after)) == (0, 200)
    late = last + timedelta(days=1)
    assert partly.overdue(late) == 200 + 400
    assert replace(held, released=Decimal(1000)).overdue(late) == 0
