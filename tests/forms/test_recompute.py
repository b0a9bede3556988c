"""Partial evaluation: it equals the full one wherever it looked, and looks at little."""

import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.forms.evaluation import evaluate, recompute
from portal.forms.fieldpaths import cell_path, declared
from portal.forms.kinds.table import ROW_ID_KEY
from tests.forms.samples import FACTS, PAYMENT_FACTS, compiled, field, payment, records, table
from tests.forms.test_submission import compile_or_skip


def differences(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    """The paths that differ, the way a submission names them."""
    changed = {
        key
        for key in old.keys() | new.keys()
        if not isinstance(new.get(key, old.get(key)), list) or key != "lines"
        if old.get(key) != new.get(key)
    }
    before = {row[ROW_ID_KEY]: row for row in old.get("lines", [])}
    if list(before) != [row[ROW_ID_KEY] for row in new.get("lines", [])]:
        changed.add("lines")
    for row in new.get("lines", []):
        was = before.get(row[ROW_ID_KEY], {})
        keys = (row.keys() | was.keys()) - {ROW_ID_KEY}
        changed |= {
            cell_path("lines", row[ROW_ID_KEY], k) for k in keys if row.get(k) != was.get(k)
        }
    return changed


@given(st.data())
def test_recomputing_equals_evaluating_everything(data: st.DataObject) -> None:
    form = compile_or_skip(data)
    definition = form.definition
    old = evaluate(form, data.draw(records(definition)), FACTS, mode="draft").data
    drawn = data.draw(records(definition))
    keep = data.draw(st.sets(st.sampled_from([one.key for one in definition.header])))
    new = {key: value for key, value in {**drawn, **{k: old.get(k) for k in keep}}.items() if value}
    computed = {"total"}
    new = {key: value for key, value in new.items() if key not in computed}
    new |= {key: old[key] for key in computed if key in old}
    new.setdefault("lines", [])
    stored = {row[ROW_ID_KEY]: row for row in old["lines"]}
    new["lines"] = [
        {**{k: v for k, v in stored.get(row[ROW_ID_KEY], {}).items() if k == "amount"}, **row}
        for row in new["lines"]
    ]
    changed = differences(old, new)
    partial = recompute(form, new, changed, FACTS)
    full = evaluate(form, new, FACTS, mode="draft")
    assert partial.data == full.data
    assert partial.touched is not None
    for path, shown in partial.visible.items():
        assert full.visible[path] == shown, path
    for path in full.visible:
        node = f"{declared(path)}?"
        assert node not in partial.touched or path in partial.visible
    assert set(map(str, partial.errors)) <= set(map(str, full.errors))
    fresh = {str(e) for e in full.errors if f"!{e.code}" in partial.touched}
    assert fresh <= set(map(str, partial.errors))
    for column, total in partial.totals.items():
        assert full.totals[column] == total
    assert partial.required <= full.required
    assert partial.locked <= full.locked


def test_a_new_contract_brings_its_rows_and_everything_after_them() -> None:
    form = payment()
    old = evaluate(form, {}, PAYMENT_FACTS, mode="draft").data
    new = {**old, "contract": "c1"}
    partial = recompute(form, new, {"contract"}, PAYMENT_FACTS)
    assert partial.data == evaluate(form, new, PAYMENT_FACTS, mode="draft").data
    assert len(partial.data["lines"]) == 2


def test_only_what_a_change_reaches_is_evaluated() -> None:
    form = payment()
    assert form.affected({"note"}) == set()
    assert form.affected({"reason"}) == {"note?", "!why"}
    assert form.affected({"lines[].qty"}) == {"lines[].amount", "gross", "net", "!over"}
    assert form.affected({"retention"}) == {"net"}


def test_one_row_of_two_hundred_takes_a_few_milliseconds() -> None:
    names = "abcdef"
    form = compiled(
        {
            "lines": table(
                {key: field("quantity") for key in names}
                | {"price": field("money"), "amount": field("money")},
                totals={"amount": "sum"},
            ),
            "total": field("money"),
        },
        computed={"lines[].amount": "row.a * row.price", "total": "sum(lines, row, row.amount)"},
        rules=[{"id": "b", "when": "row.a > 2", "show": ["lines[].b"], "require": ["lines[].b"]}],
    )
    rows = [dict.fromkeys(names, "2.00") | {"price": "1.50"} for _ in range(200)]
    data = evaluate(form, {"lines": rows}, FACTS, mode="draft").data
    data["lines"][7]["a"] = "9.00"
    spent = []
    for _ in range(5):
        start = time.process_time()
        outcome = recompute(form, data, {"lines[r8].a"}, FACTS)
        spent.append(time.process_time() - start)
    assert outcome.data["total"] == "610.50"
    assert min(spent) < 0.005
