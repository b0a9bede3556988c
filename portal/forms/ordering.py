"""The order of evaluation, from what each task reads; cycles are refused by name."""

from collections.abc import Sequence

from portal.errors import N_, Message
from portal.forms.compiled import Task
from portal.forms.fields import FormDefinition
from portal.forms.findings import Finding, Place

CYCLE = N_("These depend on each other in a circle: %(path)s.")
OPEN_IT = N_("Compute one of them without the others.")


def in_order(form: FormDefinition, tasks: Sequence[Task]) -> tuple[list[Task], list[Finding]]:
    """The tasks so that each comes after those it reads, and a finding for each circle."""
    by_node = {task.node: task for task in tasks}
    ordered: list[Task] = []
    findings: list[Finding] = []
    done: set[str] = set()
    for start in by_node:
        trail: list[str] = []
        waiting: list[tuple[str, bool]] = [(start, False)]
        while waiting:
            node, is_left = waiting.pop()
            if is_left:
                trail.pop()
                if node not in done:
                    done.add(node)
                    ordered.append(by_node[node])
            elif node in trail:
                findings.append(_circle(form, by_node, [*trail[trail.index(node) :], node]))
                done.update(trail)
            elif node not in done:
                trail.append(node)
                waiting.append((node, True))
                read = by_node[node].reads | by_node[node].reads_row
                waiting += [(one, False) for one in sorted(read & by_node.keys())]
    return ordered, findings


def _circle(form: FormDefinition, by_node: dict[str, Task], nodes: list[str]) -> Finding:
    """A finding at the first computed field or rule of the circle."""
    shown = " → ".join(node.rstrip("?") for node in nodes)
    return Finding(_place(by_node[nodes[0]]), Message(CYCLE, {"path": shown}), Message(OPEN_IT))


def _place(task: Task) -> Place:
    if task.rules:
        return task.rules[0].definition.place
    if task.kind == "compute" and task.field is not None:
        return ("computed", task.field.path)
    return task.field.place if task.field is not None else ()
