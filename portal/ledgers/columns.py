"""A column of a center, declared once: the sheet sums it, the export names it, the list proves it.

Every column is a weighted choice of entries: each of its terms takes the entries that match and
counts them once, positive or negative. What a figure is made of is therefore always a list of
entries that adds up to it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Literal, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    true,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from portal.ledgers.models import LEDGERS

Unit = Literal["money", "hours", "labor_days", "days", "percent"]

ABSENT: None = None
PRESENT: Final = ()
ENTRIES = "portfolio.entries"
Values = tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class Term:
    """Entries whose attributes have one of these values, counted `weight` times.

    A condition ABSENT asks for an empty attribute, PRESENT for one that is not.
    """

    weight: int
    where: Mapping[str, Values]

    def condition(self, entry: Any) -> ColumnElement[bool]:
        """The same choice as a condition on the ledger's table."""
        return and_(true(), *(_asks(getattr(entry, name), v) for name, v in self.where.items()))

    def takes(self, line: Mapping[str, Any]) -> bool:
        """Whether an entry with these attributes is chosen."""
        return all(_fits(line.get(name), values) for name, values in self.where.items())


def _asks(attribute: Any, values: Values) -> ColumnElement[bool]:
    if values is ABSENT:
        return cast("ColumnElement[bool]", attribute.is_(None))
    if values == PRESENT:
        return cast("ColumnElement[bool]", attribute.is_not(None))
    return cast("ColumnElement[bool]", attribute.in_(list(values)))


def _fits(value: Any, values: Values) -> bool:
    if values is ABSENT:
        return value is None
    return value is not None if values == PRESENT else value in values


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a center: what it is called, what it means, which entries it counts.

    `measure` is the attribute added up; `warns` paints values below zero; `page` is where a
    figure leads: to its entries, or for a column made of others to these.
    """

    key: str
    label: Any
    meaning: Any
    ledger: str
    terms: tuple[Term, ...]
    measure: str = "amount"
    unit: Unit = "money"
    warns: bool = False
    page: str = ENTRIES

    def value(self, entry: Any) -> ColumnElement[Decimal]:
        """What one entry of the ledger's table contributes, in SQL."""
        measure = getattr(entry, self.measure)
        whens = [(term.condition(entry), _times(term.weight, measure)) for term in self.terms]
        nothing = literal(0, self.type)
        return type_coerce(case(*whens, else_=nothing) if whens else nothing, self.type)

    @property
    def type(self) -> TypeEngine[Any]:
        """The database type of the measure: sums keep it, so that they stay exact."""
        kind: TypeEngine[Any] = getattr(self.entry, self.measure).type
        return kind

    def sum(self, entry: Any) -> Any:
        """The SQL sum of the column."""
        return func.sum(self.value(entry), type_=self.type)

    def condition(self, entry: Any) -> ColumnElement[bool]:
        """The entries this column is made of."""
        return or_(false(), *(term.condition(entry) for term in self.terms))

    def contribution(self, line: Mapping[str, Any]) -> Decimal:
        """What a line not yet posted would contribute."""
        amount = Decimal(line.get(self.measure) or 0)
        return sum((term.weight * amount for term in self.terms if term.takes(line)), Decimal(0))

    @property
    def entry(self) -> Any:
        """The table of the entries."""
        return LEDGERS[self.ledger]


def _times(weight: int, measure: Any) -> Any:
    if abs(weight) == 1:
        return measure if weight == 1 else -measure
    return measure * literal(weight, Integer)


def total(
    key: str, label: Any, meaning: Any, *, ledger: str, weight: int = 1, **where: Any
) -> Column:
    """A column that sums the entries with these attributes: `total(..., bucket=("actual",))`."""
    return Column(key, label, meaning, ledger, (Term(weight, where),))


def formula(
    key: str,
    label: Any,
    meaning: Any,
    *,
    plus: Iterable[Column],
    minus: Iterable[Column] = (),
    warns: bool = False,
) -> Column:
    """A column that adds and subtracts others. Their entries must not overlap."""
    added, taken = list(plus), list(minus)
    terms = [term for column in added for term in column.terms]
    terms += [replace(term, weight=-term.weight) for column in taken for term in column.terms]
    first = added[0]
    return Column(key, label, meaning, first.ledger, tuple(terms), first.measure, first.unit, warns)
