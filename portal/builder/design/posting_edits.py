"""What the pages of posting rules do to a file's text: add, change, duplicate, move, remove.

Pure, from text to text. Everything that is not meant stays byte by byte.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.builder.design.postings import Rule
from portal.builder.splicing import insert_item, insert_member, move, remove, replace_value
from portal.builder.starters import key_from
from portal.definitions.json_source import Path, read_source
from portal.definitions.posting_columns import LEDGERS

_MEMBERS = ("id", "ledger", "on", "foreach", "when", "set", "on_leave")
_LONGEST_KEY = 41
_EVERY_COLUMN = frozenset(name for columns in LEDGERS.values() for name in columns)


@dataclass(frozen=True, slots=True)
class Written:
    """A rule as it is to be written; `table` and `when` are empty for none."""

    ledger: str
    on: str
    table: str = ""
    when: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)


def raw_rule(rule: Written, key: str) -> dict[str, Any]:
    """The rule as JSON has it."""
    raw = {"id": key, "ledger": rule.ledger, "on": rule.on}
    optional = {"foreach": rule.table, "when": rule.when}
    return {**raw, **{k: v for k, v in optional.items() if v}, "set": dict(rule.columns)}


def add_rule(text: str, rule: Written, key: str, at: int | None = None) -> str:
    """The text with one more rule: the last, or the one numbered `at`."""
    return _insert(text, raw_rule(rule, key), at)


def change_rule(text: str, at: int, rule: Written) -> str:
    """The text with a rule saying this; members and columns nobody knows stay."""
    path: Path = ("rules", at)
    for key, value in (("ledger", rule.ledger), ("on", rule.on)):
        text = _set(text, path, key, value, _MEMBERS)
    for key, value in (("foreach", rule.table), ("when", rule.when)):
        text = _set(text, path, key, value or None, _MEMBERS)
    if not isinstance(_value(text, (*path, "set")), dict):
        return _set(text, path, "set", dict(rule.columns), _MEMBERS)
    order = tuple(LEDGERS[rule.ledger])
    for name, source in rule.columns.items():
        text = _set(text, (*path, "set"), name, source, order)
    for name in _value(text, (*path, "set")):
        if name in _EVERY_COLUMN and name not in rule.columns:
            text = remove(text, (*path, "set", name))
    return text


def duplicate_rule(text: str, rule: Rule, key: str) -> str:
    """The text with a copy of a rule behind it, under a name of its own."""
    raw = {**_value(text, ("rules", rule.at)), "id": key}
    return _insert(text, {"id": key, **raw}, rule.at + 1)


def move_rule(text: str, at: int, *, up: bool) -> str:
    """The text with a rule one place up or down."""
    return move(text, ("rules", at), at + (-1 if up else 1))


def remove_rule(text: str, at: int) -> str | None:
    """The text without a rule; None where no rule is left, since no file has none."""
    return None if len(_value(text, ("rules",))) == 1 else remove(text, ("rules", at))


def new_key(wanted: str, taken: Iterable[str]) -> str:
    """A name no rule of the form has or had."""
    known = frozenset(taken)
    base = key_from(wanted)[: _LONGEST_KEY - 4] or "rule"
    found, number = base, 1
    while found in known:
        number += 1
        found = f"{base}_{number}"
    return found


def _insert(text: str, raw: Any, at: int | None) -> str:
    if _value(text, ("rules",)) == []:  # written out over several lines, not within the brackets
        return replace_value(text, ("rules",), [raw])
    return insert_item(text, ("rules",), raw, at=at)


def _set(text: str, path: Path, key: str, value: Any, order: Sequence[str]) -> str:
    """The text with a member set, a new one in its place among those that are there."""
    inside = _value(text, path)
    if value is None:
        return remove(text, (*path, key)) if key in inside else text
    if key in inside:
        return replace_value(text, (*path, key), value)
    later = set(order[order.index(key) + 1 :])
    at = next((n for n, name in enumerate(inside) if name in later), len(inside))
    return insert_member(text, path, key, value, at=at)


def _value(text: str, path: Path) -> Any:
    value = read_source(text).value
    for part in path:
        value = value.get(part) if isinstance(value, dict) else value[part]
    return value
