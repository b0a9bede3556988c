"""Ids of records, people and rows as an example names them: k1, k2, … or a login; pure."""

import re
from collections.abc import Mapping
from typing import Any

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")


class Names:
    """What every id becomes, the same one wherever it stands."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """`known` are the ids that have a name of their own, such as people's logins."""
        self._names = dict(known)
        self._count = 0

    def within(self, value: Any) -> Any:
        """A value with the names of its ids."""
        if isinstance(value, Mapping):
            return {key: self.within(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.within(one) for one in value]
        return self._name(value) if isinstance(value, str) and _ID.match(value) else value

    def _name(self, known: str) -> str:
        if known not in self._names:
            self._count += 1
            self._names[known] = f"k{self._count}"
        return self._names[known]


def ids_in(value: Any) -> set[str]:
    """Every id in a value."""
    if isinstance(value, Mapping):
        return set().union(*map(ids_in, value.values())) if value else set()
    if isinstance(value, list | tuple):
        return set().union(*map(ids_in, value)) if value else set()
    return {value} if isinstance(value, str) and _ID.match(value) else set()
