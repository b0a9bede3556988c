"""The filter of a record link: an expression over `target.` and the form's own names."""

from collections.abc import Mapping
from typing import Any

from portal.expressions import BudgetExceeded, Environment, Expression
from portal.forms.compiled import CompiledForm
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds import KindError
from portal.forms.state import State
from portal.records import aliases
from portal.records.entry.entries import Entry

Row = Mapping[str, Any]


def filter_of(form: CompiledForm, path: str) -> Expression | None:
    """The filter of a link, if it has one."""
    found = form.filters.get(path)
    return None if found is None else found.condition


def depends_on(form: CompiledForm, path: str) -> frozenset[str]:
    """The fields of this form that the filter of a link reads."""
    found = form.filters.get(path)
    return frozenset() if found is None else found.reads


class Filter:
    """Judges candidates of one link of one record: approved records of its target form."""

    def __init__(
        self,
        entry: Entry,
        condition: Expression,
        target: FormDefinition,
        data: Mapping[str, Any],
        row: Row | None,
    ) -> None:
        self.condition, self.target = condition, target
        state = State(entry.compiled, entry.facts(data))
        state.load(data)
        self.values, self.host = state.values, state.host
        typed = [one for rows in state.rows.values() for one in rows]
        wanted = row.get("_id") if row is not None else None
        self.row = next((one for one in typed if one.get("_id") == wanted), None)

    def passes(self, candidate: Any) -> bool:
        """Whether the filter surely holds for a record."""
        there: dict[str, Any] = {"id": candidate.id, "number": candidate.number}
        data = aliases.merged().resolved(candidate.data)
        for one in self.target.header:
            stored = data.get(one.key)
            if stored is not None and one.kind.is_stored and one.kind.name != "table":
                there[one.key] = _typed(one, stored)
        values = {**self.values, "target": there}
        try:
            return (
                self.condition.evaluate(Environment(values, self.row, self.values, self.host))
                is True
            )
        except BudgetExceeded:
            return False


def _typed(one: FieldDefinition, stored: Any) -> Any:
    try:
        return one.kind.load(stored, one.options)
    except KindError:
        return None
