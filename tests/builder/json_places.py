"""Every place of a JSON value, from the whole to the smallest part."""

from collections.abc import Iterator

Place = tuple[str | int, ...]


def places(value: object, path: Place = ()) -> Iterator[Place]:
    yield path
    if isinstance(value, dict):
        for key, one in value.items():
            yield from places(one, (*path, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from places(one, (*path, number))
