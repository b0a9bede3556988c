"""The fields of two forms made comparable: both written out in full."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.forms.expand import expand

Json = Mapping[str, Any]


def fields(raw: Json) -> dict[str, Json]:
    """Every field as the full form has it, without its columns, by path; required is marked."""
    try:
        data = expand(raw)["data"]
    except (AttributeError, KeyError, TypeError, ValueError):  # a draft need not be sound
        return {}
    return dict(_walk(data, ""))


def _walk(data: Json, prefix: str) -> Iterator[tuple[str, Json]]:
    required = data.get("required", ())
    for key, node in data["properties"].items():
        if key == "_id":
            continue
        rows = node.get("items") if isinstance(node.get("items"), Mapping) else None
        is_table = rows is not None and "properties" in rows
        shown = {k: v for k, v in node.items() if not (is_table and k == "items")}
        yield prefix + key, {**shown, "required": key in required}
        if rows is not None and is_table:
            yield from _walk(rows, f"{prefix}{key}[].")


def kind_of(node: Json) -> str:
    """The kind of a field."""
    return str((node.get("x-field") or {}).get("kind", node.get("type", "?")))


def label_of(node: Json) -> str:
    """The English label of a field."""
    return str(node.get("title") or "")


def differing(old: Json, new: Json) -> list[str]:
    """The members that differ, those of `x-field` by their own names."""
    found = []
    for key in sorted({*old, *new}):
        if old.get(key) == new.get(key):
            continue
        if key == "x-field":
            found += differing(old.get(key) or {}, new.get(key) or {})
        else:
            found.append({"title": "label", "description": "hint"}.get(key, key))
    return found
