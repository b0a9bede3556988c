"""What rules post for a record entering a state: typed lines, computed and never guessed."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.definitions.posting_columns import LEDGERS as DECLARED
from portal.definitions.posting_columns import is_demanded
from portal.definitions.posting_lines import PostingLine, PostingRule
from portal.errors import N_, FieldError, Invalid, Message
from portal.expressions import Environment
from portal.forms.compiled import CompiledForm
from portal.forms.fieldpaths import cell_path
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import Facts
from portal.ledgers.catalog import LEDGERS, LedgerColumn
from portal.ledgers.values import typed_values

NOT_POSTED = N_(
    "Posting rule “%(rule)s” finds no value for “%(column)s”, so nothing was changed. "
    "Fill in %(field)s, or ask an administrator to correct the rule."
)
TOO_LARGE = N_("Posting rule “%(rule)s”: the value of “%(column)s” is larger than a ledger holds.")
LARGEST = Decimal(10) ** 13
"""What the lines of one rule of a record come to at most. Sums of a ledger are 64-bit integers of
ten-thousandths, so one mistyped amount must stay far below their end (9.2 · 10¹⁴).
"""
_FIXED: Mapping[str, Any] = {"no": False, "booked": "booked", "none": Decimal(0), "hour": "h"}


def lines(
    rules: Sequence[PostingRule],
    form: CompiledForm,
    data: Mapping[str, Any],
    facts: Facts,
    on: str,
) -> list[PostingLine]:
    """The lines the rules of a state make of a record's stored content, in order.

    `facts` need what rules may know: `today` (the day of the change in the project's zone),
    project, requester, record, and the stored data of links a rule looks behind. A condition that
    is not determined posts nothing; lines that move nothing are left out. Amounts are rounded
    half up, once per line. Raises Invalid, naming rule and field, when a mandatory column has no
    value, or amounts are larger than a ledger adds up.
    """
    entering = [rule for rule in rules if rule.on == on]
    if not entering:
        return []
    values = typed_values(entering, form, data, facts)
    header = Environment(values, host={"today": lambda: facts.today})
    found = (
        _line(rule, header if row is None else header.for_row(row), facts)
        for rule in entering
        for row in _rows(rule, values)
    )
    made = [line for line in found if line is not None]
    for rule in entering:
        _check_size(rule, [line for line in made if line.rule == rule.id])
    return made


def _check_size(rule: PostingRule, made: Sequence[PostingLine]) -> None:
    for name in LEDGERS[rule.ledger].measures:
        values = (abs(Decimal(line.values.get(name) or 0)) for line in made)
        if sum(values, Decimal(0)) >= LARGEST:
            raise _refused(TOO_LARGE, rule, LEDGERS[rule.ledger].columns[name], "")


def _rows(rule: PostingRule, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any] | None]:
    if rule.table is None:
        yield None
    else:
        yield from values.get(rule.table) or ()


def _line(rule: PostingRule, environment: Environment, facts: Facts) -> PostingLine | None:
    if rule.when is not None and rule.when.evaluate(environment) is not True:
        return None
    row = str((environment.row or {}).get(ROW_ID_KEY, ""))
    known = LEDGERS[rule.ledger].columns
    columns = {
        name: _value(rule, column, environment, facts, row) for name, column in known.items()
    }
    moves = LEDGERS[rule.ledger].moving(columns)
    if not any(columns.get(measure) for measure in moves):
        return None
    for name, column in known.items():
        if columns[name] is None and _is_demanded(rule.ledger, name, columns):
            raise _refused(NOT_POSTED, rule, column, row)
    return PostingLine(rule.id, rule.ledger, row, columns)


def _is_demanded(ledger: str, name: str, columns: Mapping[str, Any]) -> bool:
    return name in DECLARED[ledger] and is_demanded(ledger, name, (columns.get("stage"),))


def _value(
    rule: PostingRule, column: LedgerColumn, environment: Environment, facts: Facts, row: str
) -> Any:
    bound = rule.columns.get(column.name)
    value = rule.words.get(column.name) if bound is None else bound.evaluate(environment)
    if value is None or value == "":
        if column.default and bound is None:
            return _default(column, facts)
        if column.declared.required:
            raise _refused(NOT_POSTED, rule, column, row)
        return None
    fitted = _fitted(column, value)
    if isinstance(fitted, Decimal) and abs(fitted) >= LARGEST:
        raise _refused(TOO_LARGE, rule, column, row)
    return fitted


def _default(column: LedgerColumn, facts: Facts) -> Any:
    if column.default == "transition_day":
        return facts.today
    if column.default in _FIXED:
        return _FIXED[column.default]
    return (facts.project or {}).get("currency")


def _fitted(column: LedgerColumn, value: Any) -> Any:
    """The value as the ledger keeps it: an id, a rounded decimal, or what it is."""
    if column.is_record:
        return value.get("id") if isinstance(value, Mapping) else value
    if column.places is not None:
        return Decimal(value).quantize(Decimal(1).scaleb(-column.places), ROUND_HALF_UP)
    return int(value) if column.name == "days" else value


def _refused(text: str, rule: PostingRule, column: LedgerColumn, row: str) -> Invalid:
    bound = rule.columns.get(column.name)
    source = bound.source.strip() if bound is not None else column.name
    path = source
    if source.startswith("row.") and rule.table:
        path = cell_path(rule.table, row, source.removeprefix("row."))
    message = Message(text, {"rule": rule.id, "column": column.name, "field": path})
    return Invalid(message, [FieldError(path, "posting", message)])
