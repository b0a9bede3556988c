"""How many steps the expressions of a form take at most: with every table as full as it may be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal import limits
from portal.expressions import Expression
from portal.forms.compiled import CompiledForm, CompiledRule, Task
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.findings import Place


@dataclass(frozen=True, slots=True)
class Cost:
    """An expression: its place, the steps of one evaluation, and how often it is evaluated."""

    place: Place
    steps: int
    times: int

    @property
    def total(self) -> int:
        """The steps it takes of what a record may take."""
        return self.steps * self.times


class Steps:
    """Counts for one form; a table has its declared rows, and what is not known the most.

    `linked` are the forms its links lead to, whose tables expressions may go over.
    """

    def __init__(
        self, form: FormDefinition, linked: Mapping[str, FormDefinition] | None = None
    ) -> None:
        self.form = form
        self.linked = linked or {}

    def rows(self, table: str | None) -> int:
        """The rows a table may have; 1 for the record itself."""
        if table is None:
            return 1
        found = self.form.fields.get(table.removeprefix("parent.")) or self._behind_a_link(table)
        return limits.TABLE_ROWS if found is None else int(found.options["max"])

    def _behind_a_link(self, table: str) -> FieldDefinition | None:
        """The table of a linked record: `supplier.prices`, `row.worker.rates`."""
        holder, _dot, name = table.rpartition(".")
        key = holder.rpartition(".")[2]
        found = (
            self.linked[target].fields.get(name)
            for one in self.form.links
            if one.key == key and (target := str(one.options.get("target"))) in self.linked
        )
        known = [one for one in found if one is not None and one.kind.name == "table"]
        return max(known, key=lambda one: int(one.options["max"]), default=None)

    def of(self, expression: Expression) -> int:
        """The steps of one evaluation."""
        return expression.most_steps(self.rows)

    def costs(self, compiled: CompiledForm) -> Iterator[Cost]:
        """Everything a full evaluation of a record runs."""
        for task in compiled.tasks:
            if task.expression is not None and task.field is not None:
                place: Place = ("computed", task.field.path)
                yield Cost(place, self.of(task.expression), self.rows(task.field.table))
            for rule in task.rules:
                yield from self._rule(task, rule)

    def alone(self, compiled: CompiledForm) -> Iterator[Cost]:
        """What runs by itself, when a draft is opened and when a link offers its records."""
        for path, expression in compiled.prefill.items():
            yield Cost((*self._place(path), "prefill"), self.of(expression), 0)
        for path, one in compiled.filters.items():
            yield Cost((*self._place(path), "filter"), self.of(one.condition), 0)

    def _place(self, path: str) -> Place:
        return (*self.form.fields[path].place, "x-field")

    def _rule(self, task: Task, rule: CompiledRule) -> Iterator[Cost]:
        by_row = rule.per_row or any(one.per_row for one in task.rules)
        times = self.rows(task.table) if by_row else 1
        place = rule.definition.place
        if rule.when is not None:
            yield Cost((*place, "when"), self.of(rule.when), times)
        if rule.check is not None and task.kind == "rule":
            yield Cost((*place, "check"), self.of(rule.check), times)
