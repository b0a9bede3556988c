"""Dates of a plan as iCalendar (RFC 5545), for the calendars people look at. Pure."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from portal.progress.plan import PlanRow

LINE = 75  # octets


def icalendar(name: str, rows: Iterable[PlanRow], now: datetime, host: str) -> bytes:
    """All-day events of these rows; a milestone is one day, a task lasts from start to finish."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Engineering portal//Schedule//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for row in rows:
        first, last = (
            (row.ends_on, row.ends_on) if row.task.is_moment else (row.starts_on, row.ends_on)
        )
        lines += [
            "BEGIN:VEVENT",
            f"UID:{row.task.id}@{host}",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{_day(first)}",
            f"DTEND;VALUE=DATE:{_day(last + timedelta(days=1))}",
            f"SUMMARY:{_text(row.task.label)}",
            f"STATUS:{'CONFIRMED' if row.is_finished else 'TENTATIVE'}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _day(on: date) -> str:
    return on.isoformat().replace("-", "")


def _text(text: str) -> str:
    for sign, code in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(sign, code)
    return text


def _folded(line: str) -> bytes:
    """A line in pieces of at most 75 octets, never within a character."""
    pieces: list[bytes] = []
    piece = b""
    for char in line:
        octets = char.encode()
        if len(piece) + len(octets) > LINE - (1 if pieces else 0):
            pieces.append(piece)
            piece = b""
        piece += octets
    pieces.append(piece)
    return b"\r\n ".join(pieces) + b"\r\n"
