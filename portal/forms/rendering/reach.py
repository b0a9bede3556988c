"""What a change reaches: which values, which visibilities, which rows, where errors were judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from portal.forms.compiled import CompiledForm, Task
from portal.forms.fieldpaths import cell_path, declared, split_cell

Rows = Mapping[str, set[str] | None]


@dataclass(frozen=True, slots=True)
class Reach:
    """`rows`: node or field → the rows in which it may differ, None for all of them.

    `all` stands for everything; then `rows` is empty.
    """

    all: bool = False
    rows: Rows = field(default_factory=dict)

    def has(self, node: str) -> bool:
        """Whether a field, a visibility (`path?`) or a rule (`!id`) is reached."""
        return self.all or node in self.rows

    def in_rows(self, node: str, ids: Iterable[str]) -> list[str]:
        """The rows of these in which the node is reached."""
        if self.all:
            return list(ids)
        if node not in self.rows:
            return []
        wanted = self.rows[node]
        return [one for one in ids if wanted is None or one in wanted]

    def table(self, key: str) -> bool:
        """Whether anything of a table is reached."""
        return self.all or any(node == key or node.startswith(f"{key}[].") for node in self.rows)


EVERYTHING = Reach(all=True)


def reach_of(form: CompiledForm, changed: Iterable[str]) -> Reach:
    """What changes at these paths (`total`, `lines[r1].qty`, `lines`) reach."""
    rows: dict[str, set[str] | None] = {}
    for path in changed:
        table, row_id, key = split_cell(path)
        node = declared(path)
        if table and key and row_id:
            known = rows.setdefault(node, set())
            if known is not None:
                known.add(row_id)
        else:
            rows[node] = None
    for task in form.tasks:
        if not rows.keys().isdisjoint(task.reads | task.reads_row):
            rows[task.node] = _rows(task, rows)
    return Reach(rows=rows)


def _rows(task: Task, reached: Rows) -> set[str] | None:
    """Rows of a column task: those whose own cells were reached, else all."""
    if task.table is None or any(node in reached for node in task.reads):
        return None
    found: set[str] = set()
    for node in task.reads_row:
        if node in reached:
            rows = reached[node]
            if rows is None:
                return None
            found |= rows
    return found


def judged(form: CompiledForm, reach: Reach, rows: Mapping[str, list[str]]) -> set[str]:
    """The paths whose errors are known anew; `rows` are the row ids of each table."""
    found: set[str] = set()
    for path, one in form.definition.fields.items():
        if one.table is None:
            if reach.has(path):
                found.add(path)
            continue
        ids = reach.in_rows(path, rows.get(one.table, ()))
        found.update(cell_path(one.table, row_id, one.key) for row_id in ids)
    for rule in form.definition.rules:
        if rule.on is None or not reach.has(f"!{rule.id}"):
            continue
        known = form.definition.fields.get(rule.on)
        if known is None or known.table is None:
            found.add(rule.on)
            continue
        ids = reach.in_rows(f"!{rule.id}", rows.get(known.table, ()))
        found.update(cell_path(known.table, row_id, known.key) for row_id in ids)
    return found
