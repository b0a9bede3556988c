"""The truth of a workflow's conditions about one record: typed like the form's own expressions."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from portal.definitions import queries as definitions
from portal.expressions import Budget, Environment, Expression, Type, compile_expression
from portal.forms.compiled import CompiledForm, CompiledRule
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import KindError
from portal.forms.outcome import Facts
from portal.forms.state import State
from portal.records import facts
from portal.records.models import Record
from portal.workflows.facts import Truth


@lru_cache(maxsize=1_000)
def condition(form: CompiledForm, source: str) -> Expression:
    """A condition of the workflow, compiled against the header of its form."""
    return compile_expression(source, form.scopes[None], expect=Type("yes_no"))


def reads(form: CompiledForm, source: str) -> frozenset[str]:
    """The fields a condition reads."""
    return frozenset(condition(form, source).dependencies)


def for_record(
    record: Record, now: datetime, form: CompiledForm | None = None
) -> Callable[[str], Truth]:
    """Evaluates conditions on a record's stored values; the values used go into the event.

    By the form the record is pinned to, unless another is given.
    """
    form = form or definitions.form_of(record.release_id, record.form).form
    made: list[State] = []

    def truth(source: str) -> Truth:
        if not made:
            found = facts.gather(form.definition, record.data, facts.subject_of(record), now)
            made.append(_state(form, record.data, found))
        expression, state = condition(form, source), made[0]
        value = expression.evaluate(Environment(state.values, host=state.host, budget=Budget()))
        used = {path: _look_up(state.values, path) for path in sorted(expression.dependencies)}
        unknown = tuple(path for path, one in used.items() if one is None) if value is None else ()
        return Truth(value, {path: _plain(one) for path, one in used.items()}, unknown)

    return truth


def true_of(record: Record, now: datetime, form: CompiledForm) -> frozenset[str]:
    """The ids of the rules whose condition holds for a stored record, in a row of it at least."""
    found = facts.gather(form.definition, record.data, facts.subject_of(record), now)
    state = _state(form, record.data, found)
    rules = {rule.definition.id: rule for task in form.tasks for rule in task.rules}
    return frozenset(key for key, rule in rules.items() if rule.when and _holds(rule, state))


def _holds(rule: CompiledRule, state: State) -> bool:
    assert rule.when is not None
    rows = state.values.get(rule.definition.table or "") or ()
    return any(
        rule.when.evaluate(state.environment(row)) is True
        for row in (rows if rule.per_row else [None])
    )


def _state(form: CompiledForm, data: Mapping[str, Any], found: Facts) -> State:
    """The typed values of a record; links bring every simple field of what they lead to."""
    state = State(form, found)
    state.load(data)
    for link in form.definition.links:
        there = found.links.get(link.path) if link.table is None else None
        target = form.linked.get(str(link.options.get("target")))
        if there is None or target is None:
            continue
        linked: dict[str, Any] = {"id": there.get("id"), "number": there.get("number")}
        for one in target.header:
            if one.kind.is_stored and one.kind.name != "table":
                linked[one.key] = _loaded(one, there.get(one.key))
        state.values[link.key] = linked
    return state


def _loaded(one: FieldDefinition, stored: Any) -> Any:
    try:
        return None if stored is None else one.kind.load(stored, one.options)
    except KindError:
        return None


def _look_up(values: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, as far as it is one simple value."""
    found: Any = values
    for part in path.split("."):
        if "[]" in part or not isinstance(found, Mapping):
            return "…"
        found = found.get(part)
    return found


def _plain(value: Any) -> Any:
    """A typed value as JSON keeps it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, str | bool | int):
        return value
    return str(value)
