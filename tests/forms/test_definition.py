"""Reading and compiling definitions: what they offer, and what is refused with which remedy."""

import time
from typing import Any

import pytest

from portal.errors import Message
from portal.expressions.errors import did_you_mean
from portal.forms.definition import DefinitionErrors, Finding, compile_form, read_form
from portal.forms.expand import expand
from tests.forms.samples import CHOICES, CONTRACT, PAYMENT, compiled, field, form, payment, table


def findings(properties: Any, **members: Any) -> list[Finding]:
    with pytest.raises(DefinitionErrors) as refused:
        compiled(properties, {"contract": CONTRACT}, **members)
    return refused.value.findings


def test_a_definition_is_read_with_texts_in_both_languages() -> None:
    definition = payment().definition
    assert definition.title.en == "Sample"
    reason, note = definition.field("reason"), definition.field("note")
    assert reason.label.in_language("zh") == "事由"
    assert note.hint.in_language("zh-CN") == "说明原因"
    assert reason.options["choices"]["scope"].zh == "范围"
    assert definition.field("lines[].qty").label.in_language("zh") == "Qty"
    assert definition.field("contract").required
    assert [one.key for one in definition.columns["lines"]][:2] == ["item", "price"]
    assert definition.field("party").is_derived
    assert not definition.field("lines[].item").is_writable


def test_fields_outside_the_layout_are_not_lost() -> None:
    definition = compiled(
        {"a": field("text"), "b": field("text"), "lines": table({"c": field("text")})},
        layout=[
            {"type": "note", "text": {"en": "Mind", "zh": "注意"}},
            {"type": "section", "title": "One", "columns": 2, "fields": ["b"]},
        ],
    ).definition
    assert [one.fields for one in definition.sections] == [(), ("b",), ("a", "lines")]
    assert definition.sections[0].note.zh == "注意"
    assert definition.sections[1].columns == 2


def test_compiling_is_kept_by_content() -> None:
    assert payment() is payment()
    assert payment(rules=[]) is not payment()
    changed = {**CONTRACT, "title": "Other"}
    assert compiled(PAYMENT, {"contract": changed}) is not compiled(PAYMENT, {"contract": CONTRACT})
    assert compiled({"a": field("text")}, version=1) is compiled({"a": field("text")}, version=2)


def test_every_fault_is_found_at_once_with_place_and_remedy() -> None:
    found = findings(
        {"amount": field("money"), "b": field("number"), "lines": table({"qty": field("number")})},
        computed={"b": "amout + 1", "nowhere": "1"},
        rules=[
            {"id": "x", "when": "b > ghost", "show": ["amuont"]},
            {"id": "y", "check": "row.qty > 1", "on": "lines[].qty", "require": ["b"]},
        ],
        layout=[{"type": "section", "title": "S", "fields": ["lines", "ghost"]}],
    )
    places = {one.place: one for one in found}
    assert places["computed", "b"].remedy == did_you_mean("amount")
    assert places["rules", 0, "show", 0].remedy == did_you_mean("amount")
    assert ("computed", "nowhere") in places
    assert places["rules", 0, "when"].column > 1
    assert ("rules", 1) in places
    assert ("layout", 0, "fields", 1) in places


def test_a_circle_is_refused_with_its_members() -> None:
    numbers = {name: field("number") for name in "abc"}
    found = findings(numbers, computed={"a": "b + 1", "b": "c + 1", "c": "a + 1"})
    assert len(found) == 1
    assert {"a", "b", "c"} <= set(str(found[0].message))
    assert findings(numbers, computed={"a": "a + 1"})[0].place == ("computed", "a")


def test_a_rule_that_hides_its_own_question_is_a_circle() -> None:
    found = findings(
        {"a": field("yes_no"), "b": field("yes_no")},
        rules=[
            {"id": "one", "when": "a", "show": ["b"]},
            {"id": "two", "when": "b", "show": ["a"]},
        ],
    )
    assert "a" in str(found[0].message)


def test_a_result_of_another_type_is_refused() -> None:
    assert findings({"a": field("text"), "b": field("number")}, computed={"b": "a"})
    assert findings({"a": field("choice", options=CHOICES), "b": field("yes_no")},
                    rules=[{"id": "r", "when": "a == 'z'", "show": ["b"]}])  # fmt: skip


def test_links_must_lead_to_forms_and_fields_that_fit() -> None:
    assert findings({"a": field("record", target="ghost")})[0].message.args == {"form": "ghost"}
    link = {"c": field("record", target="contract", fetch={"party": "prty", "n": "amount"})}
    found = findings({**link, "party": field("text"), "n": field("number")})
    assert [one.place[-1] for one in found] == ["party", "n"]


def test_an_expression_reads_the_fields_of_a_link() -> None:
    form = compiled(
        {"c": field("record", target="contract"), "half": field("money")},
        {"contract": CONTRACT},
        computed={"half": "c.amount / 2"},
    )
    assert form.link_fields == {"c": {"amount"}}
    assert form.affected({"c"}) == {"half"}


def test_the_where_used_list_names_every_user_of_a_field() -> None:
    used = {(use.by, use.name) for use in payment(subject="reason").where_used["reason"]}
    assert used == {("rule", "why"), ("subject", "subject")}
    gross = {(use.by, use.name) for use in payment().where_used["gross"]}
    assert ("computed", "net") in gross
    assert ("rule", "over") in gross


def test_what_a_field_starts_with_must_be_of_its_kind() -> None:
    found = findings({"a": field("money", default="1.234"), "b": field("number", max=3, default=4)})
    assert [one.place[-1] for one in found] == ["default", "default"]
    assert findings({"t": table({"d": field("date", prefill="today()")})})


def test_a_pattern_no_linear_engine_runs_is_refused() -> None:
    node = {"type": "string", "pattern": "^(?=a)b$"}
    with pytest.raises(DefinitionErrors) as refused:
        compile_form(expand(form({"a": node})))
    assert refused.value.findings[0].place == ("data",)


def test_tables_hold_no_tables_and_kinds_must_exist() -> None:
    nested = table({"inner": table({"a": field("text")})})
    for node in (nested, field("hologram")):
        with pytest.raises(DefinitionErrors):
            read_form(expand(form({"x": node})))


def test_two_hundred_fields_compile_in_under_fifty_milliseconds() -> None:
    kinds = ["text", "money", "quantity", "date", "yes_no", "number"]
    properties = {f"f{n}": field(kinds[n % 6], label={"en": f"Field {n}"}) for n in range(190)}
    properties |= {f"t{n}": field("money") for n in range(10)}
    computed = {f"t{n}": f"f{6 * n + 1} + f{6 * n + 7}" for n in range(10)}
    rules = [
        {"id": f"r{n}", "when": f"f{6 * n + 4}", "show": [f"f{6 * n}"], "require": [f"f{6 * n}"]}
        for n in range(15)
    ]
    spent = []
    for turn in range(3):
        full = expand(form(properties, computed=computed, rules=rules, title=f"Turn {turn}"))
        start = time.process_time()
        compile_form(full)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.05


def test_findings_are_sentences() -> None:
    found = findings({"a": field("text")}, numbering="PAY-{yyy}")
    assert all(isinstance(one.message, Message) and str(one.message) for one in found)
    assert len(found) == 2
