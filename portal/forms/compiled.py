"""A form ready to run: typed expressions, the tasks of an evaluation in order, kept validators."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from portal.expressions import Expression, Scope
from portal.forms.fields import FieldDefinition, FormDefinition, RuleDefinition
from portal.forms.judges import Judge

TaskKind = Literal["rows", "fetch", "rollup", "compute", "show", "rule"]
_MOST_PLANS = 500


@dataclass(frozen=True, slots=True, eq=False)
class CompiledRule:
    """A rule with its typed expressions; `per_row` if they read `row.`."""

    definition: RuleDefinition
    when: Expression | None
    check: Expression | None
    per_row: bool


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One thing an evaluation does.

    `node` is its name in the graph: a path for its value, `path?` for its visibility, `!id` for
    the other effects of a rule. `reads_row` are columns of the same row, `reads` everything else;
    both include the visibilities that mask what is read.
    """

    node: str
    kind: TaskKind
    table: str | None
    field: FieldDefinition | None
    expression: Expression | None
    rules: tuple[CompiledRule, ...]
    reads: frozenset[str]
    reads_row: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class LinkFilter:
    """What narrows the records a link offers; `reads` are the fields of its own form it reads."""

    condition: Expression
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Use:
    """Where a field is used: by what (`computed`, `rule`, `filter`, `layout`, ...) and its name."""

    by: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks to run after a change, in order; those in `support` only mask what is read."""

    tasks: tuple[Task, ...]
    support: frozenset[str]
    columns: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, eq=False)
class CompiledForm:
    """What the evaluator runs; immutable, shared between threads, cached by content.

    `linked` are the forms its links lead to, `link_fields` what its expressions read of each link,
    `filters` what narrows the offers of a link, by its path.
    """

    definition: FormDefinition
    linked: Mapping[str, FormDefinition]
    scopes: Mapping[str | None, Scope]
    tasks: tuple[Task, ...]
    prefill: Mapping[str, Expression]
    filters: Mapping[str, LinkFilter]
    conditional: frozenset[str]
    link_fields: Mapping[str, frozenset[str]]
    where_used: Mapping[str, tuple[Use, ...]]
    full: Judge
    draft: Judge
    _plans: dict[frozenset[str], Plan] = field(default_factory=dict)

    @property
    def order(self) -> tuple[str, ...]:
        """The nodes in the order of evaluation."""
        return tuple(task.node for task in self.tasks)

    def affected(self, changed: Iterable[str]) -> frozenset[str]:
        """The nodes to evaluate again when fields at these declared paths change."""
        plan = self.plan(frozenset(changed))
        return frozenset(task.node for task in plan.tasks) - plan.support

    def locks(self) -> bool:
        """Whether any rule locks anything."""
        return any(rule.lock for rule in self.definition.rules)

    def plan(self, changed: frozenset[str]) -> Plan:
        """What to run after these declared paths changed."""
        found = self._plans.get(changed)
        if found is None:
            touched, nodes = set(changed), set()
            for task in self.tasks:  # in order, so one pass reaches everything
                reads = (task.reads | task.reads_row) - {task.node.rstrip("?")}
                if task.node in changed or not touched.isdisjoint(reads):
                    touched.add(task.node)
                    nodes.add(task.node)
            found = self.plan_for(nodes)
            if len(self._plans) < _MOST_PLANS:
                self._plans[changed] = found
        return found

    def plan_for(self, nodes: set[str]) -> Plan:
        """The tasks of these nodes, with the visibilities that mask what they read."""
        wanted, support = set(nodes), set()
        for task in reversed(self.tasks):
            if task.node in wanted:
                masks = {node for node in task.reads | task.reads_row if node.endswith("?")}
                support |= masks - wanted
                wanted |= masks
        tasks = tuple(task for task in self.tasks if task.node in wanted)
        columns: dict[str, set[str]] = {}
        for path in {path for task in tasks for path in task.reads | task.reads_row}:
            table, mark, column = path.rstrip("?").partition("[].")
            if mark:
                columns.setdefault(table, set()).add(column)
        return Plan(
            tasks, frozenset(support), {name: frozenset(keys) for name, keys in columns.items()}
        )
