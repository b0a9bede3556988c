"""The cash projection against a simulation day by day, and its laws."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.funds.money import Direction, Key, Money
from portal.funds.netting import PlanLine, Realised, netted
from portal.funds.open_items import OpenItem, standing
from portal.funds.projection import Expected, Moved, Projection, project

TODAY = date(2026, 4, 15)
CONTRACTS = ("c1", "c2", None)
CATEGORIES = ("progress", "labor", None)


def key(
    direction: Direction = "out", contract: str | None = "c1", category: str | None = "progress"
) -> Key:
    return Key(direction, "CNY", contract, category)


def line(amount: int, on: date, of: Key | None = None, number: str = "1") -> PlanLine:
    return PlanLine(number, "plan", of or key(), on, Decimal(amount))


def owed(amount: int, due: date, of: Key | None = None, document: str = "d") -> OpenItem:
    return OpenItem(document, of or key(), None, due, Decimal(amount), Decimal(0))


def paid(amount: int, on: date, of: Key | None = None) -> Moved:
    of = of or key()
    return Moved(
        on,
        Decimal(amount if of.direction == "in" else -amount),
        of.direction,
        Realised(of, on, Decimal(amount)),
    )


def spent(found: Projection) -> Decimal:
    """All that goes out, moved or expected."""
    return sum((month.actual_out + month.expected_out for month in found.months), Decimal(0))


def test_fund_1_a_forecast_of_100_and_an_invoice_of_100_project_100() -> None:
    due = date(2026, 5, 20)
    forecast = project(TODAY, [], [], [], [line(100, date(2026, 5, 10))])
    assert spent(forecast) == 100
    both = project(TODAY, [], [owed(100, due)], [], [line(100, date(2026, 5, 10))])
    assert spent(both) == 100
    assert [(one.kind, one.amount) for one in both.expected] == [("owed", Decimal(100))]
    settled = [paid(100, TODAY)]
    assert spent(project(TODAY, settled, [], [], [line(100, date(2026, 4, 10))])) == 100


def test_more_than_was_planned_is_projected_as_it_is() -> None:
    found = project(TODAY, [], [owed(140, date(2026, 5, 20))], [], [line(100, date(2026, 5, 10))])
    assert spent(found) == 140
    assert found.lines[0].remaining == 0


def test_another_contract_category_or_direction_realises_nothing() -> None:
    plan = [line(100, date(2026, 5, 10))]
    for other in (key(contract="c2"), key(category="labor"), key("in"), key(contract=None)):
        found = project(TODAY, [], [owed(40, date(2026, 5, 20), other)], [], plan)
        assert found.lines[0].remaining == 100


def test_money_of_a_contract_without_a_category_realises_its_lines() -> None:
    plan = [line(100, date(2026, 5, 10))]
    found = project(TODAY, [], [owed(40, date(2026, 5, 20), key(category=None))], [], plan)
    assert found.lines[0].remaining == 60


def test_money_of_the_month_before_a_line_counts_for_it() -> None:
    """100 planned for 5 January: an invoice due on 31 December, or its payment then, is that."""
    today, eve = date(2025, 12, 15), date(2025, 12, 31)
    made = date(2025, 12, 1)
    plan = [replace(line(100, date(2026, 1, 5)), made_on=made)]
    assert spent(project(today, [], [owed(100, eve)], [], plan)) == 100
    assert spent(project(eve, [paid(100, eve)], [], [], plan)) == 100
    assert spent(project(date(2026, 1, 2), [paid(60, eve)], [], [], plan)) == 100


def test_an_overdue_payable_and_a_plan_of_next_month_count_once() -> None:
    plan = [replace(line(100, date(2026, 5, 10)), made_on=date(2026, 4, 1))]
    assert spent(project(TODAY, [], [owed(100, date(2026, 3, 1))], [], plan)) == 100


def test_what_was_paid_before_the_plan_was_made_is_none_of_it() -> None:
    plan = [replace(line(100, date(2026, 5, 10)), made_on=date(2026, 4, 20))]

    def left(on: date) -> Decimal:
        return netted(plan, [Realised(key(), on, Decimal(70))])[0].remaining

    assert (left(date(2026, 4, 19)), left(date(2026, 4, 20))) == (100, 30)
    # a plan sent in the course of its month tells the whole month
    late = [replace(plan[0], made_on=date(2026, 5, 9))]
    assert netted(late, [Realised(key(), date(2026, 5, 1), Decimal(70))])[0].remaining == 30


def test_money_that_comes_back_is_realised_no_longer() -> None:
    plan = [line(100, date(2026, 4, 28))]
    back = Moved(
        date(2026, 4, 9), Decimal(40), "out", Realised(key(), date(2026, 4, 9), Decimal(-40))
    )
    found = project(TODAY, [paid(100, date(2026, 4, 2)), back], [], [], plan)
    assert (found.cash, found.lines[0].remaining) == (-60, 40)
    assert spent(found) == 100
    own = [replace(plan[0], made_on=date(2026, 4, 1))]
    money = [
        Realised(key(), date(2026, 3, 1), Decimal(70)),  # before the plan: none of it
        Realised(key(), date(2026, 4, 2), Decimal(70)),
        Realised(key(), date(2026, 4, 9), Decimal(-40)),
    ]
    assert netted(own, money)[0].remaining == 70


def test_an_allocated_payment_realises_its_own_plan_whenever_and_whatever_it_is() -> None:
    plan = [line(100, date(2026, 5, 10)), replace(line(50, date(2026, 5, 1)), id="2", document="x")]
    early = Realised(key(category="other"), date(2026, 2, 1), Decimal(30), settles="plan")
    assert [(one.line.id, one.remaining) for one in netted(plan, [early])] == [("2", 50), ("1", 70)]


def test_lines_of_the_same_month_shrink_first_then_earlier_then_later_ones() -> None:
    plan = [line(100, date(2026, month, 10), number=str(month)) for month in (4, 5, 6)]
    by_month = lambda on, amount: [  # noqa: E731
        int(one.remaining) for one in netted(plan, [Realised(key(), on, Decimal(amount))])
    ]
    assert by_month(date(2026, 5, 3), 60) == [100, 40, 100]
    assert by_month(date(2026, 5, 3), 150) == [50, 0, 100]
    assert by_month(date(2026, 5, 3), 250) == [0, 0, 50]


def test_a_line_whose_day_has_passed_drops_out_and_is_overdue() -> None:
    plan = [line(100, date(2026, 4, 14)), line(30, TODAY, key(category="labor"), "2")]
    found = project(TODAY, [paid(60, date(2026, 4, 2))], [], [], plan)
    assert [(one.kind, one.amount) for one in found.overdue] == [("plan", Decimal(40))]
    assert [(one.kind, one.amount) for one in found.expected] == [("plan", Decimal(30))]


def test_overdue_payables_count_today_and_overdue_receivables_do_not() -> None:
    late = date(2026, 3, 1)
    items = [owed(100, late, document="a"), owed(500, late, key("in", "c2"), "b")]
    found = project(TODAY, [Moved(late, Decimal(80), "in")], items, [], [])
    assert (found.cash, found.lowest.balance, found.lowest.on) == (80, -20, TODAY)
    assert found.peak_need == 20
    assert {one.document for one in found.overdue} == {"a", "b"}
    plan = [line(500, date(2026, 5, 5), key("in", "c2"))]  # expected anew: nothing shrinks it
    assert project(TODAY, [], items, [], plan).lines[0].remaining == 500


def test_the_lowest_point_is_the_first_of_equal_ones_and_need_is_never_negative() -> None:
    calm = project(TODAY, [Moved(TODAY, Decimal(10), "in")], [], [], [])
    assert (calm.lowest.on, calm.lowest.balance, calm.peak_need) == (TODAY, 10, 0)
    items = [
        owed(30, date(2026, 5, 1), document="a"),
        owed(20, date(2026, 5, 9), key("in"), "b"),
        owed(20, date(2026, 5, 20), document="c"),
    ]
    found = project(TODAY, [Moved(TODAY, Decimal(10), "in")], items, [], [])
    assert (found.lowest.on, found.lowest.balance) == (date(2026, 5, 1), -20)


DAYS = st.integers(-70, 120).map(lambda days: TODAY + timedelta(days=days))
KEYS = st.builds(
    Key,
    st.sampled_from(("in", "out")),
    st.just("CNY"),
    st.sampled_from(CONTRACTS),
    st.sampled_from(CATEGORIES),
)
AMOUNTS = st.integers(1, 500).map(Decimal)


@st.composite
def plans(draw: st.DrawFn) -> list[PlanLine]:
    found = draw(
        st.lists(st.builds(PlanLine, st.just(""), st.just("plan"), KEYS, DAYS, AMOUNTS), max_size=8)
    )
    return [replace(one, id=f"{number:02}") for number, one in enumerate(found)]


@st.composite
def items(draw: st.DrawFn) -> list[OpenItem]:
    made = st.builds(OpenItem, st.just(""), KEYS, st.none(), DAYS, AMOUNTS, st.just(Decimal(0)))
    found = draw(st.lists(made, max_size=6))
    return [replace(one, document=f"d{number}") for number, one in enumerate(found)]


@st.composite
def movements(draw: st.DrawFn) -> list[Moved]:
    found = draw(st.lists(st.tuples(KEYS, DAYS, AMOUNTS), max_size=8))
    past = [(k, min(on, TODAY), amount) for k, on, amount in found]
    return [
        Moved(on, a if k.direction == "in" else -a, k.direction, Realised(k, on, a))
        for k, on, a in past
    ]


def naive_remaining(plan: Sequence[PlanLine], money: Sequence[Realised]) -> Decimal:
    """What is left of each key's plan by the definition, max(0, plan − realised), unit by unit.

    What comes back takes a unit away that moved before it, or after it if there is none.
    """
    total = 0
    for of in {one.key for one in plan}:
        mine = [one for one in plan if one.key == of]
        begins = date.min
        if all(one.made_on for one in mine):
            first = min(one.on for one in mine).replace(day=1)
            begins = min(first, *(one.made_on or first for one in mine))
        sums = [(one.on, int(one.amount)) for one in money if one.key == of]
        units = sorted(on for on, amount in sums for _ in range(amount))
        for on in sorted(on for on, amount in sums for _ in range(-amount)):
            before = [each for each in units if each <= on]
            if units:
                units.remove(before[-1] if before else units[0])
        realised = sum(1 for each in units if each >= begins)
        total += max(0, sum(int(one.amount) for one in mine) - realised)
    return Decimal(total)


REALISED = st.builds(
    Realised, KEYS, DAYS, st.integers(-40, 80).filter(bool).map(Decimal), st.none()
)


@given(plans(), st.lists(REALISED, max_size=8), st.lists(DAYS, max_size=8))
def test_what_remains_of_a_key_is_its_plan_less_what_is_realised_and_never_less_than_nothing(
    plan: list[PlanLine], money: list[Realised], made: list[date]
) -> None:
    plan = [
        replace(one, made_on=made[place] if len(made) == len(plan) else None)
        for place, one in enumerate(plan)
    ]
    found = netted(plan, money)
    assert all(0 <= one.realised <= one.line.amount for one in found)
    uncategorised = any(one.key.category is None and one.key.contract for one in money)
    came_back = any(one.amount < 0 for one in money)
    remaining = sum((one.remaining for one in found), Decimal(0))
    naive = naive_remaining(plan, money)
    if not uncategorised:
        assert remaining == naive
    elif not came_back:
        assert remaining <= naive


@given(AMOUNTS, DAYS, st.lists(st.tuples(DAYS, st.integers(-300, 500)), max_size=6))
def test_one_line_is_its_plan_less_the_money_of_its_key_whatever_the_day(
    amount: Decimal, on: date, money: list[tuple[date, int]]
) -> None:
    realised = [Realised(key(), day, Decimal(each)) for day, each in money]
    (found,) = netted([PlanLine("1", "plan", key(), on, amount)], realised)
    moved = max(0, sum(each for _day, each in money))
    assert found.remaining == max(Decimal(0), amount - moved)


@given(movements(), items(), plans())
def test_the_projection_is_what_a_walk_day_by_day_gives(
    moved: list[Moved], owes: list[OpenItem], plan: list[PlanLine]
) -> None:
    found = project(TODAY, moved, owes, [], plan)
    balance = sum((one.signed for one in moved), Decimal(0))
    assert found.cash == balance
    lowest, day, end = None, TODAY, TODAY + timedelta(days=130)
    while day <= end:  # the oracle knows days, not events
        for one in owes:
            late = one.due < TODAY
            if one.due == day or (day == TODAY and late and one.key.direction == "out"):
                balance += one.owed if one.key.direction == "in" else -one.owed
        for each in found.lines:
            if each.line.on == day:
                into = each.line.key.direction == "in"
                balance += each.remaining if into else -each.remaining
        if lowest is None or balance < lowest[0]:
            lowest = balance, day
        day += timedelta(days=1)
    assert lowest is not None
    assert (found.lowest.balance, found.lowest.on) == lowest
    assert found.peak_need == max(Decimal(0), -lowest[0])
    assert found.points[-1].balance == balance == found.months[-1].closing


@given(movements(), items(), plans())
def test_each_month_begins_where_the_one_before_ends(
    moved: list[Moved], owes: list[OpenItem], plan: list[PlanLine]
) -> None:
    months = project(TODAY, moved, owes, [], plan).months
    assert months[0].opening == 0
    for before, after in pairwise(months):
        assert after.opening == before.closing
        assert (after.first - before.first).days in (28, 29, 30, 31)
    assert sum((one.planned_out for one in months), Decimal(0)) == sum(
        (one.amount for one in plan if one.key.direction == "out"), Decimal(0)
    )


@given(movements(), items(), plans(), AMOUNTS)
def test_certifying_what_was_planned_changes_no_closing(
    moved: list[Moved], owes: list[OpenItem], plan: list[PlanLine], amount: Decimal
) -> None:
    """Certifying what was planned, in the month it was planned for, changes no closing."""
    own = PlanLine("own", "p", key("out", "c9"), date(2026, 5, 10), amount)
    before = project(TODAY, moved, owes, [], [*plan, own])
    item = OpenItem("own", own.key, None, own.on, amount, Decimal(0))
    after = project(TODAY, moved, [*owes, item], [], [*plan, own])
    assert [one.closing for one in after.months] == [one.closing for one in before.months]


def test_deposits_come_back_when_they_are_due_and_stand_out_when_they_did_not() -> None:
    back = [
        Expected("deposit", "a", key("in", None, "deposit"), on, Decimal(100), on)
        for on in (date(2026, 6, 1), date(2026, 4, 1))
    ]
    found = project(TODAY, [], [], back, [])
    assert [one.on for one in found.expected] == [date(2026, 6, 1)]
    assert [one.on for one in found.overdue] == [date(2026, 4, 1)]


# --- open items


def entry(stage: str, amount: int, document: str, **more: object) -> Money:
    of = more.pop("key", key())
    on = more.pop("on", TODAY)
    return Money(document, stage, of, Decimal(amount), on, **more)  # type: ignore[arg-type]


def test_a_certificate_owes_its_net_and_its_vouchers_pay_it() -> None:
    entries = [
        entry("certified", 100, "a", due=TODAY),
        entry("retention_hold", 5, "a"),
        entry("advance_recovery", 20, "a"),
        entry("cash", 30, "v1", settles="a"),
    ]
    (item,) = standing(entries).items
    assert (item.owed, item.paid, item.open, item.due) == (75, 30, 45, TODAY)


def test_cash_that_settles_nothing_pays_the_contract_oldest_first() -> None:
    entries = [
        entry("certified", 100, "new", due=date(2026, 5, 1)),
        entry("certified", 100, "old", due=date(2026, 3, 1)),
        entry("cash", 130, "v1"),
    ]
    assert [(one.document, one.open) for one in standing(entries).items] == [
        ("old", 0),
        ("new", 70),
    ]
    over = standing([*entries, entry("cash", 100, "v2")])
    assert (over.open, [one.amount for one in over.beyond]) == ([], [30])


def test_a_record_that_owes_and_pays_at_once_is_settled() -> None:
    advance = [entry("advance", 50, "c1"), entry("cash", 50, "c1")]
    assert standing(advance).open == []


def test_what_a_payment_recovers_of_an_advance_is_taken_off_the_run_it_pays() -> None:
    """Wages: a run owes, its payment recovers the advance and pays the rest."""
    of = key(contract=None, category="labor")
    entries = [
        entry("certified", 294, "run", key=of, settles="run"),
        entry("advance", 50, "advance", key=of, settles="advance"),
        entry("cash", 50, "advance", key=of, settles="advance"),
        entry("advance_recovery", 50, "payment", key=of, settles="run"),
        entry("cash", 200, "payment", key=of, settles="run"),
    ]
    assert [(one.document, one.open) for one in standing(entries).open] == [("run", 44)]


@given(
    st.lists(
        st.builds(
            Money,
            st.sampled_from(("a", "b", "c")),
            st.sampled_from(
                ("certified", "advance", "retention_hold", "deduction", "cash", "claim")
            ),
            st.builds(
                Key,
                st.sampled_from(("in", "out")),
                st.just("CNY"),
                st.sampled_from(("c1", "c2")),
                st.none(),
            ),
            AMOUNTS,
            DAYS,
            settles=st.sampled_from(("a", "b", None)),
        ),
        max_size=14,
    )
)
def test_what_is_open_less_what_is_beyond_is_what_the_ledger_says_is_to_pay(
    entries: list[Money],
) -> None:
    found = standing(entries)
    assert all(one.open >= 0 for one in found.items)
    for direction in ("in", "out"):
        for contract in ("c1", "c2"):
            mine = [
                e for e in entries if (e.key.direction, e.key.contract) == (direction, contract)
            ]
            weigh = {
                "certified": 1,
                "advance": 1,
                "retention_hold": -1,
                "deduction": -1,
                "cash": -1,
            }
            due = sum((weigh.get(one.stage, 0) * one.amount for one in mine), Decimal(0))
            is_open = [
                i.open
                for i in found.items
                if (i.key.direction, i.key.contract) == (direction, contract)
            ]
            over = [
                b.amount for b in found.beyond if (b.direction, b.contract) == (direction, contract)
            ]
            assert sum(is_open, Decimal(0)) - sum(over, Decimal(0)) == due
