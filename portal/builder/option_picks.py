"""What can be chosen in the small tables of a field's options, where there are only so many."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from portal.builder import option_words
from portal.builder.design.form import Design, Field
from portal.forms.kinds.table import AGGREGATES

Pick: TypeAlias = tuple[str, str]
Side: TypeAlias = list[Pick] | None

_ADDED_UP = frozenset({"number", "quantity", "money", "percent"})
_ORDER = ("sum", "avg", "count", "min", "max")


def picks(design: Design, field: Field, language: str) -> Mapping[str, tuple[Side, Side]]:
    """Option of pairs → (choices on the left, on the right); None where it is typed freely."""
    answers = option_words.answers()
    numbers = (one for one in field.columns if one.kind in _ADDED_UP)
    operations = [(one, answers[one]) for one in _ORDER if one in AGGREGATES]
    beside = (
        one
        for one in design.fields.values()
        if one.table == field.table and one.path != field.path and one.kind != "table"
    )
    return {
        "totals": (_named(numbers, language), operations),
        "fetch": (_named(beside, language), None),
    }


def _named(fields: Iterable[Field], language: str) -> list[Pick]:
    return [(one.key, one.label.in_language(language) or one.key) for one in fields]
