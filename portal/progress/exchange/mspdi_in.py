"""A plan read from MSPDI XML, whatever the program that wrote it left out or wrote oddly."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element

from portal.errors import N_, Invalid, Message
from portal.progress.exchange import mspdi_values as values
from portal.progress.exchange.incoming import Incoming
from portal.progress.exchange.mspdi_out import CONSTRAINTS, LINKS, NAMESPACE
from portal.progress.exchange.mspdi_outline import Outline
from portal.progress.exchange.mspdi_progress import reported
from portal.progress.exchange.mspdi_values import text_of
from portal.progress.exchange.xml_tree import read_xml
from portal.progress.filing import Wanted
from portal.progress.links import Said
from portal.progress.tasks import Task
from portal.schedule.network import LinkType

NOT_PROJECT = N_("This XML file is no plan: it has no tasks as Microsoft Project writes them.")
NO_NAME = N_("The task has no name; its number is taken instead.")
NO_PREDECESSOR = N_("It waits for task %(uid)s, which is not in the file.")
PERCENT_LAG = N_("A lag in percent of the duration is left out.")
ELAPSED = N_("Its duration is elapsed time; it is taken as working time.")
NO_CALENDAR = N_("Its calendar “%(name)s” is not in the register: it runs on that of the project.")
SUMMARY_LINK = N_("It waits for a summary: the link is left out.")
UNDATED = N_("Its constraint has no date and is left out.")
LONG_NAME = N_("Its name is longer than %(most)s characters and is cut.")
ROUNDED = N_("Its duration of %(minutes)s minutes is rounded to %(hours)s h.")
LONG_MILESTONE = N_("It is a milestone that lasts %(minutes)s minutes: they are left out.")
ELAPSED_LAG = N_("A lag in elapsed time is taken as working time.")
OTHER_NAMES = N_("The names in this XML file are those of “%(name)s”, not of Microsoft Project.")
BY_CHANCE = N_(
    "It has no WBS code, and its number %(code)s is the code of “%(name)s” in this plan: "
    "give it a WBS code of its own, or that one if it is this task."
)
NAME_MOST = 160
_TYPES = {code: kind for kind, code in LINKS.items()}
_LIMITS = {code: kind for kind, code in CONSTRAINTS.items()}
_ELAPSED = {"4", "6", "8", "10", "12"}
_PERCENT = {"19", "20", "51", "52"}
AS_SOON_AS_POSSIBLE = "0"


def read_mspdi(
    content: bytes,
    tasks: Mapping[str, Task],
    calendars: Mapping[str, str],
    *,
    today: date = date.max,
    floats: Mapping[str, int] = MappingProxyType({}),
) -> Incoming:
    """The tasks of a file, and what it says of their progress, which lies before `today`. `tasks`
    are those on file: the same code is the same task. `calendars` are record ids by name; `floats`
    are minutes of total float by code, as they stand. Raises Invalid for what is no such file.
    """
    root = read_xml(content)
    listed = root.find("Tasks")
    if root.tag != "Project" or listed is None:
        raise Invalid(NOT_PROJECT)
    names = root.get("xmlns", "")
    if names and not names.startswith(NAMESPACE):
        raise Invalid(OTHER_NAMES, name=names[:80])
    return _Reader(root, listed, tasks, calendars, today=today, floats=floats).read()


class _Reader:
    """Reads one file."""

    def __init__(
        self,
        root: Element,
        listed: Element,
        tasks: Mapping[str, Task],
        calendars: Mapping[str, str],
        *,
        today: date,
        floats: Mapping[str, int],
    ) -> None:
        self.found = Incoming()
        self.known = {one.code: one for one in tasks.values()}
        self.calendars = calendars
        self.day = self._day_minutes(root)
        self.found.as_of = values.day(self.found, "", root, "StatusDate")
        self.latest = min(self.found.as_of or today, today)
        self.is_own = root.get("own") == "1"
        self.names = {
            text_of(one, "UID"): text_of(one, "Name") for one in root.iterfind("Calendars/Calendar")
        }
        self.outline = Outline(listed, self.found)
        self.codes, self.summaries = self.outline.codes, self.outline.summaries
        self.has_our_floats = self._has_our_floats(floats)

    def _has_our_floats(self, floats: Mapping[str, int]) -> bool:
        """Whether every float of the file is as it stands here: it says nothing of its own."""
        told = {
            self.codes[uid]: text
            for uid, one in self.outline.elements
            if uid not in self.summaries and (text := text_of(one, "TotalSlack"))
        }
        return all(code in floats and text == str(floats[code] * 10) for code, text in told.items())

    def _day_minutes(self, root: Element) -> int:
        text = text_of(root, "MinutesPerDay")
        number = values.whole(text)
        if number is not None and 0 < number <= 1440:
            return number
        if text:
            values.odd(self.found, "", text, values.DAY_LENGTH)
        return 480

    def read(self) -> Incoming:
        """All tasks of the file."""
        for one, uid, above in self.outline.below():
            self._task(one, uid, above)
        return self.found

    def _task(self, one: Element, uid: str, parent: str) -> None:
        code = self.codes[uid]
        name = text_of(one, "Name")
        if not name:
            self.found.note(code, Message(NO_NAME))
        elif len(name) > NAME_MOST:
            self.found.note(code, Message(LONG_NAME, {"most": NAME_MOST}))
        changes: dict[str, Any] = {"name": (name or code)[:NAME_MOST]}
        is_summary = uid in self.summaries
        minutes = values.minutes(self.found, code, one, "Duration")
        known = self.known.get(code)
        if known and uid in self.outline.given and known.name != changes["name"]:
            self.found.wrong(code, Message(BY_CHANCE, {"code": code, "name": known.name}))
        changes["type"] = kind = self._type(one, code, minutes, known, is_summary)
        if kind == "task":
            changes |= self._duration(one, code, minutes)
            changes["measure"] = known.measure if known else "physical"
        if not is_summary:
            changes |= self._limits(one, code, known)
            said = reported(self.found, code, one, self.day, self.latest)
            if said is not None:
                self.found.progress.append(said)
        links = [] if is_summary else self._links(one, code)
        self.found.wanted.append(
            Wanted(code, code, known.id if known else "", None, changes, parent, links)
        )

    def _type(
        self, one: Element, code: str, minutes: int | None, known: Task | None, is_summary: bool
    ) -> str:
        """The format knows no decision points: what is one stays one."""
        is_moment = values.flag(self.found, code, one, "Milestone")
        if is_summary:
            return "summary"
        if is_moment and minutes:
            self.found.note(code, Message(LONG_MILESTONE, {"minutes": minutes}))
        if is_moment or minutes == 0:
            return known.type if known and known.is_moment else "milestone"
        return "task"

    def _duration(self, one: Element, code: str, minutes: int | None) -> dict[str, Any]:
        shape = text_of(one, "DurationFormat")
        if shape in _ELAPSED:
            self.found.note(code, Message(ELAPSED))
        if minutes is None:
            if not text_of(one, "Duration"):
                values.odd(self.found, code, "", values.DURATION)
            return {}
        amount, unit = self._amount(Decimal(minutes), in_hours=shape in ("3", "4", "5", "6"))
        if amount != Decimal(minutes) / (60 if unit == "h" else self.day):
            self.found.note(code, Message(ROUNDED, {"minutes": minutes, "hours": f"{amount:.2f}"}))
        return {"duration": f"{amount:.2f}", "duration_unit": unit}

    def _amount(self, minutes: Decimal, *, in_hours: bool = False) -> tuple[Decimal, str]:
        """Days where hundredths of them tell it exactly, else hours."""
        if not in_hours and minutes * 100 % self.day == 0:
            return minutes / self.day, "d"
        return round(minutes / 60, 2), "h"

    def _limits(self, one: Element, code: str, known: Task | None) -> dict[str, Any]:
        said = text_of(one, "ConstraintType")
        limit = _LIMITS.get(said)
        if said and limit is None and said != AS_SOON_AS_POSSIBLE:
            values.odd(self.found, code, said, values.CONSTRAINT)
        needs = limit is not None and limit != "as_late_as_possible"
        on = values.day(self.found, code, one, "ConstraintDate") if needs else None
        if needs and on is None:
            self.found.note(code, Message(UNDATED))
        deadline = values.day(self.found, code, one, "Deadline")
        changes: dict[str, Any] = {
            "constraint": limit if on or not needs else None,
            "constraint_on": on.isoformat() if on else None,
            "deadline": deadline.isoformat() if deadline else None,
        }
        amount = values.number(self.found, code, text_of(one, "TotalSlack"))
        is_ours = self.is_own or (
            self.has_our_floats and known is not None and known.number("imported_slack") is None
        )
        if amount is not None and not is_ours:
            changes["imported_slack"] = f"{amount / 10 / self.day:.2f}"
        return changes | self._calendar(one, code)

    def _calendar(self, one: Element, code: str) -> dict[str, Any]:
        uid = text_of(one, "CalendarUID")
        name = self.names.get(uid, "")
        if name and name in self.calendars:
            return {"calendar": self.calendars[name]}
        if uid and uid != "-1":
            self.found.note(code, Message(NO_CALENDAR, {"name": (name or uid)[:80]}))
        return {}

    def _links(self, one: Element, code: str) -> list[Said]:
        found: dict[tuple[str, LinkType], Said] = {}
        for each in one.iterfind("PredecessorLink"):
            uid = text_of(each, "PredecessorUID")
            other = self.codes.get(uid)
            if other is None:
                self.found.note(code, Message(NO_PREDECESSOR, {"uid": uid[:40] or "?"}))
                continue
            if uid in self.summaries:
                self.found.note(code, Message(SUMMARY_LINK))
                continue
            kind = _TYPES.get(text_of(each, "Type") or "1")
            if kind is None:
                values.odd(self.found, code, text_of(each, "Type"), values.LINK)
                continue
            found[other, kind] = Said(other, kind, *self._lag(each, code))
        return list(found.values())

    def _lag(self, link: Element, code: str) -> tuple[Decimal, str]:
        shape = text_of(link, "LagFormat")
        if shape in _PERCENT:
            self.found.note(code, Message(PERCENT_LAG))
            return Decimal(0), "d"
        minutes = (values.number(self.found, code, text_of(link, "LinkLag")) or Decimal(0)) / 10
        if minutes and shape in _ELAPSED:
            self.found.note(code, Message(ELAPSED_LAG))
        return self._amount(minutes)
