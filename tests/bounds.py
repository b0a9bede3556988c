"""How much is tried: all of it with PORTAL_PROVE=1, otherwise a fixed share of it."""

import os
from collections.abc import Sequence
from typing import TypeVar

PROVE = os.environ.get("PORTAL_PROVE") == "1"
T = TypeVar("T")


def spread(items: Sequence[T], most: int) -> list[T]:
    """All items when proving, otherwise at most `most` of them, evenly spread from first to last."""
    if PROVE or len(items) <= most:
        return list(items)
    return [items[at * (len(items) - 1) // (most - 1)] for at in range(most)]
