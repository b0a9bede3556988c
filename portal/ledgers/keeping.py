"""Figures of many projects kept in memory: worked out anew for a project as soon as anything is
posted in it.

Postings are only ever added, so as many of them with the same last one are the same ones. What is
kept belongs to one database; a process that serves another one begins anew.
"""

import threading
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select

from portal.db import db
from portal.ledgers.models import Posting

V = TypeVar("V")
MOST = 2_000


class Kept(Generic[V]):
    """What was worked out per project, and by which postings and under which version."""

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

        `version` changes with whatever else the values depend on.
        """
        wanted = sorted(projects)
        marks = {one: (version, *mark) for one, mark in _marks(wanted).items()}
        place = str(db.engine.url)
        found: dict[str, V] = {}
        missing = []
        with self._lock:
            for one in wanted:
                known = self._known.get((place, one))
                if known is not None and known[0] == marks.get(one, version):
                    found[one] = known[1]
                else:
                    missing.append(one)
        if missing:
            made = compute(missing)
            with self._lock:
                if len(self._known) > MOST:
                    self._known.clear()
                for one, value in made.items():
                    self._known[place, one] = (marks.get(one, version), value)
            found.update(made)
        return found


def _marks(projects: list[str]) -> dict[str, tuple[int, str]]:
    """How many postings each project has, and the last of them."""
    statement = (
        select(Posting.project_id, func.count(), func.max(Posting.id))
        .where(Posting.project_id.in_(projects))
        .group_by(Posting.project_id)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(statement)}
