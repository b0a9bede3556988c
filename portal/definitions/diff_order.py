"""Which entries of a list moved: as few as possible, the others kept their order."""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def moved(old: Sequence[T], new: Sequence[T]) -> Iterator[tuple[T, T | None]]:
    """(entry, the one it now stands behind; None: it is the first) of those that moved."""
    place = {one: at for at, one in enumerate(old)}
    common = [one for one in new if one in place]
    kept = _kept([place[one] for one in common])
    for at, one in enumerate(common):
        if place[one] not in kept:
            yield one, common[at - 1] if at else None


def _kept(places: Sequence[int]) -> set[int]:
    """A longest increasing subsequence."""
    ends: list[int] = []  # the smallest end of a subsequence of each length
    chosen: list[int] = []
    lengths = []
    for one in places:
        at = bisect_left(ends, one)
        ends[at : at + 1] = [one]
        lengths.append(at)
    wanted = len(ends) - 1
    for one, length in zip(reversed(places), reversed(lengths), strict=True):
        if length == wanted and (not chosen or one < chosen[-1]):
            chosen.append(one)
            wanted -= 1
    return set(chosen)
