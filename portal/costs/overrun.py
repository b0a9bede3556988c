"""Where a cost sheet shows an overrun, in words: it depends on how the sheet is declared."""

from portal.costs.sheet import Sheet
from portal.web.filters import text_in
from portal.web.words import gettext as _


def overrun_words(sheet: Sheet) -> str:
    """Whether what runs over stands below zero in the forecast to complete, or the forecast stops
    at zero; empty where the sheet forecasts nothing.
    """
    one = sheet.replaced
    if one is None:
        return ""
    label = text_in(one.label)
    if one.has_floor:
        return _("“%(column)s” stops at zero; an overrun stands in what is over or under.",
                 column=label)  # fmt: skip
    return _("An overrun stands below zero in “%(column)s”.", column=label)
