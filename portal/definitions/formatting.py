"""One way to write a definition: stable order, short things on one line, small diffs."""

import json
from typing import Any

_WIDTH = 100
_FIRST = (
    "$schema", "module", "workflow", "postings", "sheet", "health", "kind", "type", "step",
    "choose", "cc", "form", "version", "format", "language", "id", "name", "value", "title",
    "label", "hint",
)  # fmt: skip
_ORDER = {key: place for place, key in enumerate(_FIRST)}
# Members whose order is the author's: fields, and everything read from top to bottom.
_KEPT = frozenset({"properties", "computed", "set", "given", "expect", "fetch", "columns", "links"})


def format_source(value: Any) -> str:
    """The text of a definition, ending in a line break; formatting it again changes nothing."""
    return _write(value, "", 0, keep=False) + "\n"


def _write(value: Any, indent: str, taken: int, *, keep: bool) -> str:
    flat = _flat(value, keep=keep)
    fits = len(indent) + taken + len(flat) <= _WIDTH
    if not isinstance(value, dict | list) or not value or (fits and _is_shallow(value)):
        return flat
    inner = indent + "  "
    if isinstance(value, list):
        items = [inner + _write(one, inner, 1, keep=False) for one in value]
        return "[\n" + ",\n".join(items) + f"\n{indent}]"
    lines = []
    for key in _keys(value, keep=keep):
        name = json.dumps(key, ensure_ascii=False) + ": "
        lines.append(inner + name + _write(value[key], inner, len(name) + 1, keep=key in _KEPT))
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _is_shallow(value: Any) -> bool:
    """Whether it reads well on one line: no more than two levels, and no list of objects."""
    inner = value.values() if isinstance(value, dict) else value
    return all(
        not isinstance(one, dict | list) or not any(isinstance(x, dict) for x in _parts(one))
        for one in inner
    )


def _parts(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value


def _keys(value: dict[str, Any], *, keep: bool) -> list[str]:
    if keep:
        return list(value)
    return sorted(value, key=lambda key: _ORDER.get(key, len(_ORDER)))


def _flat(value: Any, *, keep: bool) -> str:
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {_flat(value[key], keep=key in _KEPT)}"
            for key in _keys(value, keep=keep)
        ]
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flat(one, keep=False) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
