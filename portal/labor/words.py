"""Quantities of work and what one of them is paid, in words."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from portal.labor.columns import labor_days
from portal.labor.units import DAY, HOUR, MONTH
from portal.web.filters import money, quantity
from portal.web.words import gettext as _


def unit_word(unit: str) -> str:
    """A unit of work in the reader's words; what work is counted in stays as it is written."""
    known = {HOUR: _("hour"), DAY: _("day"), MONTH: _("month")}
    return str(known.get(unit, unit))


def pieces_text(pieces: Iterable[tuple[Decimal, str]]) -> str:
    """Quantities in their units: 12.50 m3, 3 t."""
    return _(", ").join(quantity(value, unit) for value, unit in pieces)


def work_text(hours: Decimal, pieces: Mapping[str, Decimal]) -> str:
    """Labor-days, and what was paid by the piece."""
    days = [quantity(labor_days(hours))] if hours or not pieces else []
    return _(", ").join([*days, *(quantity(pieces[unit], unit) for unit in sorted(pieces))])


def standards_text(rates: Mapping[str, tuple[Decimal, Decimal]]) -> str:
    """What one of each unit is paid, or from what to what it went: 35.00/hour, 280.00/day."""
    return _(", ").join(
        f"{money(low)}{'' if low == high else f' – {money(high)}'}/{unit_word(unit)}"
        for unit, (low, high) in rates.items()
    )
