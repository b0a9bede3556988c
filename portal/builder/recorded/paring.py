"""As little of a case's facts as its outcome needs; pure."""

from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]
Enough = Callable[[Json], bool]


def pared(facts: Mapping[str, Any], is_enough: Enough) -> Json:
    """The facts without linked values and roll-ups that change nothing, one tried after another."""
    kept: Json = dict(facts)
    for part in ("rollups", "links"):
        for path in list(kept.get(part, ())):
            without = {key: one for key, one in kept[part].items() if key != path}
            kept = _tried(kept, part, without, is_enough)
    for path in list(kept.get("links", ())):
        for key in list(kept["links"][path]):
            record = {name: one for name, one in kept["links"][path].items() if name != key}
            kept = _tried(kept, "links", {**kept["links"], path: record}, is_enough)
    return kept


def _tried(kept: Json, part: str, value: Json, is_enough: Enough) -> Json:
    tried = {**kept, part: value}
    if not value:
        del tried[part]
    return tried if is_enough(tried) else kept
