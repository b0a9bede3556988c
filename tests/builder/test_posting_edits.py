"""Edits of posting rules: on every shipped file each changes its part, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import paths
from portal.builder.design import posting_edits as edits
from portal.builder.design.binding_offers import offers
from portal.builder.design.bindings import (
    FIXED,
    FORMULA,
    Binding,
    constants,
    fitting,
    read_binding,
    takes_text,
    typed_binding,
    write_binding,
)
from portal.builder.design.posting_edits import Written
from portal.builder.design.postings import Rule, RuleFile, read_rules
from portal.builder.starters import new_file
from portal.definitions.checking import Report, check_module
from portal.definitions.checking.certainty import Certainty
from portal.definitions.checking.notes import Finding, Notes
from portal.definitions.checking.postings import (
    MAY_BE_EMPTY,
    NEEDS_COLUMN,
    NEEDS_CONTRACT,
    OTHER_UNIT,
    RuleCheck,
)
from portal.definitions.folders import module_folders, offers_of, read_folder
from portal.definitions.json_source import read_source
from portal.definitions.posting_columns import LEDGERS

FOLDERS = module_folders(paths.DEFINITIONS)
OFFERS = offers_of(FOLDERS)
SHIPPED = [
    (folder, path.name) for folder in FOLDERS for path in sorted(folder.glob("*.postings.json"))
]
EACH = pytest.mark.parametrize(
    ("folder", "name"), SHIPPED, ids=lambda one: getattr(one, "name", one)
)


def opened(folder: Path, name: str) -> tuple[str, RuleFile]:
    text = (folder / name).read_text("utf-8")
    read = read_rules(text)
    assert read is not None
    return text, read


def report_of(folder: Path) -> Report:
    return check_module(read_folder(folder), known=OFFERS.known(folder.name), run_cases=False)


def as_written(rule: Rule) -> Written:
    return Written(rule.ledger, rule.on, rule.table, rule.when, rule.columns)


def bodies(text: str) -> list[str]:
    read = read_rules(text)
    assert read is not None
    return [one.written for one in read.rules]


@EACH
def test_a_rule_written_as_it_stands_changes_no_byte(folder: Path, name: str) -> None:
    text, read = opened(folder, name)
    for rule in read.rules:
        assert edits.change_rule(text, rule.at, as_written(rule)) == text


@EACH
def test_an_edit_leaves_every_other_byte(folder: Path, name: str) -> None:
    text, read = opened(folder, name)
    for rule in read.rules:
        start, end = read_source(text).span(("rules", rule.at))
        changed = as_written(rule)
        columns = {**rule.columns, "ccy": "'EUR'"}
        if "ccy" not in LEDGERS[rule.ledger]:
            columns = {**rule.columns, "as_of": "today()"}
        made = edits.change_rule(
            text, rule.at, Written(changed.ledger, "submitted", "", "True", columns)
        )
        assert made.startswith(text[:start])
        assert made.endswith(text[end:])
        now = json.loads(made)["rules"][rule.at]
        assert now["set"] == columns
        assert (now["on"], now["when"], "foreach" in now) == ("submitted", "True", False)
        back = edits.change_rule(made, rule.at, changed)
        assert json.loads(back) == json.loads(text)


@EACH
def test_rules_move_are_copied_and_taken_out_byte_by_byte(folder: Path, name: str) -> None:
    text, read = opened(folder, name)
    before = bodies(text)
    for rule in read.rules:
        copied = edits.duplicate_rule(text, rule, "a_copy")
        assert [one for at, one in enumerate(bodies(copied)) if at != rule.at + 1] == before
        assert json.loads(copied)["rules"][rule.at + 1] == {
            **json.loads(text)["rules"][rule.at], "id": "a_copy"
        }  # fmt: skip
        assert edits.remove_rule(copied, rule.at + 1) == text
        if rule.at + 1 < len(read.rules):
            down = edits.move_rule(text, rule.at, up=False)
            assert sorted(bodies(down)) == sorted(before)
            assert edits.move_rule(down, rule.at + 1, up=True) == text
    if len(read.rules) == 1:
        assert edits.remove_rule(text, 0) is None


@EACH
def test_every_shipped_binding_is_read_as_a_choice_and_written_back(
    folder: Path, name: str
) -> None:
    _text, read = opened(folder, name)
    package = report_of(folder).package
    assert package is not None
    form = package.compiled[read.form]
    for rule in read.rules:
        offered = offers(form, rule.table or None, "en")
        for column, source in rule.columns.items():
            kind = LEDGERS[rule.ledger][column]
            bound = read_binding(kind, source, {one.path for one in offered})
            assert write_binding(bound) == source
            assert typed_binding(bound.choice, bound.text) == bound
            if bound.how == "field":
                assert source in {one.path for one in fitting(column, kind, offered)}
            plain = source.replace("_", "").replace(".", "").isalnum()
            assert not (plain and bound.how == FORMULA)


@EACH
def test_the_check_has_no_objection_to_anything_that_is_offered(folder: Path, name: str) -> None:
    _text, read = opened(folder, name)
    package = report_of(folder).package
    assert package is not None
    form = package.compiled[read.form]
    certainty = Certainty(form.definition, package.form_definition, form.scopes)
    for table in (None, *form.definition.columns):
        offered = offers(form, table, "zh")
        assert len({one.path for one in offered}) == len(offered)
        for ledger, columns in LEDGERS.items():
            for column, kind in columns.items():
                words = [Binding("word", one) for one in constants(kind)]
                fields = [Binding("field", one.path) for one in fitting(column, kind, offered)]
                for binding in (*words, *fields):
                    source = write_binding(binding)
                    rule = {"id": "x", "ledger": ledger, "on": "approved", "set": {column: source}}
                    rule |= {"foreach": table} if table else {}

                    def found(rule: dict[str, Any] = rule) -> dict[str, Finding]:
                        notes = Notes(name)
                        RuleCheck(form.definition, form.scopes, certainty, notes, (), rule).check()
                        return {one.message.id: one for one in notes.findings}

                    said = found()
                    if OTHER_UNIT in said:  # it goes once its remedy is followed
                        assert column == "rate"
                        unit = str(said[OTHER_UNIT].message.args["wanted"])
                        bound = unit if unit in {one.path for one in offered} else f"'{unit}'"
                        rule["set"] = {**rule["set"], "unit": bound}
                        said = found()
                    assert said.keys() <= {MAY_BE_EMPTY, NEEDS_COLUMN, NEEDS_CONTRACT}, (
                        column,
                        source,
                        said,
                    )


TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\r\n"), max_size=30
).map(str.strip)


@st.composite
def chosen_rules(draw: st.DrawFn) -> tuple[Written, dict[str, Binding], set[str]]:
    """A rule of choices, and the paths that were offered for them."""
    ledger = draw(st.sampled_from(sorted(LEDGERS)))
    paths = {"row.amount", "row.cost_code", "wbs", "record", "project.currency"}
    bindings = {}
    for name, column in LEDGERS[ledger].items():
        hows = [
            st.just(Binding()),
            st.builds(Binding, st.just("field"), st.sampled_from(sorted(paths))),
        ]
        if constants(column):
            hows.append(st.builds(Binding, st.just("word"), st.sampled_from(constants(column))))
        if takes_text(column):
            hows.append(st.builds(Binding, st.just(FIXED), TEXTS.filter(bool)))
        formulas = st.sampled_from(["round(row.amount * 2, 2)", "-total", "'a' if b else 'c'", "1"])
        hows.append(st.builds(Binding, st.just(FORMULA), formulas))
        bindings[name] = draw(st.one_of(hows))
    columns = {
        name: source for name, one in bindings.items() if (source := write_binding(one)) is not None
    }
    on = draw(st.sampled_from(["submitted", "approved"]))
    table, when = draw(st.sampled_from(["", "lines"])), draw(st.sampled_from(["", "total > 0"]))
    return Written(ledger, on, table, when, columns), bindings, paths


def chosen(rule: Rule, paths: set[str]) -> dict[str, Binding]:
    return {
        name: read_binding(column, rule.columns.get(name), paths)
        for name, column in LEDGERS[rule.ledger].items()
    }


@given(chosen_rules(), chosen_rules())
def test_what_is_written_of_choices_is_read_back_as_the_same_choices(
    first: tuple[Written, dict[str, Binding], set[str]],
    second: tuple[Written, dict[str, Binding], set[str]],
) -> None:
    text = new_file("postings", "purchase", "purchase")
    for written, bindings, offered in (first, second):
        text = edits.add_rule(text, written, edits.new_key("rule", keys(text)))
        rule = list_of(text)[-1]
        assert as_written(rule) == written
        assert chosen(rule, offered) == bindings
    changed = edits.change_rule(text, 0, second[0])
    assert as_written(list_of(changed)[0]) == second[0]
    assert chosen(list_of(changed)[0], second[2]) == second[1]
    assert list_of(changed)[1].written == list_of(text)[1].written
    assert edits.change_rule(changed, 0, second[0]) == changed


def list_of(text: str) -> tuple[Rule, ...]:
    read = read_rules(text)
    assert read is not None
    return read.rules


def keys(text: str) -> list[str]:
    return [one.id for one in list_of(text)]


@pytest.mark.parametrize(
    "raw", [7, None, [], {"set": 3}, {"id": 1, "ledger": [], "on": None, "when": {}, "set": []}]
)
def test_what_is_no_rule_is_read_as_one_that_is_not_known(raw: Any) -> None:
    (rule,) = list_of(json.dumps({"form": "x", "rules": [raw]}))
    assert not rule.is_known
    assert rule.columns == {}


def test_what_nobody_knows_stays() -> None:
    rule = {"id": "a", "ledger": "cost_entry", "on": "approved", "note": 1,
            "set": {"bucket": "actual", "strange": "x", "amount": 5}}  # fmt: skip
    text = json.dumps({"form": "x", "rules": [rule]}, indent=1)
    made = edits.change_rule(
        text, 0, Written("cost_entry", "approved", columns={"amount": "total"})
    )
    now = json.loads(made)["rules"][0]
    assert now == {**rule, "set": {"strange": "x", "amount": "total"}}
    assert read_rules("[") is None
    assert read_rules("[]") is None
