"""Which shapes of a meta-schema hold at a place of a text; pure.

The meta-schemas tell their cases apart by `if` alone, and by little: required members, constants
and types. So a text that is not whole yet can be followed as far as it says what it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.definitions.json_source import Path

Json = Mapping[str, Any]
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
}
_DEPTH = 20
ANYTHING: Json = {}


def shapes_at(schema: Json, value: Any, path: Path) -> tuple[list[Json], Any]:
    """The shapes that hold at a path below `value`, and what stands there (None: nothing)."""
    found = list(flat(schema, schema, value))
    for part in path:
        value = _below(value, part)
        found = [
            one
            for shape in found
            for below in inside(shape, part)
            for one in flat(schema, below, value)
        ]
    return found, value


def flat(root: Json, shape: Json, value: Any, depth: int = 0) -> Iterator[Json]:
    """The shape and all it consists of for this value, references followed and cases decided."""
    if depth > _DEPTH:
        return
    yield shape
    reference = shape.get("$ref")
    if isinstance(reference, str):
        name = reference.rpartition("/")[2]
        yield from flat(root, root["$defs"][name], value, depth + 1)
    for one in shape.get("allOf", ()):
        yield from flat(root, one, value, depth + 1)
    if "if" in shape:
        for branch in _branches(shape, value):
            yield from flat(root, branch, value, depth + 1)


def _branches(shape: Json, value: Any) -> list[Json]:
    """What follows from the condition of a shape; of a value not there yet, either."""
    both = [shape[word] for word in ("then", "else") if word in shape]
    if value is None and "type" in shape["if"]:
        return both
    word = "then" if _holds(shape["if"], value) else "else"
    return [shape[word]] if word in shape else []


def _holds(condition: Json, value: Any) -> bool:
    if "const" in condition:
        return bool(value == condition["const"])
    if "enum" in condition and value not in condition["enum"]:
        return False
    if "type" in condition and not isinstance(value, _TYPES[condition["type"]]):
        return False
    if not isinstance(value, dict):
        return "required" not in condition and "properties" not in condition
    return all(name in value for name in condition.get("required", ())) and all(
        name not in value or _holds(below, value[name])
        for name, below in condition.get("properties", {}).items()
    )


def inside(shape: Json, part: str | int) -> Iterator[Json]:
    """The shapes of a member or an item."""
    members = shape.get("properties", {})
    if shape == ANYTHING:
        yield ANYTHING
    elif isinstance(part, int):
        if isinstance(shape.get("items"), Mapping):
            yield shape["items"]
        elif shape.get("type") == "array" and "items" not in shape:
            yield ANYTHING
    elif part in members:
        if isinstance(members[part], Mapping):
            yield members[part]
    elif isinstance(shape.get("additionalProperties"), Mapping):
        yield shape["additionalProperties"]


def _below(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


def members_of(shapes: Sequence[Json]) -> dict[str, Json]:
    """The members an object of these shapes may have, those it must have first."""
    found: dict[str, Json] = {}
    needed: list[str] = []
    for shape in shapes:
        needed += shape.get("required", ())
        for name in shape.get("x-one-of", ()):
            found.setdefault(name, {})
        for name, below in shape.get("properties", {}).items():
            if isinstance(below, Mapping) and "not" not in below:
                found[name] = {**below, **found.get(name, {})}
    return dict(sorted(found.items(), key=lambda one: one[0] not in needed))


def member_shapes(schema: Json, shapes: Sequence[Json], name: str) -> list[Json]:
    """The shapes of a member that is not there yet."""
    return [
        one
        for shape in shapes
        for below in inside(shape, name)
        for one in flat(schema, below, None)
    ]


def words_of(shapes: Sequence[Json]) -> list[Any]:
    """The values these shapes list."""
    found: list[Any] = []
    for shape in shapes:
        listed = [shape["const"]] if "const" in shape else list(shape.get("enum", ()))
        if shape.get("type") == "boolean" and not listed:
            listed = [True, False]
        found += [one for one in listed if one not in found]
    return found


def marked(shapes: Sequence[Json], mark: str) -> Any:
    """What the first shape that carries a mark says under it."""
    return next((shape[mark] for shape in shapes if mark in shape), None)


def types_of(shapes: Sequence[Json]) -> set[str]:
    """The JSON types these shapes allow."""
    found: set[str] = set()
    for shape in shapes:
        said = shape.get("type", ())
        found |= {said} if isinstance(said, str) else set(said)
    return found
