"""How values read on a page: money, quantities, dates and instants in the reader's language."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from flask import Flask

from portal import clock, dates
from portal.ids import new_id
from portal.web.answers import sentence
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _

LOCALES = {"en": "en", "zh": "zh_Hans_CN"}


_HOUR = 3_600
_MOMENT = 5


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def money(value: Decimal | None, currency: str = "", *, places: int = 2) -> str:
    """An amount with thousands separators, then its currency; empty stays a dash."""
    if value is None:
        return "–"
    text = f"{value:,.{places}f}"
    return f"{text} {currency}" if currency else text


def short_money(value: Decimal) -> str:
    """A round amount for the scale of a chart: 12.5M, or in Chinese by ten thousands."""
    size = abs(value)
    if current_viewer().language == "zh":
        steps = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
    else:
        steps = ((Decimal(10**6), "M"), (Decimal(10**3), "k"))
    for step, word in steps:
        if size >= step:
            return f"{quantity(value / step, places=1)}{word}"
    return quantity(value, places=0)


def quantity(value: Decimal | None, unit: str = "", *, places: int | None = None) -> str:
    """A quantity without trailing zeros, rounded half up to `places` if given, then its unit."""
    if value is None:
        return "–"
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text} {unit}" if unit else text


def day(value: date | None) -> str:
    """A business date, or the day of an instant in the reader's zone."""
    if value is None:
        return "–"
    viewer = current_viewer()
    if isinstance(value, datetime):
        value = local(value)
    return dates.day_text(value, viewer.language)


def month(value: date) -> str:
    """The month of a day."""
    return dates.month_text(value, current_viewer().language)


def moment(value: datetime | None) -> str:
    """An instant in the reader's zone, with the zone's short name."""
    if value is None:
        return "–"
    viewer = current_viewer()
    return dates.moment_text(local(value), viewer.language)


def local(value: datetime) -> datetime:
    """An instant by the clock of the reader."""
    return value.astimezone(_zone(current_viewer().zone))


def ago(value: datetime | None) -> str:
    """How long ago, in words."""
    if value is None:
        return "–"
    seconds = int((value - clock.now()).total_seconds())
    if abs(seconds) < _MOMENT:
        return str(_("just now"))
    return _ago(seconds if abs(seconds) < _HOUR else seconds // 60 * 60, current_viewer().language)


@lru_cache(maxsize=4_000)
def _ago(seconds: int, language: str) -> str:
    return format_timedelta(seconds, add_direction=True, locale=LOCALES[language])


def iso(value: datetime | date | None) -> str:
    """The machine's form, for `<time datetime>`."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if value else ""


def text_in(text: object, language: str | None = None) -> str:
    """A definition's text (a string, or one per language) in the reader's language."""
    wanted = language or current_viewer().language
    in_language = getattr(text, "in_language", None)
    if in_language is not None:
        return str(in_language(wanted))
    if isinstance(text, dict):
        return str(text.get(wanted) or text.get("en") or next(iter(text.values()), ""))
    return str(text or "")


def register(app: Flask) -> None:
    """Bind the filters to Jinja."""
    for function in (money, short_money, quantity, day, month, moment, ago, iso, text_in, sentence):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["request_key"] = new_id
