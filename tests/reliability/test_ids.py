"""Keys sort by when one process made them."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal import ids


def test_ids_rise_within_a_millisecond_and_when_the_clock_is_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = time.time_ns()
    made = []
    for moment in (now, now, now - 10**9, now + 10**6, now + 10**6):
        monkeypatch.setattr(time, "time_ns", lambda moment=moment: moment)
        made.extend(ids.new_id() for _ in range(200))
    assert made == sorted(made)
    assert len(set(made)) == 1000
    assert {uuid.UUID(one).version for one in made} == {7}
    assert {uuid.UUID(one).variant for one in made} == {uuid.RFC_4122}


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ids.new_id(), range(4000)))
    assert len(set(made)) == 4000
