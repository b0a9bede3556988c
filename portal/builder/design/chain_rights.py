"""Who may do what with each field: the rights of steps as a grid of cells; pure."""

from collections.abc import Mapping
from typing import Any

from portal.builder.design.chain import Node
from portal.builder.design.chain_step import value_at
from portal.builder.splicing import insert_item, remove, set_member
from portal.definitions.json_source import Path

MEMBERS = ("edit", "hide", "require")
READ, EDIT, MUST, HIDE = "", "edit", "edit+require", "hide"
CELLS = (READ, EDIT, MUST, HIDE)


def read_rights(raw: Any) -> dict[str, str] | None:
    """The cells of a step that are not READ, by field; None where they are not written as known.

    A cell says which members name the field: `edit`, `edit+require`, `hide`, or another mix.
    """
    fields = raw.get("fields", {}) if isinstance(raw, dict) else None
    if not isinstance(fields, dict):
        return None
    found: dict[str, list[str]] = {}
    for member in MEMBERS:
        paths = fields.get(member, [])
        if not isinstance(paths, list) or not all(isinstance(one, str) for one in paths):
            return None
        for path in dict.fromkeys(paths):
            found.setdefault(path, []).append(member)
    return {path: "+".join(members) for path, members in found.items()}


def change_rights(text: str, step: Node, cells: Mapping[str, str]) -> str:
    """The text with these cells of a step; every other one stays as it is written."""
    now = read_rights(step.raw)
    for field, cell in cells.items():
        old = (now or {}).get(field, READ)
        if now is None or cell == old:
            continue
        was, wanted = set(old.split("+")), set(cell.split("+"))
        for member in MEMBERS:
            if member in was - wanted:
                text = _take(text, step.path, member, field)
            elif member in wanted - was:
                text = _give(text, step.path, member, field)
    return text


def _give(text: str, step: Path, member: str, field: str) -> str:
    fields = value_at(text, step).get("fields")
    if fields is None:
        return set_member(text, step, "fields", {member: [field]})
    if not fields.get(member):
        return set_member(text, (*step, "fields"), member, [field])
    return insert_item(text, (*step, "fields", member), field)


def _take(text: str, step: Path, member: str, field: str) -> str:
    fields = value_at(text, step)["fields"]
    left = [one for one in fields[member] if one != field]
    if not left and set(fields) == {member}:
        return set_member(text, step, "fields", None)
    if not left:
        return set_member(text, (*step, "fields"), member, None)
    for at in reversed(range(len(fields[member]))):
        if fields[member][at] == field:
            text = remove(text, (*step, "fields", member, at))
    return text
