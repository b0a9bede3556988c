"""Posting rules compiled against their form: constants, and typed expressions per column."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.errors import N_, Message, PortalError
from portal.expressions import Expression, ExpressionError, Scope, Type, compile_expression
from portal.forms.fields import FormDefinition
from portal.forms.kinds.money import is_currency_code
from portal.forms.scopes import Linked, form_scopes
from portal.ledgers.catalog import LEDGERS, Ledger, LedgerColumn
from portal.ledgers.rules import PostingRule, PostingRules

Bound = Expression | str | None

WRONG_KIND = N_("Column “%(column)s” of ledger “%(ledger)s” cannot hold %(kind)s.")
BIND_KIND = N_("Bind it to a field of this kind: %(kinds)s.")
WRONG_TARGET = N_("Column “%(column)s” needs an entry of the register “%(target)s”.")
BIND_TARGET = N_("Bind it to a link whose target is “%(target)s”.")
NOT_LISTED = N_("“%(value)s” is not a value of column “%(column)s”.")
ONE_OF = N_("Write one of: %(words)s.")
WRONG_UNIT = N_("Column “%(column)s” counts in “%(unit)s”; this quantity is in “%(found)s”.")
BIND_UNIT = N_("Bind it to a quantity whose unit is the constant “%(unit)s”.")
NOT_READ = N_("Correct the expression.")
TRY = N_("Try: %(suggestion)s")


class BindingError(PortalError):
    """A binding or condition that cannot be accepted, with what to do about it."""

    status = 422

    def __init__(self, message: Message, remedy: Message, inside: int = 0) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.inside = inside


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to run: its condition, and what each column it sets is bound to."""

    written: PostingRule
    ledger: Ledger
    when: Expression | None
    bound: Mapping[str, Bound]

    def moving(self, columns: Mapping[str, Any]) -> tuple[str, ...]:
        """The columns of which one has to differ from zero for the line to mean anything."""
        if self.ledger.name != "progress_entry":
            return self.ledger.measures
        return ("days",) if columns.get("reading") == "shift" else ("on_date",)

    @property
    def dependencies(self) -> frozenset[str]:
        """Paths its expressions read."""
        found = {path for one in self.bound.values() for path in _paths(one)}
        return frozenset(found | set(_paths(self.when)))


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """All rules of a form, compiled. Immutable; kept per release."""

    written: PostingRules
    rules: tuple[CompiledRule, ...]

    def on(self, state: str) -> tuple[CompiledRule, ...]:
        """The rules that post when a record enters this state."""
        return tuple(rule for rule in self.rules if rule.written.on == state)

    def named(self, rule_id: str) -> CompiledRule | None:
        """The rule of this id, if there is one."""
        return next((rule for rule in self.rules if rule.written.id == rule_id), None)

    @property
    def dependencies(self) -> frozenset[str]:
        """Paths that any rule reads: fields a signature on this form must protect."""
        return frozenset(path for rule in self.rules for path in rule.dependencies)


def _paths(bound: Bound) -> Iterable[str]:
    return bound.dependencies if isinstance(bound, Expression) else ()


def compile_rules(rules: PostingRules, form: FormDefinition, linked: Linked) -> CompiledRules:
    """Compile rules that publishing has accepted. Raises BindingError for any other."""
    scopes = form_scopes(form, linked)
    return CompiledRules(rules, tuple(_compiled(rule, scopes) for rule in rules.rules))


def _compiled(rule: PostingRule, scopes: Mapping[str | None, Scope]) -> CompiledRule:
    scope, ledger = scopes[rule.foreach], LEDGERS[rule.ledger]
    when = None if rule.when is None else condition(rule.when, scope)
    bound = {
        name: bind(ledger, ledger.columns[name], source, scope) for name, source in rule.set.items()
    }
    return CompiledRule(rule, ledger, when, bound)


def condition(source: str, scope: Scope) -> Expression:
    """A rule's condition. Raises BindingError."""
    return _expression(source, scope, Type("yes_no"))


def bind(ledger: Ledger, column: LedgerColumn, source: str, scope: Scope) -> Bound:
    """What a column is bound to: a constant of its list, or an expression. Raises BindingError."""
    words = column.declared.words
    if words and source in words:
        return source
    if column.name == "ccy" and is_currency_code(source):
        return source
    if words and source.isidentifier() and not _is_name(source, scope):
        raise _not_listed(column, source)
    made = _expression(source, scope, None)
    _judge(ledger, column, made.type)
    return made


def _is_name(source: str, scope: Scope) -> bool:
    return source in scope.names


def _expression(source: str, scope: Scope, expect: Type | None) -> Expression:
    try:
        return compile_expression(source, scope, expect=expect)
    except ExpressionError as error:
        remedy = Message(NOT_READ)
        if error.suggestion:
            remedy = Message(TRY, {"suggestion": error.suggestion})
        raise BindingError(error.message, remedy, error.column - 1) from None


def _judge(ledger: Ledger, column: LedgerColumn, got: Type) -> None:
    """Raise BindingError unless the column can hold what the expression makes."""
    declared = column.declared
    if declared.words:
        strange = [value for value in got.choices if value not in declared.words]
        if strange or not got.choices:
            raise _not_listed(column, strange[0] if strange else str(got.named))
        return
    if got.kind not in declared.kinds:
        raise BindingError(
            Message(WRONG_KIND, {"column": column.name, "ledger": ledger.name, "kind": got.named}),
            Message(BIND_KIND, {"kinds": ", ".join(declared.kinds)}),
        )
    if declared.target and got.target != declared.target:
        args = {"column": column.name, "target": declared.target}
        raise BindingError(Message(WRONG_TARGET, args), Message(BIND_TARGET, args))
    if declared.unit and got.kind == "quantity" and got.unit != declared.unit:
        args = {"column": column.name, "unit": declared.unit, "found": got.unit or "?"}
        raise BindingError(Message(WRONG_UNIT, args), Message(BIND_UNIT, args))


def _not_listed(column: LedgerColumn, value: str) -> BindingError:
    return BindingError(
        Message(NOT_LISTED, {"value": value, "column": column.name}),
        Message(ONE_OF, {"words": ", ".join(column.declared.words)}),
    )
