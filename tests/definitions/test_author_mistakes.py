"""What authors get wrong every day: said once, at their own line, with what to write instead."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.definitions.checking import Report, check_module

FORM, CHAIN = "change.form.json", "change.workflow.json"
LONG = '"x-field": {"kind": "longtext", "label": {"en": "Explanation", "zh": "说明"}, "max": 500}'
CHECK = (
    '"on": "lines",\n      '
    '"message": {"en": "The total must be more than nothing.", "zh": "合计必须大于零。"}'
)

# what was meant, what was written, the place, what is said, what is advised
MISTAKES: dict[str, tuple[str, str, str, str, str]] = {
    "a comma forgotten": (
        '"version": 1,', '"version": 1', "", "comma is missing", "Write “,” here."),
    "a comma too many": (
        '"max": 500}', '"max": 500,}', "", "comma stands behind the last", "Take the comma out."),
    "a brace forgotten": (
        '"in_list": true\n        }\n      }', '"in_list": true\n        }\n', "",
        "“{” is not closed", "Close it"),
    "quotes of a word processor": (
        '"version": 1', "“version”: 1", "", "name of a member", "straight double quotes"),
    "a comment": ('"version": 1', '// second\n  "version": 1', "", "no comments", "Take it out"),
    "a text over two lines": (
        '"form": "change",', '"form": "change,', "", "not closed at the end of its line",
        "double quote"),
    "a kind of another tool": (
        '"kind": "longtext"', '"kind": "textarea"', "data.properties.note.x-field.kind",
        "“textarea” is not known", "“longtext”"),
    "no kind": (
        '"kind": "longtext", ', "", "data.properties.note.x-field", "“kind” is missing",
        "one of: choice, yes_no, date"),
    "options without x-field": (
        LONG, '"kind": "longtext"', "data.properties.note", "“x-field” is missing",
        "A field says what it is in its “x-field”"),
    "an option beside x-field": (
        LONG, f'"required": true, {LONG}', "data.properties.note.required",
        "Unknown member “required”", "inside “x-field”"),
    "a number in quotes": (
        '"max": 500', '"max": "500"', "data.properties.note.x-field.max", "whole number",
        "without quotes: 500"),
    "choices as words": (
        '"options": [{"value": "CNY", "label": "CNY"}, {"value": "USD", "label": "USD"}]',
        '"options": ["CNY"]', "data.properties.currency.x-field.options[0]", "an object",
        "value, label"),
    "a list as a text": (
        '"fields": ["lines", "total"]', '"fields": "lines"', "layout[1].fields", "a list",
        "[“lines”]"),
    "a table without columns": (
        '"items": {\n          "properties": {\n            "cost_code"',
        '"colums": {\n          "properties": {\n            "cost_code"',
        "data.properties.lines", "“items” is missing", "“items”: {“properties”"),
    "a default of another kind": (
        '"kind": "longtext"', '"default": 5, "kind": "longtext"',
        "data.properties.note.x-field.default", "wrong form", "such as"),
    "a default that is no choice": (
        '"required": true,\n          "options"', '"default": "scop", "options"',
        "data.properties.reason.x-field.default", "listed values", "scope"),
    "a list in full form without its end": (
        '"x-field": {\n          "kind": "table",',
        '"type": "array",\n        "x-field": {\n          "kind": "table",',
        "data.properties.lines", "“maxItems” is missing", "x-field alone"),
    "a misspelt effect of a rule": (
        '"show": ["note"], "require": ["note"]}', '"shwo": ["note"]}', "rules[0].shwo",
        "Unknown member “shwo”", "“show”"),
    "a misspelt check": (
        '"check": "total > 0"', '"chekc": "total > 0"', "rules[1].chekc",
        "Unknown member “chekc”", "“check”"),
    "a rule without effect": (
        ', "show": ["note"], "require": ["note"]}', "}", "rules[0]", "A rule shows",
        "one of: show, require, lock, check"),
    "a check without its message": (
        CHECK, '"on": "lines"', "rules[1]", "“message” is missing", "A check has a message"),
    "a message without a check": (
        '"require": ["note"]}', '"require": ["note"], "message": "?"}', "rules[0].message",
        "not allowed", "Only a check"),
    "a column as a field": (
        '"lines[].amount": "round(', '"amount": "round(', "computed.amount", "no field “amount”",
        "“lines[].amount”"),
    "a column without its row": (
        "round(row.qty * row.price, 2)", "round(qty * row.price, 2)", "computed.lines[].amount",
        "no field “qty”", "“row.qty”"),
    "a unit that is no column": (
        '"unit": "h"', '"unit": "lines[].amuont"',
        "data.properties.lines.items.properties.qty.x-field.unit", "no field", "“lines[].amount”"),
    "a link that matches nothing": (
        '"same": {"contract": "contract"}', '"same": {"contrct": "contract"}',
        "data.properties.before.x-field.same.contrct", "no field “contrct”", "“contract”"),
    "a layout block misspelt": (
        '{"type": "section", "title": {"en": "Lines"', '{"typ": "section", "title": {"en": "Lines"',
        "layout[1].typ", "Unknown member “typ”", "“type”"),
    "a part of a number nobody knows": (
        "{yyyy}", "{year}", "numbering", "“{year}” is not part", "{yyyy}"),
    "money and a number": (
        '"sum(lines, row, row.amount)"', '"sum(lines, row, row.amount) + 1"', "computed.total",
        "do not add up", "* 1.06"),
    "a division by nothing": (
        '"check": "total > 0"', '"check": "total / 0 > 0"', "rules[1].check", "divides by zero",
        "not 0"),
    "the id of a row": (
        '"check": "total > 0"', '"check": "any(lines, row, row._id == \'a\')"', "rules[1].check",
        "no field “_id”", "the portal's own"),
    "an attribute of Python": (
        '"check": "total > 0"', '"check": "total.__class__ == 1"', "rules[1].check",
        "no fields of its own", "Write total."),
}  # fmt: skip

CHAINS: dict[str, tuple[str, str, str, str, str]] = {
    "a role without its rule": (
        '"who": {"project_role": "project_manager"}', '"who": "project_manager"', "blocks[0].who",
        "an object", "user, role, project_role"),
    "two rules in one": (
        '"who": {"project_role": "project_manager"}',
        '"who": {"project_role": "project_manager", "role": "director"}', "blocks[0].who",
        "Only one member", "Keep one"),
    "a count alone": ('"need": "any"', '"need": 2', "blocks[0].need", "a text", "any, all"),
    "a misspelt block": (
        '"step": "check"', '"stpe": "check"', "blocks[0].stpe", "Unknown member", "“step”"),
    "a misspelt step": (
        '["check", "board"]', '["chek", "board"]', "policy.distinct[0][0]", "no step “chek”",
        "“check”"),
    "a field nobody has": (
        '"need": "any",', '"need": "any", "fields": {"edit": ["notte"]},',
        "blocks[0].fields.edit[0]", "no field “notte”", "“note”"),
    "a condition on nothing": (
        "currency == 'USD' or reason == 'other'", "curency == 'USD'", "blocks[1].when[0].if",
        "no field “curency”", "“currency”"),
    "an id used twice": ('"cc": "tell"', '"cc": "large"', "blocks[2].cc", "used twice", "another"),
}  # fmt: skip

ALL = [(FORM, name, *one) for name, one in MISTAKES.items()]
ALL += [(CHAIN, name, *one) for name, one in CHAINS.items()]


def checked(changes: dict[str, str], offers: Any, file: str, meant: str, written: str) -> Report:
    assert meant in changes[file], meant
    text = changes[file].replace(meant, written, 1)
    return check_module({**changes, file: text}, known=offers.known("changes"))


@pytest.mark.parametrize(
    ("file", "name", "meant", "written", "place", "says", "advice"),
    ALL,
    ids=[one[1] for one in ALL],
)
def test_a_mistake_is_said_first_at_its_own_line_with_what_to_write(
    file: str, name: str, meant: str, written: str, place: str, says: str, advice: str,
    changes: dict[str, str], offers: Any,
) -> None:  # fmt: skip
    first, *others = checked(changes, offers, file, meant, written).findings
    assert first.file == file
    assert first.path == place
    assert says in str(first.message)
    assert advice in str(first.remedy)
    text = changes[file]
    start = text[: text.index(meant)].count("\n") + 1
    lines = range(start - 1, start + meant.count("\n") + 2)  # at most one line around it
    opened = {"a brace forgotten": 100, "a check without its message": 116,
              "a table without columns": 57}  # fmt: skip
    assert first.line == opened[name] if name in opened else first.line in lines
    assert len(others) <= 2


def test_a_file_that_cannot_be_read_is_the_only_one_something_is_said_of(
    changes: dict[str, str], offers: Any
) -> None:
    for file, meant, written in (
        ("module.json", '"group"', '"gruop"'),
        ("change.form.json", '"version": 1,', '"version": 1'),
        ("change.form.json", '"kind": "longtext"', '"kind": "text_long"'),
    ):
        report = checked(changes, offers, file, meant, written)
        assert {one.file for one in report.findings} == {file}


def test_a_form_of_the_module_that_cannot_be_read_is_not_missed_by_the_others(
    contracts: dict[str, str], offers: Any
) -> None:
    broken = contracts["party.form.json"].replace('"version"', '"versoin"')
    files = {**contracts, "party.form.json": broken}
    report = check_module(files, known=offers.known("contracts"))
    assert {one.file for one in report.findings} == {"party.form.json"}


def test_every_finding_of_the_catalog_of_faults_has_advice_of_its_own(
    check_changed: Callable[..., Report],
) -> None:
    from portal.definitions.checking.findings import CORRECT_IT
    from tests.definitions.test_checking import FAULTS, OTHERS

    changes = [(change, FORM) for change, *_ in FAULTS.values()]
    changes += [(change, file) for file, change, *_ in OTHERS.values()]
    general = [
        str(one)
        for change, file in changes
        for one in check_changed(change, file).findings
        if one.remedy.id in (CORRECT_IT, "Correct the expression.", "")
    ]
    assert general == []
