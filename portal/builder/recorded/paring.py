"""As little of a case's facts as its outcome needs; pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Enough = Callable[[Json], bool]
Place = tuple[str, ...]


def pared(facts: Mapping[str, Any], is_enough: Enough) -> Json:
    """The facts without linked values and roll-ups that change nothing.

    Many are dropped at once where that changes nothing, otherwise half of them, and so on.
    """
    kept: Json = dict(facts)
    whole: list[Place] = [
        (part, path) for part in ("rollups", "links") for path in kept.get(part, ())
    ]
    kept = _dropped(kept, whole, is_enough)
    inner: list[Place] = [
        ("links", path, key) for path, record in kept.get("links", {}).items() for key in record
    ]
    return _dropped(kept, inner, is_enough)


def _dropped(kept: Json, places: Sequence[Place], is_enough: Enough) -> Json:
    if not places:
        return kept
    tried = kept
    for place in places:
        tried = _without(tried, place)
    tried = {key: one for key, one in tried.items() if one != {}}
    if is_enough(tried):
        return tried
    if len(places) == 1:
        return kept
    middle = len(places) // 2
    kept = _dropped(kept, places[:middle], is_enough)
    return _dropped(kept, places[middle:], is_enough)


def _without(value: Json, place: Place) -> Json:
    first, *rest = place
    if first not in value:
        return value
    if rest:
        return {**value, first: _without(value[first], tuple(rest))}
    return {key: one for key, one in value.items() if key != first}
