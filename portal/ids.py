"""Keys: UUIDv7, so that what one process makes later sorts later; seedable for the demo company."""

import os
import random
import threading
import time
import uuid

_seeded: random.Random | None = None
_seeded_ms = 0
_last = 0
_lock = threading.Lock()


def seed(value: int | None, *, at_ms: int = 0) -> None:
    """Make the following ids a repeatable sequence from `at_ms` on; None goes back to chance."""
    global _seeded, _seeded_ms
    _seeded = None if value is None else random.Random(value)  # noqa: S311 - not a secret
    _seeded_ms = at_ms


def new_id() -> str:
    """A new UUIDv7 as 36 characters (RFC 9562, section 5.7).

    Within a process each id is greater than the one before, also within a millisecond and when
    the clock was set back: a random step follows the last (RFC 9562, section 6.2, method 2).
    """
    global _seeded_ms, _last
    with _lock:
        if _seeded is not None:
            _seeded_ms += 1
            value = _seeded_ms << 74 | _seeded.getrandbits(74)
        else:
            value = (time.time_ns() // 1_000_000) << 74 | _chance(74)
            if value <= _last:
                value = _last + 1 + _chance(48)
            _last = value
    milliseconds, chance = value >> 74, value & (2**74 - 1)
    laid_out = (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76
    laid_out |= (chance >> 62) << 64 | 0b10 << 62 | (chance & (2**62 - 1))
    return str(uuid.UUID(int=laid_out))


def _chance(bits: int) -> int:
    return int.from_bytes(os.urandom(10), "big") >> (80 - bits)
