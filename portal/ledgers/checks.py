"""Posting rules judged before they are published: the refusal names rule, column and remedy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.errors import N_, Message
from portal.expressions import Expression, Scope
from portal.forms.compiled import CompiledForm
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds.money import is_currency_code
from portal.forms.scopes import Linked, form_scopes
from portal.ledgers.catalog import LEDGERS, Ledger
from portal.ledgers.certainty import direct_name, unsure_parts
from portal.ledgers.compiled import BindingError, Bound, bind, condition
from portal.ledgers.rules import PostingRule, read_rules

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: where in the postings file (`inside` = offset in its text), what, how."""

    path: Path
    message: Message
    remedy: Message
    inside: int = 0


WRONG_FORM = N_("These rules are for the form “%(named)s”, not “%(form)s”.")
NAME_FORM = N_("Name the form the rules belong to.")
COMPANY_FORM = N_("Records of “%(form)s” belong to no project, and every entry needs one.")
MAKE_PROJECT = N_("Give the form the scope “project”.")
TWICE = N_("The rule “%(rule)s” exists twice.")
RENAME = N_("Give each rule of a form a key of its own.")
NO_TABLE = N_("The form has no table “%(table)s”.")
NAME_TABLE = N_("Name a table of the form: %(tables)s.")
NO_TABLES = N_("The form has no tables: leave “foreach” out.")
NO_LEDGER = N_("There is no ledger “%(ledger)s”.")
NAME_LEDGER = N_("Write one of: %(words)s.")
NO_COLUMN = N_("Ledger “%(ledger)s” has no column “%(column)s”.")
UNBOUND = N_("Rule “%(rule)s” leaves the mandatory column “%(column)s” unbound.")
BIND = N_("Add “%(column)s” to “set”, bound to a required field or a constant.")
MAY_BE_EMPTY = N_("“%(part)s” may be empty, but column “%(column)s” needs a value.")
MAKE_SURE = N_("Make the field required, ask for it in “when”, or write coalesce(%(part)s, …).")
CURRENCIES_DIFFER = N_("The amount is in %(money)s, but “ccy” says %(ccy)s.")
SAME_CURRENCY = N_("Set “ccy” to the currency of the amount: %(wanted)s.")
NEEDS_UNIT = N_("A quantity is posted without its unit.")
ADD_UNIT = N_("Set “unit” as well.")
READING_NEEDS = N_("A “%(reading)s” reading needs the column “%(column)s”.")


def check(raw: Mapping[str, Any], compiled: CompiledForm, known: Any = None) -> list[Finding]:
    """Everything wrong with one postings file, given its compiled form; the shape was judged."""
    form, linked = compiled.definition, compiled.linked.get
    rules = read_rules(raw)
    if rules.form != form.form:
        args = {"named": rules.form, "form": form.form}
        return [Finding(("form",), Message(WRONG_FORM, args), Message(NAME_FORM))]
    if form.scope != "project":
        named = Message(COMPANY_FORM, {"form": form.form})
        return [Finding(("form",), named, Message(MAKE_PROJECT))]
    scopes = form_scopes(form, linked)
    found: list[Finding] = []
    seen: set[str] = set()
    for number, rule in enumerate(rules.rules):
        if rule.id in seen:
            place: Path = ("rules", number, "id")
            found.append(Finding(place, Message(TWICE, {"rule": rule.id}), Message(RENAME)))
        seen.add(rule.id)
        found.extend(_RuleCheck(rule, form, linked, scopes, ("rules", number)).findings())
    return found


class _RuleCheck:
    """The faults of one rule."""

    def __init__(
        self,
        rule: PostingRule,
        form: FormDefinition,
        linked: Linked,
        scopes: Mapping[str | None, Scope],
        place: Path,
    ) -> None:
        self.rule = rule
        self.form = form
        self.linked = linked
        self.scopes = scopes
        self.place = place
        self.bound: dict[str, Bound] = {}

    def findings(self) -> Iterator[Finding]:
        ledger = LEDGERS.get(self.rule.ledger)
        if ledger is None:
            yield self._at(
                ("ledger",),
                Message(NO_LEDGER, {"ledger": self.rule.ledger}),
                Message(NAME_LEDGER, {"words": ", ".join(LEDGERS)}),
            )
            return
        scope = self.scopes.get(self.rule.foreach)
        if scope is None:
            yield self._no_table()
            return
        yield from self._condition(scope)
        yield from self._bindings(ledger, scope)
        yield from self._mandatory(ledger)
        yield from self._currency(scope)
        yield from self._completeness()

    def _no_table(self) -> Finding:
        tables = ", ".join(one.key for one in self.form.tables)
        remedy = Message(NAME_TABLE, {"tables": tables}) if tables else Message(NO_TABLES)
        return self._at(("foreach",), Message(NO_TABLE, {"table": self.rule.foreach}), remedy)

    def _condition(self, scope: Scope) -> Iterator[Finding]:
        if self.rule.when is None:
            return
        try:
            condition(self.rule.when, scope)
        except BindingError as fault:
            yield self._fault(("when",), fault)

    def _bindings(self, ledger: Ledger, scope: Scope) -> Iterator[Finding]:
        for name, source in self.rule.set.items():
            column = ledger.columns.get(name)
            if column is None:
                yield self._at(
                    ("set", name),
                    Message(NO_COLUMN, {"ledger": ledger.name, "column": name}),
                    Message(NAME_LEDGER, {"words": ", ".join(ledger.columns)}),
                )
                continue
            try:
                self.bound[name] = bind(ledger, column, source, scope)
            except BindingError as fault:
                yield self._fault(("set", name), fault)

    def _mandatory(self, ledger: Ledger) -> Iterator[Finding]:
        for column in ledger.columns.values():
            if column.required and column.name not in self.rule.set:
                args = {"rule": self.rule.id, "column": column.name}
                yield self._at(("set",), Message(UNBOUND, args), Message(BIND, args))
            bound = self.bound.get(column.name)
            if isinstance(bound, Expression) and column.declared.required:
                parts = unsure_parts(bound.source, self._is_sure, self.rule.when)
                if parts:
                    args = {"part": parts[0], "column": column.name}
                    place = ("set", column.name)
                    yield self._at(place, Message(MAY_BE_EMPTY, args), Message(MAKE_SURE, args))

    def _is_sure(self, name: str) -> bool:
        """Whether a name as written always holds a value once the record is submitted."""
        head, _, rest = name.partition(".")
        prefix = ""
        if head == "row" and self.rule.foreach is not None:
            prefix = f"{self.rule.foreach}[]."
            head, _, rest = rest.partition(".")
        elif head == "parent":
            head, _, rest = rest.partition(".")
        elif head == "record" and head not in self.form.fields:
            return rest in ("id", "requester", "project", "number", "submitted_on") or (
                rest == "approved_on" and self.rule.on == "approved"
            )
        elif head in ("project", "requester") and head not in self.form.fields:
            return True
        field = self.form.fields.get(prefix + head)
        return _holds_value(field) and (not rest or self._holds_linked(field, rest))

    def _holds_linked(self, link: FieldDefinition | None, rest: str) -> bool:
        """A field of a linked record is sure where the register requires it."""
        target = link.options.get("target") if link is not None else None
        other = self.linked(target) if target else None
        return rest in ("id", "number") or (
            other is not None and _holds_value(other.fields.get(rest))
        )

    def _currency(self, scope: Scope) -> Iterator[Finding]:
        bound = self.bound.get("amount")
        if not isinstance(bound, Expression) or bound.type.kind != "money":
            return
        wanted = scope.canonical(bound.type.currency) or "project"
        said = self._said_currency(scope)
        if said is not None and said != wanted:
            written = "project.currency" if wanted == "project" else wanted
            yield self._at(
                ("set", "ccy") if "ccy" in self.rule.set else ("set", "amount"),
                Message(CURRENCIES_DIFFER, {"money": written, "ccy": said}),
                Message(SAME_CURRENCY, {"wanted": written}),
            )

    def _said_currency(self, scope: Scope) -> str | None:
        """The currency `ccy` names, as money types name theirs; None if it did not compile."""
        source = self.rule.set.get("ccy")
        if source is None or source == "project.currency":
            return "project"
        if "ccy" not in self.bound:
            return None
        plain = source.strip("'\"")
        if is_currency_code(plain):
            return plain
        name = direct_name(source) or source
        return scope.canonical(name)

    def _completeness(self) -> Iterator[Finding]:
        said = self.rule.set
        if self.rule.ledger == "cost_entry" and "qty" in said and "unit" not in said:
            yield self._at(("set", "qty"), Message(NEEDS_UNIT), Message(ADD_UNIT))
        if self.rule.ledger == "progress_entry":
            reading = said.get("reading", "")
            needed = "days" if reading == "shift" else "on_date"
            if needed not in said:
                args = {"reading": reading, "column": needed}
                yield self._at(("set",), Message(READING_NEEDS, args), Message(BIND, args))

    def _at(self, place: Path, message: Message, remedy: Message, inside: int = 0) -> Finding:
        return Finding((*self.place, *place), message, remedy, inside)

    def _fault(self, place: Path, fault: BindingError) -> Finding:
        return self._at(place, fault.message, fault.remedy, fault.inside)


def _holds_value(field: FieldDefinition | None) -> bool:
    """Required, or written by the server alone."""
    if field is None:
        return False
    return field.required or field.is_derived or field.kind.name in ("yes_no", "table")
