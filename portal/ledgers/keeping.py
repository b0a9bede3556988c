"""Figures of many projects kept in memory: worked out anew for a project as soon as anything is
posted in it.

By its mark a project is known to be as it was, as long as the same entries are merged. What is kept
belongs to one database; a process that serves another one begins anew.
"""

import threading
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, Generic, TypeVar

from portal.db import db
from portal.ledgers.marks import marks, unmarked
from portal.records import aliases

V = TypeVar("V")
MOST = 2_000


class Kept(Generic[V]):
    """What was worked out per project, and as of which mark and under which version."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[Any, V]] = {}

    def of(
        self,
        projects: Collection[str],
        version: Hashable,
        compute: Callable[[list[str]], Mapping[str, V]],
    ) -> dict[str, V]:
        """The values of projects that have one; `compute` answers those not known as they are.

        `version` changes with whatever else the values depend on. In which this very transaction
        posted is worked out for it alone.
        """
        wanted, own, read_as = (
            sorted(projects),
            unmarked(),
            frozenset(aliases.merged().into.items()),
        )
        known_by = {one: (version, mark, read_as) for one, mark in marks(wanted).items()}
        place = str(db.engine.url)
        found: dict[str, V] = {}
        missing = []
        with self._lock:
            for one in wanted:
                known = self._known.get((place, one))
                if known is not None and known[0] == known_by[one] and one not in own:
                    found[one] = known[1]
                else:
                    missing.append(one)
        if missing:
            made = compute(missing)
            with self._lock:
                if len(self._known) > MOST:
                    self._known.clear()
                for one in made.keys() - own:
                    self._known[place, one] = (known_by[one], made[one])
            found.update(made)
        return found
