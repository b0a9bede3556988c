"""Keys: UUIDv7, so that rows made later sort later; seedable for the demo company."""

import os
import random
import threading
import time
import uuid

_seeded: random.Random | None = None
_seeded_ms = 0
_lock = threading.Lock()


def seed(value: int | None, *, at_ms: int = 0) -> None:
    """Make the following ids a repeatable sequence from `at_ms` on; None goes back to chance."""
    global _seeded, _seeded_ms
    _seeded = None if value is None else random.Random(value)  # noqa: S311 - not a secret
    _seeded_ms = at_ms


def new_id() -> str:
    """A new UUIDv7 as 36 characters (RFC 9562, section 5.7)."""
    global _seeded_ms
    with _lock:
        if _seeded is not None:
            _seeded_ms += 1
            milliseconds, chance = _seeded_ms, _seeded.getrandbits(74)
        else:
            milliseconds = time.time_ns() // 1_000_000
            chance = int.from_bytes(os.urandom(10), "big") >> 6
    value = (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76
    value |= (chance >> 62) << 64 | 0b10 << 62 | (chance & (2**62 - 1))
    return str(uuid.UUID(int=value))
