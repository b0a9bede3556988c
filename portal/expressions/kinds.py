"""Types of the expression language: what a field holds, in which currency, unit or list."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from portal.errors import N_, Message

Kind = Literal[
    "text", "yes_no", "integer", "decimal", "money", "quantity", "percent", "date", "datetime",
    "choice", "choices", "person", "department", "project", "record", "table", "null",
    "list", "row",
]  # fmt: skip

KINDS: frozenset[str] = frozenset(get_args(Kind))
PLAIN = frozenset({"integer", "decimal"})
NUMBERS = PLAIN | {"money", "quantity", "percent"}
IDENTITIES = frozenset({"person", "department", "project", "record"})
ORDERED = NUMBERS | {"date", "datetime"}
FIXED_CURRENCIES = frozenset({"project", "base"})

_NAMES: dict[str, Message] = {
    "text": Message(N_("text")),
    "yes_no": Message(N_("yes or no")),
    "integer": Message(N_("a whole number")),
    "decimal": Message(N_("a number")),
    "money": Message(N_("money")),
    "quantity": Message(N_("a quantity")),
    "percent": Message(N_("a percentage")),
    "date": Message(N_("a date")),
    "datetime": Message(N_("a date with time")),
    "choice": Message(N_("a choice")),
    "choices": Message(N_("several choices")),
    "person": Message(N_("a person")),
    "department": Message(N_("a department")),
    "project": Message(N_("a project")),
    "record": Message(N_("a record")),
    "table": Message(N_("a table")),
    "null": Message(N_("nothing")),
    "list": Message(N_("a list")),
    "row": Message(N_("a row")),
}


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a field or of an expression.

    `currency` (money): a constant code ("CNY"), "project", "base", or the path of the field that
    holds it, relative to the form the field belongs to; a column of the same row is "row.<key>".
    `unit` (quantity, and money that is a rate): a literal or a path, compared as text. `choices`:
    values a choice may take; on a text, the constants it can be. `target`: the form a record link
    leads to. `columns`: of a table. `fields`: readable after a dot (`contract.amount`). `item`: of
    a list.
    """

    kind: Kind
    currency: str | None = None
    unit: str | None = None
    choices: tuple[str, ...] = ()
    target: str | None = None
    columns: "Mapping[str, Type] | None" = field(default=None, hash=False)
    fields: "Mapping[str, Type] | None" = field(default=None, hash=False)
    item: "Type | None" = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind!r}")

    @property
    def named(self) -> Message:
        """The kind in a reader's words, to be translated."""
        return _NAMES[self.kind]

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS

    @property
    def has_fixed_currency(self) -> bool:
        """Whether amounts of this money may be compared with a bare number."""
        code = self.currency
        return code is not None and (
            code in FIXED_CURRENCIES or (len(code) == 3 and code.isupper())
        )


def seen_through(kind: Type, holder: str) -> Type:
    """The type of a field reached as `holder.field`: its currency and unit paths lead there too."""
    currency, unit = kind.currency, kind.unit
    if currency and not kind.has_fixed_currency and not currency.startswith("row."):
        currency = f"{holder}.{currency}"
    if unit and "." in unit and not unit.startswith("row."):
        unit = f"{holder}.{unit}"
    if (currency, unit) == (kind.currency, kind.unit):
        return kind
    return replace(kind, currency=currency, unit=unit)


def seen_in_row(kind: Type, name: str) -> Type:
    """The type of a column reached as `name.column`: "row.<key>" paths follow the row's name."""
    if name == "row":
        return kind
    currency, unit = kind.currency, kind.unit
    if currency and currency.startswith("row."):
        currency = name + currency[3:]
    if unit and unit.startswith("row."):
        unit = name + unit[3:]
    return replace(kind, currency=currency, unit=unit)
