"""What is measured inside one process: recalculation, compiling, the times of single pages."""

import statistics
import time
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from bench.browsers import RAW, Portal
from bench.lines import FORM, many_fields
from portal.forms.compiling import compile_form
from portal.forms.expand import expand

ROWS, FIELDS = 200, 200
_fresh = count()  # no two databases are measured with the same form: it would be kept


def median_ms(act: Callable[[], Any], times: int = 21) -> float:
    """The median duration of an act, in milliseconds, after one that warms up."""
    act()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found)


def compile_ms() -> float:
    """Compiling a form of 200 fields, each time another one, so that none is kept."""
    made = iter([expand(many_fields(FIELDS, next(_fresh))) for _ in range(8)])
    return median_ms(lambda: compile_form(next(made)), times=7)


def pages_ms(portals: Sequence[Portal], path: str, times: int = 41) -> list[float]:
    """The server's time for a page of each portal, asked in turn: what slows one slows all."""
    asked = []
    for portal in portals:
        headers = {"Cookie": portal.cookie(portal.cast["approvers"][0])}
        asked.append((portal.app.test_client(use_cookies=False), headers))
    found: list[list[float]] = [[] for _ in portals]
    for number in range(times + 2):
        for (client, headers), kept in zip(asked, found, strict=True):
            begun = time.perf_counter()
            answer = client.get(path, headers=headers)
            taken = (time.perf_counter() - begun) * 1000
            assert answer.status_code == 200, (path, answer.status_code)
            if number >= 2:  # the first ones warm up
                kept.append(taken)
    return [statistics.median(one) for one in found]


def recalculation_ms(portal: Portal) -> float:
    """The server's time to answer a change in one of 200 rows of a saved draft."""
    client = portal.app.test_client(use_cookies=False)
    buyer = portal.cast["buyers"][0]
    headers = {"Cookie": portal.cookie(buyer), "HX-Request": "true", "X-CSRFToken": portal.token}
    record, body = _draft(portal)
    saved = client.post(f"/records/{record}/save", data=body, headers=headers)
    assert saved.status_code == 200, saved.status_code
    changed = dict(body, _revision="1", _changed=f"lines-{0:012x}-qty")
    changed[f"lines-{0:012x}-qty"] = "7"

    def ask() -> None:
        answer = client.post(f"/records/{record}/recalculate", data=changed, headers=headers)
        assert answer.status_code == 200, answer.status_code

    return median_ms(ask)


def _draft(portal: Portal) -> tuple[str, dict[str, Any]]:
    from portal.ids import new_id

    body: dict[str, Any] = {
        "_form": FORM,
        "_project": portal.cast["projects"][0],
        "_revision": "0",
        "title": "Two hundred rows",
        "lines-order": [f"{number:012x}" for number in range(ROWS)],
    }
    for number in range(ROWS):
        key = f"lines-{number:012x}"
        body |= {f"{key}-item": f"Item {number}", f"{key}-qty": "3", f"{key}-price": "9.50"}
    return new_id(), body


__all__ = ["RAW", "compile_ms", "pages_ms", "recalculation_ms"]
