"""What is wrong with a posting rule as it was chosen, by input, and what is written for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal import limits
from portal.builder.design.bindings import FIXED, FORMULA, Binding, write_binding
from portal.builder.design.conditions import to_source
from portal.builder.design.posting_edits import Written, raw_rule
from portal.builder.design.postings import Rule
from portal.builder.posting_desk import PostingDesk, column_title
from portal.builder.posting_page import ONLY, RuleInputs, kept_when_same
from portal.definitions.checking import Finding
from portal.definitions.checking.postings import MAY_BE_EMPTY, NEEDS_COLUMN, NEEDS_CONTRACT
from portal.definitions.ledger_words import COLUMN_TITLES, TRANSITIONS
from portal.definitions.posting_columns import LEDGERS
from portal.errors import Invalid, Message
from portal.expressions import ExpressionError
from portal.expressions.reading import Source
from portal.web.answers import sentence
from portal.web.words import gettext as _


@dataclass(frozen=True)
class Judgement:
    """A rule as it would be written; `errors` keep it from being saved, `notes` do not."""

    written: Written
    errors: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)


def judge_inputs(desk: PostingDesk, inputs: RuleInputs, rule: Rule | None = None) -> Judgement:
    """Everything that can be said of the inputs at once.

    What says the same as `rule` says already is kept as it is written there.
    """
    errors = _chosen_wrong(desk, inputs)
    if "ledger" in errors:
        return Judgement(Written(inputs.ledger, inputs.on), errors)
    same = kept_when_same(desk, rule, inputs) if rule else frozenset()
    when = rule.when if rule and "when" in same else _condition(desk, inputs, errors)
    columns: dict[str, Any] = {}
    for name, binding in inputs.bindings.items():
        kept = rule.columns.get(name) if rule and name in same else None
        source = write_binding(binding) if kept is None else kept
        if source is not None:
            columns[name] = source
        if error := _unbound(name, binding, inputs.ledger):
            errors[f"set-{name}"] = error
    judgement = Judgement(Written(inputs.ledger, inputs.on, inputs.table, when, columns), errors)
    if "table" not in errors and "on" not in errors:
        _check(desk, judgement, inputs)
    return judgement


def _chosen_wrong(desk: PostingDesk, inputs: RuleInputs) -> dict[str, str]:
    errors = {}
    if inputs.ledger not in LEDGERS:
        errors["ledger"] = str(_("Choose a ledger."))
    if inputs.on not in TRANSITIONS:
        errors["on"] = str(_("Choose when the rule posts."))
    if inputs.table and inputs.table not in dict(desk.tables):
        errors["table"] = str(_("The form has no such table: choose another."))
    return errors


def _condition(desk: PostingDesk, inputs: RuleInputs, errors: dict[str, str]) -> str:
    try:
        return to_source(inputs.condition, desk.options(inputs.table), ONLY)
    except Invalid as refusal:
        errors.update({one.path: sentence(one.message) for one in refusal.errors})
        return ""


def _unbound(name: str, binding: Binding, ledger: str) -> str:
    if len(binding.text) > limits.EXPRESSION_LENGTH:
        return str(_("At most %(most)s characters.", most=limits.EXPRESSION_LENGTH))
    if binding.how == FORMULA and not binding.text:
        return str(_("Write the formula."))
    if binding.how == FIXED and not binding.text:
        return str(_("Write the text."))
    if LEDGERS[ledger][name].required and not binding.how:
        return str(_("Nothing can be posted without it: choose what it is bound to."))
    return ""


def _check(desk: PostingDesk, judgement: Judgement, inputs: RuleInputs) -> None:
    """What the check of the module says, put at the inputs it is about."""
    written, errors = judgement.written, judgement.errors
    if desk.compiled is None:
        _read_alone(written, errors)
        return
    raw = raw_rule(written, "rule")
    raw["set"] = {
        name: str(one) for name, one in written.columns.items() if f"set-{name}" not in errors
    }
    for one in desk.judge_rule(raw):
        place, column = _place(one, inputs)
        text = f"{sentence(_with_title(one.message))} {sentence(one.remedy)}"
        if one.message.id == MAY_BE_EMPTY:
            judgement.notes.append((column_title(column), text))
        else:
            errors.setdefault(place, text)


def _place(one: Finding, inputs: RuleInputs) -> tuple[str, str]:
    """(the input, the column) a finding is about."""
    member, _dot, column = one.path.partition(".")
    if member == "when":
        return (f"{ONLY}-source" if inputs.condition.source else ONLY), ""
    if member == "foreach":
        return "table", ""
    if one.message.id in (NEEDS_COLUMN, NEEDS_CONTRACT):
        column = str(one.message.args["column"])
    return f"set-{column}", column


def _with_title(message: Message) -> Message:
    """The same sentence naming the column as people call it."""
    name = message.args.get("column")
    if not isinstance(name, str) or name not in COLUMN_TITLES:
        return message
    return Message(message.id, {**message.args, "column": Message(COLUMN_TITLES[name])})


def _read_alone(written: Written, errors: dict[str, str]) -> None:
    """While the form has errors, a formula only has to be one that can be read."""
    for name, source in written.columns.items():
        try:
            Source(str(source))
        except ExpressionError as error:
            errors.setdefault(f"set-{name}", sentence(error.message))


def differences(
    desk: PostingDesk, mine: RuleInputs, rule: Rule, now: RuleInputs
) -> Mapping[str, str]:
    """What differs from the rule as it is now, in words, by what it is about."""
    said = _said(desk, mine, judge_inputs(desk, mine, rule).written.when)
    there = _said(desk, now, rule.when)
    titles = dict.fromkeys([*there, *said])
    return {one: there.get(one, "") for one in titles if there.get(one) != said.get(one)}


def _said(desk: PostingDesk, inputs: RuleInputs, when: str) -> dict[str, str]:
    bound = {
        column_title(name): desk.binding_words(name, one)
        for name, one in inputs.bindings.items()
        if one.how
    }
    rule = desk.sentence(inputs.ledger, inputs.on, inputs.table, when)
    return {str(_("Rule")): rule, **bound}
