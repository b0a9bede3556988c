"""A project's calendar as people type it: weekdays, days off, weekend days worked in return.

Stored as {"weekdays": [1..7, Monday is 1], "holidays": [ISO dates], "workdays": [ISO dates]}.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from portal.errors import N_, FieldError, Invalid, Message

DAYS_MOST = 1_000


def dates_in(text: str, *, path: str) -> list[str]:
    """ISO dates from lines or commas; `2026-10-01..2026-10-07` is a span. Raises Invalid."""
    found: set[date] = set()
    for part in re.split(r"[\s,;，；、]+", text.strip()):
        if part:
            found.update(_span(part, path))
    if len(found) > DAYS_MOST:
        raise _wrong(path, N_("At most %(most)s days."), most=DAYS_MOST)
    return sorted(day.isoformat() for day in found)


def _span(part: str, path: str) -> Iterable[date]:
    first, _, last = part.partition("..")
    try:
        start = date.fromisoformat(first)
        end = date.fromisoformat(last) if last else start
    except ValueError:
        raise _wrong(
            path,
            N_("%(text)s is not a date; write 2026-10-01 or 2026-10-01..2026-10-07."),
            text=part[:40],
        ) from None
    if not 0 <= (end - start).days < DAYS_MOST:
        raise _wrong(path, N_("%(text)s ends before it starts, or is too long."), text=part[:40])
    return [start + timedelta(days=i) for i in range((end - start).days + 1)]


def as_text(days: Iterable[str]) -> str:
    """Dates back as text, neighbours joined to spans, one per line."""
    spans: list[tuple[date, date]] = []
    for day in sorted(date.fromisoformat(one) for one in days):
        if spans and (day - spans[-1][1]).days == 1:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return "\n".join(
        a.isoformat() if a == b else f"{a.isoformat()}..{b.isoformat()}" for a, b in spans
    )


def calendar(weekdays: Iterable[int], holidays: list[str], workdays: list[str]) -> dict[str, Any]:
    """The stored calendar. Raises Invalid without a working weekday or for a day that is both."""
    worked = sorted(set(weekdays))
    if not worked or not set(worked) <= set(range(1, 8)):
        raise _wrong("weekdays", N_("Choose at least one working day."))
    both = sorted(set(holidays) & set(workdays))
    if both:
        raise _wrong("workdays", N_("%(day)s is both a day off and a working day."), day=both[0])
    return {"weekdays": worked, "holidays": holidays, "workdays": workdays}


def _wrong(path: str, sentence: str, **args: Any) -> Invalid:
    return Invalid(errors=[FieldError(path, "invalid", Message(sentence, args))])
