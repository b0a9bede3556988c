"""What the chain's pages do to a workflow's text: add, remove, move, ask only under a condition.

Pure, from text to text. Everything that is not meant stays byte by byte.
"""

from collections.abc import Iterable
from typing import Any

from portal.builder.design.chain import Chain, Node, read_chain, walk
from portal.builder.design.chain_step import StepValues, value_at
from portal.builder.splicing import insert_item, move, remove, replace_value, set_member
from portal.builder.starters import key_from
from portal.definitions.json_source import Path, read_source
from portal.errors import N_, Invalid, NotFound

_LONGEST_KEY = 41


def new_id(wanted: str, taken: Iterable[str], otherwise: str = "step") -> str:
    """An id no block has: from an English title, else the other word; numbered where it must be."""
    known = frozenset(taken)
    base = key_from(wanted) or key_from(otherwise) or "step"
    found, number = base, 1
    while found in known or found == "start":
        number += 1
        found = f"{base[: _LONGEST_KEY - 5]}_{number}"
    return found


def id_for(values: StepValues, taken: Iterable[str]) -> str:
    """An id for a new step: from its English title, else from whom it asks."""
    first = values.who[0].partition(":")[2] if values.who else ""
    return new_id(values.title_en, taken, first)


def place(
    chain: Chain,
    *,
    into: Path | None = None,
    behind: Path | None = None,
    before: Path | None = None,
) -> Path:
    """Where a new block goes: last in a list, behind or before a block. Raises NotFound."""
    if before is not None:
        return chain.node(before).path
    if behind is not None:
        found = chain.node(behind).path
        return (*found[:-1], int(found[-1]) + 1)
    if into is None or into not in chain.lists():
        raise NotFound(N_("There is no such place in this chain."))
    blocks: list[Any] = value_at(chain.text, into)
    return (*into, len(blocks))


def add_block(text: str, path: Path, block: Any) -> str:
    """The text with a block at a path; those from there on move down by one."""
    if value_at(text, path[:-1]) == []:  # written out over several lines, not within the brackets
        return replace_value(text, path[:-1], [block])
    return insert_item(text, path[:-1], block, at=int(path[-1]))


def remove_block(text: str, path: Path) -> str:
    """The text without the block at a path, and without the rules of the chain that name it."""
    chain = read_chain(text)
    gone = [node.id for node in walk([chain.node(path)]) if node.id]
    return forget(remove(text, path), gone)


def forget(text: str, gone: Iterable[str]) -> str:
    """The text with no rule about these blocks: separation of duties, where a change restarts."""
    away = frozenset(gone)
    policy = _dict(_dict(read_source(text).value).get("policy"))
    if str(policy.get("on_protected_change", "")).removeprefix("restart_from:") in away:
        text = remove(text, ("policy", "on_protected_change"))
    groups = policy.get("distinct")
    groups = groups if isinstance(groups, list) else []
    for at in reversed(range(len(groups))):
        text = _out_of_group(text, ("policy", "distinct", at), groups[at], away)
    policy = _dict(_dict(read_source(text).value).get("policy"))
    if policy.get("distinct") == [] and groups:
        text = remove(text, ("policy", "distinct"))
    if _dict(read_source(text).value).get("policy") == {} and policy:
        text = remove(text, ("policy",))
    return text


def _out_of_group(text: str, path: Path, group: Any, away: frozenset[str]) -> str:
    if not isinstance(group, list) or not away.intersection(map(str, group)):
        return text
    left = [one for one in group if one not in away]
    if len(left) < 2:
        return remove(text, path)
    for at in reversed(range(len(group))):
        if group[at] in away:
            text = remove(text, (*path, at))
    return text


def move_block(text: str, path: Path, *, up: bool) -> str:
    """The text with a block one place up or down within its list."""
    return move(text, path, int(path[-1]) + (-1 if up else 1))


def wrap(text: str, path: Path, source: str, key: str) -> str:
    """The text with a block asked only under a condition: a choice of one way around it."""
    block, raw = value_at(text, path), _raw(text, path)
    choice = {"choose": key, "when": [{"if": source, "then": [block]}], "else": []}
    return _put(replace_value(text, path, choice), (*path, "when", 0, "then", 0), raw)


def unwrap(text: str, path: Path) -> str:
    """The text with the blocks of a choice of one way in its place: asked always.

    Raises Invalid where the choice does more than that.
    """
    node = read_chain(text).node(path)
    way = node.only_when
    if way is None:
        raise Invalid(N_("This choice does more than to ask under a condition."))
    bodies = [(one.raw, _raw(text, one.path)) for one in way.blocks]
    for at, (block, raw) in enumerate(bodies):
        here = (*path[:-1], int(path[-1]) + at)
        if at == 0:
            text = replace_value(text, here, block)
        else:
            text = insert_item(text, here[:-1], block, at=int(here[-1]))
        text = _put(text, here, raw)
    return forget(text, [node.id])


def set_condition(text: str, way: Path, source: str) -> str:
    """The text with another condition of a way."""
    return set_member(text, way, "if", source)


def condition_around(chain: Chain, node: Node) -> Node | None:
    """The choice that does nothing else than to ask this one block under a condition."""
    holder = chain.holder(node.path)
    way = holder.only_when if holder else None
    return holder if way is not None and len(way.blocks) == 1 else None


def _raw(text: str, path: Path) -> tuple[str, str]:
    """(what is written at a path, the indent of the line it begins on)."""
    start, end = read_source(text).span(path)
    return text[start:end], _indent(text, start)


def _put(text: str, path: Path, raw: tuple[str, str]) -> str:
    """The text with exactly these bytes at a path, indented as the place asks."""
    start, end = read_source(text).span(path)
    body, old = raw
    first, *rest = body.split("\n")
    new = _indent(text, start)
    lines = [first, *(new + one[len(old) :] if one.startswith(old) else one for one in rest)]
    return text[:start] + "\n".join(lines) + text[end:]


def _indent(text: str, offset: int) -> str:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
