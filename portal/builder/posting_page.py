"""The page of one posting rule: what was chosen or is written, what each column may be bound to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import request

from portal import limits
from portal.builder.design.bindings import (
    FIXED,
    FORMULA,
    Binding,
    constants,
    fitting,
    takes_text,
    typed_binding,
    word_title,
)
from portal.builder.design.conditions import Condition, from_form, parse
from portal.builder.design.postings import Rule
from portal.builder.posting_desk import PostingDesk, column_title
from portal.definitions import queries as definitions
from portal.definitions.posting_columns import LEDGERS, Column
from portal.expressions import Type
from portal.expressions.kinds import Kind
from portal.web.answers import sentence
from portal.web.filters import text_in
from portal.web.inputs import clean, one_line
from portal.web.words import gettext as _

ONLY = "only"
Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RuleInputs:
    """Everything chosen on the page of a rule; `table` is empty for one entry per record."""

    ledger: str
    on: str
    table: str = ""
    condition: Condition = field(default_factory=Condition)
    bindings: Mapping[str, Binding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column of the ledger as a row of the page; `groups` are the choices it has.

    `is_without` says that the column must hold a link and no field of the form is one.
    """

    name: str
    title: str
    takes: str
    required: bool
    groups: Sequence[tuple[str, Sequence[Choice]]]
    binding: Binding
    is_without: bool = False


@dataclass(frozen=True)
class RulePage:
    """The page of one rule. `rule` is None for a new one, or for one no longer there.

    `errors` are by input; `missing` are columns a rule cannot post without; `notes` are (column,
    sentence) that keep a release from being published but not the rule from being kept. `theirs`:
    (what, how it is now) where somebody else changed the rule; `over` allows to save all the same.
    """

    inputs: RuleInputs
    columns: Sequence[ColumnRow]
    told: str
    rule: Rule | None = None
    part: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    missing: Sequence[str] = ()
    notes: Sequence[Choice] = ()
    theirs: Sequence[Choice] | None = None
    over: str = ""
    is_gone: bool = False


def stored_inputs(desk: PostingDesk, rule: Rule) -> RuleInputs:
    """The inputs of a rule as it is written."""
    condition = parse(rule.when, desk.options(rule.table))
    return RuleInputs(rule.ledger, rule.on, rule.table, condition, desk.bindings(rule))


def typed_inputs() -> RuleInputs:
    """The inputs of the request."""
    ledger = _typed("ledger")
    bindings = {
        name: typed_binding(_typed(f"set-{name}"), _text(f"set-{name}-text"))
        for name in LEDGERS.get(ledger, ())
    }
    return RuleInputs(
        ledger, _typed("on"), _typed("table"), from_form(request.form, ONLY), bindings
    )


def kept_when_same(desk: PostingDesk, rule: Rule, inputs: RuleInputs) -> frozenset[str]:
    """The inputs that say what is written already: columns by name, and "when"."""
    stored = stored_inputs(desk, rule)
    same = {
        name
        for name, binding in inputs.bindings.items()
        if rule.ledger == inputs.ledger and _cleaned(stored.bindings.get(name)) == binding
    }
    condition = replace(stored.condition, source=str(clean(stored.condition.source)))
    return frozenset(same | ({"when"} if condition == inputs.condition else set()))


def _cleaned(binding: Binding | None) -> Binding | None:
    return replace(binding, text=str(clean(binding.text))) if binding else None


def column_rows(desk: PostingDesk, inputs: RuleInputs) -> list[ColumnRow]:
    """Every column of the ledger with what it may be bound to."""
    offered = desk.offers(inputs.table)
    rows = []
    for name, column in LEDGERS.get(inputs.ledger, {}).items():
        groups: dict[str, list[Choice]] = {}
        words = [(f"word:{one}", str(_(word_title(name, one)))) for one in constants(column)]
        if words:
            groups[str(_("Always the same"))] = words
        fits = fitting(name, column, offered)
        for offer in fits:
            groups.setdefault(offer.group, []).append((f"field:{offer.path}", offer.label))
        own = [(FIXED, str(_("a text of my own")))] if takes_text(column) else []
        groups[str(_("Something else"))] = [*own, (FORMULA, str(_("a formula")))]
        binding = inputs.bindings.get(name, Binding())
        known = {value for options in groups.values() for value, _label in options}
        if binding.how and binding.choice not in known:
            binding = Binding(FORMULA, binding.text)
        rows.append(
            ColumnRow(
                name, column_title(name), _takes(column), column.required, list(groups.items()),
                binding, _is_without(desk, name, column),
            )
        )  # fmt: skip
    return rows


def _is_without(desk: PostingDesk, name: str, column: Column) -> bool:
    """Whether a column must hold a link, and neither the record nor a row of a table has one."""
    if not column.required or not column.targets:
        return False
    tables = ["", *(key for key, _title in desk.tables)]
    return not any(fitting(name, column, desk.offers(table)) for table in tables)


def _takes(column: Column) -> str:
    """What kind of value a column takes, in words."""
    if column.targets:
        known = definitions.form_titles()
        titles = [(one, known.get(one)) for one in column.targets]
        names = [text_in({"en": t.en, "zh": t.zh}) if t else one for one, t in titles]
        return str(_("a link to “%(form)s”", form=str(_("” or “")).join(names)))
    if column.words:
        return str(_("one of a list"))
    kinds = str(_(" or ")).join(sentence(Type(one).named) for one in _kinds(column))
    return f"{kinds} ({column.unit})" if column.unit else kinds


def _kinds(column: Column) -> list[Kind]:
    return [
        one for one in column.kinds if one not in ("choice", "integer") or len(column.kinds) < 2
    ]


def _typed(name: str) -> str:
    return str(one_line(request.form.get(name, "")))[:200]


def _text(name: str) -> str:
    """A formula or text: cut where it is too long, but not so short that it would be accepted."""
    return str(clean(request.form.get(name, "")))[: limits.EXPRESSION_LENGTH + 1]
