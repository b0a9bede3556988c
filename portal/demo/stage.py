"""The stage of the demo's history: whose turn it is, what time it is, who comes next.

Everything is one transaction: an interrupted load leaves the empty database as it was.
"""

import heapq
import random
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal import clock
from portal.accounts.sessions import viewer_of
from portal.db import SYSTEM, db, set_context
from portal.demo.workdays import working_moment
from portal.web.viewer import Viewer

Life = Generator[datetime, None, None]


@dataclass(slots=True)
class Stage:
    """What the tellers share: whose turn it is, what exists already, and the present moment.

    Every life draws from a chance of its own: in which order they are told depends on the day on
    which the demo is loaded, what happens in them does not.
    """

    chance: random.Random
    end: datetime
    now: datetime
    ids: dict[str, str] = field(default_factory=dict)
    _numbers: Counter[str] = field(default_factory=Counter)
    _people: dict[str, Viewer] = field(default_factory=dict)
    _agenda: list[tuple[datetime, int, Life]] = field(default_factory=list)
    _chances: dict[int, random.Random] = field(default_factory=dict)

    def person(self, login: str) -> Viewer:
        """Someone of the cast with the roles they have now, without becoming them."""
        if login not in self._people:
            self._people[login] = viewer_of(self.ids[f"person:{login}"])
        return self._people[login]

    def forget_roles(self) -> None:
        """After roles were given, everybody is looked up anew."""
        self._people.clear()

    def become(self, login: str) -> Viewer:
        """Go on as this person: what was read for the last one is forgotten.

        One session serves the whole cast, one after the other, because all of it is one
        transaction; emptied in between, it is as new as the session of a request.
        """
        viewer = self.person(login)
        self._turn_to(viewer)
        return viewer

    def become_nobody(self) -> None:
        """Go on as the portal itself, as in a command."""
        self._turn_to(SYSTEM)

    def _turn_to(self, context: Any) -> None:
        db.session.flush()
        db.session.expunge_all()
        set_context(db.session(), context)

    def later(self, hours: float, after: datetime | None = None) -> datetime:
        """A working moment about that many hours after now; each call a little different."""
        jitter = self.chance.uniform(0.8, 1.25)
        return working_moment(after or self.now, hours * jitter)

    def today(self, zone: str) -> str:
        """The business date of the present moment, as stored."""
        return clock.date_in(zone, self.now).isoformat()

    def next_number(self, kind: str) -> int:
        """One more of a kind that people number by hand, from 1 on."""
        self._numbers[kind] += 1
        return self._numbers[kind]

    def begin(self, life: Life, at: datetime, name: str = "") -> None:
        """Put a life on the agenda, to begin at a moment.

        A life that another one begins needs a name: when it is its turn depends on the day.
        """
        order = len(self._chances)
        self._chances[order] = random.Random(name or f"life {order}")  # noqa: S311 - a story
        heapq.heappush(self._agenda, (at, order, life))

    def tell(self) -> None:
        """Let every life go on in turn, in the order of time, until the story reaches today."""
        while self._agenda:
            moment, order, life = heapq.heappop(self._agenda)
            if moment > self.end:
                life.close()
                continue
            self.now, self.chance = max(self.now, moment), self._chances[order]
            following = next(life, None)
            if following is not None:
                heapq.heappush(self._agenda, (max(following, self.now), order, life))

    def login_of(self, person_id: str) -> str:
        return next(
            key.removeprefix("person:")
            for key, value in self.ids.items()
            if value == person_id and key.startswith("person:")
        )
