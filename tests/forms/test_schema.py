"""Records against their JSON Schema: two engines, one verdict, and the rules a schema can state."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.forms.evaluation import evaluate
from portal.forms.judges import RustJudge, SchemaError
from portal.forms.python_judge import PythonJudge
from portal.forms.recordschema import draft_schema, full_schema, published_schema
from portal.forms.schema import judge, make_judge
from tests.forms.samples import CHOICES, FACTS, compiled, everything, field, payment, records, table
from tests.forms.test_submission import compile_or_skip

broken = st.sampled_from(
    [None, "", "x", "1.5", "01.00", "-0.00", "1e5", "9" * 40, "2026-02-30", "2026-03-01\n", "a\n",
     1, -6, 1.0, 10**20, True, [], ["a", "a"], ["z"], {}, "１.00", "a" * 12_000]
)  # fmt: skip


@given(st.data())
def test_both_engines_give_the_same_verdict(data: st.DataObject) -> None:
    definition = compile_or_skip(data).definition
    record: dict[str, Any] = data.draw(records(definition))
    keys = [*(one.key for one in definition.header), "ghost"]
    record |= data.draw(st.dictionaries(st.sampled_from(keys), broken, max_size=3))
    rows = record.get("lines")
    if isinstance(rows, list):
        for row in rows:
            if isinstance(row, dict):
                row |= data.draw(
                    st.dictionaries(
                        st.sampled_from(["q", "_id", "mark", "ghost"]), broken, max_size=2
                    )
                )
    for schema in (draft_schema(definition), full_schema(definition)):
        rust, python = RustJudge(schema), PythonJudge(schema)
        assert rust.is_valid(record) == python.is_valid(record)
        found = [
            {(error.path, error.code) for error in judge(one, record)} for one in (rust, python)
        ]
        assert found[0] == found[1]


@given(st.data())
def test_schema_and_engine_agree_on_every_rule_the_schema_can_state(data: st.DataObject) -> None:
    form = compile_or_skip(data)
    outcome = evaluate(form, data.draw(records(form.definition)), FACTS, mode="submit")
    own = [error for error in outcome.errors if error.code != "schema"]
    stated = published_schema(form.definition)
    verdict = make_judge(full_schema(form.definition))
    errors = judge(verdict, outcome.data)
    if not own:
        assert not errors
    unstated = set(stated.get("x-rules", ()))
    required = {error.path for error in own if error.code == "required"}
    if not unstated:
        assert required <= {error.path for error in errors}
    assert {error.path for error in errors} <= {error.path for error in own}


def test_a_table_shown_by_a_rule_requires_its_columns_while_it_is_shown() -> None:
    form = compiled(
        {
            "pick": field("choice", options=CHOICES),
            "lines": table({"day": field("date", required=True), "mark": field("text")}),
        },
        rules=[{"id": "shown", "when": "pick == 'a'", "show": ["lines"]}],
    )
    assert "x-rules" not in published_schema(form.definition)
    verdict = make_judge(full_schema(form.definition))
    bare = {"pick": "a", "lines": [{"_id": "r1", "mark": "x"}]}
    assert [error.path for error in judge(verdict, bare)] == ["lines[r1].day"]
    assert judge(verdict, {"pick": "b"}) == []
    assert judge(verdict, {"pick": "a"}) == []


def agree(rules: list[dict[str, Any]], data: dict[str, Any]) -> tuple[bool, bool]:
    """(valid for the engine, valid for the schema) of a raw record."""
    form = compiled(
        {
            "pick": field("choice", options=CHOICES),
            "flag": field("yes_no"),
            "n": field("number"),
            "note": field("text"),
            "lines": table({"mark": field("text"), "why": field("text")}),
        },
        rules=rules,
    )
    outcome = evaluate(form, data, FACTS, mode="submit")
    return not outcome.errors, form.full.is_valid(outcome.data)


@pytest.mark.parametrize(
    ("when", "asked", "spared"),
    [
        ("pick == 'a'", {"pick": "a"}, {"pick": "b"}),
        ("pick != 'a'", {"pick": "b"}, {"pick": "a"}),
        ("pick in ['a', 'b']", {"pick": "b"}, {"pick": "c"}),
        ("flag", {"flag": True}, {"flag": False}),
        ("not flag", {"flag": False}, {"flag": True}),
        ("n == 3", {"n": 3}, {"n": 4}),
        ("not is_empty(pick)", {"pick": "c"}, {}),
        ("is_empty(pick)", {}, {"pick": "c"}),
        ({"field": "pick", "op": "==", "value": "a"}, {"pick": "a"}, {"pick": "b"}),
        ({"field": "n", "op": "in", "value": [1, 2]}, {"n": 2}, {"n": 3}),
    ],
)
def test_a_condition_a_schema_can_state_is_stated(when: Any, asked: Any, spared: Any) -> None:
    require = [{"id": "r", "when": when, "require": ["note"]}]
    assert agree(require, asked) == (False, False)
    assert agree(require, spared) == (True, True)
    assert agree(require, {**asked, "note": "x"}) == (True, True)
    both = [{"id": "r", "when": when, "show": ["note"], "require": ["note"]}]
    assert agree(both, asked) == (False, False)
    assert agree(both, spared) == (True, True)
    assert "x-rules" not in published(both)


def published(rules: list[dict[str, Any]]) -> dict[str, Any]:
    properties = {"pick": field("choice", options=CHOICES), "note": field("text"),
                  "n": field("number"), "flag": field("yes_no")}  # fmt: skip
    return published_schema(compiled(properties, rules=rules).definition)


def test_richer_rules_are_listed_by_id() -> None:
    rules = [
        {"id": "rich", "when": "n > 3 and pick == 'a'", "require": ["note"]},
        {"id": "check", "check": "n < 10", "on": "n"},
        {"id": "plain", "when": "pick == 'a'", "require": ["note"]},
    ]
    assert published(rules)["x-rules"] == ["rich", "check"]


def test_rules_of_rows_are_stated_inside_the_rows() -> None:
    rules = [{"id": "r", "when": "not is_empty(row.mark)", "require": ["lines[].why"]}]
    assert agree(rules, {"lines": [{"mark": "x"}]}) == (False, False)
    assert agree(rules, {"lines": [{"mark": "x", "why": "y"}, {"why": "y"}]}) == (True, True)


def test_a_table_a_rule_requires_needs_a_row_for_both() -> None:
    rules = [{"id": "r", "when": "flag", "require": ["lines"]}]
    assert agree(rules, {"flag": True}) == (False, False)
    assert agree(rules, {"flag": True, "lines": [{"mark": "x"}]}) == (True, True)
    assert agree(rules, {"flag": False}) == (True, True)


def test_a_draft_lacks_what_a_submitted_record_needs() -> None:
    form = payment()
    assert form.draft.is_valid({})
    assert not form.full.is_valid({})
    assert not form.draft.is_valid({"ghost": 1})


def test_errors_name_rows_by_id_and_never_quote_what_was_typed() -> None:
    form = payment()
    secret = "secret-4711"
    data = {"contract": secret + " ", "lines": [{"_id": "i1", "qty": secret}], secret: 1}
    for engine in (RustJudge, PythonJudge):
        errors = judge(engine(full_schema(form.definition)), data)
        assert {"contract", "lines[i1].qty"} <= {error.path for error in errors}
        assert secret not in json.dumps([str(error.message) for error in errors])


def test_no_engine_follows_a_reference() -> None:
    schema = {"$ref": "http://127.0.0.1:9/other.json"}
    for engine in (RustJudge, PythonJudge):
        with pytest.raises(SchemaError):
            engine(schema)


def test_a_record_nested_beyond_reason_is_refused_and_not_a_crash() -> None:
    value: Any = []
    for _ in range(5_000):
        value = [value]
    form = payment()
    for engine in (RustJudge, PythonJudge):
        assert judge(engine(draft_schema(form.definition)), {"note": value})


def test_a_lone_surrogate_is_refused_by_both() -> None:
    form = payment()
    for engine in (RustJudge, PythonJudge):
        assert judge(engine(draft_schema(form.definition)), {"ghost": "\ud800"})


def test_the_schemas_leave_the_definition_untouched() -> None:
    definition = payment().definition
    before = copy.deepcopy(definition.expanded)
    full_schema(definition)
    published_schema(definition)
    assert definition.expanded == before
    assert everything(definition)
