"""Posted pages over stored records: rows by id, rights, locks, and hostile clients."""

from typing import Any

import wtforms
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.forms.access import field_access, step_fields
from portal.forms.evaluation import Submission, evaluate, locked_paths, parse_submission
from portal.forms.generated import form_class, row_form_class
from tests.forms.samples import (
    FACTS,
    PAYMENT_FACTS,
    compiled,
    everything,
    field,
    payment,
    raw_forms,
    records,
    table,
)

FORM = compiled(
    {
        "name": field("text"),
        "data": field("money"),
        "errors": field("yes_no"),
        "tags": field("choice", many=True, options=[{"value": "x"}, {"value": "y"}]),
        "fixed": field("text", read_only=True),
        "total": field("money"),
        "lines": table({"code": field("text"), "qty": field("quantity", default="1.00")}, max=5),
    },
    computed={"total": "data"},
    rules=[{"id": "lock", "when": "errors", "lock": ["name", "lines[].qty"]}],
)
BASE = {
    "name": "old",
    "fixed": "f",
    "lines": [{"_id": "r1", "code": "a", "qty": "1.00"}, {"_id": "r2", "code": "b", "qty": "2.00"}],
}


def post(*controls: tuple[str, str], base: Any = BASE, **rights: Any) -> Submission:
    access = rights.pop("access", everything(FORM.definition))
    return parse_submission(FORM.definition, MultiDict(controls), base, access, **rights)


def test_posted_values_are_parsed_and_laid_over_the_stored_ones() -> None:
    taken = post(("name", " new "), ("data", "1.2万"), ("errors", "yes"))
    assert taken.data["name"] == "new"
    assert taken.data["data"] == "12000.00"
    assert taken.data["errors"] is True
    assert taken.data["lines"] == BASE["lines"]
    assert taken.changed == {"name", "data", "errors"}
    assert not taken.errors
    assert not taken.problems
    assert BASE["name"] == "old"


def test_a_generated_form_is_a_real_wtform_even_for_keys_wtforms_uses_itself() -> None:
    made = form_class(FORM.definition)
    assert issubclass(made, wtforms.Form)
    assert made is form_class(FORM.definition)
    bound = made(formdata=MultiDict({"data": "1,200", "name": "n" * 300}))
    assert str(bound["f_data"].data) == "1200.00"
    assert not bound.validate()
    assert list(bound.errors) == ["f_name"]
    row = row_form_class(FORM.definition, "lines")(
        formdata=MultiDict({"lines-r1-qty": "3"}), prefix="lines-r1-"
    )
    assert str(row["f_qty"].data) == "3.00"


def test_a_text_that_cannot_be_read_is_kept_for_showing_again() -> None:
    taken = post(("data", "12 apples"), ("lines-r1-qty", "x"), base={**BASE, "data": "5.00"})
    assert [(error.path, error.code) for error in taken.errors] == [
        ("data", "shape"),
        ("lines[r1].qty", "shape"),
    ]
    assert taken.raw == {"data": ["12 apples"], "lines[r1].qty": ["x"]}
    assert "data" not in taken.data
    assert "apples" not in str(taken.errors)


def test_rows_are_found_by_id_and_never_by_position() -> None:
    taken = post(("lines-r2-qty", "9"))
    assert [row["qty"] for row in taken.data["lines"]] == ["1.00", "9.00"]
    assert taken.changed == {"lines[r2].qty"}


def test_the_posted_order_is_complete_and_moves_adds_and_removes_rows() -> None:
    taken = post(
        ("lines-order", ""), ("lines-order", "r2"), ("lines-order", "new1"),
        ("lines-new1-code", "c"),
    )  # fmt: skip
    codes = [row["code"] for row in taken.data["lines"]]
    assert codes == ["b", "c"]
    new = taken.data["lines"][1]
    assert new["_id"] == taken.new_rows["new1"]
    assert new["_id"] not in ("new1", "r1", "r2")
    assert new["qty"] == "1.00"
    assert "lines" in taken.changed


def test_an_empty_order_removes_all_rows_and_no_order_keeps_them() -> None:
    assert post(("lines-order", "")).data["lines"] == []
    assert len(post(("name", "x")).data["lines"]) == 2
    assert [row["_id"] for row in post(("lines-remove", "r1")).data["lines"]] == ["r2"]


def test_several_choices_can_be_emptied_by_the_empty_companion() -> None:
    assert post(("tags", ""), ("tags", "y")).data["tags"] == ["y"]
    assert "tags" not in post(("tags", ""), base={"tags": ["x"]}).data


def test_an_unknown_control_is_a_problem_and_names_of_the_host_are_not() -> None:
    taken = post(
        ("nonsense", "1"), ("lines-r1-evil", "1"), ("lines-r1", "1"), ("lines", "1"),
        ("name-r1-x", "1"), ("lines-../x-qty", "1"), ("lines-order", "<script>"),
        ("_action", "save"), ("csrf_token", "t"), ("a\x00b" * 99, "1"),
    )  # fmt: skip
    assert len(taken.problems) == 8
    assert taken.data == BASE
    assert all(len(problem.path) <= 60 for problem in taken.problems)


def test_a_withheld_field_is_as_unknown_as_one_that_does_not_exist() -> None:
    access = {**everything(FORM.definition), "name": "none", "lines": "none"}
    taken = post(("name", "x"), ("lines-r1-qty", "3"), ("lines-order", ""), access=access)
    assert len(taken.problems) == 3
    assert taken.data == BASE


def test_an_equal_value_for_a_closed_field_is_ignored_and_another_refused() -> None:
    base = {**BASE, "total": "5.00"}
    assert not post(("fixed", "f"), ("total", "5"), base=base).errors
    taken = post(("fixed", "g"), ("total", "6"), ("total", "junk"), base=base)
    assert {(error.path, error.code) for error in taken.errors} == {
        ("fixed", "locked"),
        ("total", "locked"),
    }
    assert taken.data == base


def test_locks_are_judged_on_the_stored_record_and_the_stored_value_wins() -> None:
    stored = {**BASE, "errors": True}
    locked = locked_paths(FORM, stored, FACTS)
    assert locked == {"name", "lines[].qty"}
    taken = post(
        ("name", "new"), ("lines-r1-qty", "7"), ("lines-r1-code", "z"), ("errors", "no"),
        base=stored, locked=locked,
    )  # fmt: skip
    assert {error.path for error in taken.errors} == {"name", "lines[r1].qty"}
    assert taken.data["lines"][0] == {"_id": "r1", "code": "z", "qty": "1.00"}
    assert taken.data["errors"] is False


def test_a_step_writes_only_the_cells_it_may_edit_and_no_rows() -> None:
    step = step_fields({"edit": ["lines[].qty"], "hide": ["name"]})
    access = field_access(FORM.definition, state="submitted", is_requester=False, step=step)
    taken = post(("lines-r1-qty", "3"), ("lines-r1-code", "zz"), access=access)
    assert taken.data["lines"][0]["qty"] == "3.00"
    assert [(error.path, error.code) for error in taken.errors] == [("lines[r1].code", "locked")]
    added = post(("lines-new1-qty", "3"), access=access)
    assert [(error.path, error.code) for error in added.errors] == [("lines", "locked")]
    assert added.data["lines"] == BASE["lines"]


def test_ten_thousand_rows_are_one_clear_error_and_lose_nothing_stored() -> None:
    taken = post(*((f"lines-new{n}-qty", "1") for n in range(10_000)))
    assert [(error.path, error.code) for error in taken.errors] == [("lines", "rows")]
    assert taken.data["lines"] == BASE["lines"]


def test_fixed_rows_follow_their_source_and_cannot_be_added() -> None:
    form = payment()
    access = everything(form.definition)
    first = evaluate(form, {"contract": "c1"}, PAYMENT_FACTS, mode="draft").data
    taken = parse_submission(
        form.definition, MultiDict({"lines-i1-qty": "2", "lines-new1-qty": "9"}), first, access
    )
    assert [error.path for error in taken.errors] == ["lines"]
    assert [row["_id"] for row in taken.data["lines"]] == ["i1", "i2"]
    assert taken.data["lines"][0]["qty"] == "2.00"


names = st.sampled_from(
    ["f0", "pick", "flag", "total", "lines", "lines-order", "lines-remove", "lines-r1-q",
     "lines-new1-price", "lines-r9-amount", "lines--q", "-", "lines-r1-", "_x", "", "lines[r1].q"]
) | st.text(max_size=12)  # fmt: skip


@given(st.data(), st.lists(st.tuples(names, st.text(max_size=12) | st.just("12")), max_size=12))
def test_whatever_is_posted_gives_data_the_evaluator_accepts(
    data: st.DataObject, controls: list[tuple[str, str]]
) -> None:
    form = compile_or_skip(data)
    base = evaluate(form, data.draw(records(form.definition)), FACTS, mode="draft").data
    taken = parse_submission(
        form.definition, MultiDict(controls), base, everything(form.definition)
    )
    outcome = evaluate(form, taken.data, FACTS, mode="draft")
    assert not [error for error in outcome.errors if error.code in ("shape", "unknown", "schema")]


def compile_or_skip(data: st.DataObject) -> Any:
    from hypothesis import assume

    from portal.forms.definition import DefinitionErrors, compile_form
    from portal.forms.expand import expand

    try:
        return compile_form(expand(data.draw(raw_forms())))
    except DefinitionErrors as error:  # two rules may hide what the other one asks
        assume(not error.findings)
        raise
