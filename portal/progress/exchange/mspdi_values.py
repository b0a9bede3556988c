"""What elements of MSPDI hold: texts, spans, dates, numbers. What is odd is an error of its row."""

import re
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from portal.errors import N_, Message
from portal.progress.exchange.incoming import Incoming

NOT_A = N_("“%(text)s” is no %(what)s.")
DURATION, DAY, NUMBER, LINK = N_("duration"), N_("date"), N_("number"), N_("link")
CONSTRAINT, PERCENT, LEVEL = N_("constraint"), N_("percentage"), N_("outline level")
FLAG, DAY_LENGTH = N_("flag (1 or 0)"), N_("number of minutes a day has")
ROUNDED = N_("“%(text)s” is rounded to whole minutes.")
TRUE, FALSE = frozenset({"1", "true"}), frozenset({"", "0", "false"})
MINUTES_MOST = 60 * 24 * 366 * 100
_SPAN = re.compile(
    r"P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?\Z",
    re.ASCII,
)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?\Z", re.ASCII
)
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,9})?\Z", re.ASCII)


def text_of(one: Element, tag: str) -> str:
    """The text of a child, on one line; empty where there is none."""
    return " ".join((one.findtext(tag) or "").split())


def whole(text: str) -> int | None:
    """A whole number of at most nine plain digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def flag(found: Incoming, code: str, one: Element, tag: str) -> bool:
    """Yes or no; no where nothing is said."""
    text = text_of(one, tag)
    if text not in TRUE | FALSE:
        odd(found, code, text, FLAG)
    return text in TRUE


def odd(found: Incoming, code: str, text: str, what: str) -> None:
    """Keep the file out: this text is not what stands there."""
    found.wrong(code, Message(NOT_A, {"text": text[:40], "what": Message(what)}))


def minutes(found: Incoming, code: str, one: Element, tag: str) -> int | None:
    """Whole minutes of a span such as PT8H0M0S; None where there is none."""
    text = text_of(one, tag)
    if not text:
        return None
    span = _SPAN.match(text)
    if span is not None and any(span.groups()):
        days, hours, several, seconds = (Decimal(part or 0) for part in span.groups())
        whole_span = days * 1440 + hours * 60 + several + seconds / 60
        if whole_span <= MINUTES_MOST:
            if whole_span % 1:
                found.note(code, Message(ROUNDED, {"text": text[:40]}))
            return round(whole_span) or (1 if whole_span else 0)
    odd(found, code, text, DURATION)
    return None


def day(found: Incoming, code: str, one: Element, tag: str) -> date | None:
    """The day of a moment such as 2026-03-02T08:00:00; None where there is none."""
    text = text_of(one, tag)
    if not text or text == "NA":
        return None
    said = _MOMENT.match(text)
    try:
        if said is not None:
            return date.fromisoformat(said[1])
    except ValueError:
        pass
    odd(found, code, text, DAY)
    return None


def number(found: Incoming, code: str, text: str, what: str = NUMBER) -> Decimal | None:
    """A plain number; None where there is none."""
    if not text:
        return None
    if _NUMBER.match(text):
        return Decimal(text)
    odd(found, code, text, what)
    return None
