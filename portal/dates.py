"""How days, months and instants read in each language: for pages, print and sheets alike."""

from calendar import monthrange
from datetime import date, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# The same as number formats of spreadsheets; the names of months stay English in any of them.
_SHEET_DAY = {"en": "[$-409]d mmm yyyy", "zh": "yyyy-mm-dd"}


def day_text(day: date, language: str) -> str:
    """A day: `1 Mar 2026`, `2026-03-01`."""
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


def month_text(day: date, language: str) -> str:
    """The month of a day: `Mar 2026`, `2026-03`."""
    if language == "en":
        return f"{_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year:04d}-{day.month:02d}"


def moment_text(local: datetime, language: str) -> str:
    """An instant in its own zone, with the zone's short name: `1 Mar 2026, 14:05 CST`."""
    mark = ", " if language == "en" else " "
    clock = f"{local.hour:02d}:{local.minute:02d}"
    return f"{day_text(local, language)}{mark}{clock} {local.tzname()}"


def sheet_day(language: str) -> str:
    """The number format of a day in a spreadsheet."""
    return _SHEET_DAY["en" if language == "en" else "zh"]


def read_day(text: str | None) -> date | None:
    """A day as records keep it, `2026-03-01`; None for none."""
    return date.fromisoformat(text) if text else None


def last_of(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])
