"""What a file of another program says of the progress of a task: something to propose, no more."""

from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from portal.errors import N_, Message
from portal.progress.exchange import mspdi_values as values
from portal.progress.exchange.incoming import Incoming, Reported
from portal.progress.exchange.mspdi_values import text_of

HUNDRED = Decimal(100)
NOT_WHOLE = N_(
    "It has an actual finish but is %(percent)s %% complete. Its progress is left behind; "
    "report it by hand."
)
BACKWARDS = N_(
    "Its actual finish lies before its actual start. Its progress is left behind; "
    "report it by hand."
)
STARTS_AHEAD = N_(
    "Its actual start %(day)s lies after %(latest)s, up to which the file tells what happened."
)
ENDS_AHEAD = N_(
    "Its actual finish %(day)s lies after %(latest)s, up to which the file tells what happened."
)
NO_FINISH = N_("It is complete without an actual finish: say when it was finished.")
NO_START = N_("It has begun, but the file does not say when.")


def reported(found: Incoming, code: str, one: Element, day: int, latest: date) -> Reported | None:
    """What the element says of progress, if it says any; `day` are the minutes of a day there,
    `latest` is the last day of which it can tell what happened.
    """
    percent = values.number(found, code, text_of(one, "PercentComplete"), values.PERCENT)
    if percent is not None and not 0 <= percent <= HUNDRED:
        values.odd(found, code, text_of(one, "PercentComplete"), values.PERCENT)
        return None
    started = values.day(found, code, one, "ActualStart")
    finished = values.day(found, code, one, "ActualFinish")
    for on, text in ((started, STARTS_AHEAD), (finished, ENDS_AHEAD)):
        if on is not None and on > latest:
            found.wrong(code, Message(text, {"day": on, "latest": latest}))
    left = values.minutes(found, code, one, "RemainingDuration")
    if not percent and started is None and finished is None:
        return None
    if finished is not None and percent is not None and percent < HUNDRED:
        found.note(code, Message(NOT_WHOLE, {"percent": f"{percent.normalize():f}"}))
        return None
    if finished is not None and started is not None and finished < started:
        found.note(code, Message(BACKWARDS))
        return None
    remaining = None if left is None or finished else Decimal(left) / day
    if finished is None and percent == HUNDRED:
        found.note(code, Message(NO_FINISH))
    if started is None and finished is None:
        found.note(code, Message(NO_START))
    return Reported(code, started, finished, percent, remaining)
