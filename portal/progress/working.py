"""Calendars of a plan: the project's own working days, and those of the register of calendars."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.calendars.working_time import (
    ALL_DAY,
    IDLE,
    STANDARD_DAY,
    Shifts,
    Week,
    WorkingTime,
    start_of,
    week,
    working_time,
)
from portal.ledgers.naming import names_of

SHIFTS: Mapping[str, Shifts] = {
    "eight": STANDARD_DAY,
    "ten": ((7 * 60, 12 * 60), (13 * 60, 18 * 60)),
    "sixteen": ((6 * 60, 22 * 60),),
    "all": ALL_DAY,
}
LONGEST_SPAN = 4000  # days of one exception; longer ones are a mistake
OWN = ""  # the key of the project's own calendar


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar by name; `day` are the minutes of a usual working day: what "1 d" means on it."""

    key: str
    name: str
    time: WorkingTime
    day: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "day", day_minutes(self.time.said))

    def minutes(self, amount: Decimal, unit: str) -> int:
        """Working minutes of so many days, or hours, rounded to the minute."""
        return round(amount * (60 if unit == "h" else self.day))

    def days(self, minutes: int) -> Decimal:
        """Working days of so many minutes, unrounded."""
        return Decimal(minutes) / self.day

    def opens(self, on: date) -> int:
        """When work begins on a day; in the morning where nothing is worked."""
        shifts = self.time.said.on(on) or STANDARD_DAY
        return start_of(on) + shifts[0][0]

    def closes(self, on: date) -> int:
        """When work ends on a day; in the evening where nothing is worked."""
        shifts = self.time.said.on(on) or STANDARD_DAY
        return start_of(on) + shifts[-1][1]


def day_minutes(said: Week) -> int:
    """The minutes of a usual working day: the longest of the week."""
    return max(sum(end - start for start, end in day) for day in said.days)


def own_week(stored: Mapping[str, Any]) -> Week:
    """The week of a project's calendar: eight hours on its working days."""
    worked = set(stored.get("weekdays") or range(1, 6))
    days = [STANDARD_DAY if at in worked else IDLE for at in range(1, 8)]
    different = {date.fromisoformat(one): IDLE for one in stored.get("holidays") or ()}
    different |= {date.fromisoformat(one): STANDARD_DAY for one in stored.get("workdays") or ()}
    return week(days, different)


def registered_week(data: Mapping[str, Any]) -> Week:
    """The week of an entry of the register of calendars."""
    shifts = SHIFTS.get(str(data.get("shift")), STANDARD_DAY)
    worked = set(data.get("weekdays") or ())
    days = [shifts if str(at) in worked else IDLE for at in range(1, 8)]
    different: dict[date, Shifts] = {}
    for row in data.get("exceptions") or ():
        first = date.fromisoformat(row["first_day"])
        span = (date.fromisoformat(row["last_day"]) - first).days
        for at in range(min(max(span, 0), LONGEST_SPAN) + 1):
            different[first + timedelta(days=at)] = shifts if row.get("worked") else IDLE
    return week(days, different)


def calendars_of(
    own: Mapping[str, Any], used: Collection[str], name: str = ""
) -> dict[str, Calendar]:
    """The calendars a plan uses, by record id; the project's own under `OWN`, and under the id of
    any that is not there.
    """
    standard = Calendar(OWN, name, working_time(own_week(own)))
    found = {OWN: standard}
    for key, one in names_of(set(used) - {OWN}).items():
        found[key] = Calendar(key, one.name, working_time(registered_week(one.data)))
    return {key: found.get(key, standard) for key in {OWN, *used}}
