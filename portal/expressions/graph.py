"""What depends on what in a form: order of evaluation, cycles, what to recompute, where used.

Nodes are paths, and "rule:<id>" for rules. Who reads a field a rule may hide also depends on that
rule, because a hidden field is null. A path is affected by a change of itself or of what holds it:
"lines" holds "lines[].amount", "contract" holds "contract.amount".
"""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.errors import N_, Message
from portal.expressions.compiling import Expression
from portal.expressions.errors import ExpressionError


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the graph sees it: its expressions, the paths it shows, the table it is in."""

    id: str
    expressions: Sequence[Expression]
    shows: Collection[str] = ()
    table: str | None = None


class CycleError(ExpressionError):
    """Paths that need each other; `members` in the order of need, the first not repeated."""

    def __init__(self, members: Sequence[str]) -> None:
        super().__init__(
            Message(
                N_("These depend on each other: %(members)s."),
                {"members": " → ".join([*members, members[0]])},
            )
        )
        self.members = tuple(members)


@dataclass(frozen=True, slots=True)
class Graph:
    """The dependencies of one form; `order` is the order in which to evaluate its nodes."""

    order: tuple[str, ...]
    _reads: Mapping[str, frozenset[str]] = field(repr=False)
    _needs: Mapping[str, frozenset[str]] = field(repr=False)

    @classmethod
    def build(
        cls,
        computed: Mapping[str, Expression | Collection[str]],
        rules: Iterable[Rule] = (),
    ) -> "Graph":
        """The graph of computed paths (an expression, or for fetches and roll-ups the paths read).

        Raises CycleError.
        """
        reads = {path: _paths_read(path, what) for path, what in computed.items()}
        hiders: dict[str, list[str]] = {}
        for rule in rules:
            node = f"rule:{rule.id}"
            at = f"{rule.table}[].x" if rule.table else node
            reads[node] = frozenset().union(*(_paths_read(at, e) for e in rule.expressions))
            for path in rule.shows:
                hiders.setdefault(path, []).append(node)
        needs = {node: _needed(node, paths, reads, hiders) for node, paths in reads.items()}
        return cls(_ordered(needs), reads, needs)

    def affected(self, changed: Iterable[str]) -> tuple[str, ...]:
        """The nodes to evaluate again after these paths changed, in order; "today()" is a path."""
        fresh = list(changed)
        touched = {
            node
            for node, paths in self._reads.items()
            if any(_holds(change, path) for change in fresh for path in paths)
        }
        result = []
        for node in self.order:
            if node in touched or self._needs[node] & touched:
                touched.add(node)
                result.append(node)
        return tuple(result)

    def where_used(self, path: str) -> tuple[str, ...]:
        """The nodes that read a path or something inside it."""
        return tuple(
            node for node in self.order if any(_holds(path, read) for read in self._reads[node])
        )


def _paths_read(node: str, what: Expression | Collection[str]) -> frozenset[str]:
    """Dependencies as seen from the form: "row.x" and "parent.x" mean the node's own table."""
    paths = set(what.dependencies if isinstance(what, Expression) else what)
    if isinstance(what, Expression) and "today" in what.functions:
        paths.add("today()")
    table, inside, _ = node.rpartition("[].")
    if not inside:
        return frozenset(paths)
    return frozenset(
        f"{table}[].{path[4:]}" if path.startswith("row.") else path.removeprefix("parent.")
        for path in paths
    )


def _needed(
    node: str,
    paths: Iterable[str],
    reads: Mapping[str, object],
    hiders: Mapping[str, Iterable[str]],
) -> frozenset[str]:
    """The nodes that have to be evaluated before this one."""
    found: set[str] = set()
    for path in paths:
        holders = _holders(path)
        found.update(one for one in holders if one in reads)
        found.update(rule for one in holders for rule in hiders.get(one, ()))
    return frozenset(found)


def _holders(path: str) -> list[str]:
    """A path and all that hold it: "lines[].amount" is held by "lines"."""
    ends = [i for i, letter in enumerate(path) if letter == "." or path[i : i + 2] == "[]"]
    return [path, *(path[:end] for end in ends if not path[:end].endswith("[]"))]


def _holds(outer: str, inner: str) -> bool:
    return inner == outer or inner.startswith((f"{outer}.", f"{outer}[]"))


def _ordered(needs: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Topological order, ties in the order of definition; raises CycleError."""
    place = {node: index for index, node in enumerate(needs)}
    users: dict[str, list[str]] = {node: [] for node in needs}
    for node, before in needs.items():
        for one in before:
            users[one].append(node)
    waiting = {node: len(before) for node, before in needs.items()}
    ready = [(place[node], node) for node, count in waiting.items() if not count]
    heapq.heapify(ready)
    order: list[str] = []
    while ready:
        _, node = heapq.heappop(ready)
        order.append(node)
        for user in users[node]:
            waiting[user] -= 1
            if not waiting[user]:
                heapq.heappush(ready, (place[user], user))
    if len(order) < len(needs):
        raise CycleError(_cycle(needs, set(needs) - set(order), place))
    return tuple(order)


def _cycle(
    needs: Mapping[str, frozenset[str]], stuck: set[str], place: Mapping[str, int]
) -> list[str]:
    """One cycle among nodes that could not be ordered: follow needs until one comes again."""
    node = min(stuck, key=place.__getitem__)
    walked: list[str] = []
    while node not in walked:
        walked.append(node)
        node = min(needs[node] & stuck, key=place.__getitem__)
    return walked[walked.index(node) :]
