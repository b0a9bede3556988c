"""What depends on what in a form: fields, what computes them, rules, steps, postings; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.builder.design.form import Design
from portal.builder.uses.mentions import FIELD, Mention

RULE, STEP, POSTING = "rule", "step", "posting"


@dataclass(frozen=True, slots=True)
class Node:
    """A field (its path), or a rule, step or posting rule (its id); `file` is where it is said."""

    kind: str
    name: str
    file: str
    at: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """`to` depends on `of`."""

    of: Node
    to: Node


def dependencies(design: Design, form: str, named: Iterable[Mention]) -> list[Edge]:
    """The edges of a form, each once: from fields to fields, rules, steps and posting rules."""
    found: dict[Edge, None] = {}
    for one in named:
        is_own = one.what == FIELD and one.form == form and not one.is_theirs
        if is_own and one.name in design.fields:
            of = field_node(form, one.name)
            for to in _dependents(design, form, one):
                edge = Edge(to, of) if one.is_key and "fetch" in one.path else Edge(of, to)
                if edge.of != edge.to:
                    found[edge] = None
    return [one for one in found if not _is_told_by_a_column(design, one, found)]


def around(edges: Iterable[Edge], node: Node) -> list[Edge]:
    """The edges that lead to a node, and on from it."""
    known = list(edges)
    kept: dict[Edge, None] = {}
    for ahead in (False, True):
        reached, grows = {node}, True
        while grows:
            step = [
                one for one in known if one not in kept and (one.of if ahead else one.to) in reached
            ]
            kept |= dict.fromkeys(step)
            reached |= {one.to if ahead else one.of for one in step}
            grows = bool(step)
    return [one for one in known if one in kept]


def _is_told_by_a_column(design: Design, edge: Edge, edges: Iterable[Edge]) -> bool:
    """Whether a table stands for one of its columns, which is named as well."""
    columns = (
        {one.path for one in design.fields[edge.of.name].columns} if edge.of.kind == FIELD else ()
    )
    return any(one.to == edge.to and one.of.name in columns for one in edges)


def field_node(form: str, path: str) -> Node:
    """A field as a node."""
    return Node(FIELD, path, f"{form}.form.json")


def _dependents(design: Design, form: str, one: Mention) -> list[Node]:
    path, kind = one.path, one.file.split(".")[-2]
    if one.file == f"{form}.form.json":
        if path[0] == "computed" and not one.is_key:
            return [field_node(form, str(path[1]))] if path[1] in design.fields else []
        if path[0] == "rules":
            return [Node(RULE, _id(design, path), one.file, path[:2])]
        if path[0] == "data":
            return _options(design, form, one)
        return []
    if kind == "workflow" and "blocks" in path:
        block = _block(path)
        return [Node(STEP, ".".join(str(each) for each in block), one.file, block)]
    if kind == "postings" and len(path) > 1:
        return [Node(POSTING, str(path[1]), one.file, path[:2])]
    return []


def _options(design: Design, form: str, one: Mention) -> list[Node]:
    """The field whose options name this one.

    A row's source, totals, and what must be left of a link are no dependence.
    """
    path = one.path
    if (
        "x-field" not in path
        or "left" in path
        or (one.is_key and {"rows_from", "totals"} & {*path})
    ):
        return []
    key = str(path[2]) if path[3:4] != ("items",) else f"{path[2]}[].{path[5]}"
    if key not in design.fields:
        return []
    return [field_node(form, key)]


def _id(design: Design, path: tuple[str | int, ...]) -> str:
    rules: Mapping[int, Mapping[str, object]] = dict(design.rules)
    rule = rules.get(path[1], {}) if isinstance(path[1], int) else {}
    return str(rule.get("id", path[1]))


def _block(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The path of the innermost block a place lies in."""
    found = path[:2]
    for length in range(2, len(path) + 1):
        if isinstance(path[length - 1], int) and path[length - 2] in ("blocks", "then", "else"):
            found = path[:length]
    return found
