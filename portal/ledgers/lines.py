"""What rules post for a record entering a state: typed lines, computed and never guessed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.errors import N_, FieldError, Invalid, Message
from portal.expressions import Budget, Environment, Expression
from portal.forms.fieldpaths import cell_path
from portal.ledgers.catalog import LedgerColumn
from portal.ledgers.certainty import direct_name
from portal.ledgers.compiled import CompiledRule, CompiledRules

NOT_POSTED = N_(
    "Posting rule “%(rule)s” finds no value for “%(column)s”, so nothing was changed. "
    "Fill in %(field)s, or ask an administrator to correct the rule."
)
TOO_LARGE = N_("Posting rule “%(rule)s”: the value of “%(column)s” is larger than a ledger holds.")
LARGEST = Decimal(10) ** 14


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What a rule may know of the record besides its fields.

    `day` is the date of the change of state in the project's zone; `project` holds the
    project's id, code, name and currency.
    """

    project: Mapping[str, Any]
    day: date
    id: str = ""
    number: str | None = None
    requester: str | None = None
    submitted_on: date | None = None
    approved_on: date | None = None

    def as_value(self) -> dict[str, Any]:
        """`record` as expressions see it."""
        return {
            "id": self.id,
            "number": self.number,
            "project": self.project,
            "requester": self.requester,
            "submitted_on": self.submitted_on,
            "approved_on": self.approved_on,
        }


@dataclass(frozen=True, slots=True)
class PostLine:
    """One entry a rule makes: `columns` by the names rules use; `row` is the table row's id."""

    rule: str
    ledger: str
    row: str
    columns: Mapping[str, Any]


def lines(
    rules: CompiledRules, values: Mapping[str, Any], state: str, facts: RecordFacts
) -> list[PostLine]:
    """The lines all rules of a state make of a record's typed values, in order.

    A condition that is not determined posts nothing; lines that move nothing are left out.
    Raises Invalid, naming rule and field, when a mandatory column has no value.
    """
    known = {
        "record": facts.as_value(),
        "project": facts.project,
        "requester": facts.requester,
        **values,
    }
    environment = Environment(known, host={"today": lambda: facts.day}, budget=Budget())
    return [
        line
        for rule in rules.on(state)
        for row in _rows(rule, values)
        if (line := _line(rule, environment if row is None else environment.for_row(row), facts))
        is not None
    ]


def _rows(rule: CompiledRule, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any] | None]:
    if rule.written.foreach is None:
        yield None
    else:
        yield from values.get(rule.written.foreach) or ()


def _line(rule: CompiledRule, environment: Environment, facts: RecordFacts) -> PostLine | None:
    if rule.when is not None and rule.when.evaluate(environment) is not True:
        return None
    row = str((environment.row or {}).get("_id", ""))
    columns = {
        name: _value(rule, column, environment, facts, row)
        for name, column in rule.ledger.columns.items()
    }
    if not any(columns.get(measure) for measure in rule.moving(columns)):
        return None
    return PostLine(rule.written.id, rule.ledger.name, row, columns)


def _value(
    rule: CompiledRule,
    column: LedgerColumn,
    environment: Environment,
    facts: RecordFacts,
    row: str,
) -> Any:
    bound = rule.bound.get(column.name)
    value = bound
    if isinstance(bound, Expression):
        value = bound.evaluate(environment)
    if value is None or value == "":
        if column.default and bound is None:
            in_project = column.default == "project_currency"
            return facts.project["currency"] if in_project else facts.day
        if column.declared.required:
            raise _refused(NOT_POSTED, rule, column, row)
        return None
    fitted = _fitted(column, value)
    if isinstance(fitted, Decimal) and abs(fitted) >= LARGEST:
        raise _refused(TOO_LARGE, rule, column, row)
    return fitted


def _fitted(column: LedgerColumn, value: Any) -> Any:
    """The value as the ledger keeps it: an id, a rounded decimal, or what it is."""
    if column.is_record:
        return value.get("id") if isinstance(value, Mapping) else value
    if column.places is not None:
        return Decimal(value).quantize(Decimal(1).scaleb(-column.places), ROUND_HALF_UP)
    if column.name == "days":
        return int(value)
    return value


def _refused(text: str, rule: CompiledRule, column: LedgerColumn, row: str) -> Invalid:
    source = rule.written.set.get(column.name, "")
    name = direct_name(source) or source or column.name
    path = name
    if name.startswith("row.") and rule.written.foreach:
        path = cell_path(rule.written.foreach, row, name.removeprefix("row."))
    message = Message(text, {"rule": rule.written.id, "column": column.name, "field": path})
    return Invalid(message, [FieldError(path, "posting", message)])
