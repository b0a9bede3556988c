"""What a form may cost with full tables: a record never takes more, and the check can rely on it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.forms.running import Runner
from portal.forms.state import State
from portal.forms.steps import Cost, Steps
from tests.forms.samples import FACTS, compiled, field, records, table
from tests.forms.test_submission import compile_or_skip


def costs(form: Any) -> dict[tuple[str | int, ...], Cost]:
    return {one.place: one for one in Steps(form.definition).costs(form)}


@given(st.data())
def test_no_record_takes_more_steps_than_its_form_may(data: st.DataObject) -> None:
    form = compile_or_skip(data)
    state = State(form, FACTS)
    state.load(data.draw(records(form.definition)))
    runner = Runner(state, "submit")
    for task in form.tasks:
        runner.run(task)
    assert state.budget.used <= sum(one.total for one in Steps(form.definition).costs(form))


def test_columns_and_rules_count_once_for_each_declared_row() -> None:
    columns = {"q": field("number"), "p": field("number"), "a": field("number")}
    form = compiled(
        {"lines": table(columns, max=40), "more": table({"x": field("number")}, max=7),
         "n": field("number"), "note": field("text")},
        computed={"lines[].a": "row.q * row.p", "n": "sum(lines, row, row.a) + count(more)"},
        rules=[
            {"id": "by_row", "check": "row.q > sum(more.x)", "on": "lines[].q", "message": "?"},
            {"id": "once", "when": "n > 1", "show": ["note"]},
        ],
    )  # fmt: skip
    found = costs(form)
    assert found["computed", "lines[].a"].total == 40
    assert found["computed", "n"].total == 1 + 1 + 40 + 1
    assert found["rules", 0, "check"].total == 40 * (5 + 7)
    assert found["rules", 1, "when"].total == 1


def test_a_condition_counts_for_each_field_it_shows() -> None:
    form = compiled(
        {"a": field("text"), "b": field("text"), "n": field("number")},
        rules=[{"id": "r", "when": "n > 1", "show": ["a", "b"], "require": ["a"]}],
    )
    total = sum(one.total for one in Steps(form.definition).costs(form))
    assert total == 3
