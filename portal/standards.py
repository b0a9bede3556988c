"""What is written as a standard says: codes of currencies (ISO 4217) and time zones (IANA)."""

import re
from zoneinfo import available_timezones

from portal.errors import N_, FieldError, Invalid, Message

_CURRENCY = re.compile(r"[A-Z]{3}\Z")
NO_CURRENCY = FieldError(
    "currency", "invalid", Message(N_("A currency is three capital letters, such as CNY."))
)
NO_ZONE = FieldError(
    "zone",
    "invalid",
    Message(N_("This is not a time zone; choose one such as Asia/Shanghai.")),
)


def is_currency_code(text: str) -> bool:
    """Whether a text is written as the code of a currency, such as `CNY`."""
    return _CURRENCY.match(text) is not None


def demand_currency(text: str) -> None:
    """Raise Invalid, at the field `currency`, unless the text is written as a currency's code."""
    if not is_currency_code(text):
        raise Invalid(errors=[NO_CURRENCY])


def demand_zone(text: str) -> None:
    """Raise Invalid, at the field `zone`, unless the text names a time zone."""
    if text not in available_timezones():
        raise Invalid(errors=[NO_ZONE])
