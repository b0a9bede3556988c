"""Which visits of documents to a step are waits: those somebody decided in, and open ones. Pure.

A step also closes without anybody: its approval was withdrawn, another branch ended it, or a
change began it anew. Where a change and the decision came as one act, the engine closes the visit
that was seen and opens another for the decision alone: both are one wait.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.foresight.waits import Visit

Key = tuple[str, int]  # approval, epoch


@dataclass(frozen=True, slots=True)
class Seat:
    """A person asked at a step: since when, and until when; None while they are asked."""

    approval: str
    epoch: int
    record: str
    opened: datetime
    closed: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """Somebody decided in a visit (`epoch`), having seen it in another if it began anew by that."""

    approval: str
    epoch: int
    seen: int


def visits_of(seats: Iterable[Seat], decisions: Iterable[Decision]) -> list[Visit]:
    """The waits of one step."""
    visits: dict[Key, list[Seat]] = {}
    for seat in seats:
        visits.setdefault((seat.approval, seat.epoch), []).append(seat)
    seen: dict[Key, int] = {}
    for one in decisions:
        key = (one.approval, one.epoch)
        seen[key] = min(one.seen, seen.get(key, one.seen))
    begun_anew = {(approval, before) for (approval, at), before in seen.items() if before < at}
    return [
        _visit(key, visits, seen)
        for key, own in visits.items()
        if key not in begun_anew and (key in seen or any(one.closed is None for one in own))
    ]


def _visit(last: Key, visits: Mapping[Key, Sequence[Seat]], seen: Mapping[Key, int]) -> Visit:
    """Since the first of the visits this one began anew; over when its last seat is closed."""
    own, key = visits[last], last
    opened = min(one.opened for one in own)
    while seen.get(key, key[1]) < key[1]:
        key = (key[0], seen[key])
        opened = min([opened, *(one.opened for one in visits.get(key, ()))])
    ends = [one.closed for one in own if one.closed is not None]
    return Visit(own[0].record, opened, max(ends) if len(ends) == len(own) else None)
