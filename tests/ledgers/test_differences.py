"""Comparing what two sets of rules make: equal lines cancel, sums are those of the lines."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.definitions.posting_lines import PostingLine
from portal.ledgers.differences import groups, line_changes

DAY = date(2026, 3, 1)


def cost(rule: str, row: str, bucket: str, amount: Decimal, ccy: str) -> PostingLine:
    values = {
        "bucket": bucket, "cost_code": "C1", "amount": amount, "ccy": ccy, "effective_on": DAY
    }  # fmt: skip
    return PostingLine(rule, "cost_entry", row, values)


def hours(rule: str, row: str, amount: Decimal) -> PostingLine:
    values = {"pay_class": "normal", "signed": True, "hours": amount, "ccy": "CNY"}
    return PostingLine(rule, "labor_entry", row, values)


AMOUNTS = st.decimals(-100, 100, places=2)
RULES, ROWS = st.sampled_from(["a", "b"]), st.sampled_from(["", "r1", "r2"])
COSTS = st.builds(
    cost,
    RULES,
    ROWS,
    st.sampled_from(["actual", "commit"]),
    AMOUNTS,
    st.sampled_from(["CNY", "USD"]),
)
LINES = st.lists(COSTS | st.builds(hours, RULES, ROWS, AMOUNTS), max_size=6)


def total(lines: Sequence[PostingLine], measure: str) -> Decimal:
    return sum((line.values.get(measure) or Decimal(0) for line in lines), Decimal(0))


@given(LINES)
def test_the_same_lines_in_any_order_and_of_any_rule_are_no_difference(
    lines: list[PostingLine],
) -> None:
    renamed = [PostingLine("other", one.ledger, one.row, one.values) for one in reversed(lines)]
    assert line_changes(lines, renamed) == []
    assert not any(one.differs for one in groups(lines, renamed))


@given(LINES, LINES)
def test_every_line_is_told_once_and_what_is_left_out_is_equal(
    before: list[PostingLine], after: list[PostingLine]
) -> None:
    changes = line_changes(before, after)
    gone = [one.before for one in changes if one.before]
    came = [one.after for one in changes if one.after]
    assert len(before) - len(gone) == len(after) - len(came)
    for measure in ("amount", "hours"):
        assert total(after, measure) - total(before, measure) == total(came, measure) - total(
            gone, measure
        )
    for change in changes:
        assert change.columns
        if change.before and change.after:
            assert (change.before.rule, change.before.row) == (change.after.rule, change.after.row)
    assert not {id(one) for one in gone} - {id(one) for one in before}


@given(LINES, LINES)
def test_sums_of_groups_are_those_of_their_lines(
    before: list[PostingLine], after: list[PostingLine]
) -> None:
    found = groups(before, after)
    assert sum(one.before for one in found) == len(before)
    assert sum(one.after for one in found) == len(after)
    for measure in ("amount", "hours"):
        sums = [one for group in found for one in group.sums if one.measure == measure]
        assert sum((one.before for one in sums), Decimal(0)) == total(before, measure)
        assert sum((one.after for one in sums), Decimal(0)) == total(after, measure)
    for group in found:
        units = [(one.measure, one.unit) for one in group.sums]
        assert len(units) == len(set(units))


def test_an_amount_that_changes_is_one_change_of_that_column() -> None:
    one, other = cost("a", "r1", "actual", Decimal("1.00"), "CNY"), Decimal("2.00")
    (change,) = line_changes([one], [cost("a", "r1", "actual", other, "CNY")])
    assert change.columns == ["amount"]
    (group,) = groups([one], [cost("a", "r1", "actual", other, "CNY")])
    assert group.differs
    assert (group.before, group.after) == (1, 1)
